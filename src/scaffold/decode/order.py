"""How far a fill went from left to right: AR-ness of the order in which positions were committed.

DiffuCoder (arXiv:2506.20639), on offsets inside each slot: a run across fixed text is not local. Positions of one
call count in ascending order, so committing a whole slot at once looks like left to right.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from scaffold.decode.trace import Step


def slot_orders(trace: Sequence[Step]) -> dict[str, tuple[int, ...]]:
    """Offsets of each slot's content in the order of their last commit."""
    found: dict[str, dict[int, None]] = defaultdict(dict)
    for step in trace:
        for name, offsets in step.positions:
            for offset in sorted(offsets):
                found[name].pop(offset, None)
                found[name][offset] = None
    return {name: tuple(order) for name, order in found.items()}


def local_ar_ness(orders: Iterable[Sequence[int]], k: int) -> float | None:
    """Share of commits, all but each slot's first, that end an ascending run of `k + 1` neighbours.

    Near its start a slot's run is as long as it can be. None where no slot has two positions.
    """
    hits = [_ends_run(order[max(0, at - k) : at + 1]) for order in orders for at in range(1, len(order))]
    return sum(hits) / len(hits) if hits else None


def global_ar_ness(orders: Iterable[Sequence[int]], k: int) -> float | None:
    """Share of commits that took one of the `k` leftmost positions still open in their slot; None without commits."""
    hits = [offset in sorted(order[at:])[:k] for order in orders for at, offset in enumerate(order)]
    return sum(hits) / len(hits) if hits else None


def tokens_per_call(trace: Sequence[Step]) -> tuple[int, ...]:
    """Content tokens that each model call committed."""
    return tuple(sum(len(offsets) for _, offsets in step.positions) for step in trace)


def _ends_run(offsets: Sequence[int]) -> bool:
    return all(offset == offsets[0] + place for place, offset in enumerate(offsets))
