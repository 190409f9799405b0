"""The rules that look at where positions stand, or at what the model said before: dilated, hierarchical, KLASS."""

from dataclasses import replace

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from open_views import UNIT, remaining, row_of, views

from scaffold.denoise.commits import Dilated, Hierarchical, Klass
from scaffold.denoise.commits.dilated import SHORT, strides
from scaffold.denoise.commits.hierarchical import runs


def rounds(rule, view):
    """Offsets committed in each step, until nothing is left."""
    found = []
    while len(view.slot):
        chosen = rule(view, len(found))
        found.append(set(view.offset[chosen].tolist()))
        if chosen.all():
            return found
        view = remaining(view, ~chosen)
    return found


def test_eight_positions_are_dilated_as_published():
    assert rounds(Dilated(), row_of([0.9] * 8)) == [{0, 4}, {2, 6}, {1, 3, 5, 7}]


def test_thirty_two_positions_are_dilated_as_published():
    assert [len(one) for one in rounds(Dilated(), row_of([0.9] * 32))] == [2, 2, 4, 8, 16]


@given(st.integers(1, 70))
def test_a_dilated_order_is_a_permutation_of_any_length_in_rounds_with_gaps_that_shrink(length):
    found = rounds(Dilated(), row_of([0.9] * length))
    assert sorted(offset for one in found for offset in one) == list(range(length))
    gaps = [min(b - a for a in one for b in one if b > a) for one in found if len(one) > 1]
    assert gaps == sorted(gaps, reverse=True)
    assert len(found) == length if length <= SHORT else len(found) <= length.bit_length()


@given(view=views())
def test_dilated_serves_every_slot_in_each_step(view):
    chosen = Dilated(0.0)(view, 0)
    assert set(view.slot[chosen].tolist()) == set(view.slot.tolist())


def test_unsure_positions_are_passed_over_and_come_in_the_end():
    view = row_of([0.1, 0.9, 0.9, 0.9, 0.2, 0.9, 0.9, 0.9])
    assert rounds(Dilated(0.3), view) == [{2, 6}, {1, 3, 5, 7}, {0, 4}]


def test_the_rounds_go_over_the_text_up_to_its_null_not_over_the_budget():
    short = row_of([0.9] * 16, is_null=[k >= 5 for k in range(16)])
    assert Dilated()(short, 0).nonzero().flatten().tolist() == [0, 4]


@given(st.integers(0, 200), st.integers(0, 200))
def test_a_stride_divides_its_offset(offset, more):
    (stride,) = strides(torch.tensor([offset]), torch.tensor([offset + more])).tolist()
    assert offset % stride == 0
    assert stride & (stride - 1) == 0
    assert stride <= max(offset + more, 1)


@given(view=views(nulls=False), tau=UNIT, low=UNIT)
def test_every_run_gives_its_best_position_if_that_is_above_the_low_threshold(view, tau, low):
    chosen, run = Hierarchical(tau, low)(view, 0), runs(view)
    for one in run.unique():
        here = run == one
        if (view.confidence[here] > low).all():
            assert chosen[here].any()
    assert chosen[view.confidence >= tau].all()
    assert chosen[view.scores.argmax()]


def test_runs_end_at_committed_positions_and_at_slots():
    view = row_of([0.5] * 6, slot=[0, 0, 0, 0, 1, 1], offset=[0, 1, 3, 4, 5, 6])
    assert runs(view).tolist() == [1, 1, 2, 2, 3, 3]


def test_of_each_run_the_best_position_is_committed():
    view = row_of([0.5, 0.6, 0.45, 0.3, 0.2, 0.35], slot=[0, 0, 0, 0, 1, 1], offset=[0, 1, 3, 4, 0, 1])
    assert Hierarchical(0.9, 0.4)(view, 0).tolist() == [False, True, True, False, False, False]


@given(view=views(), fallback=st.integers(1, 3))
def test_klass_commits_only_its_fallback_at_first_sight(view, fallback):
    endless = torch.full_like(view.confidence, torch.inf)
    for drift in (None, endless):
        assert Klass(fallback=fallback)(replace(view, drift=drift), 0).sum() <= fallback


@given(view=views(), tau=UNIT)
def test_klass_commits_what_is_sure_and_did_not_move(view, tau):
    still = replace(view, drift=torch.zeros_like(view.confidence))
    chosen = Klass(tau)(still, 1)
    assert chosen[view.confidence > tau].all()


@pytest.mark.parametrize(("drift", "is_taken"), [(0.009, True), (0.011, False)])
def test_klass_holds_the_divergence_against_its_bound(drift, is_taken):
    view = row_of([0.95, 0.99], drift=torch.tensor([drift, 0.0], dtype=torch.float64))
    assert Klass(0.9, 0.01)(view, 1).tolist() == [is_taken, True]
