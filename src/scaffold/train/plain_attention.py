"""Attention in 16 bits as two products and a softmax: what a CPU learns fastest with.

PyTorch's fused kernel for CPUs saves memory and is slow backward where heads are narrow: with it, a step of the
embedded default took 1.24 times as long.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor
from transformers import AttentionInterface, AttentionMaskInterface, PreTrainedModel

NAME = "scaffold_plain"
FAR = -1e4


@contextmanager
def plain_attention(module: PreTrainedModel, device: torch.device) -> Iterator[None]:
    """Let `module` attend by `attend` while the context lasts, if `device` is a CPU: others have better kernels."""
    before = module.config._attn_implementation
    if device.type == "cpu":
        AttentionInterface.register(NAME, attend)
        AttentionMaskInterface.register(NAME, spell_mask)
        module.config._attn_implementation = NAME
    try:
        yield
    finally:
        module.config._attn_implementation = before


def attend(
    module: Any,
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attention_mask: Tensor | None,
    scaling: float,
    **options: Any,
) -> tuple[Tensor, None]:
    """What each query reads, without dropout; see transformers' `AttentionInterface`."""
    del module, options
    scores = (query * scaling) @ key.transpose(2, 3)
    if attention_mask is not None:
        scores += attention_mask.to(scores.dtype)
    with torch.autocast(query.device.type, enabled=False):
        shares = scores.softmax(-1)
    return (shares @ value).transpose(1, 2).contiguous(), None


def spell_mask(
    *, attention_mask: Tensor | None = None, dtype: torch.dtype = torch.float32, **rest: Any
) -> Tensor | None:
    """0 for keys to read and far below it for padding, one row for all queries; None where there is no padding."""
    del rest
    if attention_mask is None or bool(attention_mask.all()):
        return None
    return torch.zeros(attention_mask.shape, dtype=dtype).masked_fill(~attention_mask.bool(), FAR)[:, None, None]
