"""Which positions a model lets each position see, as an order of stages."""

from dataclasses import dataclass
from typing import Protocol, TypeAlias, runtime_checkable

from jaxtyping import Bool, Int
from torch import Tensor

Columns: TypeAlias = Int[Tensor, "batch columns"]
Visible: TypeAlias = Bool[Tensor, "batch queries keys"]


@runtime_checkable
class Topology(Protocol):
    """Gives every position a stage; a position sees those whose stage is not later than its own.

    So whatever stands in a stage never changes the hidden states of an earlier one: those can be kept.
    """

    @property
    def sees_later(self) -> bool:
        """Whether fixed text behind a slot helps to fill it, wherever it stands."""

    def __call__(
        self, positions: Columns, start: Int[Tensor, " batch"], opened: Int[Tensor, " batch"] | None = None
    ) -> Columns:
        """Stages of `positions` (counted from 0).

        `start` is the first slot position of each row, `opened` the first that is masked; by default they are one.
        """


@dataclass(frozen=True, slots=True)
class Everything:
    """Every position sees every other: one stage (LLaDA, arXiv:2502.09992)."""

    sees_later: bool = True

    def __call__(
        self, positions: Columns, start: Int[Tensor, " batch"], opened: Int[Tensor, " batch"] | None = None
    ) -> Columns:
        """See `Topology`."""
        del start, opened  # all positions are alike
        return positions.clamp(max=0)


@dataclass(frozen=True, slots=True)
class Blocks:
    """Blocks of one length from position 0, each sees itself and those before (BD3-LM, arXiv:2503.09573)."""

    block_length: int
    sees_later: bool = False

    def __call__(
        self, positions: Columns, start: Int[Tensor, " batch"], opened: Int[Tensor, " batch"] | None = None
    ) -> Columns:
        """See `Topology`."""
        del start, opened  # blocks are aligned with the beginning of the row
        return positions // self.block_length


@dataclass(frozen=True, slots=True)
class CausalThenBlocks:
    """Blocks begin with the first slot; up to the one that is being written everything is causal.

    So the model (Nemotron-Labs-Diffusion) reads its prompt, and again each block once it is written.
    """

    block_length: int
    sees_later: bool = False

    def __call__(
        self, positions: Columns, start: Int[Tensor, " batch"], opened: Int[Tensor, " batch"] | None = None
    ) -> Columns:
        """See `Topology`."""
        start = start[:, None]
        done = 0 if opened is None else (opened[:, None] - start).clamp_min(0) // self.block_length * self.block_length
        first = start + done
        behind = positions - first
        return positions.where(behind < 0, first + behind // self.block_length)


@dataclass(frozen=True, slots=True)
class Causal:
    """Each position sees itself and those before it: an autoregressive model."""

    sees_later: bool = False

    def __call__(
        self, positions: Columns, start: Int[Tensor, " batch"], opened: Int[Tensor, " batch"] | None = None
    ) -> Columns:
        """See `Topology`."""
        del start, opened  # the order of positions is all there is
        return positions


def visible(
    queries: Int[Tensor, "batch queries"], keys: Int[Tensor, "batch keys"], is_key: Bool[Tensor, "batch keys"]
) -> Visible:
    """Which keys each query sees, given stages; a query that would see nothing sees the first key.

    Such a query is padding: what it computes is never read, but it must not be NaN.
    """
    seen = (queries[:, :, None] >= keys[:, None, :]) & is_key[:, None, :]
    lost = ~seen.any(-1, keepdim=True)
    seen[..., :1] |= lost
    return seen
