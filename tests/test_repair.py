"""What no layout can say is checked, and repaired by other values or fewer parts."""

import pytest

from scaffold.decode.formats import CHECKS
from scaffold.decode.result import FillResult
from scaffold.evals.soundness import LIMITS, PROMPTS, rejected
from scaffold.pipeline import Filler
from scaffold.testing import AdversarialPredictor, RandomPredictor

DIGIT = {"type": "integer", "minimum": 0, "maximum": 9}


def closed(names, **more):
    return {"type": "object", "properties": dict.fromkeys(names, DIGIT), "additionalProperties": False, **more}


def items(schema, **more):
    return {"type": "array", "items": schema, "minItems": 2, "maxItems": 4, **more}


SCHEMAS = {
    "uniqueItems": items({"enum": ["a", "b", "c", "d", "e"]}, uniqueItems=True),
    "uniqueItems of objects": items(closed("a", required=["a"]), uniqueItems=True),
    "contains": items(DIGIT, contains={"minimum": 5}),
    "maxContains": items({"enum": [1, 2, 3]}, contains={"const": 1}, minContains=0, maxContains=1),
    "oneOf of numbers": {"oneOf": [{**DIGIT, "maximum": 7}, {**DIGIT, "minimum": 5}]},
    "oneOf of members": closed("abc", oneOf=[{"required": [n], "properties": {n: DIGIT}} for n in "abc"]),
    "not": closed(
        "ab", required=["a", "b"], **{"not": {"properties": {"a": {"multipleOf": 2}, "b": {"multipleOf": 2}}}}
    ),
    "unevaluatedProperties": {
        "type": "object",
        "properties": {"k": {"enum": ["x", "y"]}},
        "required": ["k"],
        "anyOf": [{"properties": {"k": {"const": "x"}, "a": DIGIT}}, {"properties": {"k": {"const": "y"}, "b": DIGIT}}],
        "unevaluatedProperties": False,
    },
    "dependentRequired": closed("abcdefgh", dependentRequired={"a": ["b"], "c": ["d"], "e": ["f"], "g": ["h"]}),
}


@pytest.mark.parametrize("name", SCHEMAS)
def test_most_fills_by_predictors_that_know_nothing_or_mean_harm_are_repaired(name):
    found = [
        next(iter(Filler(kind(seed, max_length=4096)).fill_many(SCHEMAS[name], [PROMPTS[0]], denoise=LIMITS)))
        for seed in range(10)
        for kind in (RandomPredictor, AdversarialPredictor)
    ]
    filled = [one for one in found if isinstance(one, FillResult)]
    assert all(rejected(SCHEMAS[name], one.value) is None for one in filled)
    assert len(filled) > len(found) / 2


@pytest.mark.parametrize("predictor", [RandomPredictor, AdversarialPredictor])
@pytest.mark.parametrize("seed", range(4))
def test_an_object_that_is_of_two_kinds_for_want_of_members_gets_one(predictor, seed):
    kinds = [{"properties": {name: {"type": "string"}}, "additionalProperties": False} for name in ("previous", "next")]
    found = Filler(predictor(seed=seed)).fill({"type": "object", "oneOf": kinds}, "It goes on.")
    assert len(found.value) == 1


TAGGED = [
    {"properties": {"kind": {"const": name}, "size": {"type": "integer"}}} for name in ("crate", "barrel", "sack")
]
NEEDS_ONE_MORE = {
    "a tag": {"type": "object", "oneOf": TAGGED},
    "an entry": {
        "oneOf": [
            {"type": "object", "patternProperties": {"^x-": {"type": "string"}}, "additionalProperties": False},
            {"type": "object", "properties": {"name": {"type": "string"}}, "additionalProperties": False},
        ]
    },
    "an item": {"oneOf": [{"type": "array", "items": {"type": kind}} for kind in ("string", "integer")]},
    "an item further in": {
        "type": "object",
        "properties": {"steps": {"type": "array", "items": {"type": "integer"}}},
        "required": ["steps"],
        "oneOf": [{}, {"properties": {"steps": {"maxItems": 0}}}],
    },
    "two items": {
        "prefixItems": [{"const": "go"}],
        "oneOf": [{"prefixItems": [True, {"const": way}]} for way in ("left", "right")],
        "unevaluatedItems": False,
        "type": "array",
    },
}


