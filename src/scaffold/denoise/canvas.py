"""The canvas: prompts and templates of a batch, as the model sees them."""

from dataclasses import dataclass, replace

from scaffold.denoise.shapes import Mask, Tokens


@dataclass(frozen=True, eq=False)
class Canvas:
    """Prompt and template tokens of a batch of rows, padded on the right.

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
