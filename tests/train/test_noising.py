"""Masking and its weights: bounds that do not depend on how they are drawn."""

from itertools import combinations
from math import comb
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scaffold.train.examples import Example
from scaffold.train.noising import NOISINGS, SPREADS, by_count, by_rate, by_slot, rates

SLOTS = (2, 3, 4, 7)
EXAMPLE = Example(
    tokens=list(range(9)),
    offset=[-1, -1, 0, 1, 2, -1, -1, 0, -1],
    source=[True] * 2 + [False] * 7,
    weight=[1.0 if at in SLOTS else 0.0 for at in range(9)],
    origins=[()] * 9,
)


def surprise(masked, at):
    """A made-up loss of one position that depends on what else is masked."""
    return 1.0 + at * len(masked) / 4 + (sum(masked) % 5) * 0.3


def bound():
    """The mean over counts, over sets of that count, of the mean surprise of what is masked."""
    n = len(SLOTS)
    return sum(
        sum(surprise(s, at) for at in s) / (k * comb(n, k) * n) for k in range(1, n + 1) for s in combinations(SLOTS, k)
    )


@pytest.mark.parametrize("form", [by_rate, by_count])
@pytest.mark.parametrize("spread", SPREADS)
def test_both_forms_estimate_the_same_bound(form, spread):
    rng, total, draws = Random(0), 0.0, 40_000
    for _ in range(draws // 4):
        for rate in rates(4, rng, spread):
            noised = form(EXAMPLE, rate, rng)
            masked = [at for at, is_masked in enumerate(noised.masked) if is_masked]
            total += noised.factor * sum(surprise(masked, at) for at in masked)
    assert total / draws == pytest.approx(bound(), rel=0.03)


@given(st.sampled_from(sorted(NOISINGS)), st.floats(1e-3, 1.0), st.integers(0, 999))
def test_only_slot_positions_are_masked(name, rate, seed):
    masked = NOISINGS[name](EXAMPLE, rate, Random(seed)).masked
    assert all(at in SLOTS for at, is_masked in enumerate(masked) if is_masked)


@given(st.integers(0, 999))
def test_masking_by_slot_leaves_something_to_learn_and_weighs_a_row_as_one(seed):
    noised = by_slot(EXAMPLE, 0.01, Random(seed))
    assert sum(noised.masked) * noised.factor == pytest.approx(1.0)


@given(st.integers(1, 40), st.integers(0, 999), st.sampled_from(SPREADS))
def test_rates_lie_above_zero_and_not_above_one(number, seed, spread):
    found = rates(number, Random(seed), spread)
    assert len(found) == number
    assert all(0 < rate <= 1 for rate in found)


@given(st.integers(1, 40), st.integers(0, 999))
def test_even_rates_put_one_into_each_stratum(number, seed):
    found = sorted(rates(number, Random(seed), "even"))
    assert all(k / number - 1e-9 <= rate <= (k + 1) / number + 1e-9 for k, rate in enumerate(found))


def test_antithetic_rates_come_in_pairs_that_sum_to_one():
    found = rates(6, Random(1), "antithetic")
    assert [a + b for a, b in zip(found[:3], found[3:], strict=True)] == pytest.approx([1.0] * 3)
