"""What stands beside a key for the model to read, and in no result."""

import pytest
from spelling import BYTES

from scaffold.layout.decisions import Decisions
from scaffold.layout.json_syntax import lay_out
from scaffold.layout.template import instantiate
from scaffold.schema.lower import lower
from scaffold.testing import ByteTokenizer


def hints_of(schema):
    template = instantiate(lay_out(lower(schema)), Decisions(), BYTES)
    return [ByteTokenizer().decode(template.token_ids[start:stop]) for start, stop in template.hints]


def of_member(schema):
    return hints_of({"type": "object", "properties": {"a": schema}, "required": ["a"], "additionalProperties": False})


ITEM = {"type": "string", "description": "one per line"}
ASKED = [
    ({"type": "string"}, []),
    ({"type": "string", "title": "A"}, []),
    ({"type": "string", "title": "Maker"}, ["/* Maker */"]),
    ({"type": "string", "description": "Who made it"}, ["/* Who made it */"]),
    ({"type": "string", "examples": ["ACME", "Foo", "Bar"]}, ["/* e.g. ACME */"]),
    ({"type": "integer", "examples": [12]}, ["/* integer; e.g. 12 */"]),
    ({"type": "string", "examples": ["x" * 100]}, []),
    ({"type": "string", "description": "ends */ here"}, ["/* ends * / here */"]),
    ({"type": "array", "items": ITEM}, ["/* one per line; list */"]),
    ({"type": "array", "items": ITEM, "description": "Lines"}, ["/* Lines; list */"]),
    ({"anyOf": [{"type": "array", "items": ITEM}, {"type": "null"}]}, ["/* one per line; list */"]),
]


@pytest.mark.parametrize(("schema", "hints"), ASKED, ids=str)
def test_title_description_kind_and_examples_stand_beside_the_key(schema, hints):
    assert of_member(schema) == hints


def test_the_whole_has_its_own():
    assert hints_of({"type": "boolean", "title": "Open", "examples": [True]}) == ["/* Open; e.g. true */"]
