"""One null out of many signs that a model has nothing more to say: end of text, padding, tokens that close a slot."""

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from scaffold.denoise.canvas import Canvas
from scaffold.denoise.shapes import Logits, Positions
from scaffold.denoise.transfer import HOST, carried, sent
from scaffold.models.checkpoint import read_json
from scaffold.models.special_ids import SpecialIds

IMPOSSIBLE = -1e4
_CLOSERS = ('"', ",}]")
"""First characters of the texts that stand behind a slot, by what else the model may write there."""


@dataclass(frozen=True)
class NullReader:
    """Reads the null from the logits of a model.

    The probability of the null is that of all null ids and of all tokens that close the slot; ids without text
    are impossible otherwise. `weight` is added to its logit.
    """

    token_bytes: tuple[bytes, ...] = field(repr=False)
    ids: SpecialIds
    weight: float = 0.0
    is_calibrated: bool = False
    reads_closers: bool = True

    @cached_property
    def _closing(self) -> Bool[Tensor, "kinds vocab"]:
        """Kind 0: nulls alone; then nulls and what closes a slot before text that begins like kind k."""
        rows = [[False] * len(self.token_bytes)]
        rows += [
            [piece[:1].decode("latin-1") in closer and bool(piece) for piece in self.token_bytes] for closer in _CLOSERS
        ]
        closing = torch.tensor(rows)
        closing[:, list(self.ids.nulls)] = True
        return closing

    @cached_property
    def _kind(self) -> Int[Tensor, " vocab"]:
        """The kind of closing before a fixed token."""
        kinds = [_kind_of(piece) if self.reads_closers else 0 for piece in self.token_bytes]
        return torch.tensor(kinds)

    @cached_property
    def _is_text(self) -> Bool[Tensor, " vocab"]:
        return torch.tensor([bool(piece) for piece in self.token_bytes])

    @cached_property
    def _moved(self) -> dict[torch.device, tuple[Tensor, Tensor]]:
        return {}

    def _tables(self, device: torch.device) -> tuple[Tensor, Tensor]:
        """What never changes, carried to a device once."""
        if device not in self._moved:
            self._moved[device] = (carried(self._closing, device), carried(self._is_text, device))
        return self._moved[device]

    def __call__(
        self, logits: Logits, canvas: Canvas, rows: Positions, columns: Positions
    ) -> Float[Tensor, "wanted known"]:
        """Logits over tokens with text and the null; everything else is impossible."""
        closing_by_kind, is_text = self._tables(logits.device)
        following = _next_fixed(canvas.to(HOST), rows.to(HOST), columns.to(HOST))
        (kind,) = sent([self._kind[following]], logits.device)
        size = min(logits.shape[1], len(self.token_bytes))
        logits = logits[:, :size]
        closing = closing_by_kind[kind][:, :size]
        null = logits.masked_fill(~closing, -torch.inf).logsumexp(-1) + self.weight
        found = logits.masked_fill(~is_text[:size], IMPOSSIBLE)
        found[:, self.ids.nulls[0]] = null
        return found


def _kind_of(piece: bytes) -> int:
    first = piece[:1].decode("latin-1")
    return next((kind for kind, closer in enumerate(_CLOSERS, 1) if first and first in closer), 0)


def _next_fixed(canvas: Canvas, rows: Positions, columns: Positions) -> Int[Tensor, " wanted"]:
    """The first fixed token behind each position; the token itself where there is none."""
    length = canvas.tokens.shape[1]
    places = torch.arange(length)
    is_fixed = (canvas.offset < 0) & canvas.attend
    fixed = places.expand(is_fixed.shape).masked_fill(~is_fixed, length - 1)
    following = fixed.flip(1).cummin(1).values.flip(1)
    return canvas.tokens[rows, following[rows, columns]]


CALIBRATION = "scaffold_null.json"


def null_reader(folder: Path, token_bytes: tuple[bytes, ...], ids: SpecialIds) -> NullReader:
    """With the weight that a calibration left beside the model, if there is one for the same null ids."""
    found = read_json(folder / CALIBRATION)
    if list(found.get("nulls", ())) != list(ids.nulls):
        return NullReader(token_bytes, ids)
    return NullReader(token_bytes, ids, float(found["weight"]), is_calibrated=True)
