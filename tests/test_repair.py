"""What no layout can say is checked, and repaired by other values or fewer parts."""

import pytest

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
