"""Schemas written to exhaust a compiler end fast: lowered, or refused by name."""

import time

import pytest

from scaffold.errors import SchemaError
from scaffold.schema.lower import lower

LIMIT_S = 20  # generous for a busy machine: what it guards against takes hours or memory without end


def nested(wrap, depth):
    schema = {"type": "string"}
    for _ in range(depth):
        schema = wrap(schema)
    return schema


def chain(link, length):
    """Definitions of which each refers twice to the next."""
    definitions = {f"d{i}": link({"$ref": f"#/$defs/d{i + 1}"}) for i in range(length)}
    return {"$ref": "#/$defs/d0", "$defs": {**definitions, f"d{length}": {"type": "string"}}}


WRAPS = {
    "allOf": lambda s: {"allOf": [s]},
    "anyOf": lambda s: {"anyOf": [s, {"type": "null"}]},
    "oneOf": lambda s: {"oneOf": [s, {"type": "null"}]},
    "not": lambda s: {"not": s},
    "if": lambda s: {"if": s, "then": {"minLength": 1}},
    "properties": lambda s: {"properties": {"a": s}},
    "items": lambda s: {"items": s},
}


@pytest.mark.parametrize("wrap", WRAPS.values(), ids=WRAPS)
def test_ten_thousand_levels_are_refused(wrap):
    with pytest.raises(SchemaError):
        lower(nested(wrap, 10_000))


@pytest.mark.parametrize("wrap", WRAPS.values(), ids=WRAPS)
def test_sixty_levels_are_fine(wrap):
    lower(nested(wrap, 60))


FANS = {
    "allOf": chain(lambda s: {"allOf": [s, s]}, 60),
    "anyOf": chain(lambda s: {"anyOf": [s, s]}, 60),
    "oneOf": chain(lambda s: {"oneOf": [s, s]}, 60),
    "properties": chain(lambda s: {"type": "object", "properties": {"a": s, "b": s}}, 300),
    "either": chain(lambda s: {"anyOf": [{"properties": {"x": s}}, {"properties": {"y": s}}]}, 30),
    "allOf of anyOf": {"allOf": [{"anyOf": [{"required": [f"a{i}"]}, {"required": [f"b{i}"]}]} for i in range(40)]},
    "dependencies": {"dependentRequired": {f"a{i}": [f"b{i}"] for i in range(60)}},
    "literals": {"enum": [f"v{i}" for i in range(50_000)], "minLength": 4},
    "patterns": {
        "patternProperties": {f"^k{i}": {} for i in range(900)},
        "properties": {f"p{i}": {} for i in range(900)},
    },
    "slow pattern": {"patternProperties": {"^(a+)+$": {}}, "properties": {"a" * 40 + "b": {}}},
}


@pytest.mark.parametrize("document", FANS.values(), ids=FANS)
def test_exponential_schemas_end_fast(document):
    begun = time.perf_counter()
    try:
        lower(document)
    except SchemaError as error:
        assert error.hint  # noqa: PT017  (either outcome is fine)
    assert time.perf_counter() - begun < LIMIT_S


def test_branches_beyond_the_cap_are_left_to_the_check():
    found = {(e.path, e.how) for e in lower(FANS["allOf of anyOf"]).enforcement if e.keyword == "anyOf"}
    assert (("allOf", 0), "by construction") in found
    assert (("allOf", 39), "checked and repaired") in found
