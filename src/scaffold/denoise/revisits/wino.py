"""WINO: accept widely, check each token as if it alone were open, and revoke."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch

from scaffold.denoise.ranges import COUNT, ONE_OR_MORE, SHARE, hold
from scaffold.denoise.revisits.seam import Places, Standing


@dataclass(frozen=True, slots=True)
class Wino:
    """Open a committed token again whose probability, with all others of its slot in place, is below `tau`.

    WINO (arXiv:2507.18578) accepts with a low threshold (`commit=Threshold(0.6)`) and revokes below 0.9. Its shadow
    block of masks needs an attention pattern of its own; here every checked token is one more row of the next batch
    with its place masked, so the answer is the same for any model and costs no call of its own, but rows: at most
    `most` of them, the least sure first. What the slot's language forces is certain and stays. Quotations are
    decided as a whole and are not checked; nulls neither. A slot is opened again `rounds` times at most.

    Raises:
        DenoiseError: a value is out of range.
    """

    tau: float = 0.9
    rounds: int = 2
    most: int = 20

    def __post_init__(self) -> None:
        """See `Wino`."""
        hold(self, tau=SHARE, rounds=COUNT, most=ONE_OR_MORE)

    def checks(self, slots: Sequence[Standing]) -> Places:
        """See `Revisit`."""
        able = [slot for slot in slots if slot.times < self.rounds and not slot.is_quoted]
        is_running = any(not slot.is_closed for slot in slots)
        places = [
            (sure, s.key, k) for s in able for k, sure in s.sure.items() if sure < 1 and (is_running or k in s.fresh)
        ]
        chosen = sorted(places, key=lambda place: place[0])[: self.most]
        return {key: frozenset(k for _, at, k in chosen if at == key) for _, key, _ in chosen}

    def __call__(self, slots: Sequence[Standing], step: int, generator: torch.Generator) -> Places:
        """See `Revisit`."""
        del step, generator
        found = {
            slot.key: frozenset(k for k, sure in slot.checked.items() if sure < self.tau)
            for slot in slots
            if slot.times < self.rounds
        }
        return {key: places for key, places in found.items() if places}
