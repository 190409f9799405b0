"""Opening the least sure tokens of a finished slot again."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch

from scaffold.denoise.ranges import COUNT, SHARE, hold
from scaffold.denoise.revisits.seam import Places, Standing


@dataclass(frozen=True, slots=True)
class LowConfidence:
    """When a slot is finished, open the tokens again that were committed with less than `tau`, `rounds` times at most.

    The remasking of Mask-Predict (arXiv:1904.09324) with a threshold in place of its schedule; what LLaDA calls
    low-confidence remasking is not to commit in the first place. A quotation is opened as a whole.

    Raises:
        DenoiseError: a value is out of range.
    """

    tau: float = 0.5
    rounds: int = 1

    def __post_init__(self) -> None:
        """See `LowConfidence`."""
        hold(self, tau=SHARE, rounds=COUNT)

    def checks(self, slots: Sequence[Standing]) -> Places:
        """See `Revisit`."""
        del slots
        return {}

    def __call__(self, slots: Sequence[Standing], step: int, generator: torch.Generator) -> Places:
        """See `Revisit`."""
        del step, generator
        found = {
            slot.key: frozenset(k for k, sure in slot.sure.items() if sure < self.tau)
            for slot in slots
            if slot.is_closed and slot.fresh and slot.times < self.rounds
        }
        return {key: places for key, places in found.items() if places}
