import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from scaffold.denoise.draws import GREEDY, Draw


@given(st.integers(0, 2**32 - 1))
def test_without_temperature_the_best_is_picked(seed):
    weights = torch.randn(5, 6, generator=torch.Generator().manual_seed(seed))
    assert torch.equal(GREEDY.pick(weights), weights.argmax(-1))


def test_picks_follow_the_softmax_of_the_weights():
    weights, draws = torch.tensor([0.0, 1.0, -2.0, 0.5]), 20_000
    picks = Draw(1.0, torch.Generator().manual_seed(1)).pick(weights.expand(draws, -1))
    observed, expected = picks.bincount(minlength=4), draws * weights.softmax(-1)
    assert ((observed - expected) ** 2 / expected).sum() < 3 + 4 * np.sqrt(6)


@given(st.integers(0, 2**32 - 1), st.integers(0, 62))
def test_an_impossible_choice_is_never_drawn(seed, possible):
    weights = torch.tensor([-5.0 if possible >> k & 1 else -torch.inf for k in range(6)] + [-torch.inf, -900.0])
    picks = Draw(1.0, torch.Generator().manual_seed(seed)).pick(weights.expand(50, -1))
    assert weights[picks].gt(-torch.inf).all()


@pytest.mark.parametrize("shift", [-5000.0, 0.0, 5000.0])
def test_only_the_differences_between_weights_matter(shift):
    weights = torch.tensor([[-torch.inf, 0.0, -1.0, -2.0]], dtype=torch.float64).expand(500, -1)
    expected, found = (Draw(1.0, torch.Generator().manual_seed(0)).pick(w) for w in (weights, weights + shift))
    assert torch.equal(found, expected)


def test_the_same_seed_draws_the_same():
    weights = torch.zeros(200, 9)
    first, again, other = (Draw(1.0, torch.Generator().manual_seed(seed)).pick(weights) for seed in (4, 4, 5))
    assert torch.equal(first, again)
    assert not torch.equal(first, other)


def test_a_random_draw_needs_a_generator():
    with pytest.raises(AssertionError):
        Draw(1.0)
