"""The seam to a network: which tokens does it expect at the positions asked for?"""

from typing import Protocol, runtime_checkable

from scaffold.denoise.canvas import Canvas, SoftTokens
from scaffold.denoise.capabilities import Capabilities
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
        """Logits for the positions (`rows[i]`, `columns[i]`), aligned: row i predicts the token there.

        Canvas and positions are on the host, the logits wherever they were computed.
        """


@runtime_checkable
class BlendPredictor(MaskPredictor, Protocol):
    """A model that can be shown mixtures of tokens: soft masks need one."""

    def soften(self, canvas: Canvas, soft: SoftTokens, rows: Positions, columns: Positions) -> Logits:
        """As a call, with the mixtures of `soft` in place of the embeddings of its positions."""


@runtime_checkable
class PortionedPredictor(MaskPredictor, Protocol):
    """A model that is slower on many rows at once than on a few at a time, as on a CPU with small caches.

    It is called from several threads at the same time.
    """

    @property
    def portion(self) -> int:
        """Canvas tokens to show it at once, where rows can be parted; one row is shown whole."""


@runtime_checkable
class ExpandingPredictor(MaskPredictor, Protocol):
    """A model with a token by which it asks for one more position (DreamOn, arXiv:2602.01326)."""

    @property
    def expand_id(self) -> int:
        """Id of that token."""


@runtime_checkable
class FormPredictor(MaskPredictor, Protocol):
    """A model that knows what it can do, and whose prompt can show the empty form."""

    @property
    def capabilities(self) -> Capabilities:
        """What the engine reads and results report."""

    def prompt_with_form(self, text: str, form: str) -> tuple[tuple[int, ...], int, int]:
        """As `prompt`, with `form` behind the text."""
