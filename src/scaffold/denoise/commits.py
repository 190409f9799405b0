"""Which open positions to commit in a step: rules over the scores of one row.

A slot's run of proposed nulls is one decision, taken at its first null: the rules rank that null and leave the rest
to `nulls.close_suffix`, so nulls do not eat the quota of content.
"""

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from jaxtyping import Bool, Float, Int
from torch import Tensor

from scaffold.denoise.nulls import leads_tail


@dataclass(frozen=True, eq=False, slots=True)
class Open:
    """The open positions of one row, at least one, with what the model proposes for them."""

    scores: Float[Tensor, " positions"]
    """Greater is surer: the order in which a rule takes positions."""
    confidence: Float[Tensor, " positions"]
    entropy: Float[Tensor, " positions"]
    slot: Int[Tensor, " positions"]
    offset: Int[Tensor, " positions"]
    """Index inside the slot."""
    is_null: Bool[Tensor, " positions"]
    masked_total: int
    """Open positions of the row when the loop began."""

    def __post_init__(self) -> None:
        """See `Open`."""
        assert len(self.scores) > 0


@runtime_checkable
class CommitRule(Protocol):
    """Chooses at least one open position of a row."""

    def __call__(self, view: Open, step: int) -> Bool[Tensor, " positions"]:
        """True where the proposed token is committed in this step (counted from 0)."""


@dataclass(frozen=True, slots=True)
class Even:
    """Spread what is left evenly over the steps that are left; after the last step, commit everything.

    LLaDA's schedule (arXiv:2502.09992; see `quotas.even_quota`), recomputed in each step because nulls and structure
    change how much is left.
    """

    steps: int = 16

    def __call__(self, view: Open, step: int) -> Bool[Tensor, " positions"]:
        """See `CommitRule`."""
        candidates = decisions(view)
        left = max(self.steps - step, 1)
        return _top(view, candidates, (candidates.sum() + left - 1) // left)


@dataclass(frozen=True, slots=True)
class Constant:
    """Commit `ceil(masked_total / steps)` positions in every step (S3, arXiv:2507.04504)."""

    steps: int = 16

    def __call__(self, view: Open, step: int) -> Bool[Tensor, " positions"]:
        """See `CommitRule`."""
        del step  # the same number in each
        return _top(view, decisions(view), max(-(-view.masked_total // self.steps), 1))


@dataclass(frozen=True, slots=True)
class Threshold:
    """Commit every position of confidence `tau` or more, and always the best-scored one.

    Fast-dLLM (arXiv:2505.22618).
    """

    tau: float = 0.9

    def __call__(self, view: Open, step: int) -> Bool[Tensor, " positions"]:
        """See `CommitRule`."""
        del step  # the rule looks at the model, not at the clock
        return (view.confidence >= self.tau) | _top(view, decisions(view), 1)


@dataclass(frozen=True, slots=True)
class Factor:
    """Commit the n most confident positions, n the largest with `(n + 1) * (1 - confidence[n]) < bound`; at least one.

    Fast-dLLM (arXiv:2505.22618), the formula; its code also commits a last position that fails it. With a bound of 1
    parallel and one-by-one greedy decoding agree where the confidences are the model's true ones.
    """

    bound: float = 1.0

    def __call__(self, view: Open, step: int) -> Bool[Tensor, " positions"]:
        """See `CommitRule`."""
        del step  # the rule looks at the model, not at the clock
        candidates = decisions(view)
        count = rank(view.confidence, candidates) + 1
        is_safe = candidates & ((count + 1) * (1 - view.confidence) < self.bound)
        return is_safe | _top(view, candidates, 1)


@dataclass(frozen=True, slots=True)
class EntropyBounded:
    """In each slot, commit the best-scored positions whose entropies, without the largest, add up to `gamma` nats.

    EB-Sampler (arXiv:2505.24857). The sum bounds the mutual information that is lost by deciding them at once. The
    largest is free, so every slot commits at least one position. The budget is per slot, not per canvas: positions of
    different slots depend less on each other.
    """

    gamma: float = 0.1

    def __call__(self, view: Open, step: int) -> Bool[Tensor, " positions"]:
        """See `CommitRule`."""
        del step  # the rule looks at the model, not at the clock
        candidates = decisions(view)
        place = rank(view.scores, candidates)
        is_taken = (place[:, None] >= place) & (view.slot[:, None] == view.slot) & candidates
        taken = view.entropy.expand(is_taken.shape).masked_fill(~is_taken, 0.0)
        return candidates & (taken.sum(1) - taken.amax(1) <= self.gamma)


def decisions(view: Open) -> Bool[Tensor, " positions"]:
    """Positions that decide something: content, and the first null of each slot."""
    return ~view.is_null | leads_tail(view.is_null, view.slot, view.offset)


def rank(scores: Float[Tensor, " positions"], candidates: Bool[Tensor, " positions"]) -> Int[Tensor, " positions"]:
    """Place of each position, from 0: candidates first, then by falling score, then in order."""
    order = scores.argsort(descending=True, stable=True)
    order = order[candidates[order].int().argsort(descending=True, stable=True)]
    return order.argsort()


def _top(view: Open, candidates: Bool[Tensor, " positions"], count: int | Tensor) -> Bool[Tensor, " positions"]:
    """The `count` best-scored candidates."""
    return candidates & (rank(view.scores, candidates) < count)
