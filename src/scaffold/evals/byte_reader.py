"""A small transformer over bytes, which reads from left to right or sees both sides."""

from typing import TypeAlias

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn
from torch.nn import functional

SPECIAL = 256
"""The one id that is no byte: it stands before the text in one arm, and for what is masked in the other."""
HEAD = 16
"""Size of an attention head."""
Bytes: TypeAlias = Int[Tensor, "batch length"]
States: TypeAlias = Float[Tensor, "batch length width"]
Turns: TypeAlias = tuple[Float[Tensor, "length half"], Float[Tensor, "length half"]]
"""Cosine and sine of the angle of each place and pair of features."""


class Layer(nn.Module):
    """Attention and a feed-forward part, normalised before; places are rotations (RoFormer, arXiv:2104.09864)."""

    def __init__(self, width: int, dropout: float) -> None:
        super().__init__()
        self.heads = width // HEAD
        self.norms = nn.ModuleList(nn.LayerNorm(width) for _ in range(2))
        self.project, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.feed = nn.Sequential(nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width))
        self.dropout = nn.Dropout(dropout)

    def forward(self, hidden: States, turns: Turns, *, is_causal: bool) -> States:
        """Hidden states after this layer."""
        batch, length, width = hidden.shape
        parts = self.project(self.norms[0](hidden)).view(batch, length, 3, self.heads, HEAD).permute(2, 0, 3, 1, 4)
        seen = functional.scaled_dot_product_attention(
            _turned(parts[0], turns), _turned(parts[1], turns), parts[2], is_causal=is_causal
        )
        hidden = hidden + self.dropout(self.out(seen.transpose(1, 2).reshape(batch, length, width)))
        return hidden + self.dropout(self.feed(self.norms[1](hidden)))


def _turned(parts: Float[Tensor, "batch heads length size"], turns: Turns) -> Float[Tensor, "batch heads length size"]:
    """Each pair of features turned by an angle that grows with its place."""
    first, second = parts.chunk(2, dim=-1)
    cosine, sine = turns
    return torch.cat((first * cosine - second * sine, first * sine + second * cosine), dim=-1)


class Reader(nn.Module):
    """A small transformer over bytes, the same for both arms but for what each position sees."""

    def __init__(self, width: int, layers: int, length: int, dropout: float) -> None:
        super().__init__()
        self.words = nn.Embedding(SPECIAL + 1, width)
        self.layers = nn.ModuleList(Layer(width, dropout) for _ in range(layers))
        self.norm, self.dropout = nn.LayerNorm(width), nn.Dropout(dropout)
        self.bias = nn.Parameter(torch.zeros(SPECIAL))
        nn.init.normal_(self.words.weight, std=0.05)
        angles = torch.arange(length)[:, None] * 100.0 ** -(torch.arange(HEAD // 2) / (HEAD // 2))
        self.turns: Tensor
        self.register_buffer("turns", torch.stack((angles.cos(), angles.sin())))

    def forward(self, tokens: Bytes, *, is_causal: bool) -> Float[Tensor, "batch length bytes"]:
        """Log-probabilities of the byte at each position (of the next one, where it reads from left to right)."""
        hidden = self.dropout(self.words(tokens))
        turns = self.turns[:, : tokens.shape[1]].unbind(0)
        for layer in self.layers:
            hidden = layer(hidden, turns, is_causal=is_causal)
        return functional.linear(self.norm(hidden), self.words.weight[:SPECIAL], self.bias).log_softmax(-1)
