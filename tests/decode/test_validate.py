import json
import socket
import sys
from datetime import date
from typing import Annotated, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import AfterValidator, AliasChoices, BaseModel, Field, TypeAdapter, ValidationError, model_validator

from scaffold.decode.validate import check, problems, validator_for
from scaffold.errors import DecodeError, SchemaError, UnresolvableReferenceError

DIALECTS = [
    "http://json-schema.org/draft-04/schema#",
    "http://json-schema.org/draft-06/schema#",
    "http://json-schema.org/draft-07/schema#",
    "https://json-schema.org/draft/2019-09/schema",
    "https://json-schema.org/draft/2020-12/schema",
]


def blamed(value, schema):
    """Where and by which keyword the JSON `value` is rejected."""
    return [(p.path, p.keyword) for p in problems(json.dumps(value), validator_for(schema))]


def blamed_by_type(value, target):
    return [p.path for p in problems(json.dumps(value), None, TypeAdapter(target))]


@pytest.mark.parametrize(
    ("schema", "value", "expected"),
    [
        ({"properties": {"a": {"items": {"type": "integer"}}}}, {"a": [1, "x"]}, [(("a", 1), "type")]),
        (
            {"additionalProperties": False, "properties": {"a": {}}},
            {"a": 1, "z": 2},
            [(("z",), "additionalProperties")],
        ),
        ({"unevaluatedProperties": False, "properties": {"a": {}}}, {"z": 2}, [(("z",), "unevaluatedProperties")]),
        ({"uniqueItems": True}, [1, 2, 1.0, True, 1], [((2,), "uniqueItems"), ((4,), "uniqueItems")]),
        ({"uniqueItems": True}, [{"a": 1, "b": 2}, {"b": 2, "a": 1.0}], [((1,), "uniqueItems")]),
        ({"required": ["a"]}, {}, [((), "required")]),
        ({"properties": {"a": False}}, {"a": 1}, [(("a",), "false")]),
        ({"const": 1}, True, [((), "const")]),
        ({"enum": [0, "x"]}, False, [((), "enum")]),
        ({"format": "date"}, "2023-02-29", [((), "format")]),
        ({"format": "unheard of"}, "x", []),
        ({"patternProperties": {"^\\d$": {"type": "null"}}}, {"1": 1, "١": 1}, [(("1",), "type")]),
    ],
)
def test_the_value_to_blame_is_named(schema, value, expected):
    assert blamed(value, schema) == expected


def test_where_no_branch_fits_the_closest_one_is_blamed():
    circle = {"properties": {"kind": {"const": "circle"}, "radius": {"type": "number"}}, "required": ["kind"]}
    square = {"properties": {"kind": {"const": "square"}, "side": {"type": "number"}}, "required": ["kind"]}
    schema = {"anyOf": [circle, square, {"type": "string"}]}
    assert blamed({"kind": "square", "side": "x"}, schema) == [(("side",), "type")]
    assert blamed({"kind": "circle", "radius": None}, schema) == [(("radius",), "type")]


def test_a_value_that_fits_two_exclusive_branches_is_blamed_itself():
    assert blamed(3, {"oneOf": [{"type": "integer"}, {"minimum": 1}]}) == [((), "oneOf")]


def test_each_branch_too_many_is_a_problem_of_its_own():
    branches = [{"required": [name]} for name in "abcd"]
    assert blamed({"b": 1, "c": 1, "d": 1}, {"oneOf": branches}) == [((), "oneOf")] * 2


def test_of_branches_that_do_not_fit_the_one_with_the_right_tag_is_blamed_for_what_it_lacks():
    branches = [
        {"properties": {"kind": {"const": name}}, "required": needs} for name, needs in (("a", []), ("b", ["x"]))
    ]
    assert blamed({"kind": "b"}, {"oneOf": branches}) == [((), "required")]


def test_branches_that_nothing_satisfies_are_no_crash():
    assert blamed("x", {"anyOf": [False, False]}) == [((), "false")]


