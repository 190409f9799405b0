"""That exactly one branch holds: by construction where it can be, and never at the cost of a valid value."""

import pytest

from scaffold.errors import UnsatisfiableSchemaError
from scaffold.schema.accepts import accepts
from scaffold.schema.lower import lower


def how(document, keyword):
    return {(e.path, e.how) for e in lower(document).enforcement if e.keyword == keyword}


def test_exactly_one_of_two_required_properties():
    schema = lower({"type": "object", "oneOf": [{"required": ["a"]}, {"required": ["b"]}]})
    assert accepts(schema, {"a": 1})
    assert not accepts(schema, {"a": 1, "b": 1})
    assert not accepts(schema, {})


def test_exactly_one_of_two_ranges_is_by_construction():
    document = {"oneOf": [{"type": "number", "minimum": 5}, {"type": "number", "maximum": 9}]}
    schema = lower(document)
    assert [number for number in (4, 5, 9, 10) if accepts(schema, number)] == [4, 10]
    assert how(document, "oneOf") == {((), "by construction")}


def test_a_type_that_two_branches_allow_whole_satisfies_not_exactly_one():
    schema = lower({"oneOf": [{"required": ["a"]}, {"properties": {"b": {"type": "null"}}, "required": ["b"]}]})
    assert accepts(schema, {"a": 1})
    assert not any(accepts(schema, value) for value in (None, True, 5, "text", []))


def test_a_type_of_which_a_branch_asks_what_only_the_check_sees_is_kept():
    schema = lower({"oneOf": [{"type": "array", "uniqueItems": True}, {"type": "array", "minItems": 2}]})
    assert accepts(schema, [1, 1])


def test_no_value_satisfies_exactly_one_of_two_branches_that_allow_all():
    with pytest.raises(UnsatisfiableSchemaError) as caught:
        lower({"oneOf": [True, {}, {"type": "null"}]})
    assert caught.value.conflict == (("oneOf",),)
