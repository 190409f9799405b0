import pytest
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from scaffold.constraints.language import has_no_text
from scaffold.decode.validate import validator_for
from scaffold.errors import SchemaError, UnresolvableReferenceError, UnsatisfiableSchemaError
from scaffold.schema import ir
from scaffold.schema.accepts import accepts
from scaffold.schema.lower import lower

TEXT = {"type": "string"}


@pytest.mark.parametrize(
    "document",
    [
        {"$ref": "#/$defs/a~1b%25", "$defs": {"a/b%": TEXT}},
        {"$ref": "#/$defs/x/anyOf/0", "$defs": {"x": {"anyOf": [TEXT]}}},
        {"$ref": "#here", "$defs": {"x": {"$anchor": "here", **TEXT}}},
        {"$ref": "other.json", "$id": "http://example.com/a.json", "$defs": {"x": {"$id": "other.json", **TEXT}}},
        {"$ref": "urn:x#/$defs/t", "$defs": {"x": {"$id": "urn:x", "$defs": {"t": TEXT}}}},
        {"$ref": "#/$defs/x", "$defs": {"x": {"$id": "urn:x", "$ref": "#/$defs/t", "$defs": {"t": TEXT}}}},
        {"$dynamicRef": "#t", "$defs": {"x": {"$dynamicAnchor": "t", **TEXT}}},
        {
            "$schema": "http://json-schema.org/draft-07/schema#",
            "allOf": [{"$ref": "#here"}],
            "definitions": {"x": {"$id": "#here", **TEXT}},
        },
        {
            "$schema": "http://json-schema.org/draft-04/schema#",
            "allOf": [{"$ref": "b.json"}],
            "id": "http://example.com/a.json",
            "definitions": {"x": {"id": "b.json", **TEXT}},
        },
    ],
    ids=str,
)
def test_a_reference_is_followed(document):
    assert lower(document).root == ir.String()


def test_a_dynamic_reference_leads_to_the_outermost_anchor():
    document = {
        "$id": "http://example.com/strict",
        "$dynamicAnchor": "node",
        "$ref": "tree",
        "unevaluatedProperties": False,
        "$defs": {
            "tree": {
                "$id": "tree",
                "$dynamicAnchor": "node",
                "type": "object",
                "properties": {"data": True, "kids": {"type": "array", "items": {"$dynamicRef": "#node"}}},
            }
        },
    }
    schema = lower(document)
    assert accepts(schema, {"kids": [{"data": 1}]})
    assert not accepts(schema, {"kids": [{"daat": 1}]})


@pytest.mark.parametrize(
    "reference", ["#/nowhere", "#nowhere", "other.json", "http://127.0.0.1:9/x", "file:///etc/passwd"]
)
def test_a_reference_out_of_the_document_is_refused(reference):
    with pytest.raises(UnresolvableReferenceError) as caught:
        lower({"properties": {"a": {"$ref": reference}}})
    assert caught.value.path == ("properties", "a")


def test_a_registry_of_the_caller_is_searched():
    registry = Registry().with_resource("http://example.com/t", DRAFT202012.create_resource(TEXT))
    assert lower({"$ref": "http://example.com/t"}, registry).root == ir.String()


