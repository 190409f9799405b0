"""Gated feed-forward layers, one by one or as the experts of a mixture."""

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn
from torch.nn import functional

ALIGNED = 16
"""Bytes that the rows of a grouped product start at multiples of."""


class FeedForward(nn.Module):
    """A gated layer: dense, an expert, or the experts that all tokens share."""

    def __init__(self, width: int, inner: int) -> None:
        super().__init__()
        self.gate_proj = nn.Linear(width, inner, bias=False)
        self.up_proj = nn.Linear(width, inner, bias=False)
        self.down_proj = nn.Linear(inner, width, bias=False)

    def forward(self, states: Tensor) -> Tensor:
        """Gate, widen, narrow."""
        return self.down_proj(functional.silu(self.gate_proj(states)) * self.up_proj(states))


class Experts(nn.ModuleList):
    """Layers of one size, of which each token has chosen some."""

    def __init__(self, count: int, width: int, inner: int) -> None:
        super().__init__(FeedForward(width, inner) for _ in range(count))
        self.inner = inner
        self._stacked: tuple[Tensor, ...] = ()

    def forward(
        self,
        states: Float[Tensor, "tokens width"],
        chosen: Int[Tensor, "tokens chosen"],
        weights: Float[Tensor, "tokens chosen"],
    ) -> Float[Tensor, "tokens width"]:
        """The weighted sum of what the chosen layers say; each runs once, over all tokens that chose it."""
        expert = chosen.flatten()
        order = expert.argsort(stable=True)
        counts = expert.new_zeros(len(self)).scatter_add_(0, expert, torch.ones_like(expert))
        run = self._grouped if _can_group(states, self.inner) else self._one_by_one
        found = run(states[order // chosen.shape[1]], counts)[order.argsort()].unflatten(0, chosen.shape)
        return (found * weights[..., None].to(found.dtype)).sum(1)

    def _grouped(self, sorted_states: Tensor, counts: Tensor) -> Tensor:
        """Three products for all layers together; nothing is read from the device."""
        gate, up, down = self._weights()
        ends = counts.cumsum(0).to(torch.int32)
        inner = functional.silu(_product(sorted_states, gate, ends)) * _product(sorted_states, up, ends)
        return _product(inner, down, ends)

    def _one_by_one(self, sorted_states: Tensor, counts: Tensor) -> Tensor:
        """Layer by layer; how many tokens each has is read from the device."""
        parts = sorted_states.split(counts.tolist())
        return torch.cat([layer(part) for layer, part in zip(self, parts, strict=True)])

    def _weights(self) -> tuple[Tensor, ...]:
        """Each kind of weight in one tensor, of which the layers' own become parts: nothing is kept twice."""
        kinds = [[getattr(layer, name).weight for layer in self] for name in ("gate_proj", "up_proj", "down_proj")]
        if [*map(_place, self._stacked)] != [_place(kind[0]) for kind in kinds]:  # they are new, or were moved
            with torch.inference_mode(mode=False), torch.no_grad():  # they outlive the call
                self._stacked = tuple(_joined(kind) for kind in kinds)
        return self._stacked


def _place(weight: Tensor) -> tuple[torch.device, int]:
    return weight.device, weight.data_ptr()


def _joined(weights: list[nn.Parameter]) -> Tensor:
    whole = torch.stack([one.data for one in weights])
    for one, part in zip(weights, whole, strict=True):
        one.data = part
    return whole


def _product(states: Tensor, weights: Tensor, ends: Tensor) -> Tensor:
    return functional.grouped_mm(states, weights.transpose(1, 2), offs=ends)


def _can_group(states: Tensor, inner: int) -> bool:
    """Newer torch has grouped products: on the processor, and on a GPU in 16 bits."""
    is_aligned = not any(width * states.element_size() % ALIGNED for width in (states.shape[-1], inner))
    return hasattr(functional, "grouped_mm") and is_aligned and (not states.is_cuda or states.dtype == torch.bfloat16)
