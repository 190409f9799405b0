"""Fills with predictors that know nothing or mean harm: every schema counts once, whatever becomes of it."""

import json

import pytest
from typer.testing import CliRunner

from scaffold.cli import app
from scaffold.errors import SchemaError
from scaffold.evals.fills import FATES, KINDS, Filling, bench_fills
from scaffold.evals.labelled import Labelled

FLAG = {"type": "boolean"}
ENDLESS = {
    "type": "object",
    "properties": {"a": {"type": "array", "items": FLAG, "minItems": 70_000}},
    "required": ["a"],
}


def folder_of(folder, **schemas):
    for name, schema in schemas.items():
        (folder / f"{name}.json").write_text(json.dumps(schema))
    return folder


def outcome(schema, kind="random"):
    return Filling()((Labelled("name", "corpus", schema), kind))


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_filled_failed_and_not_compiled_is_told_apart(kind):
    schemas = (FLAG, ENDLESS, {"enum": []})
    assert [outcome(schema, kind).fate for schema in schemas] == ["filled", "failed", "not compiled"]


def test_a_failure_says_of_what_kind_it_is():
    assert outcome(ENDLESS).what == "SlotBudgetError"


def test_what_the_stock_validator_cannot_read_is_neither_filled_nor_a_crash():
    assert outcome({"type": "string", "pattern": r"^\cC$"}).fate == "unjudged"


def test_a_fill_does_not_depend_on_the_sample_it_is_in():
    assert outcome({"type": "string"}) == outcome({"type": "string"})


def test_shards_are_the_whole_and_share_nothing(tmp_path):
    folder_of(tmp_path, a=FLAG, b={"enum": [1, 2]}, c={"type": "null"})
    shards = [bench_fills(tmp_path, shard=(k, 2))[0].outcomes for k in range(2)]
    assert [one.schema for shard in shards for one in shard] == ["a", "c", "b"]


def test_a_line_of_the_table_counts_every_schema_once(tmp_path):
    for found in bench_fills(folder_of(tmp_path, good=FLAG, none={"enum": []})):
        counts = [one.fate for one in found.outcomes]
        assert sum(counts.count(fate) for fate in FATES) == 2
        assert found.row()["schemas"] == 1
        assert found.row()["not compiled"] == 1


def test_the_command_prints_the_counts_of_both_predictors(tmp_path):
    found = CliRunner().invoke(app, ["bench", "fills", str(folder_of(tmp_path, a=FLAG)), "--json"])
    assert [one["kind"] for one in json.loads(found.stdout)] == list(KINDS)


def test_an_impossible_shard_is_a_misuse(tmp_path):
    assert (
        CliRunner().invoke(app, ["bench", "fills", str(folder_of(tmp_path, a=FLAG)), "--shard", "2/2"]).exit_code == 2
    )


def test_a_folder_without_schemas_is_an_error(tmp_path):
    with pytest.raises(SchemaError):
        bench_fills(tmp_path)
