"""Linear layers that multiply 8-bit integers: several times as fast as 32-bit floats on CPUs made for it.

Weights have one scale per output, activations one scale per position, found anew in each call (as in LLM.int8(),
arXiv:2208.07339, without its outlier columns). Sums of products are exact integers, so what stands beside a position
in a batch does not change its result.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

LEAST = 1e-8
"""Of a scale: what is all zero stays zero."""
MOST = 127


@dataclass(frozen=True, eq=False, slots=True)
class EightBitMatrix:
    """A matrix of weights rounded to 8 bits."""

    rounded: Int[Tensor, "width out"]
    scale: Float[Tensor, "1 out"]

    @classmethod
    def of(cls, weight: Float[Tensor, "out width"]) -> "EightBitMatrix":
        """Round each row by its own scale."""
        scale = weight.abs().amax(-1, keepdim=True).clamp_min(LEAST) / MOST
        return cls((weight / scale).round().to(torch.int8).t().contiguous(), scale.t().contiguous())

    def product(self, states: Float[Tensor, "positions width"]) -> Float[Tensor, "positions out"]:
        """Round the states too, multiply, and bring back to scale."""
        steps = states.abs().amax(-1, keepdim=True).clamp_min_(LEAST).div_(MOST)
        sums = torch._int_mm((states / steps).round_().to(torch.int8), self.rounded)
        return sums.to(states.dtype).mul_(steps).mul_(self.scale)


class EightBitLinear(nn.Linear):
    """As `linear`, in 8 bits; cannot be trained.

    The weights stay as they are beside the rounded ones, so that what is saved or fingerprinted does not change.
    """

    def __init__(self, linear: nn.Linear) -> None:
        super().__init__(linear.in_features, linear.out_features, linear.bias is not None, device="meta")
        self.weight, self.bias = linear.weight, linear.bias
        self.matrix = EightBitMatrix.of(linear.weight.detach())

    def forward(self, input: Float[Tensor, "*batch width"]) -> Float[Tensor, "*batch out"]:
        """See `EightBitMatrix.product`."""
        found = self.matrix.product(input.reshape(-1, self.in_features))
        if self.bias is not None:
            found.add_(self.bias)
        return found.view(*input.shape[:-1], self.out_features)


def is_fast(device: torch.device) -> bool:
    """Whether the device has instructions for sums of 8-bit products that torch makes use of."""
    if device.type != "cpu" or not hasattr(torch, "_int_mm"):
        return False
    able: Mapping[str, object] = getattr(torch.cpu, "get_capabilities", dict)()
    return any(able.get(name) for name in ("avx512_vnni", "avx_vnni", "amx_int8"))


def to_eight_bit(module: nn.Module) -> None:
    """Exchange every linear layer within `module`, in place."""
    for parent, name, linear in list(_linears(module)):
        setattr(parent, name, EightBitLinear(linear))


def _linears(module: nn.Module) -> Iterator[tuple[nn.Module, str, nn.Linear]]:
    for parent in module.modules():
        for name, child in parent.named_children():
            if isinstance(child, nn.Linear):
                yield parent, name, child
