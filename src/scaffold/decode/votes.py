"""Temporal self-consistency: elect one answer from what a model answered at each step.

Wang et al., "Time Is a Feature" (arXiv:2508.09138). Answers are keys that are equal where the typed values are
(`canonical.identity`); None is a step without an answer.
"""

from collections import defaultdict
from collections.abc import Sequence
from math import exp, log
from typing import Literal, get_args

Vote = Literal["last", "uniform", "linear", "exponential"]
VOTES: tuple[Vote, ...] = get_args(Vote)
ALPHA = 5.0
"""Growth of exponential weights over a whole fill, as in the paper; one of its scripts has 11."""


def step_weights(vote: Vote, steps: int, alpha: float = ALPHA) -> tuple[float, ...]:
    """How much the answer of each step counts, the last one 1."""
    match vote:
        case "last":
            return tuple(float(step == steps) for step in range(1, steps + 1))
        case "uniform":
            return (1.0,) * steps
        case "linear":
            return tuple(step / steps for step in range(1, steps + 1))
        case "exponential":
            return tuple(exp(alpha * (step / steps - 1)) for step in range(1, steps + 1))


def elect(answers: Sequence[str | None], weights: Sequence[float]) -> int | None:
    """The last step that gave the answer of greatest weight, of equal ones the latest; None without any answer."""
    total = _totals(answers, weights)
    latest = {answer: step for step, answer in enumerate(answers) if answer is not None}
    if not latest:
        return None
    return latest[max(latest, key=lambda answer: (total[answer], latest[answer]))]


def semantic_entropy(answers: Sequence[str | None], weights: Sequence[float] | None = None) -> float:
    """Temporal semantic entropy in nats: 0 where all answers agree, ln k for k answers of equal weight.

    Without weights by counts; the paper weighs by probability. A free sign of invention: what the text says is
    answered alike from early on.
    """
    total = _totals(answers, weights or (1.0,) * len(answers))
    whole = sum(total.values())
    shares = [weight / whole for weight in total.values() if weight > 0]
    return max(0.0, -sum(share * log(share) for share in shares))


def _totals(answers: Sequence[str | None], weights: Sequence[float]) -> dict[str, float]:
    total: dict[str, float] = defaultdict(float)
    for answer, weight in zip(answers, weights, strict=True):
        if answer is not None:
            total[answer] += weight
    return total
