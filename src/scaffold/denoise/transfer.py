"""Between host and device: what goes there and what comes back, each in one piece."""

from collections.abc import Sequence

import torch
from torch import Tensor

from scaffold.denoise.emissions import precise

HOST = torch.device("cpu")


def sent(tensors: Sequence[Tensor], device: torch.device) -> list[Tensor]:
    """Integers and truth values of the host, on the device, after one copy that nobody waits for."""
    if device.type == "cpu":
        return list(tensors)
    packed = carried(torch.cat([tensor.reshape(-1).long() for tensor in tensors]), device)
    parts = packed.split([tensor.numel() for tensor in tensors])
    return [part.reshape(was.shape).to(was.dtype) for part, was in zip(parts, tensors, strict=True)]


def carried(tensor: Tensor, device: torch.device) -> Tensor:
    """A tensor of the host, on the device; a GPU fetches it when it gets there."""
    if device.type != "cuda":
        return tensor.to(device)
    return tensor.pin_memory().to(device, non_blocking=True)


def received(tensors: Sequence[Tensor]) -> list[Tensor]:
    """What a step has computed, on the host: the one place where a step waits for the device.

    Everything travels as numbers of double precision (of single precision where a device has no other), which hold
    token ids and places exactly.
    """
    away = [tensor for tensor in tensors if tensor.device.type != "cpu"]
    if not away:
        return list(tensors)
    packed = torch.cat([precise(tensor.reshape(-1)) for tensor in away])
    parts = iter(packed.to(HOST).split([tensor.numel() for tensor in away]))
    return [
        tensor if tensor.device.type == "cpu" else next(parts).reshape(tensor.shape).to(tensor.dtype)
        for tensor in tensors
    ]
