"""Evaluations of a scripted model, as tables and as a page."""

import json
from random import Random

import pytest

import scaffold
from scaffold.evals.novelty import learned
from scaffold.evals.report import markdown, page
from scaffold.evals.run import Sample, evaluate, evaluate_generated
from scaffold.testing import ScriptedPredictor
from scaffold.train.run import COMPOSED_SHARE, Synthetic
from scaffold.train.synthetic import generate
from scaffold.train.synthetic.subjects import HELD_OUT_DOMAINS

SCHEMA = {
    "type": "object",
    "properties": {"name": {"type": "string"}, "age": {"type": ["integer", "null"]}},
    "required": ["name", "age"],
}
ROWS = [
    {"text": "Ada is 36.", "schema": SCHEMA, "value": {"name": "Ada", "age": 36}},
    {"text": "Bo & <co>", "schema": SCHEMA, "value": {"name": "Bo", "age": None}},
]


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "people.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in ROWS))
    return path


def filler():
    return scaffold.Filler(model=ScriptedPredictor(answers={"name": "Ada", "age": "36"}))


def test_one_file_of_rows_is_one_data_set(file):
    (found,) = evaluate(filler(), file, Sample())
    assert found.name == "people"
    model = found.counts["model"]
    assert (model.objects, model.present, model.present_right, model.exact_objects) == (2, 3, 2, 1)
    assert (model.absent, model.absent_right) == (1, 0)
    assert len(found.fields) == 4


def test_the_tables_hold_the_shares_of_every_set_and_of_all(file):
    lines = markdown(evaluate(filler(), file, Sample())).splitlines()
    assert lines[2].split(" | ")[:3] == ["| people", "2", "0.67"]
    assert lines[3].split(" | ")[:3] == ["| **all**", "2", "0.67"]


def test_the_page_has_a_row_for_every_field(file):
    found = page(evaluate(filler(), file, Sample()))
    assert "<td>/name</td><td>2</td><td>0.50</td>" in found
    assert "<td>/age</td><td>1</td><td>1.00</td><td>1</td><td>0.00</td>" in found


def test_rows_are_reported_by_how_new_they_are(tmp_path):
    for split, schema in (("train", SCHEMA), ("test", {**SCHEMA, "title": "Person"})):
        (tmp_path / "people").mkdir(exist_ok=True)
        rows = [{**row, "schema": schema} for row in ROWS]
        (tmp_path / "people" / f"{split}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    (tmp_path / "towns").mkdir()
    (tmp_path / "towns" / "test.jsonl").write_text(json.dumps(ROWS[0]) + "\n")
    found = evaluate(filler(), tmp_path, Sample(), known=learned(tmp_path))
    assert [(one.name, one.novelty) for one in found] == [("people", "seen schema"), ("towns", "unseen data set")]
    lines = markdown(found).splitlines()
    assert lines[-5].startswith("| new to the model | objects |")
    assert lines[-2].split(" | ")[:3] == ["| unseen data set", "1", "1.00"]


def test_generated_rows_are_reported_apart_by_whether_training_draws_their_subjects(file):
    made = evaluate_generated(filler(), 2, seed=1)
    assert [(one.name, one.novelty, one.counts["model"].objects) for one in made] == [
        ("generated", "seen domain", 2),
        ("generated", "composed domain", 2),
        ("generated", "unseen domain", 2),
    ]
    held_out = Random("evaluation 1")
    present = [sum(map(is_said, generate(held_out, HELD_OUT_DOMAINS)["value"].values())) for _ in range(2)]
    assert made[2].counts["null"].present >= sum(present) > 0
    lines = markdown([*evaluate(filler(), file, Sample()), *made]).splitlines()
    assert [line.split(" | ")[:2] for line in lines if "domain" in line] == [
        ["| seen domain", "2"],
        ["| composed domain", "2"],
        ["| unseen domain", "2"],
    ]


def is_said(value):
    """Whether a member has a value of its own."""
    return value is not None and not isinstance(value, dict | list)


def test_generated_rows_to_evaluate_on_are_none_that_training_draws():
    drawn = {row["text"] for row in (Synthetic(seed)[index] for seed in (0, 1) for index in range(100))}
    assert generate(Random(0), composed_share=COMPOSED_SHARE)["text"] in drawn
    for share in (0.0, 1.0):
        rng = Random("evaluation 0")
        assert not {generate(rng, composed_share=share)["text"] for _ in range(20)} & drawn
