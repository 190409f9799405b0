"""One slot after the other, in template order or the surest one first."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp
from typing import Literal

from scaffold.denoise.regions.extent import Extent, OpenSlot, still_open
from scaffold.denoise.row import Row
from scaffold.errors import DenoiseError


@dataclass(frozen=True, slots=True)
class SlotBySlot:
    """Finish one slot before the next is begun; the slots of a group that is not decided yet are one.

    `order` is that of the template, or the one in which the model is sure of whole slots: the slot whose best text,
    or null, has the greatest posterior comes first, so that later slots see what is certain (easy first).

    Raises:
        DenoiseError: there is no such order.
    """

    order: Literal["template", "certain"] = "template"

    def __post_init__(self) -> None:
        """See `SlotBySlot`."""
        if self.order not in {"template", "certain"}:
            raise DenoiseError((), f"there is no order {self.order!r}", "use template or certain")

    def __call__(self, slots: Sequence[OpenSlot], row: Row, before: Extent) -> Extent:
        """See `Region`."""
        left = still_open(before, slots)
        if left is not None:
            return left
        chosen = slots[0] if self.order == "template" else max(slots, key=certainty)
        return Extent(chosen.span.key, {chosen.span.key: chosen.open})


def certainty(slot: OpenSlot) -> float:
    """Posterior of the better one of null and the whole best text."""
    share = slot.look.null_share
    return max(share, (1 - share) * exp(slot.look.log_chance))
