"""CAL: a search for the length at which the model is surest."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp, isfinite
from typing import Any

from scaffold.denoise.lengths.seam import Change, Resizing, Sizing
from scaffold.denoise.look import Look
from scaffold.denoise.ranges import COUNT, ONE_OR_MORE, Range, hold
from scaffold.errors import DenoiseError
from scaffold.layout.decisions import SlotKey


@dataclass(frozen=True, slots=True)
class LengthSearch:
    """Look at a slot at several lengths in one batch and take the one where `sureness / bias` climbs highest.

    CAL (arXiv:2602.00476): the mean over the positions of the best token's probability, from one pass, against
    `bias(length) = fast * exp(-fast_rate * length) + slow * exp(-slow_rate * length) + rest`, which is what that mean
    comes to away from the true length; its constants are those published for a code model; another model wants its own.
    The search climbs from `begin` in steps of one, both ways, and bears `patience` steps without gain (4 in the code, 2
    in the text) up to `limit`. Every call tries `reach` lengths to either side. It runs before the slot is begun, all
    slots of free length together, the others masked; `slack` positions for null are added to what it finds.

    Raises:
        DenoiseError: a value is out of range.
    """

    begin: int = 8
    patience: int = 4
    limit: int = 64
    reach: int = 4
    slack: int = 2
    bias: tuple[float, float, float, float, float] = (1.0, 1.77, 0.56, 0.06, 0.24)

    def __post_init__(self) -> None:
        """See `LengthSearch`."""
        hold(self, limit=ONE_OR_MORE, begin=Range(1, self.limit, is_whole=True))
        if not all(map(isfinite, self.bias)):
            raise DenoiseError((), f"LengthSearch(bias={self.bias!r}) is out of range", "use five finite numbers")
        hold(self, patience=ONE_OR_MORE, reach=ONE_OR_MORE, slack=COUNT)

    @property
    def reads_raw(self) -> bool:
        """See `Length`."""
        return True

    def start(self, size: int) -> int:
        """See `Length`: the search says what it wants."""
        return size

    def __call__(self, slots: Sequence[Sizing], kept: Any) -> Resizing:
        """See `Length`."""
        known: dict[SlotKey, Mapping[int, float] | None] = dict(kept or {})  # None: the search is over
        changes: dict[SlotKey, Change] = {}
        asked: dict[SlotKey, tuple[int, ...]] = {}
        for slot in slots:
            before = known.setdefault(slot.key, {} if _is_searched(slot) else None)
            if before is None:
                continue
            found = {**before, **{n: sureness(look) for n, look in slot.probed.items()}}
            low = max(slot.least, 1)
            high = max(low, min(self.limit, slot.most, slot.share))
            best, missing = self.climb(found, low, high)
            if missing is not None:
                asked[slot.key] = self._around(missing, found, low, high)
                known[slot.key] = found
                continue
            known[slot.key] = None
            by = min(best + self.slack, slot.most) - slot.size
            if by:
                changes[slot.key] = Change(min(slot.size, slot.size + by), by)
        return Resizing(changes, frozenset(asked), known, asked)

    def climb(self, found: Mapping[int, float], low: int, high: int) -> tuple[int, int | None]:
        """The best length as far as it is known, and the first one that must be looked at to go on."""
        begin = min(max(self.begin, low), high)
        if begin not in found:
            return begin, begin
        best = begin
        for direction in (1, -1):
            at, misses = begin, 0
            while low <= at + direction <= high and misses < self.patience:
                at += direction
                if at not in found:
                    return best, at
                is_better = found[at] / self.expected(at) > found[best] / self.expected(best)
                best, misses = (at, 0) if is_better else (best, misses + 1)
        return best, None

    def expected(self, length: int) -> float:
        """The bias: how sure the model is at a length that is not the true one."""
        fast, fast_rate, slow, slow_rate, rest = self.bias
        return fast * exp(-fast_rate * length) + slow * exp(-slow_rate * length) + rest

    def _around(self, missing: int, found: Mapping[int, float], low: int, high: int) -> tuple[int, ...]:
        near = range(max(low, missing - self.reach), min(high, missing + self.reach) + 1)
        return tuple(length for length in near if length not in found)


def sureness(look: Look) -> float:
    """Mean probability of the model's best token over the positions of a slot."""
    assert look.raw is not None, "reads_raw"
    return sum(look.raw.chances) / len(look.raw.chances)


def _is_searched(slot: Sizing) -> bool:
    """Whether the slot is free to take any length, and nothing is committed to it."""
    return len(slot.open) == slot.size and slot.most > max(slot.least, 1)
