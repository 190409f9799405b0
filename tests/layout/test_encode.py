import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from spelling import is_legal, layout_of, spelled, template_of

from scaffold.layout.encode import encode
from scaffold.schema import canonical
from scaffold.testing import strategies

PERSON = {
    "type": "object",
    "properties": {
        "name": {"type": "string"},
        "born": {"type": ["integer", "null"]},
        "tags": {"type": "array", "items": {"enum": ["a", "b"]}},
        "home": {"type": "object", "properties": {"city": {"type": "string"}}, "additionalProperties": False},
    },
    "required": ["name", "born"],
    "additionalProperties": {"type": "integer"},
}
PET = {
    "oneOf": [
        {
            "type": "object",
            "properties": {"kind": {"const": kind}, name: {"type": "string"}},
            "required": ["kind", name],
        }
        for kind, name in (("cat", "mew"), ("dog", "bark"))
    ]
}


def round_trip(document, value):
    """What comes back when `value` is spelled with the slot texts that `encode` found."""
    layout = layout_of(document)
    found = encode(layout, value, is_legal)
    assert found is not None
    template = template_of(layout, found.decisions)
    assert template.groups == ()
    return canonical.loads(spelled(template, lambda span: found.texts[span.key]))


@given(st.data())
def test_every_valid_value_of_a_schema_is_spelled_back(data):
    schema = data.draw(strategies.schemas())
    value = data.draw(strategies.instances(schema))
    assert canonical.equal(round_trip(schema, value), value)


@pytest.mark.parametrize(
    "value",
    [
        {"name": "Ada", "born": 1815},
        {"name": "", "born": None, "tags": []},
        {"name": 'quo"te\n', "born": None, "tags": ["b", "a", "b"], "home": {}},
        {"born": -1, "name": "é😀", "home": {"city": "Zürich"}, "more": 1, "most": 2},
    ],
)
def test_a_value_is_spelled_back_whatever_is_absent(value):
    assert round_trip(PERSON, value) == value


@pytest.mark.parametrize("value", [{"kind": "cat", "mew": "x"}, {"kind": "dog", "bark": "x"}])
def test_a_discriminated_value_is_spelled_by_its_branch(value):
    assert round_trip(PET, value) == value


@pytest.mark.parametrize("value", [None, True, 1.5, "x", [], {}, [1, ["a", {"b": None}]], {"a": [[]], "": {"": 0}}])
def test_any_json_is_spelled_back(value):
    assert canonical.equal(round_trip(True, value), value)


def test_a_long_recursion_is_spelled_back():
    document = {
        "$ref": "#/$defs/list",
        "$defs": {
            "list": {
                "type": "object",
                "properties": {"head": {"type": "integer"}, "rest": {"$ref": "#/$defs/list"}},
                "required": ["head"],
                "additionalProperties": False,
            }
        },
    }
    value = {"head": 0}
    for head in range(1, 20):
        value = {"head": head, "rest": value}
    assert round_trip(document, value) == value


@pytest.mark.parametrize(
    "value",
    [
        {"name": "Ada"},
        {"name": 1, "born": None},
        {"name": "Ada", "born": "1815"},
        {"name": "Ada", "born": None, "tags": ["c"]},
        {"name": "Ada", "born": None, "home": {"town": "x"}},
        {"name": "Ada", "born": None, "more": "text"},
        ["Ada"],
        None,
    ],
)
def test_a_value_that_the_layout_cannot_say_is_none(value):
    assert encode(layout_of(PERSON), value, is_legal) is None


def test_a_text_that_the_slot_forbids_is_none():
    layout = layout_of({"type": "string"})
    assert encode(layout, "text", lambda slot, text: False) is None
    assert encode(layout, "text", lambda slot, text: True) is not None


def test_encoded_decisions_leave_nothing_open_that_the_value_does_not_have():
    found = encode(layout_of(PERSON), {"name": "Ada", "born": None}, is_legal)
    assert not any(found.decisions.maybes.values())
    assert set(found.decisions.counts.values()) == {0}
    assert {site for site, _ in found.texts} == {("name",)}


def test_a_number_is_found_among_literals_by_value():
    assert json.dumps(round_trip({"enum": [1, "1", None]}, 1.0)) == "1"
