"""The forward process of masked diffusion, on slots only: which positions are masked, and what each weighs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import ceil
from random import Random
from typing import Literal

from scaffold.train.examples import Example

Spread = Literal["independent", "antithetic", "even"]
SPREADS: tuple[Spread, ...] = ("independent", "antithetic", "even")


@dataclass(frozen=True, slots=True)
class Noised:
    """Which positions of an example are masked; `factor` scales the loss of each of them."""

    masked: list[bool]
    factor: float


Noising = Callable[[Example, float, Random], Noised]
"""Masks slot positions of an example at a noise level in (0, 1]."""


def by_rate(example: Example, rate: float, rng: Random) -> Noised:
    """Mask each slot position with probability `rate`, and weigh it by 1/rate.

    With rates uniform in (0, 1] the weighted sum is an unbiased bound on the negative log-likelihood per slot position
    (MDLM, arXiv:2406.07524; LLaDA, arXiv:2502.09992). Small rates weigh much, so its variance is large; a row may end
    up without a masked position, which counts as a loss of zero.
    """
    slots = _slots(example)
    chosen = {at for at in slots if rng.random() < rate}
    return Noised(_flags(example, chosen), 1 / (rate * len(slots)))


def by_count(example: Example, rate: float, rng: Random) -> Noised:
    """Mask exactly ceil(rate * n) of n slot positions, each weighed equally: the same bound, of less variance.

    Uniform rates make every count from 1 to n equally likely (LLaDA, arXiv:2502.09992, equation 6).
    """
    slots = _slots(example)
    count = max(1, ceil(rate * len(slots)))
    return Noised(_flags(example, set(rng.sample(slots, count))), 1 / count)


def by_slot(example: Example, rate: float, rng: Random) -> Noised:
    """Mask as the engine meets a canvas: everything half of the time, else whole slots or single positions at `rate`.

    The loss is the weighted mean over the masked positions, at least one. No bound on a likelihood: it favours the
    first call of a fill, which decides most.
    """
    slots = _slots(example)
    share = 1.0 if rng.random() < 0.5 else rate
    is_whole, keep, chosen = rng.random() < 0.6, False, set()
    for at in slots:
        if not is_whole or example.offset[at] == 0:
            keep = rng.random() < share
        if keep:
            chosen.add(at)
    chosen = chosen or set(slots)
    return Noised(_flags(example, chosen), 1 / sum(example.weight[at] for at in chosen))


NOISINGS: Mapping[str, Noising] = {"slot": by_slot, "rate": by_rate, "count": by_count}


def rates(number: int, rng: Random, spread: Spread) -> list[float]:
    """Noise levels in (0, 1], each uniform: drawn alone, in pairs t and 1 - t, or one from each of `number` strata.

    The last two cover the range evenly within a batch and so lower the variance of its loss (VDM, arXiv:2107.00630).
    """
    match spread:
        case "independent":
            return [1 - rng.random() for _ in range(number)]
        case "antithetic":
            half = [1 - rng.random() for _ in range((number + 1) // 2)]
            return [*half, *(1 - t or 1.0 for t in half)][:number]
        case "even":
            shift = rng.random()
            return [(k + 1 - shift) / number for k in rng.sample(range(number), number)]


def _slots(example: Example) -> list[int]:
    return [at for at, weight in enumerate(example.weight) if weight]


def _flags(example: Example, chosen: set[int]) -> list[bool]:
    return [at in chosen for at in range(len(example.tokens))]
