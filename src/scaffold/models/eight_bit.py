"""Linear layers that multiply 8-bit integers: several times as fast as 32-bit floats on CPUs made for it.

Weights have one scale per output, activations one scale per position, found anew in each call (as in LLM.int8(),
arXiv:2208.07339, without its outlier columns). Sums of products are exact integers, so what stands beside a position
in a batch does not change its result.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn
from torch.nn import functional
from transformers.models.bert.modeling_bert import BertSelfAttention

Old = TypeVar("Old", bound=nn.Module)

LEAST = 1e-8
"""Of a scale: what is all zero stays zero."""
MOST = 127


@dataclass(frozen=True, eq=False, slots=True)
class EightBitMatrix:
    """A matrix of weights rounded to 8 bits, and what is added to its products."""

    rounded: Int[Tensor, "width out"]
    scale: Float[Tensor, "1 out"]
    bias: Float[Tensor, " out"] | None = None

    @classmethod
    def of(cls, weight: Float[Tensor, "out width"], bias: Float[Tensor, " out"] | None = None) -> "EightBitMatrix":
        """Round each row by its own scale."""
        scale = weight.abs().amax(-1, keepdim=True).clamp_min(LEAST) / MOST
        rounded = (weight / scale).round().to(torch.int8).t().contiguous()
        return cls(rounded, scale.t().contiguous(), None if bias is None else bias.detach())

    def product(self, states: Float[Tensor, "positions width"]) -> Float[Tensor, "positions out"]:
        """Round the states too, multiply, and bring back to scale."""
        largest = torch.maximum(states.amax(-1, keepdim=True), states.amin(-1, keepdim=True).neg_())
        steps = largest.clamp_min_(LEAST).div_(MOST)
        sums = torch._int_mm((states / steps).round_().to(torch.int8), self.rounded)
        # In the memory of the sums: on large products, pages that were never touched take longer than the arithmetic.
        found = sums.view(torch.float32).copy_(sums).mul_(steps).mul_(self.scale)
        return found if self.bias is None else found.add_(self.bias)


class EightBitLinear(nn.Linear):
    """As `linear`, in 8 bits; cannot be trained.

    The weights stay as they are beside the rounded ones, so that what is saved or fingerprinted does not change.
    """

    def __init__(self, linear: nn.Linear) -> None:
        super().__init__(linear.in_features, linear.out_features, linear.bias is not None, device="meta")
        self.weight, self.bias = linear.weight, linear.bias
        self.matrix = EightBitMatrix.of(linear.weight.detach(), linear.bias)

    def forward(self, input: Float[Tensor, "*batch width"]) -> Float[Tensor, "*batch out"]:
        """See `EightBitMatrix.product`."""
        found = self.matrix.product(input.reshape(-1, self.in_features))
        return found.view(*input.shape[:-1], self.out_features)


class EightBitAttention(nn.Module):
    """As `attention`, in 8 bits: one product for queries, keys and values, of states that are rounded once.

    Each row attends by itself, without its padding: sums in another order would be rounded otherwise behind this layer,
    so that what stands beside a row would change its result. States of padding are 0, and nothing attends to them.
    """

    def __init__(self, attention: BertSelfAttention) -> None:
        super().__init__()
        parts = self.query, self.key, self.value = attention.query, attention.key, attention.value
        weight, bias = (torch.cat([getattr(one, name).detach() for one in parts]) for name in ("weight", "bias"))
        self.matrix = EightBitMatrix.of(weight, bias)
        self.heads = attention.num_attention_heads

    def forward(
        self, hidden_states: Float[Tensor, "batch length width"], attention_mask: Tensor | None = None, **_: object
    ) -> tuple[Float[Tensor, "batch length width"], None]:
        """What `BertSelfAttention` gives, without the weights of the attention."""
        batch, length, width = hidden_states.shape
        found = self.matrix.product(hidden_states.reshape(-1, width)).view(batch, length, 3, self.heads, -1)
        sizes = _sizes(attention_mask, batch, length)
        if min(sizes) == length:
            return _attended(found).reshape(batch, length, width), None
        seen = found.new_zeros(batch, length, self.heads, width // self.heads)
        for size in set(sizes):
            rows = [row for row, own in enumerate(sizes) if own == size]
            seen[rows, :size] = _attended(found[rows, :size])
        return seen.view(batch, length, width), None


def _attended(joined: Float[Tensor, "batch length 3 heads size"]) -> Float[Tensor, "batch length heads size"]:
    query, key, value = joined.permute(2, 0, 3, 1, 4)
    return functional.scaled_dot_product_attention(query, key, value).transpose(1, 2)


def _sizes(attention_mask: Tensor | None, batch: int, length: int) -> list[int]:
    """Positions of each row that are no padding, of which there is some on the right only; all without a mask."""
    if attention_mask is None:
        return [length] * batch
    keys = attention_mask[:, 0, 0]
    return [int(size) for size in (keys if keys.dtype == torch.bool else keys == 0).sum(-1)]


def is_fast(device: torch.device) -> bool:
    """Whether the device has instructions for sums of 8-bit products that torch makes use of."""
    if device.type != "cpu" or not hasattr(torch, "_int_mm"):
        return False
    able: Mapping[str, object] = getattr(torch.cpu, "get_capabilities", dict)()
    return any(able.get(name) for name in ("avx512_vnni", "avx_vnni", "amx_int8"))


def to_eight_bit(module: nn.Module) -> None:
    """Exchange every attention of BERT's and every other linear layer within `module`, in place."""
    _exchange(module, BertSelfAttention, EightBitAttention)
    _exchange(module, nn.Linear, EightBitLinear)


def _exchange(module: nn.Module, old: type[Old], new: Callable[[Old], nn.Module]) -> None:
    """What is exchanged already stays as it is."""
    for name, child in module.named_children():
        if isinstance(child, old):
            setattr(module, name, new(child))
        elif not isinstance(child, EightBitAttention):
            _exchange(child, old, new)
