"""Credit: a token that stays the best crosses the threshold sooner."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log1p
from typing import Any

from scaffold.denoise.memory.seam import Blend, Seat
from scaffold.denoise.ranges import AMOUNT, SHARE, hold
from scaffold.denoise.shapes import Logits
from scaffold.layout.decisions import SlotKey

Credits = Mapping[tuple[SlotKey, int], Mapping[int, float]]
"""What each token at each offset of a slot has gained."""


@dataclass(frozen=True, slots=True)
class Credit:
    """Add `weight * log(1 + C)` to the logits, where C of a token grows by `p ** power` whenever it is the best.

    CreditDecoding (arXiv:2510.06133; the defaults are those of dInfer's code, the logarithm too). Credit fades by
    `decay` in each step and goes when a position is committed. On a slot it is added before the constraint, so an
    illegal token that is often the best gains nothing for a legal one; null loses its credit where content is
    committed behind it. The constraint forbids null there anyway: it matters when that is off.

    Raises:
        DenoiseError: a value is out of range.
    """

    weight: float = 0.7
    decay: float = 0.8
    power: float = 0.2

    def __post_init__(self) -> None:
        """See `Credit`."""
        hold(self, weight=AMOUNT, decay=SHARE, power=AMOUNT)

    @property
    def softens(self) -> bool:
        """See `Memory`."""
        return False

    def blends(self, kept: Any) -> Mapping[SlotKey, Blend]:
        """See `Memory`."""
        del kept
        return {}

    def fuse(self, log_probs: Logits, seats: Sequence[Seat], kept: Any, null_id: int) -> tuple[Logits, Credits]:
        """See `Memory`."""
        best = log_probs.log_softmax(-1).max(-1)
        chances, tokens = best.values.exp().tolist(), best.indices.tolist()
        credits: dict[tuple[SlotKey, int], Mapping[int, float]] = {}
        for seat in seats:
            for offset in (k for k, token in enumerate(seat.committed) if token < 0):
                at = (seat.key, offset)
                old = (kept or {}).get(at, {})
                credits[at] = self._grown(old, tokens[seat.first + offset], chances[seat.first + offset])
                if any(token not in {-1, null_id} for token in seat.committed[offset:]):
                    credits[at] = {token: value for token, value in credits[at].items() if token != null_id}
        return self._added(log_probs, seats, credits), credits

    def _grown(self, old: Mapping[int, float], token: int, chance: float) -> dict[int, float]:
        faded = {t: value * self.decay for t, value in old.items() if value * self.decay > 0}
        return {**faded, token: faded.get(token, 0.0) + chance**self.power}

    def _added(self, log_probs: Logits, seats: Sequence[Seat], credits: Credits) -> Logits:
        firsts = {seat.key: seat.first for seat in seats}
        entries = [
            (firsts[key] + offset, token, self.weight * log1p(value))
            for (key, offset), found in credits.items()
            for token, value in found.items()
        ]
        if not entries:
            return log_probs
        rows, tokens, values = zip(*entries, strict=True)
        raised = log_probs.clone()
        raised[list(rows), list(tokens)] += raised.new_tensor(values)
        return raised
