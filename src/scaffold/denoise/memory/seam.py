"""The seam of the memory axis: what earlier predictions do to the next one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

from jaxtyping import Float, Int
from torch import Tensor

from scaffold.denoise.shapes import Logits
from scaffold.layout.decisions import SlotKey


@dataclass(frozen=True, eq=False, slots=True)
class Blend:
    """What each position of a slot shows instead of the mask: a mixture of tokens; -1 is the mask token."""

    tokens: Int[Tensor, "length mixed"]
    weights: Float[Tensor, "length mixed"]
    """They add up to 1."""


@dataclass(frozen=True, slots=True)
class Seat:
    """Where one slot's positions stand among the wanted ones, and what is committed there (-1: open)."""

    key: SlotKey
    first: int
    committed: tuple[int, ...]


@runtime_checkable
class Memory(Protocol):
    """Carries something from each prediction to the next, through a value of its own kind that begins as None."""

    @property
    def softens(self) -> bool:
        """Whether it changes what the model sees: then the predictor must take blends."""

    def blends(self, kept: Any) -> Mapping[SlotKey, Blend]:
        """What open positions show at the next model call."""

    def fuse(self, log_probs: Logits, seats: Sequence[Seat], kept: Any, null_id: int) -> tuple[Logits, Any]:
        """The prediction with what is remembered, not normalised; and what is kept of both for the next one."""
