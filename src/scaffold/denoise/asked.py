"""The slots of a model call, and what is computed of them before any of it is read."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Optional

from jaxtyping import Float, Int
from torch import Tensor

from scaffold.constraints.slot_automaton import SlotAutomaton
from scaffold.denoise.look import Look
from scaffold.denoise.row import Pointing

LogProbs = Float[Tensor, "positions vocab"]


@dataclass(frozen=True, eq=False, slots=True)
class Asked:
    """One slot of a model call: `first` is the row of its first position among the log probabilities."""

    automaton: SlotAutomaton
    committed: tuple[int, ...]
    pointing: Pointing | None
    first: int
    null_id: int
    is_tag: bool = False
    """Its value picks a branch: it is held to its language whatever the other slots are."""


@dataclass(frozen=True, eq=False, slots=True)
class Gathered:
    """Slots of one length on the device: log probabilities and committed tokens."""

    log_probs: Float[Tensor, "slots length vocab"]
    committed: Int[Tensor, "slots length"]


@dataclass(frozen=True, eq=False, slots=True)
class Weighed:
    """Slots that were weighed together: numbers on the device, and how looks are made of them on the host."""

    columns: tuple[Tensor, ...]
    looks: Callable[[Sequence[list[Any]]], list[Look]]
    again: Optional[Callable[[], "Weighed"]] = None  # noqa: UP045  (a string in a union)
    """Weighs by the automaton, where a closed form finds nothing legal or declines; log masses come first."""
