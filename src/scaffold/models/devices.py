"""The device and the precision that a model is loaded to."""

import sys
from functools import cache

import torch

from scaffold.errors import ModelError


def device_of(name: str | None) -> torch.device:
    """The device asked for, or the best there is; which one that is, is said once.

    Raises:
        ModelError: there is no such device, or torch was built without it.
    """
    if name is None:
        return best_device()
    try:
        device = torch.device(name)
        torch.empty(0, device=device)
    except (RuntimeError, AssertionError, NotImplementedError, TypeError) as error:
        why, _, _ = str(error).partition("\n")
        hint = "use cpu, cuda or mps, or leave it out"
        raise ModelError((), f"the device {name!r} cannot be used: {why}", hint) from error
    return device


@cache
def best_device() -> torch.device:
    """The fastest device there is, announced."""
    there = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available(), "cpu": True}
    found = next(name for name, is_there in there.items() if is_there)
    print(f"scaffold: running on {found}", file=sys.stderr)
    return torch.device(found)


def precision_for(device: torch.device) -> torch.dtype:
    """Bfloat16 where the device computes in it at full speed, else 32 bits."""
    is_fast = device.type == "cuda" and torch.cuda.is_bf16_supported()
    return torch.bfloat16 if is_fast else torch.float32
