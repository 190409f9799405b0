"""Fixed blocks from left to right: semi-autoregressive filling."""

from collections.abc import Sequence
from dataclasses import dataclass

from scaffold.denoise.ranges import ONE_OR_MORE, hold
from scaffold.denoise.regions.extent import Extent, OpenSlot, still_open
from scaffold.denoise.row import Row


@dataclass(frozen=True, slots=True)
class Blocks:
    """Decide the first `block_length` slot positions that are not finished, then the next ones.

    LLaDA (arXiv:2502.09992), whose usual `block_length` is 32. Fixed text does not count: a block is a number of
    slot positions, so it may cover many short slots or part of a long one. Positions are counted as they are laid
    out when the block begins; structure that appears inside it later belongs to the next one.

    Raises:
        DenoiseError: `block_length` is below 1.
    """

    block_length: int = 32

    def __post_init__(self) -> None:
        """See `Blocks`."""
        hold(self, block_length=ONE_OR_MORE)

    def __call__(self, slots: Sequence[OpenSlot], row: Row, before: Extent) -> Extent:
        """See `Region`."""
        left = still_open(before, slots)
        if left is not None:
            return left
        flat = [(span.key, offset) for span in row.template.spans for offset in range(span.size)]
        opened = {(slot.span.key, offset) for slot in slots for offset in slot.open}
        first = next(index for index, place in enumerate(flat) if place in opened)
        places = [place for place in flat[first : first + self.block_length] if place in opened]
        found = {key: frozenset(k for at, k in places if at == key) for key, _ in places}
        number = before.label + 1 if isinstance(before.label, int) else 0
        return Extent(number, found)
