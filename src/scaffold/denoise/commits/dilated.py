"""Dilated: far-apart positions first, halving the distance from round to round."""

from dataclasses import dataclass

import torch
from jaxtyping import Bool, Int
from torch import Tensor

from scaffold.denoise.commits.open import Open, decisions
from scaffold.denoise.ranges import SHARE, hold

SHORT = 3
"""Length up to which a text is filled one position at a time."""


@dataclass(frozen=True, slots=True)
class Dilated:
    """Commit, in all slots at once, the open positions that are multiples of the slot's largest stride left.

    DUS (arXiv:2506.19037, base 2): positions that are decided together lie far apart, later ones well conditioned.
    The strides are powers of two counted from the slot's start, so any length is served; at 8, 16, 32, … positions
    these are the paper's rounds. A text of three positions or fewer, null included, is taken one by one. Positions
    less sure than `least` (`omerlux/DUS`: 0.3) are passed over while their slot has surer ones. A null that is reached
    closes the slot, and the rounds go on over what is left of it.

    Raises:
        DenoiseError: a value is out of range.
    """

    least: float = 0.3

    def __post_init__(self) -> None:
        """See `Dilated`."""
        hold(self, least=SHARE)

    def __call__(self, view: Open, step: int) -> Bool[Tensor, " positions"]:
        """See `CommitRule`."""
        del step  # the round is read off what is open: slots begin at different times
        candidates = decisions(view)
        together = view.slot[:, None] == view.slot
        last = view.offset.expand(together.shape).masked_fill(~(together & candidates), 0).amax(1)
        is_sure = candidates & (view.confidence >= self.least)
        due = is_sure.where((together & is_sure).any(1), candidates)
        stride = strides(view.offset, last)
        widest = stride.expand(together.shape).masked_fill(~(together & due), 0).amax(1)
        chosen = due & (stride == widest)
        is_earlier = view.offset < view.offset[:, None]
        is_second = (together & chosen & is_earlier).any(1) & (last < SHORT)
        return chosen & ~is_second


def strides(offset: Int[Tensor, " positions"], last: Int[Tensor, " positions"]) -> Int[Tensor, " positions"]:
    """Largest power of two that divides each offset; for offset 0, the largest that is not above `last`."""
    widest = 2 ** last.clamp(min=1).double().log2().floor().long()
    return (offset & -offset).where(offset > 0, torch.as_tensor(widest))