@pytest.mark.parametrize("factor", [0.1, 0.01, 0.3, 1e-7, 3, 2.5])
@given(count=st.integers(-(10**6), 10**6))
def test_multiples_are_counted_in_decimals(factor, count):
    from decimal import Decimal

    value = Decimal(repr(factor)) * count
    near = value + Decimal(repr(factor)) / 2
    validator = validator_for({"multipleOf": factor})
    assert problems(f"{value:f}", validator) == ()
    assert problems(f"{near:f}", validator) != ()


def test_a_number_beyond_all_floats_is_no_multiple():
    assert problems("1e999", validator_for({"multipleOf": 0.5})) != ()


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_dialect_keeps_our_keywords_through_references_to_the_root(dialect):
    schema = {"$schema": dialect, "properties": {"next": {"$ref": "#"}, "code": {"pattern": "^\\p{Lu}$"}}}
    assert blamed({"next": {"next": {"code": "é"}}}, schema) == [(("next", "next", "code"), "pattern")]
    assert blamed({"next": {"code": "É"}}, schema) == []


def test_the_dialect_decides_what_a_keyword_means():
    legacy = {"$schema": DIALECTS[0], "minimum": 1, "exclusiveMinimum": True}
    assert blamed(1, legacy) == [((), "minimum")]
    assert blamed([1, 2], {"$schema": DIALECTS[2], "items": [{}], "additionalItems": False}) != []


def test_evaluated_properties_are_found_through_references_and_branches():
    schema = {
        "$defs": {"named": {"properties": {"name": {}}, "$dynamicAnchor": "named"}},
        "allOf": [{"$ref": "#/$defs/named"}, {"$dynamicRef": "#named"}],
        "anyOf": [{"properties": {"a": {"type": "integer"}}}, {"properties": {"b": {"type": "integer"}}}],
        "if": {"properties": {"c": {"const": 1}}, "required": ["c"]},
        "then": {"patternProperties": {"^x": {}}},
        "else": {"properties": {"d": {}}},
        "dependentSchemas": {"name": {"properties": {"e": {}}}},
        "unevaluatedProperties": False,
    }
    assert blamed({"name": 1, "a": 1, "b": 1, "c": 1, "x1": 1, "e": 1}, schema) == []
    where = [(("e",), "unevaluatedProperties"), (("x1",), "unevaluatedProperties")]
    assert blamed({"a": 1, "d": 1, "e": 1, "x1": 1}, schema) == where


@pytest.mark.parametrize("target", ["http://127.0.0.1:9/x.json", "file:///etc/hostname", "other.json", "#/nowhere"])
def test_a_reference_out_of_the_document_is_an_error_and_fetches_nothing(target, monkeypatch):
    opened = []
    monkeypatch.setattr(socket.socket, "connect", lambda *arguments: opened.append(arguments))
    with pytest.raises(UnresolvableReferenceError):
        check("1", validator_for({"$ref": target}))
    assert opened == []


def test_the_meta_schemas_are_at_hand():
    assert blamed({"type": "nonsense"}, {"$ref": DIALECTS[4]}) != []
    assert blamed({"type": "string"}, {"$ref": DIALECTS[4]}) == []


def test_deep_documents_and_schemas_are_errors_of_ours():
    deep = {}
    for _ in range(5000):
        deep = {"items": deep}
    with pytest.raises(SchemaError):
        validator_for(deep)
    with pytest.raises(DecodeError):
        check("[" * 900 + "]" * 900, validator_for({"items": {"$ref": "#"}}))
    with pytest.raises(DecodeError):
        check("[" * 100_000, validator_for(True))


@pytest.mark.parametrize("text", ["", "{", "NaN", '{"a":Infinity}', "'a'"])
def test_what_is_not_json_is_an_error(text):
    with pytest.raises(DecodeError):
        check(text, validator_for(True))


def test_a_valid_document_becomes_the_value_and_an_invalid_one_keeps_its_cause():
    schema = validator_for({"type": "object"})
    assert check('{"a":1}', schema).value == {"a": 1}
    assert check("1", schema).value is None
    assert check("1", schema).cause.validator == "type"


class Cat(BaseModel):
    kind: Literal["cat"]
    lives: Annotated[int, Field(le=9)]


class Dog(BaseModel):
    kind: Literal["dog"]
    name: Annotated[str, AfterValidator(str.title)]


