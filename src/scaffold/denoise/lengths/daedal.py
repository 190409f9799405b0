"""DAEDAL: grow until the end is in sight, then where the model is least sure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from scaffold.denoise.lengths.seam import Change, Resizing, Sizing
from scaffold.denoise.look import Raw
from scaffold.denoise.ranges import COUNT, ONE_OR_MORE, SHARE, Range, hold
from scaffold.layout.decisions import SlotKey


@dataclass(frozen=True, slots=True)
class Daedal:
    """Lengthen a slot until its end is in sight, before it is begun, and then where the model is least sure.

    DAEDAL (arXiv:2508.00819), with null for the end of sequence and the slot for the sequence. Null confidence: the
    null probabilities of those of the last `window` positions that propose null, always divided by `window`. Stage 1
    adds at the end while it is below `enough` (0.5), and nothing is committed to the slot until then. Stage 2, while it
    is below `sure` (0.9): the least sure open position of a probability below `doubt` (0.1) becomes `step` open ones,
    at most `expansions` times; that is a net growth of `step` - 1. The paper's window of 32 and steps of 8 are meant
    for whole answers: a slot begins with about 12 positions.

    Raises:
        DenoiseError: a value is out of range.
    """

    step: int = 8
    window: int = 4
    enough: float = 0.5
    sure: float = 0.9
    doubt: float = 0.1
    expansions: int = 16

    def __post_init__(self) -> None:
        """See `Daedal`."""
        hold(self, step=Range(2, is_whole=True), window=ONE_OR_MORE, expansions=COUNT)
        hold(self, enough=SHARE, sure=SHARE, doubt=SHARE)

    @property
    def reads_raw(self) -> bool:
        """See `Length`."""
        return True

    def start(self, size: int) -> int:
        """See `Length`."""
        return size

    def __call__(self, slots: Sequence[Sizing], kept: Any) -> Resizing:
        """See `Length`."""
        spent: dict[SlotKey, int] = dict(kept or {})
        changes: dict[SlotKey, Change | None] = {}
        for slot in slots:
            assert slot.look.raw is not None, "reads_raw"
            found = null_confidence(slot.look.raw, self.window)
            if slot.key not in spent and found < self.enough and len(slot.open) == slot.size and slot.most > slot.size:
                changes[slot.key] = slot.grown(self.step)
                continue
            used = spent.setdefault(slot.key, 0)
            if found < self.sure and used < self.expansions:
                changes[slot.key] = self._expansion(slot, slot.look.raw)
                spent[slot.key] = used + (changes[slot.key] is not None)
        return Resizing({key: change for key, change in changes.items() if change is not None}, kept=spent)

    def _expansion(self, slot: Sizing, raw: Raw) -> Change | None:
        """More positions at the place that the model knows least about, if there is one."""
        place = min(slot.open, key=lambda k: raw.chances[k])
        return slot.grown(self.step - 1, place) if raw.chances[place] < self.doubt else None


def null_confidence(raw: Raw, window: int) -> float:
    """See `Daedal`; in [0, 1]."""
    pairs = list(zip(raw.chances, raw.nulls, strict=True))[-window:]
    return sum(null for best, null in pairs if null >= best) / window
