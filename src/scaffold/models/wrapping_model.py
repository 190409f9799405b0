"""What an adapter around another adapter answers like it."""

from abc import ABC, abstractmethod
from dataclasses import dataclass

import torch

from scaffold.denoise.canvas import Canvas
from scaffold.denoise.capabilities import Capabilities
from scaffold.denoise.shapes import Logits, Positions
from scaffold.models.masked_model import MaskedModel
from scaffold.tokenizer import Tokenizer


@dataclass(frozen=True, eq=False)
class WrappingModel(ABC):
    """Everything but the call itself is that of `inner`; see `MaskPredictor`."""

    inner: MaskedModel

    @property
    def tokenizer(self) -> Tokenizer:
        """See `MaskPredictor`."""
        return self.inner.tokenizer

    @property
    def device(self) -> torch.device:
        """Where the network is."""
        return self.inner.device

    @property
    def mask_id(self) -> int:
        """See `MaskPredictor`."""
        return self.inner.mask_id

    @property
    def null_id(self) -> int:
        """See `MaskPredictor`."""
        return self.inner.null_id

    @property
    def max_length(self) -> int:
        """See `MaskPredictor`."""
        return self.inner.max_length

    @property
    def capabilities(self) -> Capabilities:
        """See `FormPredictor`."""
        return self.inner.capabilities

    def prompt(self, text: str) -> tuple[tuple[int, ...], int, int]:
        """See `MaskPredictor`."""
        return self.inner.prompt(text)

    def prompt_with_form(self, text: str, form: str) -> tuple[tuple[int, ...], int, int]:
        """See `FormPredictor`."""
        return self.inner.prompt_with_form(text, form)

    @abstractmethod
    def __call__(self, canvas: Canvas, rows: Positions, columns: Positions) -> Logits:
        """See `MaskPredictor`."""
