"""JSON Schemas with every keyword in scope, each satisfied by some value by construction."""

from typing import Any

from hypothesis import strategies as st

from scaffold.decode.formats import CHECKS

Schema = dict[str, Any]
Schemas = st.SearchStrategy[Schema]

NAMES = ("a", "b", "name", "total", "items", "Größe", "with space", 'quo"te', "x-1", "$ref")
PATTERNS = (
    "^[a-z]{1,8}$",
    "^[A-Z]{2}-[0-9]{3}$",
    "[0-9]",
    "^a|b$",
    "^(yes|no)$",
    "^[^,]*$",
    "é",
    "^\\d+(\\.\\d{1,2})?$",
)
FORMATS = tuple(sorted(CHECKS))
_SCALAR_VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(-9, 9), st.sampled_from([0.5, -1.25, 1e20]), st.text(max_size=4)
)
_CHOICES = st.lists(_SCALAR_VALUES, min_size=1, max_size=4)


def documents(max_leaves: int) -> Schemas:
    """Whole documents: plain ones, ones with definitions, recursive ones, ones of earlier drafts."""
    plain = st.recursive(leaves(), branches, max_leaves=max_leaves)
    old = st.recursive(leaves(), old_branches, max_leaves=max_leaves)
    recent = (plain, plain.map(_shared), plain.map(_recursive), plain.map(_dynamic), plain.map(_listed))
    return st.one_of(*recent, old.map(_of_draft_7), old.map(_of_2019))


def leaves() -> Schemas:
    """Schemas of scalars."""
    return st.one_of(
        _integers(),
        _numbers(),
        _strings(),
        st.sampled_from(PATTERNS).map(lambda pattern: {"type": "string", "pattern": pattern}),
        st.sampled_from(FORMATS).map(lambda name: {"type": "string", "format": name}),
        st.sampled_from([{"type": "boolean"}, {"type": "null"}, {"type": ["string", "null"]}, {"minLength": 1}, {}]),
        _CHOICES.map(lambda values: {"enum": values}),
        _SCALAR_VALUES.map(lambda value: {"const": value}),
    )


@st.composite
def _integers(draw: st.DrawFn) -> Schema:
    factor = draw(st.sampled_from([1, 1, 2, 5, 10]))
    least = draw(st.integers(-30, 30))
    schema: Schema = {"type": "integer"}
    if factor > 1:
        schema["multipleOf"] = factor
    lower = draw(st.sampled_from(["minimum", "exclusiveMinimum", ""]))
    upper = draw(st.sampled_from(["maximum", "exclusiveMaximum", ""]))
    # Between the bounds lies room for a whole factor, so there is a multiple.
    return schema | {k: v for k, v in ((lower, least), (upper, least + factor + 1 + draw(st.integers(0, 99)))) if k}


def _numbers() -> Schemas:
    bounds: list[Schema] = [
        {},
        {"minimum": 0},
        {"exclusiveMinimum": 0, "maximum": 1},
        {"minimum": -0.5, "exclusiveMaximum": 2.5},
        {"multipleOf": 0.01},
        {"multipleOf": 0.5, "minimum": 1, "maximum": 9},
    ]
    return st.sampled_from(bounds).map(lambda bound: {"type": "number"} | bound)


@st.composite
def _strings(draw: st.DrawFn) -> Schema:
    least = draw(st.integers(0, 4))
    schema: Schema = {"type": "string"}
    if draw(st.booleans()):
        schema["minLength"] = least
    if draw(st.booleans()):
        schema["maxLength"] = least + draw(st.integers(0, 8))
    return schema


def branches(inner: Schemas) -> Schemas:
    """Schemas made of `inner` schemas."""
    return st.one_of(_tuples(inner), _common(inner))


def old_branches(inner: Schemas) -> Schemas:
    """The same, as drafts before 2020-12 spell them."""
    return st.one_of(_old_tuples(inner), _dependencies(inner), _common(inner))


def _common(inner: Schemas) -> Schemas:
    """What all drafts from 6 on spell alike, or take for an annotation."""
    return st.one_of(
        _arrays(inner),
        _objects(inner),
        _maps(inner),
        st.lists(inner, min_size=1, max_size=3).map(lambda options: {"anyOf": options}),
        inner.map(lambda schema: {"anyOf": [schema, {"type": "null"}]}),
        _tagged(inner),
        _conditional(inner),
        inner.map(lambda schema: {"allOf": [schema, {"title": "nothing to add"}]}),
    )


@st.composite
def _arrays(draw: st.DrawFn, inner: Schemas) -> Schema:
    schema: Schema = {"type": "array", "items": draw(inner)}
    least = draw(st.integers(0, 2))
    extra: list[Schema] = [
        {},
        {"minItems": least},
        {"maxItems": least + 1},
        {"minItems": least, "maxItems": least + 2},
        {"uniqueItems": True, "maxItems": 3},
        {"contains": schema["items"], "maxContains": 3},
        {"contains": schema["items"], "minContains": 0},
    ]
    return schema | draw(st.sampled_from(extra))


@st.composite
def _tuples(draw: st.DrawFn, inner: Schemas) -> Schema:
    items = draw(st.lists(inner, min_size=1, max_size=3))
    rest: list[Schema] = [{"items": False}, {"items": draw(inner)}, {}, {"unevaluatedItems": False}]
    least = draw(st.integers(0, len(items)))
    return {"type": "array", "prefixItems": items, "minItems": least} | draw(st.sampled_from(rest))


