import json
from itertools import product

import pytest
from hypothesis import given
from spelling import BYTES, is_legal, layout_of, shortest, spelled, template_of

from scaffold.layout.decisions import Decisions
from scaffold.layout.encode import encode
from scaffold.layout.json_syntax import lay_out
from scaffold.layout.spans import OpenChoice, OpenMaybe, OpenRepeat
from scaffold.layout.template import instantiate
from scaffold.schema.lower import lower
from scaffold.testing import ByteTokenizer, strategies

NODE = {
    "$ref": "#/$defs/node",
    "$defs": {
        "node": {
            "type": "object",
            "properties": {
                "name": {"type": "string"},
                "next": {"$ref": "#/$defs/node"},
                "others": {"type": "array", "items": {"$ref": "#/$defs/node"}},
            },
            "required": ["name"],
            "additionalProperties": False,
        }
    },
}


def members(names, required=()):
    properties = {name: {"type": "integer"} for name in names}
    return {"type": "object", "properties": properties, "required": list(required), "additionalProperties": False}


@pytest.mark.parametrize("required", [[], ["a"], ["b"], ["d"], ["a", "d"], ["b", "c"]])
def test_commas_are_right_whatever_members_vanish(required):
    names = "abcd"
    layout = layout_of(members(names, required))
    optional = [name for name in names if name not in required]
    for present in product([True, False], repeat=len(optional)):
        decisions = Decisions()
        for name, is_present in zip(optional, present, strict=True):
            decisions = decisions.with_maybe(((name,), ""), is_present=is_present)
        found = json.loads(spelled(template_of(layout, decisions), lambda span: "7"))
        kept = {name for name, is_present in zip(optional, present, strict=True) if is_present}
        assert list(found) == [name for name in names if name in required or name in kept]


@pytest.mark.parametrize("count", range(4))
@pytest.mark.parametrize("is_present", [True, False])
def test_commas_are_right_between_members_and_entries_of_a_map(count, is_present):
    document = members("a") | {"additionalProperties": {"type": "integer"}}
    decisions = Decisions().with_maybe((("a",), ""), is_present=is_present).with_count((-1,), count, is_ended=True)
    template = template_of(layout_of(document), decisions)
    keys = iter("xyz")
    text = spelled(template, lambda span: next(keys) if span.slot.role == "key" else "7")
    assert list(json.loads(text)) == ["a"] * is_present + list("xyz")[:count]


@pytest.mark.parametrize("count", range(5))
def test_commas_are_right_between_items(count):
    layout = layout_of({"type": "array", "prefixItems": [{"type": "string"}], "items": {"type": "integer"}})
    template = template_of(layout, Decisions().with_count((), count, is_ended=True))
    assert len(json.loads(spelled(template, shortest))) == count


@pytest.mark.parametrize("is_present", [True, False])
def test_an_absent_nullable_value_is_null(is_present):
    document = members("a", "a") | {"properties": {"a": {"type": ["integer", "null"]}}}
    template = template_of(layout_of(document), Decisions().with_maybe((("a",), "null"), is_present=is_present))
    assert json.loads(spelled(template, lambda span: "7")) == {"a": 7 if is_present else None}


def test_an_undecided_template_keeps_every_outermost_group_open():
    document = {
        "type": "object",
        "properties": {
            "optional": {"type": "object", "properties": {"inner": {"type": ["string", "null"]}}},
            "list": {"type": "array", "items": {"type": "integer"}},
            "either": {"anyOf": [{"type": "array"}, {"type": "object"}]},
        },
        "required": ["list", "either"],
    }
    groups = template_of(layout_of(document)).groups
    assert [type(group) for group in groups] == [OpenMaybe, OpenRepeat, OpenChoice]
    assert [group.site for group in groups[1:]] == [("list",), ("either",)]


def test_a_decided_layout_has_no_open_groups():
    layout = layout_of(members("ab"))
    decisions = Decisions().with_maybe((("a",), ""), is_present=True).with_maybe((("b",), ""), is_present=False)
    template = template_of(layout, decisions)
    assert template.groups == ()
    assert [span.site for span in template.spans] == [("a",)]


def test_a_discriminator_shows_its_values_before_its_branch():
    branches = [members("tag") | {"properties": {"tag": {"const": tag}}, "required": ["tag"]} for tag in "xy"]
    (group,) = template_of(layout_of({"oneOf": branches})).groups
    assert group == OpenChoice((), 2, (('"x"',), ('"y"',)), 0)


