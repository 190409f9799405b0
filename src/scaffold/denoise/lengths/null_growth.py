"""Growth while a slot's text does not seem to end."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from scaffold.denoise.lengths.seam import Resizing, Sizing


@dataclass(frozen=True, slots=True)
class NullGrowth:
    """Double a slot whose best text reaches its last two positions, before any of that text is committed.

    The null token makes most growth unnecessary: a slot begins with room to spare and shows in its tail whether that
    is enough. DAEDAL (arXiv:2508.00819) looks at the same evidence, see `Daedal`.
    """

    @property
    def reads_raw(self) -> bool:
        """See `Length`."""
        return False

    def start(self, size: int) -> int:
        """See `Length`."""
        return size

    def __call__(self, slots: Sequence[Sizing], kept: Any) -> Resizing:
        """See `Length`."""
        del kept
        changes = {slot.key: slot.grown(slot.size) for slot in slots if slot.is_tight}
        return Resizing({key: change for key, change in changes.items() if change is not None})
