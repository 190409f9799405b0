import math
from dataclasses import replace

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from open_views import UNIT, remaining, row_of, views

from scaffold.denoise.commits import (
    CommitRule,
    Constant,
    Dilated,
    Dream,
    DynamicThresholds,
    EntropyBounded,
    Even,
    Factor,
    Hierarchical,
    Klass,
    Threshold,
)
from scaffold.denoise.commits.dynamic_thresholds import Level
from scaffold.denoise.commits.open import rank
from scaffold.denoise.nulls import close_suffix
from scaffold.denoise.quotas import constant_quota, dream_quota, even_quota
from scaffold.errors import DenoiseError

RULES = [
    Even(4),
    Constant(4),
    Dream(4),
    Threshold(0.7),
    Factor(1.0),
    EntropyBounded(0.3),
    Dilated(),
    Klass(0.7),
    Hierarchical(0.7),
    DynamicThresholds("any", (Level("/a", False, 0.4), Level("/a", True, 0.8))),
]


@pytest.mark.parametrize("rule", RULES)
def test_rules_are_commit_rules_that_print_and_compare(rule):
    assert isinstance(rule, CommitRule)
    assert eval(repr(rule)) == rule


@pytest.mark.parametrize("rule", RULES)
@given(view=views(), step=st.integers(0, 6))
def test_every_step_commits_something(rule, view, step):
    assert rule(view, step).any()


@pytest.mark.parametrize("rule", RULES)
@given(view=views())
def test_the_loop_ends_with_everything_committed_once(rule, view):
    left, step = torch.ones(len(view.slot), dtype=torch.bool), 0
    while left.any():
        now = remaining(view, left)
        chosen = close_suffix(rule(now, step), now.is_null, now.slot, now.offset)
        left = left.masked_scatter(left, ~chosen)
        step += 1
        assert step <= view.masked_total


@given(view=views(nulls=False), steps=st.integers(1, 8))
def test_fixed_schedules_commit_their_quotas_best_first(view, steps):
    for rule, quota in ((Even(steps), even_quota), (Constant(steps), constant_quota)):
        left, sizes = torch.arange(len(view.slot)), []
        while len(left):
            now = remaining(view, left)
            chosen = rule(now, len(sizes))
            assert not (now.scores[~chosen][:, None] > now.scores[chosen]).any()
            sizes.append(int(chosen.sum()))
            left = left[~chosen]
        assert tuple(sizes) == tuple(n for n in quota(len(view.slot), steps) if n)


@given(positions=st.integers(1, 40), steps=st.integers(1, 8))
def test_dream_commits_its_quota_and_one_where_that_would_be_none(positions, steps):
    rule, view = Dream(steps), row_of([0.5] * positions)
    first = int(rule(view, 0).sum())
    assert first == max(dream_quota(positions, steps)[0], 1)
    assert rule(view, steps - 1).all()
    assert rule(view, steps + 3).all()


@given(view=views())
def test_a_run_of_nulls_counts_as_one_decision(view):
    chosen = Constant(view.masked_total)(view, 0)  # one position per step
    closed = close_suffix(chosen, view.is_null, view.slot, view.offset)
    assert chosen.sum() == 1
    if view.is_null[chosen].any():
        whole = view.is_null & (view.slot == view.slot[chosen])
        assert torch.equal(closed, whole)


def test_the_nulls_of_a_slot_do_not_eat_the_quota_of_content():
    view = row_of([k / 10 for k in range(10)], is_null=[k >= 2 for k in range(10)])
    assert Even(3)(view, 0).tolist() == [False, False, True, *[False] * 7]  # three decisions, one per step


@given(view=views(nulls=False), tau=UNIT)
def test_threshold_takes_the_sure_ones_and_the_best(view, tau):
    expected = view.confidence >= tau
    expected[view.scores.argmax()] = True
    assert torch.equal(Threshold(tau)(view, 0), expected)


@given(view=views())
def test_threshold_zero_takes_everything_and_above_one_a_single_decision(view):
    assert Threshold(0.0)(view, 0).all()
    assert Threshold(1.1)(view, 0).sum() == 1


