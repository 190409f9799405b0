"""The denoise loop: predict, look, decide structure, grow, commit, until nothing is open."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import torch

from scaffold.denoise.draws import Draw
from scaffold.denoise.frame import Frame, frame, stack
from scaffold.denoise.guesses import Call
from scaffold.denoise.nulls import null_bias
from scaffold.denoise.options import DenoiseOptions
from scaffold.denoise.plans import commit, plan
from scaffold.denoise.predictor import MaskPredictor
from scaffold.denoise.row import Row, free_spans, with_decisions
from scaffold.denoise.slots import Look, look
from scaffold.denoise.structure import Looks, Seen, decide
from scaffold.denoise.wholeness import held_whole
from scaffold.errors import DenoiseError, ScaffoldError
from scaffold.layout.decisions import SlotKey
from scaffold.layout.spans import SlotSpan

OnCall = Callable[[int, Call], None]
"""Told of each row that took part in a model call: its place, and what the call did to it."""
MIN_LOG_PROB = -1e4
"""No token is impossible for a model: a constraint may leave only tokens that it gave no probability at all."""


@dataclass(frozen=True, eq=False, slots=True)
class Finished:
    """A row whose slots are all written, or why it could not be filled; and the model calls it took part in."""

    row: Row
    error: ScaffoldError | None
    model_calls: int


def denoise(
    rows: Sequence[Row], predictor: MaskPredictor, options: DenoiseOptions, device: torch.device, on_call: OnCall
) -> list[Finished]:
    """Fill all rows together; what becomes of one does not depend on the others."""
    states = [Finished(row, None, 0) for row in rows]
    draws = [_draw(options) for _ in rows]
    step = 0
    while active := [i for i, state in enumerate(states) if state.error is None and not state.row.is_done]:
        frames = [frame(states[i].row) for i in active]
        looks = _predict(frames, predictor, options, device, [draws[i] for i in active])
        for index, seen_frame, found in zip(active, frames, looks, strict=True):
            before = states[index]
            states[index] = _advanced(before, seen_frame, found, options, step)
            on_call(index, Call(before.row, states[index].row, Seen(found, seen_frame.scored)))
        step += 1
    return states


def _draw(options: DenoiseOptions) -> Draw:
    """Each row draws from a generator of its own, so that a batch does not change it."""
    return Draw(options.temperature, torch.Generator().manual_seed(options.seed))


def _predict(
    frames: list[Frame], predictor: MaskPredictor, options: DenoiseOptions, device: torch.device, draws: list[Draw]
) -> list[Looks]:
    """One model call for all open positions of all rows, and what it says about every open slot."""
    canvas, rows, columns, first = stack(frames, predictor.mask_id, device)
    logits = null_bias(predictor(canvas, rows, columns).float(), predictor.null_id, options.null_bias)
    log_probs = logits.log_softmax(-1).nan_to_num(nan=MIN_LOG_PROB).clamp(min=MIN_LOG_PROB)
    asked = [
        [replace(slot, first=slot.first + start) for slot in f.asked] for f, start in zip(frames, first, strict=True)
    ]
    if options.temperature == 0 and options.base_score != "random":
        flat = iter(look([slot for slots in asked for slot in slots], log_probs, options, draws[0]))
        return [{key: next(flat) for key in f.keys} for f in frames]
    return [
        dict(zip(f.keys, look(slots, log_probs, options, draw), strict=True))
        for f, slots, draw in zip(frames, asked, draws, strict=True)
    ]


def _advanced(state: Finished, seen_frame: Frame, looks: Looks, options: DenoiseOptions, step: int) -> Finished:
    calls = state.model_calls + 1
    is_closing = step + 1 >= options.max_steps
    try:
        row = state.row
        seen = Seen(looks, seen_frame.scored, options.certainty, is_closing)
        after = _step(row, seen, options, step)
        if after is row:
            after = _step(row, replace(seen, certainty=0.0), options, step)
        if after is row:
            raise DenoiseError((), "a model call changed nothing", "this is a bug: please report it")
        return Finished(after, None, calls)
    except ScaffoldError as error:
        return Finished(state.row, error, calls)


def _step(row: Row, seen: Seen, options: DenoiseOptions, step: int) -> Row:
    """Decide, grow and commit what one model call allows; the same object where that is nothing."""
    row = decide(row, seen)
    row, grown = _grown(row, seen, options)
    spans = [s for s in free_spans(row) if s.key in seen.looks and s.key not in grown and row.is_open(s)]
    plans = [plan(row, span, seen.looks[span.key]) for span in spans]
    if not plans:
        return row
    after = commit(row, plans, options, step, is_closing=seen.is_closing)
    return held_whole(row, after, options.max_slot, is_closing=seen.is_closing)


def _grown(row: Row, seen: Seen, options: DenoiseOptions) -> tuple[Row, frozenset[SlotKey]]:
    """Give more room to the slots whose text does not seem to end, and name them: they wait for the next call."""
    grown: set[SlotKey] = set()
    for span in free_spans(row):
        found = seen.looks.get(span.key)
        if found is None or not row.is_open(span) or not _is_tight(row, span, found):
            continue
        size = 0 if seen.is_closing else _next_size(row, span, options.max_slot)
        laid = with_decisions(row, row.decisions.with_size(span.key, size)) if size else None
        if laid is not None:
            row = laid
            grown.add(span.key)
    return row, frozenset(grown)


def _is_tight(row: Row, span: SlotSpan, found: Look) -> bool:
    """Whether the proposed text reaches the last two positions, and a longer one would be legal."""
    is_filled = found.null_share <= 0.5 and row.request.null_id not in found.path[-2:]
    most = row.request.automaton(row.slot(span)).max_tokens
    return is_filled and (most is None or most > span.size)


def _next_size(row: Row, span: SlotSpan, most: int) -> int:
    """Twice the size as far as it may be, and the window has room; 0 where it may not grow."""
    limit = row.request.automaton(row.slot(span)).max_tokens
    room = row.request.max_length - len(row.request.prompt) - len(row.template.token_ids)
    size = min(2 * span.size, span.size + room, most, most if limit is None else limit)
    return size if size > span.size else 0