@pytest.mark.parametrize("depth", range(4))
def test_recursion_is_laid_out_as_deep_as_it_is_asked_for(depth):
    decisions = Decisions()
    for level in range(depth):
        decisions = decisions.with_maybe((("next",) * (level + 1), ""), is_present=True)
    sites = [span.site for span in template_of(layout_of(NODE), decisions).spans]
    deepest = max(len(site) for site in sites if set(site) <= {"next", "name"})
    assert deepest == depth + 2  # the names down to it, and one more level that is still open


def test_a_definition_that_only_repeats_itself_ends():
    document = {"$ref": "#/$defs/list", "$defs": {"list": {"type": "array", "items": {"$ref": "#/$defs/list"}}}}
    template = template_of(layout_of(document), Decisions().with_count((), 2, is_ended=True))
    assert json.loads(template.pretty()) == [[[], []], [[], []]]


@given(strategies.schemas())
def test_every_layout_gives_a_finite_template_whose_slots_are_exactly_its_masks(schema):
    template = instantiate(lay_out(lower(schema)), Decisions(), BYTES)
    masked = {position for span in template.spans for position in range(span.start, span.stop)}
    assert {i for i, token in enumerate(template.token_ids) if token == template.mask_id} == masked
    assert len(template.token_ids) < 100_000


@given(strategies.schemas())
def test_spans_groups_and_parts_point_at_what_is_there(schema):
    template = instantiate(lay_out(lower(schema)), Decisions(), BYTES)
    assert [part for part in template.parts if isinstance(part, int)] == list(range(len(template.spans)))
    assert len({span.key for span in template.spans}) == len(template.spans)
    for group in template.groups:
        if isinstance(group, OpenMaybe):
            assert set(group.required) <= set(group.spans) <= set(range(len(template.spans)))


@given(strategies.schemas())
def test_tokens_outside_slots_spell_the_text_and_the_hints(schema):
    template = instantiate(lay_out(lower(schema)), Decisions(), BYTES)
    hidden = {position for start, stop in template.hints for position in range(start, stop)}
    shown = [t for i, t in enumerate(template.token_ids) if i not in hidden and t != template.mask_id]
    text = "".join(part for part in template.parts if isinstance(part, str))
    assert ByteTokenizer().decode(tuple(shown)) == text


def test_definitions_that_fan_out_are_laid_out_only_as_far_as_they_are_asked_for():
    names = [f"d{n}" for n in range(12)]
    properties = {**{name: {"$ref": f"#/$defs/{name}"} for name in names}, "x": {"type": "integer"}}
    node = {"type": "object", "properties": properties, "additionalProperties": False}
    document = {"$ref": "#/$defs/d0", "$defs": dict.fromkeys(names, node)}
    layout = layout_of(json.loads(json.dumps(document)))  # every definition a schema of its own
    first = template_of(layout)
    assert len(first.token_ids) < 20_000
    asked = template_of(layout, Decisions().with_maybe((("d11",), ""), is_present=True))
    assert any(span.site[:2] == ("d11", "d10") for span in asked.spans)
    value = {"d11": {"d10": {"d9": {"d8": {"x": 1}}}}}
    assert encode(layout, value, is_legal) is not None


def test_a_part_with_many_members_is_laid_out_in_full_only_once_it_is_asked_for():
    members = {f"m{n}": {"type": "integer"} for n in range(1000)}
    part = {"type": "object", "properties": members, "required": ["m999"], "additionalProperties": False}
    layout = layout_of({"properties": {"part": part}, "additionalProperties": False, "type": "object"})
    first = template_of(layout)
    assert len(first.token_ids) < 5_000
    assert first.spans[-1].site == ("part", "m999")  # what is required is there all the same
    asked = template_of(layout, Decisions().with_maybe((("part",), ""), is_present=True))
    assert len(asked.spans) == len(members)


def test_a_part_of_parts_that_are_all_optional_shows_a_slot_by_which_it_can_be_judged():
    node = {"type": "string"}
    for _ in range(3):
        node = {"type": "object", "properties": {f"m{n}": node for n in range(9)}, "additionalProperties": False}
    layout = layout_of(json.loads(json.dumps(node)))
    first = template_of(layout)
    assert len(first.token_ids) > 4096
    assert all(isinstance(group, OpenMaybe) and group.spans for group in first.groups)
