"""Bounds on the number of characters beyond those that an automaton counts."""

import json

import pytest

import scaffold
from scaffold.testing import RandomPredictor, ScriptedPredictor


def schema(**bounds):
    return {"type": "object", "properties": {"a": {"type": "string", **bounds}}, "required": ["a"]}


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("bounds", [{"minLength": 300}, {"minLength": 280, "maxLength": 300}, {"maxLength": 400}])
def test_a_random_model_stays_within_bounds_without_repair(bounds, seed):
    filler = scaffold.Filler(model=RandomPredictor(seed, max_length=8192))
    found = filler.fill(schema(**bounds), "x", repair_rounds=0, strings="free").value["a"]
    assert bounds.get("minLength", 0) <= len(found) <= bounds.get("maxLength", 10**9)


@pytest.mark.parametrize("wanted", ["word " * 70, "näive " * 60, "🙂" * 30])
def test_a_text_below_its_bound_is_written_as_the_model_means_it(wanted):
    filler = scaffold.Filler(model=ScriptedPredictor(answers={"a": wanted}, max_length=8192))
    result = filler.fill(schema(maxLength=400), "x", strings="free")
    assert result.value["a"] == wanted
    assert json.loads(result.text) == result.value


@pytest.mark.parametrize("bounds", [{}, {"maxLength": 40}, {"minLength": 2}, {"maxLength": 400}])
@pytest.mark.parametrize("wanted", ["näive", "🙂 smile", "größer 😀 als"])
def test_characters_that_the_vocabulary_spells_in_parts_are_written_all_the_same(wanted, bounds):
    filler = scaffold.Filler(model=ScriptedPredictor(answers={"a": wanted}))
    assert filler.fill(schema(**bounds), "x", strings="free").value["a"] == wanted


def test_short_texts_with_a_large_bound_cost_what_free_texts_cost():
    answers = {"a": "Ada Lovelace"}
    calls = [
        scaffold.Filler(model=ScriptedPredictor(answers=answers)).fill(one, "x", strings="free").model_calls
        for one in (schema(), schema(maxLength=5000))
    ]
    assert calls[0] == calls[1]
