"""What remains unevaluated, as the rules say it before any value is made."""

import pytest

import scaffold
from scaffold.schema.accepts import accepts
from scaffold.schema.lower import lower


def test_unevaluated_properties_close_an_extension():
    base = {"type": "object", "properties": {"a": {}}, "required": ["a"], "additionalProperties": True}
    document = {"allOf": [base], "unevaluatedProperties": False}
    assert accepts(lower(document), {"a": 1, "b": 1})
    del base["additionalProperties"]
    assert not accepts(lower(document), {"a": 1, "b": 1})
    (found,) = [e for e in lower(document).enforcement if e.keyword == "unevaluatedProperties"]
    assert (found.path, found.how) == ((), "by construction")


@pytest.mark.parametrize(
    ("document", "valid", "invalid"),
    [
        ({"not": {"not": {"additionalProperties": {"type": "integer"}}}}, {}, {"a": 1}),
        ({"not": {"not": {"properties": {"a": {}}}}, "properties": {"b": {}}}, {"b": 1}, {"a": 1}),
        ({"not": {"not": {"patternProperties": {"^a": {}}}}}, {}, {"a": 1}),
        ({"if": {"properties": {"a": {"const": 1}}, "required": ["a"]}}, {"a": 1}, {"a": 2}),
        ({"not": {"not": {"type": "array", "prefixItems": [{}]}}}, [], [1]),
        ({"not": {"not": {"type": "array", "items": {"const": 1}}}}, [], [1]),
    ],
    ids=str,
)
def test_what_only_a_not_looks_at_remains_unevaluated(document, valid, invalid):
    document = document | {"unevaluatedProperties": False, "unevaluatedItems": False}
    compiled = scaffold.compile(document)
    assert compiled.accepts(valid)
    assert not compiled.accepts(invalid)
    assert accepts(compiled.schema, valid)
