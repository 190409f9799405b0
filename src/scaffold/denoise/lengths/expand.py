"""DreamOn: a token by which the model itself asks for one more position."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from scaffold.denoise.lengths.seam import Change, Resizing, Sizing
from scaffold.denoise.ranges import ONE_OR_MORE, Range, hold
from scaffold.layout.decisions import SlotKey


@dataclass(frozen=True, slots=True)
class Expand:
    """Where the model's best token at an open position is its expand token, put two open positions in place of one.

    DreamOn (arXiv:2602.01326), for predictors that have the token (`ExpandingPredictor`); its delete token is null, and
    null's tail is taken off at the end. One position per slot and call, the surest; a slot of free length begins with
    `begin` positions and stops at `limit`.

    Raises:
        DenoiseError: a value is out of range.
    """

    begin: int = 4
    limit: int = 64

    def __post_init__(self) -> None:
        """See `Expand`."""
        hold(self, limit=ONE_OR_MORE, begin=Range(1, self.limit, is_whole=True))

    @property
    def reads_raw(self) -> bool:
        """See `Length`."""
        return True

    def start(self, size: int) -> int:
        """See `Length`."""
        del size
        return self.begin

    def __call__(self, slots: Sequence[Sizing], kept: Any) -> Resizing:
        """See `Length`."""
        del kept
        changes: dict[SlotKey, Change] = {}
        for slot in slots:
            raw = slot.look.raw
            assert raw is not None, "reads_raw"
            places = [k for k in slot.open if raw.tokens[k] == slot.expand_id]
            if places and slot.size < min(self.limit, slot.most):
                changes[slot.key] = Change(max(places, key=lambda k: raw.chances[k]) + 1, 1)
        return Resizing(changes)
