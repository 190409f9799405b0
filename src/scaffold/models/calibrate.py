"""The weight of null, measured on prompts nobody has labelled: a slot for what no text can say has to stay empty."""

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch

from scaffold.denoise.canvas import Canvas
from scaffold.errors import ModelError
from scaffold.models.masked_model import MaskedModel
from scaffold.models.nulls import CALIBRATION
from scaffold.models.wrapping_model import WrappingModel

_SIZE = 8
_KEYS = ("name", "title", "city", "date", "amount", "status", "reference", "address")
"""Members that texts of all kinds may have; what follows is asked of a text and of one that cannot answer."""


@dataclass(frozen=True, slots=True)
class NullCalibration:
    """What was measured, and the weight that follows from it."""

    weight: float
    """Added to the logit of null."""
    empty: float
    """Mean log odds of null at the first position of a slot, where there is no text to fill it from."""
    asked: float
    """The same where there is a text."""
    slots: int


def calibrate_null(model: object, prompts: Iterable[str]) -> NullCalibration:
    """Set null against content halfway between slots that nothing can fill and slots that a text may fill.

    Each prompt is shown twice, once with its words blotted out (a content-free input: Zhao et al., arXiv:2102.09690).
    No labels are used, so the weight is a start, not an optimum: it removes a model's habit, not its errors.

    Raises:
        ModelError: the model reads no null from elsewhere, or there are no prompts.
    """
    inner = model.inner if isinstance(model, WrappingModel) else model
    if not isinstance(inner, MaskedModel):
        raise ModelError((), f"{type(model).__name__} has a null of its own", "only models of the hub are calibrated")
    texts = [text for text in prompts if text.strip()]
    if not texts:
        raise ModelError((), "there are no prompts", "give texts like those that will be filled from")
    asked = [odds for text in texts for odds in _odds(inner, text)]
    empty = [odds for text in texts for odds in _odds(inner, _blotted(text))]
    means = sum(empty) / len(empty), sum(asked) / len(asked)
    return NullCalibration(-(means[0] + means[1]) / 2, *means, len(asked))


def save_calibration(folder: Path, model: object, found: NullCalibration) -> Path:
    """Store the weight beside the model, for the null ids that it was measured for."""
    inner = model.inner if isinstance(model, WrappingModel) else model
    assert isinstance(inner, MaskedModel), "only such are calibrated"
    target = folder / CALIBRATION
    stored = {"weight": found.weight, "nulls": list(inner.ids.nulls), "slots": found.slots}
    target.write_text(json.dumps(stored, indent=2) + "\n", "utf-8")
    return target


def _blotted(text: str) -> str:
    """The same shape without anything to say."""
    return "".join("_" if character.isalnum() else character for character in text)


def _odds(model: MaskedModel, text: str) -> list[float]:
    """Log odds of null against all content at the first position of a slot, one per member."""
    prompt = model.prompt(text)[0]
    found = []
    for key in _KEYS:
        before, after = model.tokenizer.encode(f'{{"{key}":"'), model.tokenizer.encode('"}')
        if len(prompt) + len(before) + _SIZE + len(after) > model.max_length:
            raise ModelError((), f"a prompt of {len(prompt)} tokens does not fit the model", "use shorter prompts")
        logits = _first(model, [*prompt, *before], after)
        null = float(logits[model.null_id]) - model.nulls.weight
        logits[model.null_id] = -math.inf
        found.append(null - float(logits.logsumexp(-1)))
    return found


def _first(model: MaskedModel, before: Sequence[int], after: Sequence[int]) -> torch.Tensor:
    """Logits of the first position of an open slot between two texts."""
    ids = [*before, *[model.mask_id] * _SIZE, *after]
    tokens = torch.tensor([ids])
    offset = torch.full_like(tokens, -1)
    offset[0, len(before) : len(before) + _SIZE] = torch.arange(_SIZE)
    masked = offset >= 0
    canvas = Canvas(tokens, masked, torch.ones_like(masked), offset, ~masked)
    at = torch.tensor([0]), torch.tensor([len(before)])
    return model(canvas, *at)[0].clone()
