"""A network whose body is compiled, once for each shape that it meets."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from scaffold.models.network import Hidden, LayerMemory, Network, Queries

_LEAST = 64


@dataclass(frozen=True, eq=False)
class Compiled:
    """As `inner`, through `torch.compile`; see `Network`.

    Beyond the number of graphs that torch keeps of one function (8, unless told otherwise) it runs uncompiled.
    """

    inner: Network
    backend: str

    @property
    def module(self) -> Any:
        """See `Network`."""
        return self.inner.module

    @cached_property
    def _run(self) -> Callable[..., Tensor]:
        compiled: Callable[..., Tensor] = torch.compile(self.inner.hidden, backend=self.backend, dynamic=False)
        return compiled

    def hidden(
        self, tokens: Queries, places: Queries, seen: Bool[Tensor, "batch queries keys"], memory: LayerMemory | None
    ) -> Hidden:
        """See `Network`."""
        return self._run(tokens, places, seen, memory)

    def logits(self, hidden: Float[Tensor, "wanted width"]) -> Float[Tensor, "wanted vocab"]:
        """See `Network`."""
        return self.inner.logits(hidden)


def bucket(length: int) -> int:
    """The next of 64, 80, 96, 112, 128, 160, …: four sizes from each power of two to the next, so few graphs."""
    step = max(_LEAST, 1 << (length.bit_length() - 1)) // 4
    return max(_LEAST, -(-length // step) * step)
