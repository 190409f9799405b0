"""One-shot dynamic thresholds: calibrate once for a type and a model, keep as JSON, refuse anything else."""

from dataclasses import dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from open_views import UNIT, row_of, views

import scaffold
from scaffold.denoise.commits import DynamicThresholds, Recipe, Threshold
from scaffold.denoise.commits.dynamic_thresholds import METRICS, Commitment, Level, Recorded, learned
from scaffold.denoise.options import DenoiseOptions
from scaffold.pipeline import calibrate
from scaffold.testing import RandomPredictor, ScriptedPredictor

ADA = "Ada Lovelace was born in 1815."
SHORT = DenoiseOptions(max_steps=8, max_slot=32)
COMMITMENTS = st.lists(st.builds(Commitment, st.sampled_from(["/a", "/b"]), st.booleans(), UNIT), min_size=1)


@dataclass
class Person:
    name: str
    born: int | None = None


@dataclass
class Other:
    name: str


def with_rule(filler, rule, target=Person):
    return filler.fill(target, ADA, denoise=replace(SHORT, commit=rule))


@given(COMMITMENTS, UNIT, UNIT, st.sampled_from(sorted(METRICS)))
def test_thresholds_are_at_most_the_cap_and_a_function_of_what_was_committed(kept, cap, slack, metric):
    recipe = Recipe(cap=cap, slack=slack, metric=metric)
    rule = learned(kept, "any", recipe)
    assert all(level.tau <= cap for level in rule.levels)
    assert learned(kept, "any", recipe) == rule
    assert {(level.name, level.is_null) for level in rule.levels} == {one[:2] for one in kept}


@given(st.lists(st.floats(0.8, 1), min_size=1), views())
def test_without_slack_and_below_all_signatures_the_cap_is_a_static_threshold(confidences, view):
    kept = [Commitment(name, null, sure) for sure in confidences for name in ("/a", "/b") for null in (True, False)]
    rule = learned(kept, "any", Recipe(cap=0.8, slack=0.0))
    assert rule(view, 0).tolist() == Threshold(0.8)(view, 0).tolist()


@given(view=views())
def test_a_rule_that_is_recorded_commits_what_it_commits_alone(view):
    recorded = Recorded(Threshold(0.7))
    assert recorded(view, 0).tolist() == Threshold(0.7)(view, 0).tolist()
    assert recorded.kept
    assert {one.name for one in recorded.kept} <= set(view.names)


def test_content_and_null_of_a_slot_have_thresholds_of_their_own():
    view = row_of([0.5, 0.5], is_null=[False, True], names=("/a",))
    rule = DynamicThresholds("any", (Level("/a", False, 0.4), Level("/a", True, 0.6)))
    assert rule(view, 0).tolist() == [True, False]


@given(COMMITMENTS)
def test_thresholds_survive_their_json(kept):
    rule = learned(kept, "any", Recipe())
    assert DynamicThresholds.from_json(rule.to_json()) == rule


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"signature": "x", "levels": [[1]], "tau": 0.5}'])
def test_anything_else_than_thresholds_is_an_error(text):
    with pytest.raises(scaffold.DenoiseError):
        DynamicThresholds.from_json(text)


def test_calibration_fills_with_the_static_threshold_and_learns_every_slot():
    filler = scaffold.Filler(ScriptedPredictor(answers={"name": "Ada", "born": "1815"}))
    rule = calibrate(filler, Person, [ADA])
    assert {level.name for level in rule.levels} == {"/name", "/born"}
    assert with_rule(filler, rule).value == with_rule(filler, Threshold(0.9)).value


def test_thresholds_are_refused_for_another_type_and_by_another_model():
    answers = {"name": "Ada", "born": "1815"}
    filler = scaffold.Filler(ScriptedPredictor(answers=answers))
    rule = calibrate(filler, Person, [ADA])
    with pytest.raises(scaffold.DenoiseError):
        with_rule(filler, rule, Other)
    with pytest.raises(scaffold.DenoiseError):
        with_rule(scaffold.Filler(RandomPredictor(0)), rule)


def test_a_calibration_in_which_nothing_could_be_filled_is_an_error():
    with pytest.raises(scaffold.DenoiseError):
        calibrate(scaffold.Filler(RandomPredictor(0)), Person, ["", " "])


def test_a_slack_above_one_is_an_error():
    with pytest.raises(scaffold.DenoiseError):
        Recipe(slack=1.5)
