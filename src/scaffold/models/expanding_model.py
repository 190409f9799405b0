"""A model with a token by which it asks for one more position: DreamOn (arXiv:2602.01326), LLaDA2.2."""

from dataclasses import dataclass

import torch

from scaffold.denoise.canvas import Canvas
from scaffold.denoise.shapes import Logits, Positions
from scaffold.models.wrapping_model import WrappingModel


@dataclass(frozen=True, eq=False)
class ExpandingModel(WrappingModel):
    """Also says how much it wants to expand; see `ExpandingPredictor`."""

    @property
    def expand_id(self) -> int:
        """See `ExpandingPredictor`."""
        assert self.inner.ids.expand is not None, "made for models that have the token"
        return self.inner.ids.expand

    @torch.inference_mode()
    def __call__(self, canvas: Canvas, rows: Positions, columns: Positions) -> Logits:
        """See `MaskPredictor`; the expand token keeps what the model says of it."""
        said = self.inner.raw(canvas, rows, columns)
        found = self.inner.nulls(said, canvas, rows, columns)
        found[:, self.expand_id] = said[:, self.expand_id]
        return found
