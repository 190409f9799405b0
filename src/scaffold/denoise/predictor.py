"""The seam to a network: which tokens does it expect at the positions asked for?"""

from typing import Protocol, runtime_checkable

from scaffold.denoise.canvas import Canvas
from scaffold.denoise.shapes import Logits, Positions
from scaffold.tokenizer import Tokenizer


@runtime_checkable
class MaskPredictor(Protocol):
    """A model that predicts every position of a canvas at once.

    Adapters own every quirk of a model: shifted logits, attention layout, chat template, maximum length.
    """

    @property
    def tokenizer(self) -> Tokenizer:
        """Splits prompts, fixed texts and slot texts."""

    @property
    def mask_id(self) -> int:
        """Id that stands at open positions."""

    @property
    def null_id(self) -> int:
        """Id that means "no more content here"."""

    @property
    def max_length(self) -> int:
        """Longest canvas, in tokens, that the model can read."""

    def prompt(self, text: str) -> tuple[tuple[int, ...], int, int]:
        """Ids that stand before the template, and the span (start, stop) of them that spells `text`."""

    def __call__(self, canvas: Canvas, rows: Positions, columns: Positions) -> Logits:
        """Logits for the positions (`rows[i]`, `columns[i]`), aligned: row i predicts the token there."""
