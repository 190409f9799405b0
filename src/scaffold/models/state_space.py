"""A backbone without attention: two diagonal state-space scans, one in each direction, behind the same seam."""

from dataclasses import dataclass
from typing import Any

import torch
from jaxtyping import Bool, Float
from torch import Tensor, nn
from torch.nn import functional

from scaffold.models.network import Hidden, LayerMemory, Queries


class BothWays(nn.Module):
    """A linear recurrence per channel, forwards and backwards, gated (a diagonal S4D, arXiv:2206.11893)."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(width)
        self.decay = nn.Parameter(torch.linspace(0.5, 4.0, 2 * width).view(2, width))
        self.open = nn.Linear(width, 2 * width)
        self.close = nn.Linear(2 * width, width)

    def forward(self, states: Hidden) -> Hidden:
        """Mix positions; a position of zeros leaves the others alone."""
        gate, value = self.open(self.norm(states)).chunk(2, dim=-1)
        is_there = states.abs().sum(-1, keepdim=True) > 0
        value = value * is_there
        decay = self.decay.sigmoid()
        ahead = _scan(value, decay[0])
        back = _scan(value.flip(1), decay[1]).flip(1)
        return (
            states + self.close(torch.cat((ahead, back), -1)) * functional.silu(gate).mean(-1, keepdim=True) * is_there
        )


def _scan(values: Hidden, decay: Float[Tensor, " width"]) -> Hidden:
    """Exponentially fading sums of what came before, as one product with a matrix of powers."""
    length = values.shape[1]
    places = torch.arange(length, device=values.device)
    distance = places[:, None] - places
    powers = decay[None, None] ** distance.clamp_min(0)[..., None] * (distance >= 0)[..., None]
    return torch.einsum("ijw,bjw->biw", powers, values)


class StateSpace(nn.Module):
    """Embedding, layers, and a head tied to the embedding."""

    def __init__(self, vocabulary: int, width: int = 32, layers: int = 2) -> None:
        super().__init__()
        self.embed = nn.Embedding(vocabulary, width)
        self.layers = nn.ModuleList(BothWays(width) for _ in range(layers))


@dataclass(frozen=True, eq=False, slots=True)
class StateSpaceNetwork:
    """See `Network`."""

    module: Any

    def hidden(
        self, tokens: Queries, places: Queries, seen: Bool[Tensor, "batch queries keys"], memory: LayerMemory | None
    ) -> Hidden:
        """See `Network`; order is all that a recurrence knows of places."""
        del places
        assert memory is None, "a recurrence has no keys to keep"
        states = self.module.embed(tokens) * seen.any(1)[..., None]
        for layer in self.module.layers:
            states = layer(states)
        return states

    def logits(self, hidden: Float[Tensor, "wanted width"]) -> Float[Tensor, "wanted vocab"]:
        """See `Network`."""
        return functional.linear(hidden, self.module.embed.weight)
