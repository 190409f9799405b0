"""A span of a text, and the value that it spells."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Candidate:
    """Characters `start` to `stop` read as `value_text`, the value's canonical text without JSON quotes.

    `rank` counts the readings of an ambiguous span, 0 for the likeliest one.
    """

    start: int
    stop: int
    value_text: str
    rank: int = 0


def in_order(found: Iterable[Candidate]) -> tuple[Candidate, ...]:
    """Sort by start, the longer span first, then by rank; of equal readings of one span the likeliest stays."""
    best: dict[tuple[int, int, str], Candidate] = {}
    for one in sorted(found, key=lambda one: (one.start, -one.stop, one.rank, one.value_text)):
        best.setdefault((one.start, one.stop, one.value_text), one)
    return tuple(best.values())
