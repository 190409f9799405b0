"""How far the model's belief about each open position moved between its last looks."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import inf

import torch
from jaxtyping import Float
from torch import Tensor

from scaffold.denoise.look import Looks
from scaffold.layout.decisions import SlotKey

Belief = Float[Tensor, "places outcomes"]


@dataclass(frozen=True, eq=False, slots=True)
class History:
    """The last beliefs about each slot, and the divergences of the last two steps, the newest first."""

    beliefs: Mapping[SlotKey, Belief] = field(default_factory=dict)
    drifts: tuple[Mapping[SlotKey, tuple[float, ...]], ...] = ()

    def drift(self, key: SlotKey, place: int) -> float:
        """The greatest divergence of the last two steps, in nats; +inf where there were not as many looks."""
        if len(self.drifts) < STEPS:
            return inf
        found = [moved.get(key, ()) for moved in self.drifts]
        return max((moved[place] if place < len(moved) else inf) for moved in found)


STEPS = 2
"""KLASS (arXiv:2511.05664) looks back as far as this."""


def seen(before: History, looks: Looks) -> History:
    """Take in a new look at every open slot."""
    beliefs = {key: look.belief for key, look in looks.items() if look.belief is not None}
    moved = {key: _moved(belief, before.beliefs.get(key)) for key, belief in beliefs.items()}
    return History(beliefs, (moved, *before.drifts)[:STEPS])


def _moved(now: Tensor, before: Tensor | None) -> tuple[float, ...]:
    """Divergence of each place; +inf at first sight, also of a slot that has another length than before."""
    if before is None or before.shape != now.shape:
        return (inf,) * len(now)
    return divergence(now, before)


def divergence(now: Belief, before: Belief) -> tuple[float, ...]:
    """Kullback-Leibler divergence of each place's belief from the one before."""
    ratio = now.clamp(min=1e-30).log() - before.clamp(min=1e-30).log()
    return tuple(torch.where(now > 0, now * ratio, torch.zeros_like(now)).sum(-1).clamp(min=0.0).tolist())
