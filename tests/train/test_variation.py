"""Rows asked or written in another way keep their right answers."""

from random import Random

import jsonschema
import pytest

from scaffold.errors import pointer
from scaffold.evals.metrics import leaves
from scaffold.train.synthetic import generate
from scaffold.train.synthetic.bind import Asked
from scaffold.train.variation import recased, relaid, varied

ASKED = Asked("city", "Via Roma 1, Turin, Italy", {}, {"city": "Turin"}, {"/city": [12, 17]}, ())


@pytest.mark.parametrize("seed", range(60))
def test_a_varied_row_is_valid_and_its_spans_still_spell_its_quotations(seed):
    rng = Random(seed)
    row = varied(dict(generate(rng)), dict(generate(rng)), rng)
    jsonschema.validate(row["value"], row["schema"])
    indirect = set(row["non_extractive"])
    quoted = [(pointer(at), leaf) for at, leaf in leaves(row["value"]) if isinstance(leaf, str)]
    spelled = [(at, leaf) for at, leaf in quoted if at not in indirect and at in row["spans"]]
    assert all(row["text"][slice(*row["spans"][at])] == leaf for at, leaf in spelled)


def test_all_ways_to_vary_occur():
    row = {"text": "A, B", "schema": {"title": "T"}, "value": {"a": "B"}, "spans": {"/a": [3, 4]}}
    other = {"text": "C", "schema": {"title": "U"}, "value": {"c": "C"}, "spans": {"/c": [0, 1]}}
    texts = {varied(row, other, Random(seed))["text"] for seed in range(99)}
    assert texts >= {"A, B", "A\nB", "A; B", "A, B\n\nC", "C\n\nA, B", "a, b"}


def test_breaks_move_spans_and_never_touch_them():
    assert relaid(ASKED, ", ", "\n").text == "Via Roma 1\nTurin\nItaly"
    assert relaid(ASKED, ", ", "\n").spans == {"/city": [11, 16]}
    whole = Asked("x", "a, b, c", {}, {"x": "a, b"}, {"/x": [0, 4]}, ())
    assert relaid(whole, ", ", "; ").text == "a, b; c"


def test_letter_case_changes_where_all_texts_are_quoted():
    assert recased(ASKED, is_upper=True).value == {"city": "TURIN"}
    chosen = Asked("x", "Turin", {}, {"x": "city"}, {}, ("/x",))
    assert recased(chosen, is_upper=False) == chosen, "a label that no span spells stays as the schema has it"
    longer = Asked("x", "Straße", {}, {"x": "Straße"}, {"/x": [0, 6]}, ())
    assert recased(longer, is_upper=True) == longer


@pytest.mark.parametrize(
    "schema", [True, {"$ref": "#/definitions/a"}, {"properties": {"a": {"$ref": "#"}}}, {"$id": "x"}]
)
def test_a_schema_that_would_mean_something_else_elsewhere_stays_where_it_is(schema):
    row = {"text": "A, B", "schema": schema, "value": {}}
    other = {"text": "C", "schema": {"title": "U"}, "value": {}}
    assert all(varied(row, other, Random(seed))["schema"] == schema for seed in range(40))
    assert all(varied(other, row, Random(seed))["text"] in {"C", "c"} for seed in range(40))
