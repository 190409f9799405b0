"""Malformed corners, and parts that many references share."""

import pytest

import scaffold
from scaffold.decode.validate import problems, validator_for

FUZZED = [
    {"$id": False, "allOf": [True], "minLength": 10**20},
    {"propertyNames": {"allOf": [{"a": True}], "$schema": []}, "exclusiveMaximum": 0.5},
    {"minProperties": 10**30, "type": "object"},
]


@pytest.mark.parametrize("schema", FUZZED)
def test_what_the_fuzzer_found_is_an_error_of_ours_or_none(schema):
    try:
        compiled = scaffold.compile(schema)
        compiled.report()
        compiled.accepts({"a": [1, "a", None]})
    except scaffold.ScaffoldError as error:
        assert error.hint  # noqa: PT017  (either outcome is fine)


def test_a_part_that_two_places_share_is_told_of_once_and_still_wrong_in_both():
    schema = {"$defs": {"n": {"type": "integer"}}, "properties": {name: {"$ref": "#/$defs/n"} for name in "ab"}}
    assert [p.path for p in problems('{"a": "x", "b": "x"}', validator_for(schema))] == [("a",), ("b",)]


def test_a_value_is_judged_again_under_another_definition():
    schema = {
        "$defs": {"n": {"type": "integer"}, "s": {"type": "string"}},
        "oneOf": [{"$ref": "#/$defs/n"}, {"$ref": "#/$defs/s"}, {"allOf": [{"$ref": "#/$defs/n"}]}],
    }
    assert [p.keyword for p in problems("1", validator_for(schema))] == ["oneOf"]
    assert not problems('"text"', validator_for(schema))


def test_an_error_in_a_branch_of_a_shared_definition_says_where_it_is():
    shared = {"anyOf": [{"properties": {"x": {"type": "integer"}}, "required": ["x"]}, {"type": "null"}]}
    twice = {"allOf": [{"$ref": "#/$defs/a"}, {"$ref": "#/$defs/a"}]}
    schema = {"$defs": {"a": shared}, "properties": {"one": twice, "two": {"items": {"$ref": "#/$defs/a"}}}}
    found = problems('{"one": {"x": "?"}, "two": [{"x": "?"}]}', validator_for(schema))
    assert {problem.path for problem in found} == {("one", "x"), ("two", 0, "x")}
