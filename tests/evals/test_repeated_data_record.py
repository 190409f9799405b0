"""The recorded run of `scaffold bench repeat`: what its curves show, and what they do not."""

import json
from pathlib import Path

import pytest

RECORD = json.loads((Path(__file__).parent / "repeated_data.json").read_text())


def curves(arm):
    return [curve for curve in RECORD["curves"] if curve["arm"] == arm]


def best(curve):
    return min(range(len(curve["held_out"])), key=curve["held_out"].__getitem__)


def test_both_arms_ran_with_the_same_seeds_at_the_same_epochs():
    one, other = (curves(arm) for arm in ("autoregressive", "diffusion"))
    assert [c["seed"] for c in one] == [c["seed"] for c in other] == [1, 2, 3]
    assert len({tuple(c["epochs"]) for c in (*one, *other)}) == 1


@pytest.mark.parametrize("curve", curves("autoregressive"), ids=lambda curve: str(curve["seed"]))
def test_the_autoregressive_network_overfits_early(curve):
    assert curve["epochs"][best(curve)] < 100
    assert curve["held_out"][-1] > curve["held_out"][best(curve)] + 0.1


@pytest.mark.parametrize("curve", curves("diffusion"), ids=lambda curve: str(curve["seed"]))
def test_the_diffusion_network_still_learns_at_the_last_epoch(curve):
    assert best(curve) == len(curve["held_out"]) - 1


def test_the_bound_of_the_diffusion_network_does_not_come_below_the_best_of_the_other_in_this_run():
    lowest = [min(min(curve["held_out"]) for curve in curves(arm)) for arm in ("diffusion", "autoregressive")]
    assert lowest[0] > lowest[1]
