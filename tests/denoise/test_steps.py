"""The clock of the loop, its random numbers, and what it remembers of earlier looks."""

import pytest
import torch
from fills import PROMPT, SCHEMA, filled, options, texts
from hypothesis import given
from hypothesis import strategies as st

import scaffold
from scaffold.denoise.commits import Constant
from scaffold.denoise.draws import Draw, shuffled
from scaffold.denoise.history import History, divergence
from scaffold.testing import RandomPredictor, ScriptedPredictor

EXPRESSION = {
    "$defs": {
        "term": {
            "oneOf": [
                {
                    "type": "object",
                    "properties": {"op": {"const": "add"}, "l": {"$ref": "#/$defs/term"}},
                    "required": ["op", "l"],
                    "additionalProperties": False,
                },
                {
                    "type": "object",
                    "properties": {"op": {"const": "one"}, "n": {"type": "integer", "minimum": 0, "maximum": 9}},
                    "required": ["op", "n"],
                    "additionalProperties": False,
                },
            ]
        }
    },
    "$ref": "#/$defs/term",
}
"""A model that always adds would never come to an end."""


@pytest.mark.parametrize("steps", [1, 2, 3, 5])
def test_a_fill_ends_a_few_calls_after_its_last_step_however_the_model_goes_on(steps):
    found, calls = filled(ScriptedPredictor({"op": "add"}, max_length=100_000), options(max_steps=steps), EXPRESSION)
    assert found.error is None
    assert found.row.is_done
    assert len(calls) <= steps + 3


@pytest.mark.parametrize("steps", [1, 4, 9])
@pytest.mark.parametrize("seed", range(3))
def test_one_position_per_call_stops_at_the_last_step_too(steps, seed):
    asked = options(max_steps=steps, commit=Constant(10_000))
    found, calls = filled(RandomPredictor(seed, max_length=700), asked)
    assert found.error is None
    assert len(calls) <= steps + 2


def test_samples_differ_from_each_other_and_not_from_run_to_run():
    filler = scaffold.Filler(RandomPredictor(0, max_length=700))
    asked = options(temperature=8.0, seed=3)
    once, again = (filler.sample(SCHEMA, PROMPT, 4, denoise=asked, on_overflow="cut") for _ in range(2))
    assert [one.text for one in once] == [one.text for one in again]
    assert len({one.text for one in once}) > 1
    assert once[0].text == filler.fill(SCHEMA, PROMPT, denoise=asked, on_overflow="cut").text


def test_a_sample_does_not_depend_on_how_many_there_are():
    filler = scaffold.Filler(RandomPredictor(0, max_length=700))
    few, many = (filler.sample(SCHEMA, PROMPT, n, denoise=options(temperature=1.0), on_overflow="cut") for n in (2, 4))
    assert [one.text for one in few] == [one.text for one in many[:2]]


def test_samples_without_chance_are_refused():
    with pytest.raises(scaffold.DenoiseError):
        scaffold.Filler(RandomPredictor(0)).sample(SCHEMA, PROMPT, 2)


def test_an_order_temperature_changes_the_order_by_the_seed_and_not_what_a_sure_model_says():
    answers = {"name": "Ada", "kind": "person", "year": "18", "role": "poet", "is": "cat", "lives": "9"}
    ways = []
    for seed in range(3):
        asked = options(order_temperature=1.0, seed=seed, commit=Constant(1000), max_steps=200)
        found, calls = filled(ScriptedPredictor(answers), asked)
        ways.append([sorted(call.after.written.items()) for call in calls])
        assert texts(found)["/name"] == "Ada"
    assert ways[0] != ways[1]


def test_the_first_of_a_shuffled_order_is_drawn_by_its_weight():
    scores, draws = torch.tensor([0.0, 1.0, 2.0, 0.5]), 4000
    draw = Draw(0.0, torch.Generator().manual_seed(1))
    firsts = torch.stack([shuffled(scores, 2.0, draw).argmax() for _ in range(draws)]).bincount(minlength=4)
    expected = draws * (scores / 2.0).softmax(-1)
    assert ((firsts - expected) ** 2 / expected).sum() < 3 + 4 * 6**0.5


@given(st.integers(0, 99), st.integers(0, 99))
def test_divergence_is_the_sum_of_its_formula_and_none_between_equals(one, other):
    now, before = (torch.randn(3, 5, generator=torch.Generator().manual_seed(s)).softmax(-1) for s in (one, other))
    expected = (now * (now / before).log()).sum(-1)
    assert divergence(now, before) == pytest.approx(expected.tolist(), abs=1e-5)
    assert divergence(now, now) == pytest.approx([0.0] * 3, abs=1e-6)


def test_drift_is_the_greater_of_two_steps_and_endless_before():
    key = (("a",), "value")
    assert History({}, ({key: (0.1,)},)).drift(key, 0) == float("inf")
    assert History({}, ({key: (0.1,)}, {key: (0.4,)})).drift(key, 0) == 0.4
    assert History({}, ({key: (0.1,)}, {})).drift(key, 0) == float("inf")


def test_commit_rules_are_told_how_far_the_model_moved():
    drifts = []

    class Told:
        """Commits one position and notes the drift."""

        def __call__(self, view, step):
            drifts.append(view.drift.clone())
            return Constant(1000)(view, step)

    answers = {"name": "Ada Lovelace", "kind": "person", "year": "18", "role": "poet", "is": "cat", "lives": "9"}
    filled(ScriptedPredictor(answers), options(commit=Told(), max_steps=30))
    assert drifts[0].isinf().all()
    assert drifts[1].isinf().all()
    assert (drifts[-1] < 1e-3).any()
