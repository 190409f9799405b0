"""The adapter of all models that fill masks: any topology, shifted or not."""

from dataclasses import dataclass

import torch

from scaffold.denoise.canvas import Canvas
from scaffold.denoise.capabilities import Capabilities, PrefixCache
from scaffold.denoise.shapes import Logits, Positions
from scaffold.denoise.transfer import HOST
from scaffold.errors import ModelError
from scaffold.models.chat import Framing
from scaffold.models.engine import Engine
from scaffold.models.hub_tokenizer import HubTokenizer
from scaffold.models.nulls import NullReader
from scaffold.models.reuse import Line
from scaffold.models.special_ids import SpecialIds
from scaffold.models.topology import Causal, Topology
from scaffold.tokenizer import Tokenizer

HEAD_ROWS = 4096
"""Positions whose logits are computed at once."""


@dataclass(frozen=True, slots=True)
class Traits:
    """What tells one model from another, besides weights and words."""

    family: str
    topology: Topology
    is_shifted: bool
    max_length: int


@dataclass(frozen=True, eq=False)
class MaskedModel:
    """A network with the words around it; see `MaskPredictor`."""

    engine: Engine
    tokenizer: Tokenizer
    ids: SpecialIds
    traits: Traits
    framing: Framing | None
    """None where prompts are put together elsewhere."""
    nulls: NullReader

    @property
    def device(self) -> torch.device:
        """Where the network is."""
        return self.engine.device

    @property
    def mask_id(self) -> int:
        """See `MaskPredictor`."""
        return self.ids.mask

    @property
    def null_id(self) -> int:
        """See `MaskPredictor`."""
        return self.ids.nulls[0]

    @property
    def max_length(self) -> int:
        """See `MaskPredictor`."""
        return self.traits.max_length

    @property
    def capabilities(self) -> Capabilities:
        """What results report about the model."""
        cache: PrefixCache = "approximate" if self.engine.reuse in {"prompt", "slots"} else "none"
        return Capabilities(
            self.traits.family,
            self.traits.topology.sees_later,
            isinstance(self.traits.topology, Causal),
            "exact" if self.engine.reuse == "exact" else cache,
            self.ids.null_source,
            self.nulls.is_calibrated,
        )

    def prompt(self, text: str) -> tuple[tuple[int, ...], int, int]:
        """See `MaskPredictor`."""
        return self.prompt_with_form(text, "")

    def prompt_with_form(self, text: str, form: str) -> tuple[tuple[int, ...], int, int]:
        """The same, with the empty form shown behind the text: for models that do not see what is behind a slot."""
        assert self.framing is not None, "prompts are put together elsewhere"
        assert isinstance(self.tokenizer, HubTokenizer), "framings hold special tokens"
        return self.framing.ids(text, form, self.tokenizer)

    @torch.inference_mode()
    def __call__(self, canvas: Canvas, rows: Positions, columns: Positions) -> Logits:
        """See `MaskPredictor`; ids without text are impossible, but for the null.

        Raises:
            ModelError: a slot stands where a shifted model predicts nothing.
        """
        return self.nulls(self.raw(canvas, rows, columns), canvas, rows, columns)

    def raw(self, canvas: Canvas, rows: Positions, columns: Positions) -> Logits:
        """What the network says, special tokens and all."""
        canvas, at_rows = canvas.to(HOST), rows.to(HOST)
        places = (canvas.attend.long().cumsum(1) - 1).clamp_min(0)
        at = places[at_rows, columns.to(HOST)] - int(self.traits.is_shifted)
        if bool((at < 0).any()):
            raise ModelError((), "a slot at the first position: this model predicts a token from the one before it")
        lines = self._lines(canvas, places, at_rows, at)
        hidden = self.engine(lines, at_rows, at)
        return torch.cat([self.engine.network.logits(part).float() for part in hidden.split(HEAD_ROWS)])

    def _lines(self, canvas: Canvas, places: torch.Tensor, rows: Positions, at: Positions) -> list[Line]:
        """Rows without padding."""
        tokens, offset, masked, attend = canvas.tokens, canvas.offset, canvas.masked, canvas.attend
        start = places.masked_fill(~((offset >= 0) & attend), places.shape[1]).amin(1)
        opened = places.masked_fill(~(masked & attend), places.shape[1]).amin(1)
        stages = self.traits.topology(places, start, opened)
        lines = []
        for row, kept in enumerate(attend):
            wanted = torch.zeros(int(kept.sum()), dtype=torch.bool)
            wanted[at[rows == row]] = True
            lines.append(Line(tokens[row][kept], offset[row][kept], masked[row][kept], stages[row][kept], wanted))
        return lines