@pytest.mark.parametrize(
    "document",
    [
        {"$ref": "#"},
        {"anyOf": [{"$ref": "#"}, TEXT]},
        {"not": {"$ref": "#"}},
        {"$ref": "#/$defs/a", "$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"allOf": [{"$ref": "#/$defs/a"}]}}},
    ],
    ids=str,
)
def test_a_reference_that_only_leads_to_itself_is_an_error(document):
    with pytest.raises(SchemaError) as caught:
        lower(document)
    assert caught.value.hint


@pytest.mark.parametrize("defs", [{"x": {"$anchor": 5}, "y": {"properties": 5}}, {"x": {"$id": "http://["}}, {"x": 5}])
def test_a_document_that_cannot_be_searched_is_an_error(defs):
    with pytest.raises(SchemaError):
        lower({"$ref": "#here", "$defs": defs})


NOWHERE = {"$ref": "https://nowhere.test/schema.json"}


def omitted(schema):
    return [entry.path for entry in schema.enforcement if entry.how == "refused"]


@pytest.mark.parametrize(
    ("document", "place", "possible", "impossible"),
    [
        ({"properties": {"a": NOWHERE}}, ("properties", "a"), {"b": 1}, {"a": 1}),
        ({"type": "array", "items": NOWHERE}, ("items",), [], [1]),
        ({"anyOf": [NOWHERE, TEXT]}, ("anyOf", 0), "x", 1),
        ({"properties": {"a": {"not": NOWHERE}}}, ("properties", "a", "not"), {}, {"a": 1}),
        ({"properties": {"a": {"oneOf": [TEXT, NOWHERE]}}}, ("properties", "a", "oneOf", 1), {}, {"a": "x"}),
        ({"properties": {"a": {"if": NOWHERE, "then": TEXT}}}, ("properties", "a", "if"), {}, {"a": "x"}),
        ({"patternProperties": {"^a": NOWHERE}}, ("patternProperties", "^a"), {"b": 1}, {"a": 1}),
    ],
)
def test_what_a_reference_to_nowhere_describes_can_be_left_out_and_the_enforcement_says_so(
    document, place, possible, impossible
):
    schema = lower(document, omits_unresolved=True)
    assert omitted(schema) == [place]
    assert accepts(schema, possible)
    assert not accepts(schema, impossible)


UNUSED = [
    ({"$defs": {"a": NOWHERE}, **TEXT}, "x", 1),
    ({"definitions": {"a": {"properties": {"b": NOWHERE}}}, **TEXT}, "x", 1),
    ({"properties": {"a": NOWHERE}, "items": NOWHERE, **TEXT}, "x", {}),
    ({"type": "array", "items": NOWHERE, "maxItems": 0}, [], [1]),
    ({"type": "array", "prefixItems": [TEXT], "items": NOWHERE, "maxItems": 1}, ["x"], ["x", "y"]),
    ({"properties": {"a": NOWHERE}, "maxProperties": 0, "type": "object"}, {}, {"a": 1}),
    (
        {"properties": {"a": NOWHERE, "b": TEXT}, "required": ["b"], "maxProperties": 1, "type": "object"},
        {"b": "x"},
        {"b": "x", "a": 1},
    ),
    ({"patternProperties": {"": TEXT}, "additionalProperties": NOWHERE, "type": "object"}, {"a": "x"}, {"a": 1}),
    ({"properties": {"a": NOWHERE}, "propertyNames": {"pattern": "^b"}, "type": "object"}, {"b": 1}, {"a": 1}),
    ({"properties": {"a": NOWHERE}, "allOf": [{"properties": {"a": False}}], "type": "object"}, {"b": 1}, {"a": 1}),
    ({"then": NOWHERE, "else": NOWHERE, **TEXT}, "x", 1),
    ({"if": True, "then": {"minLength": 2}, "else": NOWHERE, **TEXT}, "xx", "x"),
    ({"if": False, "then": NOWHERE, "else": {"minLength": 2}, **TEXT}, "xx", "x"),
    ({"anyOf": [{"type": "object", "properties": {"a": NOWHERE}}, {"minLength": 2}], **TEXT}, "xx", "x"),
    ({"type": "array", "items": TEXT, "unevaluatedItems": NOWHERE}, ["x"], [1]),
    ({"contentSchema": NOWHERE, "default": NOWHERE, "examples": [NOWHERE], **TEXT}, "x", 1),
]


@pytest.mark.parametrize(("document", "possible", "impossible"), UNUSED, ids=map(str, range(len(UNUSED))))
def test_a_reference_to_nowhere_that_no_value_needs_is_no_error(document, possible, impossible):
    schema = lower(document, None, has_no_text)
    assert omitted(schema) == []
    assert accepts(schema, possible)
    assert not accepts(schema, impossible)
    assert not list(validator_for(document).iter_errors(possible))  # nor does the validator follow it


@pytest.mark.parametrize(
    "document",
    [
        NOWHERE,
        {"allOf": [TEXT, NOWHERE]},
        {"oneOf": [TEXT, NOWHERE]},
        {"not": NOWHERE},
        {"properties": {"a": NOWHERE}, "required": ["a"], "type": "object"},
        {"type": "array", "items": NOWHERE, "minItems": 1},
    ],
)
def test_a_reference_that_is_needed_and_leads_nowhere_is_an_error(document):
    with pytest.raises(UnresolvableReferenceError):
        lower(document, omits_unresolved=True)


def test_what_excludes_itself_is_unsatisfiable_whatever_else_is_unknown():
    with pytest.raises(UnsatisfiableSchemaError):
        lower({"properties": {"a": NOWHERE, "b": False}, "required": ["b"], "type": "object"}, omits_unresolved=True)


def test_a_registry_makes_it_known():
    registry = Registry().with_resource("https://nowhere.test/schema.json", DRAFT202012.create_resource(TEXT))
    schema = lower({"properties": {"a": NOWHERE}}, registry, omits_unresolved=True)
    assert omitted(schema) == []
    assert accepts(schema, {"a": "x"})


def test_a_broken_pointer_into_the_document_is_never_left_out():
    with pytest.raises(UnresolvableReferenceError):
        lower({"properties": {"a": {"$ref": "#/$defs/typo"}}}, omits_unresolved=True)
