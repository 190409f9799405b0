"""The seam to scores that look at more than a position's own probabilities."""

from typing import Protocol, runtime_checkable

from scaffold.denoise.commits.open import Open


@runtime_checkable
class Weighing(Protocol):
    """Weighs the open positions of a row, which come scored by confidence."""

    def __call__(self, view: Open) -> Open:
        """The same positions with other scores; with another confidence too, where thresholds are to see it."""