class Visit(BaseModel):
    when: date = Field(alias="on")
    pet: Annotated[Cat | Dog, Field(discriminator="kind")]
    either: Cat | int | None = None
    price: float = Field(0, validation_alias=AliasChoices("price", "cost"))
    notes: dict[Literal["a", "b"], int] = {}

    @model_validator(mode="after")
    def price_is_even(self):
        if self.price % 2:
            raise ValueError("odd")
        return self


GOOD = {"on": "2024-02-29", "pet": {"kind": "cat", "lives": 7}}


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"on": "2023-02-29"}, ("on",)),
        ({"pet": {"kind": "cat", "lives": 10}}, ("pet", "lives")),
        ({"pet": {"kind": "cow"}}, ("pet",)),
        ({"pet": {"kind": "dog"}}, ("pet",)),
        ({"cost": "x"}, ("cost",)),
        ({"price": 3}, ()),
        ({"notes": {"c": 1}}, ("notes", "c")),
        ({"notes": {"a": "x"}}, ("notes", "a")),
    ],
)
def test_the_place_of_a_pydantic_error_is_a_place_in_the_document(change, path):
    assert blamed_by_type(GOOD | change, Visit) == [path]


def test_the_members_of_a_plain_union_are_no_steps_of_the_path():
    assert set(blamed_by_type(GOOD | {"either": {"kind": "cat", "lives": 10}}, Visit)) == {
        ("either", "lives"),
        ("either",),
    }


def test_the_typed_object_comes_back_and_so_does_pydantics_own_error():
    adapter = TypeAdapter(Visit)
    assert check(json.dumps(GOOD), None, adapter).value == Visit(on=date(2024, 2, 29), pet=Cat(kind="cat", lives=7))
    assert isinstance(check("{}", None, adapter).cause, ValidationError)


def test_items_of_a_list_are_named_by_index():
    assert blamed_by_type([1, "x", 3, None], list[int]) == [(1,), (3,)]


@pytest.mark.parametrize("dialect", ["draft/2019-09", "draft/2020-12"])
@pytest.mark.parametrize("wanted", [["z"], {"required": ["z"]}])
def test_dependencies_are_checked_in_drafts_that_keep_them_for_compatibility(dialect, wanted):
    schema = {"$schema": f"https://json-schema.org/{dialect}/schema", "dependencies": dict.fromkeys("abcde", wanted)}
    assert problems('{"d": 1}', validator_for(schema))
    assert not problems('{"d": 1, "z": 2}', validator_for(schema))


@pytest.mark.parametrize(
    "schema",
    [
        {"not": {"$dynamicRef": "#"}},
        {"$schema": "https://json-schema.org/draft/2019-09/schema", "not": {"$recursiveRef": "#"}},
        {"dependentSchemas": {"a": {"not": {"$dynamicRef": "#"}}}},
        {"$defs": {"a": {"not": {"$ref": "#/$defs/a"}}}, "$ref": "#/$defs/a"},
    ],
)
def test_a_reference_that_leads_back_to_itself_is_an_error_before_the_stack_is_full(schema):
    validator, depth = validator_for(schema), sys.getrecursionlimit()
    sys.setrecursionlimit(1 << 20)  # no limit ends it but its own
    try:
        with pytest.raises(DecodeError, match="too deeply"):
            problems('{"a":1}', validator)
    finally:
        sys.setrecursionlimit(depth)


def test_a_reference_to_the_same_definition_from_one_branch_after_another_is_none():
    schema = {
        "$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"required": ["x"]}},
        "oneOf": [
            {"$ref": "#/$defs/a"},
            {"allOf": [{"$ref": "#/$defs/a"}, {"required": ["y"]}]},
            {"$ref": "#/$defs/b"},
        ],
    }
    assert len(problems('{"x":1,"y":1}', validator_for(schema))) == 2


def test_a_library_that_answers_a_full_stack_by_a_panic_is_understood():
    class PanicException(BaseException):
        """As pyo3 raises it."""

    class Panicking:
        def iter_errors(self, value):
            raise PanicException

    with pytest.raises(DecodeError, match="too deeply"):
        problems("1", Panicking())
