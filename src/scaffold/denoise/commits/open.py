"""What a commit rule looks at: the open positions of one row, and what the model proposes for them.

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
    token: Int[Tensor, " positions"]
    size: Int[Tensor, " positions"]
    """Positions of the slot, committed ones included."""
    masked_total: int
    """Open positions of the row when the loop began."""
    names: tuple[str, ...] = ()
    """What each slot is called, whichever item of a list it stands in: `/items/*/price`; by its number in `slot`."""
    drift: Float[Tensor, " positions"] | None = None
    """How far the model moved in its last two looks at the position: the greatest divergence, in nats.

    +inf at first sight; None where no history is kept, which means the same.
    """

    def __post_init__(self) -> None:
        """See `Open`."""
        assert len(self.scores) > 0


@runtime_checkable
class CommitRule(Protocol):
    """Chooses at least one open position of a row."""

    def __call__(self, view: Open, step: int) -> Bool[Tensor, " positions"]:
        """True where the proposed token is committed in this step (counted from 0)."""


def decisions(view: Open) -> Bool[Tensor, " positions"]:
    """Positions that decide something: content, and the first null of each slot."""
    return ~view.is_null | leads_tail(view.is_null, view.slot, view.offset)


def rank(scores: Float[Tensor, " positions"], candidates: Bool[Tensor, " positions"]) -> Int[Tensor, " positions"]:
    """Place of each position, from 0: candidates first, then by falling score, then in order."""
    order = scores.argsort(descending=True, stable=True)
    order = order[candidates[order].int().argsort(descending=True, stable=True)]
    return order.argsort()


def top(view: Open, candidates: Bool[Tensor, " positions"], count: int | Tensor) -> Bool[Tensor, " positions"]:
    """The `count` best-scored candidates."""
    return candidates & (rank(view.scores, candidates) < count)


def best_of_each(
    view: Open, candidates: Bool[Tensor, " positions"], part: Int[Tensor, " positions"]
) -> Bool[Tensor, " positions"]:
    """The best-scored candidate of each part; none of a part without candidates."""
    place = rank(view.scores, candidates)
    is_beaten = (part[:, None] == part) & candidates & (place < place[:, None])
    return candidates & ~is_beaten.any(1)
