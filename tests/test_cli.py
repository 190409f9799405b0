import json
from inspect import signature

import pytest
from typer.testing import CliRunner

import scaffold
from scaffold.cli import app
from scaffold.cli.axes import MEMBERS, with_axes
from scaffold.cli.filling import DEMO_TEXT
from scaffold.cli.learning import train
from scaffold.denoise.options import DenoiseOptions
from scaffold.testing import ScriptedPredictor
from scaffold.train.run import GENERATED_SHARE, VARIATION

TEXT = "Ada was born in 1815."
TYPES = """
from dataclasses import dataclass

@dataclass
class Person:
    name: str
    born: int | None = None

@dataclass
class Loop:
    inner: "Loop"
"""


def run(*arguments, stdin=None):
    return CliRunner().invoke(app, [str(argument) for argument in arguments], input=stdin)


@pytest.fixture
def types(tmp_path, monkeypatch):
    """A file of types, and a model that answers for them."""
    predictor = ScriptedPredictor(answers={"name": "Ada", "born": "1815"})
    real = scaffold.Filler
    monkeypatch.setattr(scaffold, "Filler", lambda model, **rest: real(model=predictor, **rest))
    file = tmp_path / "cli_types.py"
    file.write_text(TYPES)
    return f"{file}:Person"


def test_the_object_is_all_there_is_on_standard_output(types):
    done = run("fill", types, TEXT)
    assert done.exit_code == 0
    assert json.loads(done.stdout) == {"name": "Ada", "born": 1815}


def test_fields_with_confidence_and_status_stand_beside_it(types):
    shown = run("fill", types, TEXT).stderr
    assert all(word in shown for word in ("/name", "/born", "confidence", "status", "model calls"))


def test_with_json_a_result_is_what_its_dict_says(types):
    found = json.loads(run("fill", types, TEXT, "--json").stdout)
    assert found["value"] == {"name": "Ada", "born": 1815}
    assert list(found["fields"]) == ["/name", "/born"]
    assert "trace" not in found


def test_with_trace_every_model_call_is_told(types):
    found = json.loads(run("fill", types, TEXT, "--json", "--trace").stdout)
    assert [step["call"] for step in found["trace"]] == list(range(1, found["model_calls"] + 1))
    assert "call 1" in run("fill", types, TEXT, "--trace").stderr


def test_a_text_is_read_from_a_file_or_from_standard_input(types, tmp_path):
    file = tmp_path / "text.txt"
    file.write_text(TEXT)
    direct = run("fill", types, TEXT, "--json").stdout
    assert run("fill", types, "--file", file, "--json").stdout == direct
    assert run("fill", types, "--json", stdin=TEXT).stdout == direct


@pytest.mark.parametrize("axis", sorted(MEMBERS))
def test_every_member_of_an_axis_is_read_from_what_it_prints(axis):
    for name, make in MEMBERS[axis].items():
        member = make("/a", "/b") if name == "FieldOrder" else make()
        assert getattr(with_axes(DenoiseOptions(), [f"{axis}={member!r}"]), axis) == member
        if name != "FieldOrder":
            assert getattr(with_axes(DenoiseOptions(), [f"{axis}={name}"]), axis) == member


def test_numbers_and_words_of_an_axis_are_read_too():
    found = with_axes(DenoiseOptions(), ["score=margin", "seed=3", "null_bias=-inf", "temperature=0.5"])
    assert found == DenoiseOptions(score="margin", seed=3, null_bias=float("-inf"), temperature=0.5)


def test_axes_and_votes_reach_the_fill(types):
    asked = ["--axis", "commit=Threshold(2.0)", "--axis", "length=Fixed(8)", "--vote", "uniform"]
    found = json.loads(run("fill", types, TEXT, "--json", *asked).stdout)
    assert found["value"] == {"name": "Ada", "born": 1815}
    assert found["model_calls"] > json.loads(run("fill", types, TEXT, "--json").stdout)["model_calls"]


def test_known_values_are_json_or_else_text(types):
    done = run("fill", types, TEXT, "--known", "name=Bea", "--known", "born=1900", "--json")
    found = json.loads(done.stdout)
    assert found["value"] == {"name": "Bea", "born": 1900}
    assert {leaf["status"] for leaf in found["fields"].values()} == {"known"}


@pytest.mark.parametrize("is_file", [True, False])
def test_a_schema_is_a_target_in_a_file_or_written_out(types, tmp_path, is_file):
    schema = json.dumps({"type": "object", "properties": {"born": {"type": "integer"}}, "required": ["born"]})
    (tmp_path / "year.json").write_text(schema)
    assert json.loads(run("fill", tmp_path / "year.json" if is_file else f" {schema}", TEXT).stdout)["born"] == 1815


NO_TARGETS = ["nonsense", "no_such_module:Person", "no_such_file.json", "json:NoSuchClass", "no_such_file.py:Person"]


@pytest.mark.parametrize("target", [*NO_TARGETS, '{"type":'])
def test_a_target_that_is_none_is_one_line_and_exit_code_2(target):
    done = run("show", target)
    assert done.exit_code == 2
    assert done.stdout == ""
    assert done.stderr.startswith("error: ")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("command", ["fill", "show"])
def test_a_type_without_end_is_exit_code_2(types, command):
    target = types.replace("Person", "Loop")
    done = run(command, target, *([TEXT] if command == "fill" else []))
    assert (done.exit_code, done.stdout) == (2, "")


