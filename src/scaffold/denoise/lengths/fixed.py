"""Slots of a fixed length."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from scaffold.denoise.lengths.seam import Resizing, Sizing
from scaffold.denoise.ranges import COUNT, hold


@dataclass(frozen=True, slots=True)
class Fixed:
    """Keep every slot as long as it begins; slots whose language bounds no length begin with `size` positions.

    S3 (arXiv:2507.04504) has 16; 0 keeps the layout's own start sizes. A text that fills its slot to the brim is an
    error unless the caller asked for its beginning (`on_overflow="cut"`).

    Raises:
        DenoiseError: `size` is below 0.
    """

    size: int = 0

    def __post_init__(self) -> None:
        """See `Fixed`."""
        hold(self, size=COUNT)

    @property
    def reads_raw(self) -> bool:
        """See `Length`."""
        return False

    def start(self, size: int) -> int:
        """See `Length`."""
        return self.size or size

    def __call__(self, slots: Sequence[Sizing], kept: Any) -> Resizing:
        """See `Length`."""
        del slots, kept
        return Resizing()
