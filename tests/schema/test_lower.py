import pytest

from scaffold.errors import SchemaError, UnsatisfiableSchemaError, UnsupportedKeywordError
from scaffold.schema import ir
from scaffold.schema.accepts import accepts
from scaffold.schema.lower import lower

ANY_KEY = ir.Extra(ir.String(), ir.Any())
DRAFT_7 = {"$schema": "http://json-schema.org/draft-07/schema#"}
DRAFT_4 = {"$schema": "http://json-schema.org/draft-04/schema#"}


def closed(**properties):
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


def how(document, keyword):
    return {(e.path, e.how) for e in lower(document).enforcement if e.keyword == keyword}


GOLDEN = [
    (True, ir.Any()),
    ({}, ir.Any()),
    ({"type": "string", "minLength": 1, "format": "date"}, ir.String(min_length=1, formats=("date",))),
    ({"type": "string", "format": "colour"}, ir.String()),
    ({"type": "integer", "minimum": 0.5}, ir.Number(is_integer=True, minimum=ir.Fraction(1, 2))),
    ({"type": "number", "multipleOf": 0.1}, ir.Number(multiples=(ir.Fraction(1, 10),))),
    ({"type": "number", "multipleOf": 2}, ir.Number(is_integer=True, multiples=(ir.Fraction(2),))),
    ({"type": ["null", "boolean"]}, ir.Union((ir.Boolean(), ir.Null()))),
    ({"const": {"a": 1.0}}, ir.Enum(('{"a":1}',))),
    ({"enum": ["a", 1, None, 1.0]}, ir.Enum(('"a"', "1", "null"))),
    ({"enum": ["a", "bb", 3], "type": "string", "maxLength": 1}, ir.Enum(('"a"',))),
    ({"type": "array"}, ir.Array(items=ir.Any())),
    ({"type": "array", "items": False}, ir.Array(max_items=0)),
    (
        {"type": "array", "prefixItems": [{"type": "null"}, False], "items": {"type": "string"}},
        ir.Array((ir.Null(),), max_items=1),
    ),
    (
        {**DRAFT_7, "type": "array", "items": [{"type": "null"}], "additionalItems": {"type": "string"}},
        ir.Array((ir.Null(),), ir.String()),
    ),
    ({"type": "object"}, ir.Object(extras=(ANY_KEY,), is_open=True)),
    (
        {"type": "object", "additionalProperties": {"type": "null"}},
        ir.Object(extras=(ir.Extra(ir.String(), ir.Null()),)),
    ),
    (
        {"type": "object", "properties": {"a": {"type": "null", "default": None}}},
        ir.Object(
            (ir.Field("a", ir.Null(), is_required=False, default="null"),),
            (ir.Extra(ir.String(excluded=("a",)), ir.Any()),),
            is_open=True,
        ),
    ),
    (
        {"type": "object", "patternProperties": {"^x": {"type": "null"}}, "additionalProperties": False},
        ir.Object(extras=(ir.Extra(ir.String(patterns=("^x",)), ir.Null()),)),
    ),
    (
        {"type": "object", "propertyNames": {"maxLength": 2}, "properties": {"long": {}, "ok": {}}},
        ir.Object(
            (ir.Field("ok", ir.Any(), is_required=False),),
            (ir.Extra(ir.String(max_length=2, excluded=("long", "ok")), ir.Any()),),
        ),
    ),
    (
        {"type": "object", "propertyNames": {"enum": ["a"]}, "additionalProperties": {"type": "null"}},
        ir.Object((ir.Field("a", ir.Null(), is_required=False),)),
    ),
    ({"anyOf": [{"const": "a"}, {"const": "b"}, {"type": "null"}]}, ir.Union((ir.Enum(('"a"', '"b"')), ir.Null()))),
    (
        {"anyOf": [{"type": "string"}, {"anyOf": [{"type": "null"}, {"type": "boolean"}]}]},
        ir.Union((ir.String(), ir.Boolean(), ir.Null())),
    ),
    ({"anyOf": [{"type": "string"}, {"type": "null"}], "minLength": 2}, ir.Union((ir.String(2), ir.Null()))),
    ({"allOf": [{"minimum": 1}, {"maximum": 2, "type": "integer"}]}, ir.Number(True, ir.Fraction(1), ir.Fraction(2))),
    ({"allOf": [{"enum": [1, 2]}, {"enum": [2, 3]}]}, ir.Enum(("2",))),
    ({"type": "string", "not": {"enum": ["", "x"]}}, ir.String(excluded=("", "x"))),
    ({"type": "string", "not": {"pattern": "^a"}}, ir.String(not_patterns=("^a",))),
    ({"type": ["string", "null"], "not": {"type": "null"}}, ir.String()),
    ({"type": "boolean", "not": {"const": True}}, ir.Enum(("false",))),
    (
        {**DRAFT_4, "type": "number", "minimum": 1, "exclusiveMinimum": True},
        ir.Number(exclusive_minimum=ir.Fraction(1)),
    ),
    ({"type": "string", "nullable": True}, ir.String()),
    ({"type": "string", "title": "T", "x-scaffold": {"quote": True}}, ir.String(about=ir.About("T", quote=True))),
]


