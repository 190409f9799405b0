import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from spelling import is_legal, layout_of, shortest, spelled, template_of

from scaffold.errors import UnsatisfiableSchemaError
from scaffold.layout.decisions import Decisions
from scaffold.layout.encode import encode
from scaffold.layout.spans import OpenMaybe, OpenRepeat
from scaffold.pipeline import Filler
from scaffold.schema.lower import lower
from scaffold.testing import AdversarialPredictor, RandomPredictor

NAMES = ("a", "b", "c", "d")
NUMBER = {"type": "integer"}


def closed(least, most, **more):
    bounds = {"minProperties": least, "maxProperties": most}
    return {"properties": dict.fromkeys(NAMES, NUMBER), "additionalProperties": False, "type": "object"} | bounds | more


@st.composite
def counted(draw):
    """Objects whose number of members is bounded on both sides."""
    most = draw(st.integers(0, 5))
    least = draw(st.integers(0, min(most, 4)))
    required = draw(st.lists(st.sampled_from(NAMES), unique=True, max_size=most))
    extras = draw(st.sampled_from([{}, {"patternProperties": {"^x": NUMBER, "^y": NUMBER}}]))
    return closed(least, most, required=required, **extras)


def decided(document, draw):
    """What comes of deciding one open group after the other, any way at all."""
    layout, decisions = layout_of(document), Decisions()
    while groups := template_of(layout, decisions).groups:
        group = draw(st.sampled_from(groups))
        match group:
            case OpenMaybe():
                decisions = decisions.with_maybe(group.key, is_present=draw(st.booleans()))
            case OpenRepeat():
                count = group.known + draw(st.integers(0, len(group.items)))
                decisions = decisions.with_count(
                    group.site, count, is_ended=draw(st.booleans()) or count == group.limit
                )
    return spelled(template_of(layout, decisions), shortest)


@settings(max_examples=150)
@given(st.data())
def test_however_members_are_decided_one_by_one_their_number_is_within_the_bounds(data):
    document = data.draw(counted())
    names = [name for name, _ in json.loads(decided(document, data.draw), object_pairs_hook=list)]
    assert document["minProperties"] <= len(names) <= document["maxProperties"]
    assert set(document["required"]) <= set(names)


@pytest.mark.parametrize("kind", [RandomPredictor, AdversarialPredictor])
@pytest.mark.parametrize(("least", "most"), [(1, 4), (2, 2), (4, 4), (0, 1), (0, 0)])
def test_a_fill_needs_no_repair_to_keep_the_bounds(kind, least, most):
    for seed in range(3):
        found = Filler(kind(seed)).fill(closed(least, most), "Ada", repair_rounds=0)
        assert least <= len(found.value) <= most


def test_entries_of_any_kind_count():
    layout = layout_of({"patternProperties": {"^a": NUMBER, "^b": NUMBER}, "minProperties": 1, "maxProperties": 2})
    for value in ({"a": 1}, {"b": 1}, {"c": "x"}, {"a": 1, "b": 1}):
        assert encode(layout, value, is_legal) is not None
    for value in ({}, {"a": 1, "b": 1, "c": 1}):
        assert encode(layout, value, is_legal) is None


def test_names_are_not_invented_where_declared_ones_are_left():
    template = template_of(layout_of({"properties": {"a": NUMBER}, "minProperties": 1, "type": "object"}))
    assert template.pretty() == '{"a":⟦/a⟧}'


def test_a_recursion_that_needs_a_member_takes_the_one_that_ends():
    node = {"type": "object", "properties": {"again": {"$ref": "#"}, "end": NUMBER}}
    layout = layout_of({**node, "minProperties": 1, "additionalProperties": False})
    assert template_of(layout).pretty() == '{"again":{"end":⟦/again/end⟧},"end":⟦/end⟧}'


def test_a_recursion_that_needs_a_member_and_never_ends_is_unsatisfiable():
    node = {"type": "object", "properties": {"again": {"$ref": "#"}}, "additionalProperties": False}
    with pytest.raises(UnsatisfiableSchemaError):
        lower({**node, "minProperties": 1})