@given(view=views(nulls=False), bound=st.floats(0.01, 3))
def test_factor_takes_the_largest_number_that_fulfils_its_formula(view, bound):
    falling = view.confidence.sort(descending=True).values.tolist()
    fulfil = [n for n, c in enumerate(falling, 1) if (n + 1) * (1 - c) < bound]
    chosen = Factor(bound)(view, 0)
    assert chosen.sum() == max(fulfil, default=1)
    assert view.confidence[chosen].sort(descending=True).values.tolist() == falling[: int(chosen.sum())] or not fulfil


def test_factor_leaves_a_last_position_that_fails():
    assert Factor(1.0)(row_of([0.99, 0.98, 0.5]), 0).tolist() == [True, True, False]


@given(view=views(nulls=False), small=st.floats(0, 2), large=st.floats(0, 2))
def test_factor_and_entropy_bound_take_more_for_a_greater_bound(view, small, large):
    small, large = sorted((small, large))
    for rule in (Factor, EntropyBounded):
        assert not (rule(small)(view, 0) & ~rule(large)(view, 0)).any()


@given(view=views(nulls=False), gamma=st.floats(0, 2).map(lambda x: x + 1e-7))
def test_the_entropy_bound_takes_in_each_slot_the_longest_run_that_it_allows(view, gamma):
    chosen = EntropyBounded(gamma)(view, 0)
    for slot in view.slot.unique():
        here = view.slot == slot
        rising = view.entropy[here].sort().values.tolist()
        fits = [k for k in range(1, len(rising) + 1) if math.fsum(rising[:k]) - max(rising[:k]) <= gamma]
        assert chosen[here].sum() == max(fits)


@given(view=views(nulls=False))
def test_a_budget_of_zero_takes_all_certain_positions_and_one_more(view):
    chosen = EntropyBounded(0.0)(view, 0)
    for slot in view.slot.unique():
        here = view.slot == slot
        certain = int((view.entropy[here] == 0).sum())
        assert chosen[here & (view.entropy == 0)].all()
        assert chosen[here].sum() == min(certain + 1, int(here.sum()))


@given(view=views())
def test_an_endless_budget_takes_everything(view):
    chosen = EntropyBounded(math.inf)(view, 0)
    assert close_suffix(chosen, view.is_null, view.slot, view.offset).all()


@given(st.lists(st.tuples(st.integers(0, 3), st.booleans()), min_size=1, max_size=8))
def test_rank_puts_candidates_first_and_keeps_the_order_of_ties(items):
    scores, candidates = (torch.tensor(x) for x in zip(*items, strict=True))
    order = sorted(range(len(items)), key=lambda i: (not items[i][1], -items[i][0], i))
    assert rank(scores.float(), candidates).tolist() == [order.index(i) for i in range(len(items))]


@given(view=views(nulls=False))
def test_as_many_steps_as_positions_commit_one_at_a_time_in_the_order_of_their_scores(view):
    left, taken = torch.arange(len(view.slot)), []
    for step in range(len(view.slot)):
        chosen = Even(len(view.slot))(remaining(view, left), step)
        taken += left[chosen].tolist()
        left = left[~chosen]
    assert taken == view.scores.argsort(descending=True, stable=True).tolist()


@given(view=views(), gamma=st.floats(0.01, 2))
def test_a_budget_in_bits_is_the_same_budget_in_nats(view, gamma):
    bits = replace(view, entropy=view.entropy / math.log(2))
    chosen = EntropyBounded(gamma / math.log(2))(bits, 0)
    less, more = (EntropyBounded(gamma + slack)(view, 0) for slack in (-1e-9, 1e-9))  # rounding may not decide
    assert not (less & ~chosen).any()
    assert not (chosen & ~more).any()


@pytest.mark.parametrize(
    "make",
    [
        lambda: Even(0),
        lambda: Constant(0),
        lambda: Dream(0),
        lambda: Dream(end=1.0),
        lambda: EntropyBounded(-0.1),
        lambda: Klass(fallback=0),
    ],
)
def test_a_rule_that_could_not_go_on_is_refused(make):
    with pytest.raises(DenoiseError):
        make()
