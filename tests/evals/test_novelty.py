"""How new a row is: what counts as the same schema, and which names are fields."""

import json

import pytest

from scaffold.evals.novelty import field_names, learned

SCHEMA = {
    "title": "Ship",
    "type": "object",
    "properties": {"title": {"type": "string"}, "port": {"$ref": "#/$defs/Port"}},
    "required": ["title", "port"],
    "$defs": {"Port": {"type": "object", "properties": {"city": {"type": "string", "description": "Where it lies"}}}},
}


@pytest.fixture
def known(tmp_path):
    for name in ("ships", "planes"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "train.jsonl").write_text(json.dumps({"text": "", "schema": SCHEMA, "value": {}}) + "\n")
    return learned(tmp_path, frozenset({"planes"}))


def test_field_names_are_those_of_properties_alone():
    assert sorted(field_names(SCHEMA)) == ["city", "port", "title"]


def test_the_same_schema_in_other_words_is_seen(known):
    other = {**SCHEMA, "description": "A ship", "required": ["port", "title"]}
    other["properties"] = dict(reversed(SCHEMA["properties"].items()))
    assert known.novelty("ships", other) == "seen schema"


def test_a_property_that_is_called_title_is_no_title(known):
    without = {**SCHEMA, "properties": {"port": SCHEMA["properties"]["port"]}}
    assert known.novelty("ships", without) == "unseen schema"


def test_a_name_that_was_never_seen_makes_a_schema_newer(known):
    assert known.novelty("ships", {"type": "object", "properties": {"captain": {}}}) == "unseen field names"


def test_a_set_that_was_left_out_is_the_newest(known):
    assert known.novelty("planes", SCHEMA) == "unseen data set"
    assert known.novelty("trains", SCHEMA) == "unseen data set"
