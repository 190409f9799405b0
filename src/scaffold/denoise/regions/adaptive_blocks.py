"""Blocks that end where the model expects a delimiter (AdaBlock)."""

from collections.abc import Sequence
from dataclasses import dataclass

from scaffold.denoise.ranges import ONE_OR_MORE, SHARE, Range, hold
from scaffold.denoise.regions.extent import Extent, OpenSlot, still_open
from scaffold.denoise.row import OPEN, Row


@dataclass(frozen=True, slots=True)
class AdaptiveBlocks:
    """Decide one slot's next positions up to the surest delimiter, or `block_length` of them where none is sure.

    AdaBlock (arXiv:2509.26432): in a window of a share `window` of the length the most confident position that
    proposes a delimiter ends the block, if it is surer than `tau` (0.3 for LLaDA, 0.5 for Dream). The ends of slots
    are delimiters already, so a block never leaves its slot, the length is the slot's own, and null is one more
    delimiter: the block that reaches it closes the text.

    Raises:
        DenoiseError: a value is out of range.
    """

    block_length: int = 32
    tau: float = 0.3
    window: float = 0.25
    delimiters: tuple[bytes, ...] = (b"\n",)

    def __post_init__(self) -> None:
        """See `AdaptiveBlocks`."""
        hold(self, block_length=ONE_OR_MORE, tau=SHARE, window=Range(0, 1, is_above=True))

    def __call__(self, slots: Sequence[OpenSlot], row: Row, before: Extent) -> Extent:
        """See `Region`."""
        left = still_open(before, slots)
        if left is not None:
            return left
        slot = slots[0]
        start = slot.tokens.index(OPEN)
        pieces = row.request.tokenizer.token_bytes
        wide = max(1, int(self.window * len(slot.tokens)))
        ahead = range(start, min(start + wide, len(slot.tokens)))
        is_delimiter = [k in slot.open and self._ends(slot.look.path[k], row.request.null_id, pieces) for k in ahead]
        length = block_size([slot.look.confidence[k] for k in ahead], is_delimiter, self.block_length, self.tau)
        places = frozenset(range(start, start + length)) & slot.open
        return Extent((slot.span.key, start), {slot.span.key: places})

    def _ends(self, token: int, null_id: int, pieces: Sequence[bytes]) -> bool:
        return token == null_id or (bool(self.delimiters) and pieces[token].endswith(self.delimiters))


def block_size(confidence: Sequence[float], is_delimiter: Sequence[bool], block_length: int, tau: float) -> int:
    """Positions up to and with the surest delimiter of a window, if it is surer than `tau`; else `block_length`."""
    found = [(sure, -k) for k, (sure, ends) in enumerate(zip(confidence, is_delimiter, strict=True)) if ends]
    if not found:
        return block_length
    sure, place = max(found)
    return 1 - place if sure >= tau else block_length
