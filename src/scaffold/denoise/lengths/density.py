"""ρ-EOS: a share of nulls that is held within a band."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile
from math import ceil
from typing import Any

from scaffold.denoise.lengths.seam import Change, Resizing, Sizing
from scaffold.denoise.look import Raw
from scaffold.denoise.ranges import COUNT, ONE_OR_MORE, SHARE, Range, hold
from scaffold.layout.decisions import SlotKey


@dataclass(frozen=True, slots=True)
class NullDensity:
    """Lengthen a slot while nulls are rarer than `low` among its open positions, shorten it while above `high`.

    ρ-EOS (arXiv:2601.22527), with null for the end of sequence and the slot for the sequence. The density is the mean
    over open positions of the null probability, where null is proposed. A change is `step` positions within 0.1 of the
    band, twice as many within 0.2, and so on up to 8 times; a slot changes `adjustments` times at most. On slots it
    differs in four ways. A slot with a committed null has its end, and keeps its length. Only open positions that
    propose null, alone and behind the best legal text, are taken away, and one of them stays: where a whole slot tends
    to null, each position alone says nothing about its length. A slot that was lengthened is never shortened again, or
    short texts would swing to and fro. One that was shortened is lengthened only where its best text has come to reach
    the end.

    Raises:
        DenoiseError: a value is out of range.
    """

    low: float = 0.4
    high: float = 0.6
    step: int = 8
    adjustments: int = 64

    def __post_init__(self) -> None:
        """See `NullDensity`."""
        hold(self, high=SHARE, low=Range(0, self.high), step=ONE_OR_MORE, adjustments=COUNT)

    @property
    def reads_raw(self) -> bool:
        """See `Length`."""
        return True

    def start(self, size: int) -> int:
        """See `Length`."""
        return size

    def __call__(self, slots: Sequence[Sizing], kept: Any) -> Resizing:
        """See `Length`."""
        done: dict[SlotKey, int] = dict(kept or {})  # adjustments, negative where the last one took positions away
        changes: dict[SlotKey, Change] = {}
        for slot in slots:
            before = done.get(slot.key, 0)
            change = self._change(slot, before)
            if change is not None and abs(before) < self.adjustments:
                changes[slot.key] = change
                done[slot.key] = (abs(before) + 1) * (1 if change.by > 0 else -1)
        return Resizing(changes, kept=done)

    def _change(self, slot: Sizing, before: int) -> Change | None:
        raw = slot.look.raw
        assert raw is not None, "reads_raw"
        if slot.null_id in slot.tokens:
            return None  # the end is decided: what is open before it says nothing about the length
        if before < 0 and slot.look.path[-1] != slot.null_id:
            return slot.grown(self.step)
        wanted = self.wanted(sum(raw.nulls[k] for k in slot.open if proposes_null(raw, k)) / len(slot.open))
        if wanted * before < 0:
            return None
        if wanted >= 0:
            return slot.grown(wanted)
        able = min(-wanted, _null_tail(slot, raw) - 1, slot.size - max(slot.least, 1))
        return Change(slot.size - able, -able) if able > 0 else None

    def wanted(self, density: float) -> int:
        """Positions to add; below 0: to take away; 0 within the band."""
        distance = self.low - density if density < self.low else max(density - self.high, 0.0)
        if distance <= 0:
            return 0
        segment = max(1, ceil(round(distance / 0.1, 6)))
        size = min(self.step * 2 ** (segment - 1), 8 * self.step)
        return size if density < self.low else -size


def proposes_null(raw: Raw, place: int) -> bool:
    """Whether null is the model's own best token there."""
    return raw.nulls[place] >= raw.chances[place]


def _null_tail(slot: Sizing, raw: Raw) -> int:
    """Open positions at the end that are null in the best text, and propose null on their own."""
    ends = (
        k in slot.open and slot.look.path[k] == slot.null_id and proposes_null(raw, k)
        for k in reversed(range(slot.size))
    )
    return sum(1 for _ in takewhile(bool, ends))
