"""Small weight files: matrices as 8-bit integers with one scale per row, the rest in half precision."""

from collections.abc import Mapping

import torch
from torch import Tensor

SCALE = ".scale"


def pack(state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Round every float matrix to 8 bits, symmetric per row; vectors become bfloat16; integers stay."""
    packed: dict[str, Tensor] = {}
    for name, tensor in state.items():
        if not tensor.is_floating_point():
            packed[name] = tensor.to(torch.int32).contiguous()
        elif tensor.ndim < 2:
            packed[name] = tensor.to(torch.bfloat16).contiguous()
        else:
            scale = tensor.abs().amax(-1, keepdim=True).clamp_min(1e-8) / 127
            packed[name] = (tensor / scale).round().to(torch.int8).contiguous()
            packed[name + SCALE] = scale.to(torch.float32).contiguous()
    return packed


def unpack(packed: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Back to 32-bit floats; a plain (never packed) state passes through."""
    state: dict[str, Tensor] = {}
    for name, tensor in packed.items():
        if name.endswith(SCALE):
            continue
        if name + SCALE in packed:
            state[name] = tensor.float() * packed[name + SCALE]
        else:
            state[name] = tensor.float() if tensor.is_floating_point() else tensor.long()
    return state
