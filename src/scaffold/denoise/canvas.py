"""The canvas: prompts and templates of a batch, as the model sees them."""

from dataclasses import dataclass, replace

import torch
from jaxtyping import Float, Int
from torch import Tensor

from scaffold.denoise.shapes import Mask, Positions, Tokens
from scaffold.denoise.transfer import carried, sent


@dataclass(frozen=True, eq=False)
class Canvas:
    """Prompt and template tokens of a batch of rows, padded on the right; on the host, where decisions are taken.

    A predictor carries to its device what it needs of it.
    `masked` is carried, never recomputed as `tokens == mask_id`: a prompt may quote the mask token.
    """

    tokens: Tokens
    masked: Mask
    """Positions that are open now."""
    attend: Mask
    """False on padding only."""
    offset: Tokens
    """Index of a position inside its slot, from 0; -1 at fixed positions, prompt and padding."""
    source: Mask
    """Positions that a copying model may point at: the prompt, and hints beside keys."""

    def commit(self, chosen: Mask, tokens: Tokens) -> "Canvas":
        """Write `tokens` where `chosen`, for good; `chosen` must be open."""
        assert not (chosen & ~self.masked).any(), "a commit outside the open positions"
        return replace(self, tokens=tokens.where(chosen, self.tokens), masked=self.masked & ~chosen)

    def to(self, device: torch.device) -> "Canvas":
        """The same on a device."""
        parts = (self.tokens, self.masked, self.attend, self.offset, self.source)
        return self if self.tokens.device == device else Canvas(*sent(parts, device))

    def twice(self, blank: Mask, mask_id: int) -> "Canvas":
        """The rows, then the rows again with `mask_id` where `blank`."""
        without = self.tokens.masked_fill(blank, mask_id)
        same = (torch.cat([x, x]) for x in (self.masked, self.attend, self.offset, self.source))
        return Canvas(torch.cat([self.tokens, without]), *same)


@dataclass(frozen=True, eq=False)
class SoftTokens:
    """Mixtures of tokens that some open positions show instead of the mask; each one's weights add up to 1."""

    rows: Positions
    columns: Positions
    tokens: Int[Tensor, "softened mixed"]
    weights: Float[Tensor, "softened mixed"]

    def to(self, device: torch.device) -> "SoftTokens":
        """The same on a device."""
        parts = (self.rows, self.columns, self.tokens, self.weights)
        return SoftTokens(*(carried(part, device) for part in parts))

    def twice(self, rows: int) -> "SoftTokens":
        """The same for the rows of a canvas and for their copies, `rows` further down."""
        return SoftTokens(
            torch.cat([self.rows, self.rows + rows]),
            torch.cat([self.columns, self.columns]),
            torch.cat([self.tokens, self.tokens]),
            torch.cat([self.weights, self.weights]),
        )
