"""The mean of the weights: which step counts by how much."""

import math

import pytest
import torch

from scaffold.train.average import LATENESS, Average


def weights(lateness, steps):
    """What each step's weights count in the mean: the mean of unit vectors."""
    average = Average({"w": torch.ones(steps)}, lateness)
    for step, unit in enumerate(torch.eye(steps), start=1):
        average.follow({"w": unit}, step)
    return average.state["w"].double()


@pytest.mark.parametrize("lateness", [0.0, 1.0, LATENESS, math.inf])
def test_weights_are_those_of_a_mean_and_the_start_has_none(lateness):
    found = weights(lateness, 50)
    assert float(found.sum()) == pytest.approx(1.0, abs=1e-5)
    assert bool((found >= 0).all())
    assert bool((found.diff() >= -1e-6).all())


def test_without_lateness_all_steps_count_alike():
    assert weights(0.0, 20).tolist() == pytest.approx([1 / 20] * 20)


def test_infinite_lateness_keeps_the_last_step():
    assert weights(math.inf, 20).tolist() == [0.0] * 19 + [1.0]


@pytest.mark.parametrize("steps", [200, 2000])
def test_the_mean_is_a_tenth_of_the_run_wide_however_long_that_is(steps):
    share, when = weights(LATENESS, steps), torch.arange(1, steps + 1).double() / steps
    centre = (share * when).sum()
    assert float((share * (when - centre) ** 2).sum().sqrt()) == pytest.approx(0.1, rel=0.05)


def test_what_counts_steps_or_ids_stays_as_it_is():
    average = Average({"ids": torch.arange(3)})
    average.follow({"ids": torch.arange(3)}, 1)
    assert average.state["ids"].tolist() == [0, 1, 2]