@pytest.mark.parametrize("name", NEEDS_ONE_MORE)
@pytest.mark.parametrize("predictor", [RandomPredictor, AdversarialPredictor])
def test_a_value_of_two_kinds_gets_the_part_that_tells_them_apart(name, predictor):
    for seed in range(4):
        found = Filler(predictor(seed=seed)).fill(NEEDS_ONE_MORE[name], "A sack of size 4.")
        assert rejected(NEEDS_ONE_MORE[name], found.value) is None


def test_a_member_that_the_branch_must_have_and_may_not_have_makes_it_another_branch():
    schema = {
        "type": "object",
        "if": {"properties": {"mode": {"const": "fast"}}, "required": ["mode"]},
        "then": {"properties": {"speed": {"type": "integer"}}, "required": ["speed"]},
        "else": {"properties": {"care": {"type": "integer"}}, "required": ["care"]},
        "unevaluatedProperties": False,
    }
    for seed in range(4):
        found = Filler(RandomPredictor(seed=seed)).fill(schema, "Fast, at 4.")
        assert set(found.value) in ({"mode", "speed"}, {"care"})


SHORT = {"type": "string", "maxLength": 3}
METHODS = ("get", "put", "post", "delete", "patch", "custom")


def of_one_method(**more):
    texts = dict.fromkeys(METHODS, SHORT)
    return {"type": "object", "properties": texts | more, "oneOf": [{"required": [name]} for name in METHODS]}


@pytest.mark.parametrize("seed", range(8))
def test_of_members_that_exclude_each_other_one_stays_and_what_stands_beside_them(seed):
    inner = {"type": "array", "items": of_one_method(), "minItems": 3, "maxItems": 6}
    schema = of_one_method(additional=inner) | {"required": ["additional"]}
    found = Filler(RandomPredictor(seed=seed)).fill(schema, "GET /items").value
    assert [len(set(METHODS) & set(one)) for one in (found, *found["additional"])] == [1] * (
        1 + len(found["additional"])
    )


KINDS = [f"kind{k}" for k in range(24)]


def tagged(branches, **properties):
    """Too many combinations of branches to lay out."""
    return {
        "type": "object",
        "properties": {"kind": {"enum": KINDS}, **dict.fromkeys("abcd", DIGIT), **properties},
        "required": ["kind", *properties],
        "anyOf": [{"required": [name]} for name in "abcd"],
        "oneOf": branches,
    }


@pytest.mark.parametrize("seed", range(6))
def test_an_object_whose_tag_asks_for_a_member_gets_it(seed):
    item = tagged([{"properties": {"kind": {"const": name}}, "required": ["b"]} for name in KINDS])
    found = Filler(RandomPredictor(seed=seed)).fill(items(item, minItems=6, maxItems=8), "Some of each kind.")
    assert all("b" in one for one in found.value)


@pytest.mark.parametrize(
    ("form", "values"), [("string", ["aye", "no"]), ("number", [1, 2.5]), (["string", "null"], ["x"])]
)
def test_a_value_that_has_to_be_one_of_a_few_becomes_one_of_them(form, values):
    branches = [{"properties": {"kind": {"const": name}, "form": {"enum": values}}} for name in KINDS]
    for seed in range(3):
        found = Filler(RandomPredictor(seed=seed)).fill(tagged(branches, form={"type": form}), "A kind.")
        assert found.value["form"] in values


def test_what_no_other_value_makes_valid_is_left_out():
    kinds = [{"properties": {name: {"type": "string"}}} for name in ("to", "channel")]
    chat = {"type": "object", "properties": {"message": {"type": "string"}}, "required": ["message"], "oneOf": kinds}
    for seed in range(6):
        found = Filler(RandomPredictor(seed=seed)).fill(closed((), properties={"chat": chat}), "Hello, all.")
        assert "chat" not in found.value


@pytest.mark.parametrize("seed", range(3))
def test_a_number_that_is_no_multiple_becomes_one_nearby(seed):
    schema = {"type": "integer", "multipleOf": 0.123456789}
    found = Filler(RandomPredictor(seed=seed)).fill(schema, "29")
    assert found.value % 123456789 == 0


@pytest.mark.parametrize("form", ["regex", "idn-hostname", "idn-email"])
def test_names_of_a_format_without_a_language_are_certain_at_the_second_attempt(form):
    names = {"propertyNames": {"format": form}, "minProperties": 3}
    schema = {"type": "object", **names, "additionalProperties": {"type": "null"}}
    found = Filler(RandomPredictor(seed=5)).fill(schema, "( and [")
    assert len(found.value) >= 3
    assert all(CHECKS[form](name) for name in found.value)
