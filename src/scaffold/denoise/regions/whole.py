"""The whole canvas at once."""

from collections.abc import Sequence
from dataclasses import dataclass

from scaffold.denoise.regions.extent import EVERYWHERE, Extent, OpenSlot
from scaffold.denoise.row import Row


@dataclass(frozen=True, slots=True)
class Whole:
    """Decide any open position of any slot (LLaDA with one block, arXiv:2502.09992)."""

    def __call__(self, slots: Sequence[OpenSlot], row: Row, before: Extent) -> Extent:
        """See `Region`."""
        del slots, row, before
        return EVERYWHERE
