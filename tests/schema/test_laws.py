"""Lowered schemas against an independent validator, on random schemas and values."""

import json
from itertools import product

from hypothesis import example, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from referencing import Registry

from scaffold.errors import UnsatisfiableSchemaError
from scaffold.schema.accepts import accepts
from scaffold.schema.lower import lower

NAMES = st.sampled_from(["a", "b", "ab"])
SCALARS = [None, True, False, 0, 1, 2, 1.5, "", "a", "b", "ab"]
SOME = [None, 0, 1, "a"]
OBJECTS = [
    {name: value for name, value in zip(("a", "b", "ab"), values, strict=True) if value != "absent"}
    for values in product([*SOME, "absent"], repeat=3)
]
ARRAYS = [list(items) for length in range(4) for items in product(SOME[1:], repeat=length)]
UNIVERSE = [*SCALARS, *OBJECTS, *ARRAYS, {"a": {"a": 1}}, {"a": []}, [[]], [{"a": 1}, {}], {"b": {"b": {"b": 0}}}]
VALUES = st.sampled_from(SCALARS) | st.sampled_from(UNIVERSE)
TYPES = ["null", "boolean", "object", "array", "integer", "number", "string"]
COUNT = st.integers(0, 2)
LEAVES = {
    "type": st.sampled_from(TYPES) | st.lists(st.sampled_from(TYPES), min_size=1, max_size=3, unique=True),
    "enum": st.lists(VALUES, min_size=1, max_size=3),
    "const": VALUES,
    "minLength": COUNT,
    "maxLength": COUNT,
    "pattern": st.sampled_from(["^a", "b$", "^(a|b)$"]),
    "minimum": COUNT,
    "exclusiveMaximum": COUNT,
    "multipleOf": st.sampled_from([1, 2, 0.5]),
    "required": st.lists(NAMES, max_size=2, unique=True),
    "minProperties": COUNT,
    "maxProperties": COUNT,
    "minItems": COUNT,
    "maxItems": COUNT,
    "uniqueItems": st.booleans(),
    "dependentRequired": st.dictionaries(NAMES, st.lists(NAMES, max_size=1), max_size=2),
}


def composed(inner):
    some = st.lists(inner, min_size=1, max_size=3)
    return {
        "properties": st.dictionaries(NAMES, inner, max_size=2),
        "patternProperties": st.dictionaries(st.sampled_from(["^a", "b$"]), inner, max_size=2),
        "additionalProperties": inner,
        "propertyNames": inner,
        "prefixItems": some,
        "items": inner,
        "contains": inner,
        "allOf": some,
        "anyOf": some,
        "oneOf": some,
        "not": inner,
        "if": inner,
        "then": inner,
        "else": inner,
        "dependentSchemas": st.dictionaries(NAMES, inner, max_size=1),
        "unevaluatedProperties": inner,
        "unevaluatedItems": inner,
    }


@st.composite
def keywords(draw, table):
    """A schema with a few keywords of the table."""
    names = draw(st.lists(st.sampled_from(sorted(table)), max_size=4, unique=True))
    return {name: draw(table[name]) for name in names}


LEAF = st.booleans() | keywords(LEAVES)
SIMPLE = st.sampled_from(
    [True, False, {"type": "integer"}, {"type": "null"}, {"const": 1}, {"enum": ["a", 0]}, {"minimum": 1}]
)
FAMILIES = [
    ["properties", "patternProperties", "additionalProperties", "required", "minProperties", "maxProperties"],
    ["properties", "additionalProperties", "propertyNames", "required", "dependentRequired", "dependentSchemas"],
    ["properties", "required", "anyOf", "oneOf", "allOf", "not"],
    ["properties", "required", "if", "then", "else"],
    ["properties", "allOf", "anyOf", "oneOf", "if", "then", "unevaluatedProperties"],
    ["prefixItems", "items", "minItems", "maxItems", "contains", "unevaluatedItems", "allOf", "anyOf"],
    ["type", "enum", "const", "minLength", "maxLength", "pattern", "not", "anyOf"],
    ["type", "minimum", "exclusiveMaximum", "multipleOf", "not", "allOf", "if", "then"],
]


def related(inner):
    """Schemas whose keywords have to do with each other."""
    return st.sampled_from(FAMILIES).flatmap(
        lambda family: keywords({name: table for name, table in (LEAVES | composed(inner)).items() if name in family})
    )


SCHEMAS = related(SIMPLE) | related(SIMPLE | related(SIMPLE)) | keywords(LEAVES | composed(related(SIMPLE) | LEAF))
IN_PLACE = {"allOf", "anyOf", "oneOf", "not", "if", "then", "else", "dependentSchemas"}
REFERENCE = st.just({"$ref": "#/$defs/node"})
BELOW = LEAF | REFERENCE | st.builds(lambda *branches: {"anyOf": list(branches)}, REFERENCE, LEAF)
PLACES = {
    **{name: table for name, table in composed(BELOW).items() if name not in IN_PLACE},
    **{name: table for name, table in composed(LEAF).items() if name in IN_PLACE},
}
RECURSIVE = st.builds(
    lambda root, node: {**root, "$defs": {"node": node}}, keywords(LEAVES | PLACES), keywords(LEAVES | PLACES)
)


def lowered(document):
    try:
        return lower(document)
    except UnsatisfiableSchemaError:
        return None


def holds_by_construction(schema):
    return all(record.how == "by construction" for record in schema.enforcement)


def check_both_laws(document):
    """Valid values can be expressed; where all is by construction, no other values can."""
    schema = lowered(document)
    validator = Draft202012Validator(document, registry=Registry())
    for value in UNIVERSE:
        can = schema is not None and accepts(schema, value)
        if can != validator.is_valid(value):
            assert can, f"valid, but cannot be expressed: {value}"
            assert not holds_by_construction(schema), f"invalid, but can be expressed: {value}"


@settings(max_examples=250)
@given(SCHEMAS)
@example({"not": {"multipleOf": 2}, "type": "integer"})
@example({"not": {"properties": {"a": False}}})
@example({"unevaluatedProperties": False, "if": {"additionalProperties": True}})
def test_valid_values_can_be_expressed_and_by_construction_no_others(document):
    check_both_laws(document)


@settings(max_examples=100)
@given(RECURSIVE)
def test_recursive_schemas_keep_both_laws(document):
    check_both_laws(document)


@settings(max_examples=100)
@given(SCHEMAS)
def test_lowering_is_a_function_of_the_document(document):
    text = json.dumps(document)
    first, second = json.loads(text), json.loads(text)
    assert lowered(first) == lowered(second)
    assert first == second
