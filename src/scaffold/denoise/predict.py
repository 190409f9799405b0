"""One model call for all rows: canvases in, and what it says about every open slot out."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import torch

from scaffold.denoise.canvas import Canvas, SoftTokens
from scaffold.denoise.draws import Draw
from scaffold.denoise.frame import Frame, soft_tokens, stack
from scaffold.denoise.guidance import guided, prompts
from scaffold.denoise.look import Look, Looks
from scaffold.denoise.memory.seam import Seat
from scaffold.denoise.nulls import null_bias
from scaffold.denoise.options import DenoiseOptions
from scaffold.denoise.predictor import BlendPredictor, MaskPredictor
from scaffold.denoise.shapes import Logits, Positions
from scaffold.denoise.slots import look
from scaffold.layout.decisions import SlotKey

MIN_LOG_PROB = -1e4
"""No token is impossible for a model: a constraint may leave only tokens that it gave no probability at all."""


@dataclass(frozen=True, eq=False, slots=True)
class Glimpse:
    """What one model call shows of one row."""

    looks: Looks
    probed: Mapping[tuple[Hashable, SlotKey], Look]
    memory: Any
    """What the memory keeps for the next call."""


def predict(
    frames: Sequence[Frame],
    own: tuple[Sequence[Any], Sequence[Draw]],
    predictor: MaskPredictor,
    options: DenoiseOptions,
) -> list[Glimpse]:
    """Call the model, and look at the slots of every frame; `own` are the rows' memories and random numbers."""
    memories, draws = own
    canvas, rows, columns, first = stack(frames, predictor.mask_id)
    soft = None
    if options.memory is not None and options.memory.softens:
        soft = soft_tokens(frames, [options.memory.blends(kept) for kept in memories], predictor.mask_id)
    if options.guidance > 0:
        size = len(canvas.tokens)
        twice = canvas.twice(prompts(frames, canvas), predictor.mask_id)
        both = _called(
            predictor, twice, None if soft is None else soft.twice(size),
            torch.cat([rows, rows + size]), torch.cat([columns, columns]),
        )  # fmt: skip
        with_prompt, without = _log_probs(both).split(len(rows))
        logits = guided(with_prompt, without, options.guidance)
    else:
        logits = _called(predictor, canvas, soft, rows, columns).float()
    log_probs = _log_probs(null_bias(logits, predictor.null_id, options.null_bias))
    kept: list[Any] = [None] * len(frames)
    if options.memory is not None:
        parts, kept = _remembered(frames, memories, log_probs, options, predictor.null_id)
        log_probs = _log_probs(torch.cat(parts))
    return _glimpses(frames, first, log_probs, options, (draws, kept))


def _log_probs(logits: Logits) -> Logits:
    return logits.float().log_softmax(-1).nan_to_num_(nan=MIN_LOG_PROB).clamp_(min=MIN_LOG_PROB)


def _called(
    predictor: MaskPredictor, canvas: Canvas, soft: SoftTokens | None, rows: Positions, columns: Positions
) -> Logits:
    if soft is None:
        return predictor(canvas, rows, columns)
    assert isinstance(predictor, BlendPredictor), "checked before the loop"
    return predictor.soften(canvas, soft, rows, columns)


def _remembered(
    frames: Sequence[Frame], memories: Sequence[Any], log_probs: Logits, options: DenoiseOptions, null_id: int
) -> tuple[list[Logits], list[Any]]:
    """Each frame's prediction with what is remembered of its row."""
    assert options.memory is not None
    parts, kept = [], []
    for f, memory, own in zip(frames, memories, log_probs.split([len(f.wanted) for f in frames]), strict=True):
        seats = [Seat(key, slot.first, slot.committed) for key, slot in zip(f.keys, f.asked, strict=False)]
        fused, left = options.memory.fuse(own, seats, memory, null_id)
        parts.append(fused)
        kept.append(left)
    return parts, kept


def _glimpses(
    frames: Sequence[Frame],
    first: Sequence[int],
    log_probs: Logits,
    options: DenoiseOptions,
    own: tuple[Sequence[Draw], Sequence[Any]],
) -> list[Glimpse]:
    """Look at all slots together where nothing is drawn, else those of a row with the row's own random numbers."""
    draws, memories = own
    asked = [
        [replace(slot, first=slot.first + start) for slot in f.asked] for f, start in zip(frames, first, strict=True)
    ]
    if options.is_drawn:
        looks = look(list(zip(asked, draws, strict=True)), log_probs, options)
    else:
        flat = iter(look([([slot for slots in asked for slot in slots], draws[0])], log_probs, options)[0])
        looks = [[next(flat) for _ in slots] for slots in asked]
    return [
        Glimpse(dict(zip(f.keys, found, strict=False)), dict(zip(f.probed, found[len(f.keys) :], strict=True)), memory)
        for f, found, memory in zip(frames, looks, memories, strict=True)
    ]
