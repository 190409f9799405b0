"""The seam of the revisit axis: which committed tokens of slots are opened again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

import torch

from scaffold.layout.decisions import SlotKey

Places = Mapping[SlotKey, frozenset[int]]


@dataclass(frozen=True, slots=True)
class Standing:
    """What is committed in one slot that may be opened again; a quotation is one decision about all places."""

    key: SlotKey
    size: int
    sure: Mapping[int, float]
    """How sure the model was of each committed place."""
    fresh: frozenset[int]
    """Places that the step just now has committed."""
    is_closed: bool
    is_quoted: bool
    times: int
    """How often the slot was opened again."""
    checked: Mapping[int, float] = field(default_factory=dict)
    """Probability of the token when its place alone was open, where the last call looked at that."""


@runtime_checkable
class Revisit(Protocol):
    """Chooses committed places to open again; law: each slot only so often, so that every fill ends."""

    def checks(self, slots: Sequence[Standing]) -> Places:
        """Committed places to look at again in the next model call, each as if it alone were open."""

    def __call__(self, slots: Sequence[Standing], step: int, generator: torch.Generator) -> Places:
        """Committed places to open again after a step, counted from 0."""