@pytest.mark.parametrize(("document", "node"), GOLDEN, ids=lambda value: str(value)[:60])
def test_a_schema_lowers_to_this_node(document, node):
    assert lower(document).root == node


def test_a_typeless_keyword_binds_its_own_type_only():
    schema = lower({"minLength": 2})
    assert accepts(schema, "ab")
    assert not accepts(schema, "a")
    assert all(accepts(schema, value) for value in (1, None, [], {}, True))


def test_recursion_is_a_reference_and_single_use_is_not():
    tree = closed(kids={"type": "array", "items": {"$ref": "#/$defs/tree"}})
    schema = lower({"$defs": {"tree": tree}, "$ref": "#/$defs/tree"})
    assert list(schema.definitions) == ["/$defs/tree"]
    assert schema.root == ir.Ref("/$defs/tree")
    once = lower({"$defs": {"a": closed(x={"type": "null"})}, "type": "array", "items": {"$ref": "#/$defs/a"}})
    assert not once.definitions
    assert isinstance(once.root, ir.Array)
    assert isinstance(once.root.items, ir.Object)


def test_what_is_shared_is_laid_out_once():
    shared = {"$ref": "#/$defs/a"}
    schema = lower({"$defs": {"a": closed(x={"type": "null"})}, **closed(p=shared, q=shared)})
    assert isinstance(schema.root, ir.Object)
    assert [field.node for field in schema.root.fields] == [ir.Ref("/$defs/a"), ir.Ref("/$defs/a")]


def test_the_siblings_of_a_reference_count_from_draft_2019_on():
    document = {"$ref": "#/definitions/a", "minLength": 2, "definitions": {"a": {"type": "string"}}}
    assert lower(document).root == ir.String(min_length=2)
    assert lower({**DRAFT_7, **document}).root == ir.String()


def test_a_const_in_every_branch_is_the_discriminator():
    branches = [closed(kind={"const": "a"}, x={"type": "null"}), closed(kind={"enum": ["b", "c"]})]
    root = lower({"oneOf": branches}).root
    assert isinstance(root, ir.Union)
    assert root.discriminator == "kind"
    assert how({"oneOf": branches}, "oneOf") == {((), "by construction")}


def test_literals_that_overlap_discriminate_nothing():
    branches = [closed(kind={"const": "a"}), closed(kind={"enum": ["a", "c"]})]
    root = lower({"oneOf": branches}).root
    assert isinstance(root, ir.Union)
    assert root.discriminator is None
    assert how({"oneOf": branches}, "oneOf") == {((), "checked and repaired")}


def test_a_discriminator_that_the_schema_names_becomes_required():
    branches = [{"type": "object", "properties": {"kind": {"const": text}}} for text in "ab"]
    document = {"oneOf": branches, "discriminator": {"propertyName": "kind"}}
    root = lower(document).root
    assert isinstance(root, ir.Union)
    assert root.discriminator == "kind"
    assert all(branch.fields[0].is_required for branch in root.branches if isinstance(branch, ir.Object))


def test_a_condition_becomes_a_choice_of_two_cases():
    document = {
        **closed(country={"enum": ["US", "NL"]}, code={"type": "string"}),
        "if": {"properties": {"country": {"const": "US"}}},
        "then": {"properties": {"code": {"pattern": "^[0-9]{5}$"}}},
        "else": {"properties": {"code": {"pattern": "^[0-9]{4}$"}}},
    }
    schema = lower(document)
    assert how(document, "if") == {((), "by construction")}
    assert accepts(schema, {"country": "US", "code": "12345"})
    assert accepts(schema, {"country": "NL", "code": "1234"})
    assert not accepts(schema, {"country": "NL", "code": "12345"})


def test_a_long_chain_of_conditions_stays_linear():
    kinds = [f"k{i}" for i in range(40)]
    rules = [{"if": {"properties": {"kind": {"const": k}}}, "then": {"required": [k]}} for k in kinds]
    root = lower({"type": "object", "properties": {"kind": {"enum": kinds}}, "required": ["kind"], "allOf": rules}).root
    assert isinstance(root, ir.Union)
    assert len(root.branches) == len(kinds)
    assert root.discriminator == "kind"


