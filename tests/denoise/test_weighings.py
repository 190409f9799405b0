"""Scores that look at more than a position's own probabilities: position-calibrated, anchor-modulated."""

import json
from dataclasses import replace

import pytest
import torch
from hypothesis import assume, given
from hypothesis import strategies as st
from open_views import UNIT, row_of, views

from scaffold.denoise.commits import Threshold
from scaffold.denoise.options import DenoiseOptions
from scaffold.denoise.scores import AnchorModulated, PositionCalibrated, TokenFrequencies, Weighing
from scaffold.errors import ModelError
from scaffold.testing import ByteTokenizer

EQUAL = TokenFrequencies("any", (1,) * 10)


def order(view):
    return view.scores.argsort(descending=True, stable=True).tolist()


def by_confidence(view):
    return order(replace(view, scores=view.confidence))


@given(view=views(nulls=False))
def test_without_decay_and_with_equal_frequencies_the_order_is_that_of_confidence(view):
    assert order(PositionCalibrated(EQUAL, decay=0.0)(view)) == by_confidence(view)


@given(view=views(nulls=False))
def test_a_large_decay_goes_left_to_right_in_all_slots_at_once(view):
    sure = replace(view, confidence=view.confidence.clamp(min=0.5))
    found = PositionCalibrated(EQUAL, decay=50.0)(sure)
    offsets = found.offset[found.scores.argsort(descending=True, stable=True)].tolist()
    assert offsets == sorted(offsets)


@given(view=views(), decay=st.floats(0, 3), ceiling=st.floats(0, 3), null=st.floats(0.001, 1))
def test_calibrated_scores_lie_between_nothing_and_their_ceiling(view, decay, ceiling, null):
    scores = PositionCalibrated(EQUAL, decay, ceiling, null)(view).scores
    assert scores.ge(0).all()
    assert scores.le(ceiling).all()


def test_rare_tokens_come_before_common_ones_and_null_has_a_frequency_of_its_own():
    frequencies = TokenFrequencies("any", (0, 900, 90, 10))
    view = replace(row_of([0.8] * 4, is_null=[False] * 3 + [True]), token=torch.tensor([1, 2, 3, 0]))
    assert order(PositionCalibrated(frequencies, decay=0.0)(view)) == [2, 1, 3, 0]
    rare = PositionCalibrated(frequencies, decay=0.0, null_frequency=1e-6)
    assert order(rare(view))[0] == 3


@given(view=views(), reach=st.floats(0.5, 5))
def test_anchors_without_strength_change_nothing(view, reach):
    found = AnchorModulated(0.0, reach)(view)
    assert torch.equal(found.scores, view.confidence)
    assert torch.equal(found.confidence, view.confidence)


@given(view=views(), strength=UNIT)
def test_the_nearer_the_end_of_its_slot_the_less_a_position_is_trusted(view, strength):
    rule = AnchorModulated(strength)
    assert rule.factor(view).ge(0).all()
    assert rule.factor(view).le(1).all()
    for slot in view.slot.unique():
        assert rule.factor(view)[view.slot == slot].diff().le(0).all()


@given(strength=st.floats(0.01, 1), size=st.integers(2, 9))
def test_trust_comes_back_as_the_slot_is_filled(strength, size):
    open_now = row_of([0.9] * size)
    last_only = row_of([0.9], offset=[size - 1])
    assume(size > 1)
    rule = AnchorModulated(strength)
    assert rule.factor(last_only)[0] > rule.factor(open_now)[-1]


def test_thresholds_see_the_damped_confidence():
    view = row_of([0.91, 0.91, 0.91, 0.91])
    assert Threshold(0.9)(view, 0).all()
    assert Threshold(0.9)(AnchorModulated(0.5)(view), 0).tolist() == [True, False, False, False]


@pytest.mark.parametrize("rule", [PositionCalibrated(EQUAL), AnchorModulated()])
def test_weighings_are_scores_of_the_loop(rule):
    assert isinstance(rule, Weighing)
    assert DenoiseOptions(score=rule).base_score == "confidence"


def test_frequencies_survive_their_file_and_refuse_another_tokenizer(tmp_path):
    tokenizer = ByteTokenizer()
    kept = TokenFrequencies(tokenizer.fingerprint, (3, 0, 5))
    kept.write(tmp_path / "own.json")
    assert TokenFrequencies.read(tmp_path / "own.json", tokenizer) == kept
    (tmp_path / "other.json").write_text(json.dumps({"fingerprint": "another", "counts": [1]}))
    for name in ("other.json", "none.json"):
        with pytest.raises(ModelError):
            TokenFrequencies.read(tmp_path / name, tokenizer)


def test_a_token_that_was_never_seen_counts_as_seen_once():
    shares = TokenFrequencies("any", (0, 1, 9)).of(torch.tensor([0, 1, 2]))
    assert shares.tolist() == [0.1, 0.1, 0.9]