@pytest.mark.parametrize(
    "wrong",
    [
        ["--known", "name"],
        ["--known", "=x"],
        ["--known", "no_such_field=1"],
        ["--preset", "no_such_preset"],
        ["--strings", "no_such_strings"],
        ["--file", "no_such_file.txt"],
        ["--vote", "no_such_vote"],
        ["--on-missing", "no_such_word"],
        ["--axis", "no_such_axis=1"],
        ["--axis", "commit"],
        ["--axis", "commit=5"],
        ["--axis", "commit=Lattice()"],
        ["--axis", "commit=Even(open('x'))"],
        ["--axis", "commit=Even(0)"],
        ["--axis", "temperature=hot"],
        ["--axis", "score=no_such_score"],
        ["--axis", 'region=FieldOrder("/no_such_field")'],
    ],
    ids=" ".join,
)
def test_an_option_that_makes_no_sense_is_one_line_and_exit_code_2(types, wrong):
    done = run("fill", types, TEXT, *wrong)
    assert done.exit_code == 2
    assert done.stderr.startswith("error: ")


def test_a_missing_file_is_exit_code_2(types):
    assert run("fill", types, "--file", "no_such_file.txt").exit_code == 2


def test_a_model_that_does_not_exist_is_exit_code_2(tmp_path):
    file = tmp_path / "any.json"
    file.write_text('{"type": "integer"}')
    assert run("fill", file, "1", "--model", tmp_path / "none").exit_code == 2


def test_fill_says_what_becomes_of_what_the_window_has_no_room_for(types):
    assert json.loads(run("fill", types, TEXT, "--on-overflow", "split").stdout) == {"name": "Ada", "born": 1815}
    assert run("fill", types, TEXT, "--on-overflow", "ignore").exit_code != 0


def test_show_prints_the_layout_the_cost_and_every_keyword(types):
    shown = run("show", types).stdout
    assert '{"name":"⟦/name⟧","born":⟦/born⟧}' in shown
    assert "cost" in shown
    assert "by construction" in shown


def test_show_with_json_is_json(types):
    found = json.loads(run("show", types, "--json").stdout)
    assert found["layout"] == '{"name":"⟦/name⟧","born":⟦/born⟧}'
    assert found["report"]


def test_the_demo_needs_no_arguments_and_no_download():
    done = run("demo")
    assert done.exit_code == 0
    found = json.loads(done.stdout)
    assert found["name"] in DEMO_TEXT
    assert found["born"] == "1815-12-10"


@pytest.mark.parametrize("command", ["fill", "show", "demo", "train", "eval", "bench"])
def test_every_command_explains_itself(command):
    done = run(command, "--help")
    assert done.exit_code == 0
    assert len(done.stdout.splitlines()) > 5


def test_the_version_is_printed():
    assert run("--version").stdout.strip() == scaffold.__version__


def test_soundness_counts_fills_of_generated_schemas_and_finds_none_invalid():
    found = run("bench", "soundness", "--fills", 6)
    assert found.exit_code == 0
    counts = json.loads(found.stdout)
    assert counts["fills"] == 6
    assert counts["valid"] + sum(n for _, n in counts["errors"]) == 6


def test_soundness_takes_schemas_from_a_file(tmp_path):
    (tmp_path / "one.json").write_text('{"type": "object", "properties": {"a": {"enum": [1]}}, "required": ["a"]}')
    found = run("bench", "soundness", tmp_path / "one.json", "--fills", 2)
    assert json.loads(found.stdout)["valid"] == 2


ORDER = {"type": "object", "properties": {"name": {"$ref": "parts.json#/$defs/Name"}}, "required": ["name"]}
PARTS = {"$id": "https://example.org/parts", "$defs": {"Name": {"type": "string", "maxLength": 3}}}


@pytest.fixture
def order(tmp_path):
    """A schema that leads to another document, and that document."""
    for name, document in (("order.json", ORDER), ("parts.json", PARTS)):
        (tmp_path / name).write_text(json.dumps(document))
    return tmp_path / "order.json", tmp_path / "parts.json"


def test_a_reference_leads_to_the_documents_that_are_given(types, order):
    schema, parts = order
    refused = run("fill", schema, TEXT)
    assert refused.exit_code != 0
    assert "--with" in refused.output
    assert json.loads(run("fill", schema, TEXT, "--with", parts).stdout) == {"name": "Ada"}
    assert "name" in run("show", schema, "--with", parts).stdout


def test_what_an_unknown_document_describes_is_left_out_on_demand(types, order):
    schema, _ = order
    schema.write_text(json.dumps({**ORDER, "required": []}))
    assert run("fill", schema, TEXT).exit_code != 0
    assert json.loads(run("fill", schema, TEXT, "--omit-unresolved").stdout) == {}


def test_formats_are_annotations_on_demand(tmp_path):
    schema = tmp_path / "address.json"
    schema.write_text(json.dumps({"type": "string", "format": "ipv4"}))
    asserted, annotated = (
        json.loads(run("show", schema, "--json", *more).stdout) for more in ((), ["--annotate-formats"])
    )
    assert [entry["keyword"] for entry in asserted["report"]] == ["type", "format"]
    assert [entry["keyword"] for entry in annotated["report"]] == ["type"]


def test_a_document_that_cannot_be_read_is_named(order):
    done = run("show", order[0], "--with", "nowhere.json")
    assert done.exit_code != 0
    assert "nowhere.json" in done.output


def test_training_draws_as_many_generated_rows_from_the_command_line_as_elsewhere():
    assert signature(train).parameters["generated"].default == GENERATED_SHARE
    assert signature(train).parameters["vary"].default == VARIATION
