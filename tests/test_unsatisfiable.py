"""A schema that no value satisfies is an error of the compiler, which names what excludes what."""

import pytest

import scaffold
from scaffold.errors import UnsatisfiableSchemaError, pointer

TEXT, WHOLE, LIST, RECORD = ({"type": kind} for kind in ("string", "integer", "array", "object"))
UNSATISFIABLE = {
    "bounds": (WHOLE | {"minimum": 5, "maximum": 3}, {"/minimum", "/maximum"}),
    "exclusive bounds": (
        {"type": "number", "exclusiveMinimum": 5, "exclusiveMaximum": 5},
        {"/exclusiveMinimum", "/exclusiveMaximum"},
    ),
    "no integer between": (
        WHOLE | {"exclusiveMinimum": 5, "exclusiveMaximum": 6},
        {"/exclusiveMinimum", "/exclusiveMaximum"},
    ),
    "no multiple between": (
        WHOLE | {"minimum": 1, "maximum": 6, "multipleOf": 7},
        {"/minimum", "/maximum", "/multipleOf"},
    ),
    "lengths": (TEXT | {"minLength": 5, "maxLength": 3}, {"/minLength", "/maxLength"}),
    "numbers of items": (LIST | {"minItems": 5, "maxItems": 3}, {"/minItems", "/maxItems"}),
    "numbers of properties": (RECORD | {"minProperties": 5, "maxProperties": 3}, {"/minProperties", "/maxProperties"}),
    "empty enum": ({"enum": []}, {"/enum"}),
    "enum and type": (TEXT | {"enum": [1, 2]}, {"/enum", "/type"}),
    "const and type": (TEXT | {"const": 1}, {"/const", "/type"}),
    "const and enum": ({"enum": ["a"], "const": "b"}, {"/enum", "/const"}),
    "const and pattern": ({"const": "b", "pattern": "^a$"}, {"/const", "/pattern"}),
    "const and properties": ({"const": {"a": 1}, "properties": {"a": TEXT}}, {"/const", "/properties"}),
    "enum and bounds": ({"enum": [1, 2, 3], "minimum": 4}, {"/enum", "/minimum"}),
    "const and not": ({"const": 1, "not": {"const": 1}}, {"/const", "/not/const"}),
    "enum and not": ({"type": "boolean", "not": {"enum": [True, False]}}, {"/type", "/not/enum"}),
    "not anything": ({"not": {}}, {"/not"}),
    "type and its negation": (TEXT | {"not": TEXT}, {"/type", "/not/type"}),
    "types in allOf": ({"allOf": [TEXT, WHOLE]}, {"/allOf/0/type", "/allOf/1/type"}),
    "bounds in allOf": (
        {"allOf": [WHOLE | {"minimum": 5}, {"maximum": 3}]},
        {"/allOf/0/minimum", "/allOf/1/maximum"},
    ),
    "enums in allOf": ({"allOf": [{"enum": ["a"]}, {"enum": ["b"]}]}, {"/allOf/0/enum", "/allOf/1/enum"}),
    "required in allOf": (
        {"allOf": [RECORD | {"required": ["a"]}, {"properties": {"a": False}}]},
        {"/allOf/0/required", "/allOf/1/properties/a"},
    ),
    "all branches": ({"anyOf": [TEXT | {"enum": [1]}, False]}, {"/anyOf/0/enum"}),
    "required but false": (RECORD | {"properties": {"a": False}, "required": ["a"]}, {"/required", "/properties/a"}),
    "required but not additional": (
        RECORD | {"properties": {"b": {}}, "required": ["a"], "additionalProperties": False},
        {"/required", "/additionalProperties"},
    ),
    "required but not evaluated": (
        RECORD | {"properties": {"b": {}}, "required": ["a"], "unevaluatedProperties": False},
        {"/required", "/unevaluatedProperties"},
    ),
    "evaluated by a `not` alone": (
        RECORD | {"not": {"not": {"properties": {"a": {}}, "required": ["a"]}}, "unevaluatedProperties": False},
        {"/not/not/required", "/not/not/properties/a", "/unevaluatedProperties"},
    ),
    "required but not a name": (
        RECORD | {"required": ["a"], "propertyNames": {"pattern": "^b"}},
        {"/required", "/propertyNames"},
    ),
    "required but forbidden by pattern": (
        RECORD | {"patternProperties": {"^a": False}, "required": ["ab"]},
        {"/required", "/patternProperties/^a"},
    ),
    "more required than allowed": (
        RECORD | {"required": ["a", "b"], "maxProperties": 1},
        {"/required", "/maxProperties"},
    ),
    "fewer possible than needed": (
        RECORD | {"properties": {"a": {}}, "minProperties": 2, "additionalProperties": False},
        {"/minProperties", "/additionalProperties"},
    ),
    "no name is left": (
        RECORD | {"propertyNames": {"pattern": "^a{5}$", "maxLength": 3}, "minProperties": 1},
        {"/propertyNames", "/minProperties"},
    ),
    "deep inside": (
        RECORD
        | {"properties": {"a": RECORD | {"properties": {"b": {"enum": []}}, "required": ["b"]}}, "required": ["a"]},
        {"/properties/a/properties/b/enum"},
    ),
    "behind a reference": (
        {
            "$defs": {"s": TEXT},
            "properties": {"x": {"$ref": "#/$defs/s", "type": "integer"}},
            "required": ["x"],
            **RECORD,
        },
        {"/properties/x/type", "/$defs/s/type"},
    ),
    "dependency": (
        RECORD | {"required": ["a"], "dependentSchemas": {"a": False}},
        {"/required", "/dependentSchemas"},
    ),
    "items": (LIST | {"items": {"enum": []}, "minItems": 1}, {"/items/enum", "/minItems"}),
    "a tuple that is too short": (
        LIST | {"prefixItems": [TEXT], "items": False, "minItems": 2},
        {"/items", "/prefixItems", "/minItems"},
    ),
    "contains nothing": (LIST | {"contains": False}, {"/contains"}),
    "contains more than allowed": (
        LIST | {"contains": TEXT, "minContains": 3, "maxContains": 2},
        {"/minContains", "/maxContains"},
    ),
    "contains more than there may be": (
        LIST | {"contains": TEXT, "minContains": 3, "maxItems": 2},
        {"/minContains", "/maxItems"},
    ),
    "contains what no item is": (LIST | {"contains": TEXT, "items": WHOLE}, {"/contains", "/items"}),
    "too few different items": (
        LIST | {"items": {"enum": [1, 2]}, "uniqueItems": True, "minItems": 3},
        {"/items", "/uniqueItems", "/minItems"},
    ),
    "pattern and length": (TEXT | {"pattern": "^a{5}$", "maxLength": 3}, {"/pattern", "/maxLength"}),
    "pattern and least length": (TEXT | {"pattern": "^[ab]?$", "minLength": 3}, {"/pattern", "/minLength"}),
    "patterns": (
        {"allOf": [TEXT | {"pattern": "^a"}, {"pattern": "^b"}]},
        {"/allOf/0/pattern", "/allOf/1/pattern"},
    ),
    "pattern and format": (TEXT | {"format": "date", "pattern": "^x"}, {"/format", "/pattern"}),
    "format and length": (TEXT | {"format": "date", "maxLength": 5}, {"/format", "/maxLength"}),
    "a pattern that contradicts itself": (TEXT | {"pattern": "a^b"}, {"/pattern"}),
    "a look-ahead that contradicts the rest": (TEXT | {"pattern": "^(?=a)b"}, {"/pattern"}),
    "no text matches not": (TEXT | {"not": {"pattern": ""}}, {"/not/pattern"}),
    "endless objects": (
        {
            "$ref": "#/$defs/n",
            "$defs": {"n": RECORD | {"properties": {"next": {"$ref": "#/$defs/n"}}, "required": ["next"]}},
        },
        {"/$defs/n"},
    ),
    "endless arrays": (
        {"$ref": "#/$defs/n", "$defs": {"n": LIST | {"items": {"$ref": "#/$defs/n"}, "minItems": 1}}},
        {"/$defs/n"},
    ),
    "endless in turns": (
        {
            "$ref": "#/$defs/a",
            "$defs": {
                "a": RECORD | {"properties": {"b": {"$ref": "#/$defs/b"}}, "required": ["b"]},
                "b": LIST | {"items": {"$ref": "#/$defs/a"}, "minItems": 2},
            },
        },
        {"/$defs/a"},
    ),
}