@pytest.mark.parametrize("keyword", ["dependentRequired", "dependencies"])
def test_a_dependency_holds_by_construction(keyword):
    document = {**DRAFT_7} if keyword == "dependencies" else {}
    schema = lower({**document, "type": "object", keyword: {"a": ["b"]}})
    assert accepts(schema, {"a": 1, "b": 1})
    assert accepts(schema, {"b": 1})
    assert not accepts(schema, {"a": 1})


@pytest.mark.parametrize(
    "document",
    [
        {"uniqueItems": True},
        {"contains": {"const": 1}},
        {"not": {"multipleOf": 3}},
        {"not": {"const": 5}},
        {"oneOf": [{"multipleOf": 2}, {"multipleOf": 3}]},
        {"anyOf": [{"required": ["a"]}, {}], "unevaluatedProperties": False},
    ],
    ids=str,
)
def test_what_no_layout_can_say_is_recorded_as_checked(document):
    assert "checked and repaired" in {e.how for e in lower(document).enforcement}


def test_enforcement_names_each_keyword_once_and_annotations_never():
    document = closed(a={"type": "string", "format": "colour", "description": "d", "nullable": True})
    found = [(e.path, e.keyword) for e in lower(document).enforcement]
    assert len(found) == len(set(found))
    assert set(found) == {((), key) for key in document} | {(("properties", "a"), "type")}


@pytest.mark.parametrize(
    ("document", "parts"),
    [
        ({"type": "string", "minLength": 3, "maxLength": 2}, ["/minLength", "/maxLength"]),
        ({"allOf": [{"type": "string"}, {"type": "null"}]}, ["/allOf/0/type", "/allOf/1/type"]),
        ({"type": "integer", "minimum": 1.2, "maximum": 1.8}, ["/minimum", "/maximum"]),
        ({"type": "object", "required": ["a"], "properties": {"a": False}}, ["/required", "/properties/a"]),
        ({"enum": []}, ["/enum"]),
        ({"not": {}}, ["/not"]),
        ({"type": "number", "multipleOf": 3, "exclusiveMinimum": 3, "exclusiveMaximum": 6}, ["/multipleOf"]),
    ],
    ids=str,
)
def test_a_contradiction_names_the_keywords(document, parts):
    with pytest.raises(UnsatisfiableSchemaError) as caught:
        lower(document)
    assert set(parts) <= set(caught.value.message.split())


@pytest.mark.parametrize(
    "document",
    [
        closed(a={"$ref": "#"}),
        {"type": "array", "items": {"$ref": "#"}, "minItems": 1},
        {"$ref": "#/$defs/a", "$defs": {"a": closed(b={"$ref": "#/$defs/b"}), "b": closed(a={"$ref": "#/$defs/a"})}},
    ],
    ids=["object", "array", "mutual"],
)
def test_endless_required_recursion_is_an_error(document):
    with pytest.raises(UnsatisfiableSchemaError):
        lower(document)


def test_an_impossible_option_is_left_out():
    impossible = {"type": "string", "minLength": 2, "maxLength": 1}
    schema = lower({"type": "object", "properties": {"a": impossible, "b": {"type": "null"}}})
    assert isinstance(schema.root, ir.Object)
    assert [field.name for field in schema.root.fields] == ["b"]
    assert not accepts(schema, {"a": "x"})
    assert lower({"anyOf": [impossible, {"type": "null"}]}).root == ir.Null()


def test_an_option_that_could_only_be_endless_is_left_out():
    endless = closed(again={"$ref": "#/$defs/endless"})
    schema = lower({"$defs": {"endless": endless}, "anyOf": [{"$ref": "#/$defs/endless"}, {"type": "null"}]})
    assert schema.root == ir.Null()


MALFORMED = [
    ("type", "strin"),
    ("minLength", "x"),
    ("maxItems", -1),
    ("minimum", "3"),
    ("multipleOf", 0),
    ("properties", []),
    ("required", True),
    ("items", 5),
    ("items", [{}]),
    ("allOf", []),
    ("enum", {}),
    ("pattern", 5),
    ("uniqueItems", "x"),
    ("additionalProperties", "no"),
    ("dependentRequired", {"a": 5}),
    ("not", 5),
    ("x-scaffold", {"quot": True}),
    ("x-scaffold", {"quote": 1}),
    ("$ref", 5),
]


@pytest.mark.parametrize(("keyword", "value"), MALFORMED, ids=str)
def test_a_malformed_keyword_is_named_by_its_pointer(keyword, value):
    with pytest.raises(SchemaError) as caught:
        lower({"properties": {"a": {keyword: value}}})
    assert caught.value.path[:3] == ("properties", "a", keyword)
    assert caught.value.hint
    assert not isinstance(caught.value, UnsatisfiableSchemaError | UnsupportedKeywordError)