@st.composite
def _old_tuples(draw: st.DrawFn, inner: Schemas) -> Schema:
    items = draw(st.lists(inner, min_size=1, max_size=3))
    rest: list[Schema] = [{"additionalItems": False}, {"additionalItems": draw(inner)}, {}]
    least = draw(st.integers(0, len(items)))
    return {"type": "array", "items": items, "minItems": least} | draw(st.sampled_from(rest))


@st.composite
def _dependencies(draw: st.DrawFn, inner: Schemas) -> Schema:
    """A property that asks for another one, or for more of the whole object."""
    wanted: list[Any] = [["b"], {"required": ["b"]}, {"properties": {"b": draw(inner)}}, True]
    return {
        "type": "object",
        "properties": {"a": draw(inner)},
        "dependencies": {"a": draw(st.sampled_from(wanted))},
    }


@st.composite
def _objects(draw: st.DrawFn, inner: Schemas) -> Schema:
    properties = draw(st.dictionaries(st.sampled_from(NAMES), inner, max_size=4))
    names = sorted(properties)
    required = draw(st.lists(st.sampled_from(names), unique=True)) if names else []
    rest: list[Schema] = [{"additionalProperties": False}, {"additionalProperties": draw(inner)}, {}]
    if "allOf" not in properties:
        rest.append({"unevaluatedProperties": False})
    if len(names) > 1:
        rest.append({"dependentSchemas": {names[0]: {"required": [names[1]]}}, "additionalProperties": False})
        rest.append({"dependentRequired": {names[0]: [names[1]]}, "additionalProperties": False})
    return {"type": "object", "properties": properties, "required": required} | draw(st.sampled_from(rest))


@st.composite
def _maps(draw: st.DrawFn, inner: Schemas) -> Schema:
    value = draw(inner)
    kinds: list[Schema] = [
        {"additionalProperties": value},
        {"additionalProperties": value, "minProperties": 1, "maxProperties": 2},
        {"additionalProperties": value, "propertyNames": {"pattern": "^[a-z]+$"}},
        {"patternProperties": {"^k[0-9]$": value}, "additionalProperties": False},
    ]
    return {"type": "object"} | draw(st.sampled_from(kinds))


@st.composite
def _tagged(draw: st.DrawFn, inner: Schemas) -> Schema:
    """Object branches that a constant tells apart."""
    options = draw(st.lists(inner, min_size=2, max_size=3))
    return {
        "oneOf": [
            {
                "type": "object",
                "properties": {"kind": {"const": f"kind {index}"}, "value": option},
                "required": ["kind", "value"],
                "additionalProperties": False,
            }
            for index, option in enumerate(options)
        ]
    }


@st.composite
def _conditional(draw: st.DrawFn, inner: Schemas) -> Schema:
    """A property that means different things, by a flag; and a value that is not allowed."""
    return {
        "type": "object",
        "properties": {"flag": {"type": "boolean"}, "code": {"type": "integer", "not": {"const": 0}}},
        "required": ["flag", "value"],
        "if": {"properties": {"flag": {"const": True}}},
        "then": {"properties": {"value": draw(inner)}},
        "else": {"properties": {"value": draw(inner)}},
    }


def _shared(schema: Schema) -> Schema:
    """The same schema in two places, by reference."""
    return {
        "$defs": {"part": schema},
        "type": "object",
        "properties": {"first": {"$ref": "#/$defs/part"}, "second": {"$ref": "#/$defs/part"}},
        "required": ["first"],
        "additionalProperties": False,
    }


def _recursive(schema: Schema) -> Schema:
    """A tree whose nodes hold values of the schema."""
    return {
        "$defs": {"part": schema},
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "properties": {
            "value": {"$ref": "#/$defs/part"},
            "children": {"type": "array", "items": {"$ref": "#"}},
        },
        "required": ["value"],
        "additionalProperties": False,
    }


def _dynamic(schema: Schema) -> Schema:
    """The same tree, by an anchor that another document could move."""
    tree = _recursive(schema)
    tree["properties"]["children"] = {"type": "array", "items": {"$dynamicRef": "#node"}}
    return {"$dynamicAnchor": "node", **tree}


def _listed(schema: Schema) -> Schema:
    """A list of anything, whose items the document that refers to it makes into the schema's."""
    anything = {"$dynamicAnchor": "item"}
    items = {"$id": "list", "type": "array", "items": {"$dynamicRef": "#item"}, "$defs": {"item": anything}}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "https://strategies.example/root",
        "$ref": "list",
        "$defs": {"item": {"$dynamicAnchor": "item", "allOf": [schema]}, "list": items},
    }


def _of_draft_7(schema: Schema) -> Schema:
    return {"$schema": "http://json-schema.org/draft-07/schema#", **schema}


def _of_2019(schema: Schema) -> Schema:
    """A tree that refers to itself as 2019-09 does."""
    tree = _recursive(schema)
    tree["properties"]["children"] = {"type": "array", "items": {"$recursiveRef": "#"}}
    return {**tree, "$schema": "https://json-schema.org/draft/2019-09/schema", "$recursiveAnchor": True}