@pytest.mark.parametrize(("schema", "conflict"), UNSATISFIABLE.values(), ids=UNSATISFIABLE)
def test_an_unsatisfiable_schema_is_an_error_that_names_the_conflict(schema, conflict):
    with pytest.raises(UnsatisfiableSchemaError) as caught:
        scaffold.compile(schema)
    assert conflict <= {pointer(part) for part in caught.value.conflict}
    assert all(place in str(caught.value) for place in conflict)


@pytest.mark.parametrize(("schema", "conflict"), UNSATISFIABLE.values(), ids=UNSATISFIABLE)
def test_what_cannot_be_is_left_out_where_it_need_not_be(schema, conflict):
    inner = {key: value for key, value in schema.items() if key != "$defs"}
    optional = {"type": "object", "properties": {"x": inner, "y": TEXT}, "$defs": schema.get("$defs", {})}
    compiled = scaffold.compile(optional | {"additionalProperties": False})
    assert "/y" in compiled.pretty()
    assert "/x" not in compiled.pretty()
    assert compiled.accepts({"y": "text"})


@pytest.mark.parametrize("schema", [{"$ref": "#"}, {"allOf": [{"$ref": "#"}]}, {"anyOf": [{"$ref": "#"}, TEXT]}])
def test_a_schema_that_is_only_itself_is_an_error(schema):
    with pytest.raises(scaffold.SchemaError):
        scaffold.compile(schema)


def test_the_items_of_a_set_are_no_more_than_there_are_values():
    schema = {"type": "array", "items": {"type": "boolean"}, "uniqueItems": True}
    assert scaffold.compile(schema).schema.root.max_items == 2
