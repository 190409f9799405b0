"""Shapes as types: the axes of every tensor that crosses a function border."""

from typing import TypeAlias

from jaxtyping import Bool, Float, Int
from torch import Tensor

Tokens: TypeAlias = Int[Tensor, "batch length"]
Mask: TypeAlias = Bool[Tensor, "batch length"]
Positions: TypeAlias = Int[Tensor, " wanted"]
Logits: TypeAlias = Float[Tensor, "wanted vocab"]
