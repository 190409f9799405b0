"""What may be written into the open slots of a row at one step, and writing it."""

from collections import defaultdict
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from math import exp, log

import torch

from scaffold.denoise.commits import Open, Threshold
from scaffold.denoise.draws import Draw, shuffled
from scaffold.denoise.history import History
from scaffold.denoise.look import Look
from scaffold.denoise.nulls import close_suffix
from scaffold.denoise.options import DenoiseOptions
from scaffold.denoise.row import OPEN, Row
from scaffold.denoise.scores import Weighing, of_whole
from scaffold.denoise.verdicts import shown
from scaffold.errors import DecodeError, pointer
from scaffold.layout.reading import Reading
from scaffold.layout.spans import SlotSpan


@dataclass(frozen=True, eq=False, slots=True)
class Chance:
    """What a commit knows besides the plans: the row's random numbers, and how its beliefs moved."""

    draw: Draw
    history: History


LEAST = 1e-300
EVERYTHING = Threshold(0.0)


@dataclass(frozen=True, slots=True)
class Plan:
    """What a slot would come to; a quotation, and null, are one decision about all of its positions."""

    span: SlotSpan
    tokens: tuple[int, ...]
    places: tuple[int, ...]
    """Offsets that can be committed on their own."""
    confidence: tuple[float, ...]
    entropy: tuple[float, ...]
    scores: tuple[float, ...]
    log_chance: float
    """Of all open tokens at once."""
    reading: Reading | None = None
    is_single: bool = False
    """All positions are one decision, taken at the first place."""


def plan(row: Row, span: SlotSpan, found: Look) -> Plan:
    """Weigh content against null where the slot has to say something, and propose the better one.

    Raises:
        DecodeError: the caller wants no invented value, or nothing legal is left.
    """
    share = found.null_share
    if _is_null(row, span, found):
        sure = max(share, LEAST) if found.is_empty_legal else 1.0
        nulls = (row.request.null_id,) * span.size
        return Plan(span, nulls, (0,), (sure,), (0.0,), (sure,), log(sure), is_single=True)
    content = log(max(1 - share, LEAST))
    if found.reading is not None:
        chance = found.log_chance + content
        return Plan(
            span, found.path, (0,), (exp(chance),), (0.0,), (exp(chance),), chance, found.reading, is_single=True
        )
    places = tuple(offset for offset, token in enumerate(row.tokens(span)) if token == OPEN)
    return Plan(
        span,
        found.path,
        places,
        tuple(found.confidence[k] for k in places),
        tuple(found.entropy[k] for k in places),
        tuple(found.scores[k] for k in places),
        found.log_chance + content,
    )


def within(one: Plan, places: AbstractSet[int] | None, null_id: int) -> Plan | None:
    """What of a plan lies at `places` (None: everywhere); None where nothing does.

    A decision about all positions lies at the first open one, and so do nulls at the first of them.
    """
    if places is None:
        return one
    if one.is_single:
        return one if places else None
    nulls = [k for k in one.places if one.tokens[k] == null_id]
    kept = [index for index, k in enumerate(one.places) if (nulls[0] if one.tokens[k] == null_id else k) in places]
    if not kept:
        return None
    return replace(
        one,
        places=tuple(one.places[index] for index in kept),
        confidence=tuple(one.confidence[index] for index in kept),
        entropy=tuple(one.entropy[index] for index in kept),
        scores=tuple(one.scores[index] for index in kept),
    )


def must_hold(row: Row, span: SlotSpan) -> bool:
    """Whether a slot has to say something: it is a key, or the part that it belongs to was decided to be there."""
    return span.slot.role == "key" or span.site in row.presence


def _is_null(row: Row, span: SlotSpan, found: Look) -> bool:
    if found.log_content == -torch.inf:
        if not found.is_empty_legal or not set(row.tokens(span)) <= {OPEN, row.request.null_id}:
            message = "no legal value is left: nothing in the prompt can be quoted here"
            raise DecodeError(shown(span.site), message, "make the field optional, or let it be written freely")
        return True
    if must_hold(row, span) or found.null_share <= 0.5:
        return False
    if row.request.on_missing == "error" or (row.request.on_missing == "null" and not found.is_empty_legal):
        message = f"the prompt does not say this (probability {found.null_share:.2f})"
        raise DecodeError(shown(span.site), message, 'make the field optional, or use on_missing="best"')
    return found.is_empty_legal


def commit(
    row: Row, plans: Sequence[Plan], options: DenoiseOptions, step: int, chance: Chance, *, is_closing: bool
) -> Row:
    """Write the positions that the commit rule chooses, at least one; steps count from 0 within a region.

    A forced text is written at once: the model has nothing to say about it.
    """
    view = _with_wholes(_view(row, plans, chance.history), plans, options, chance.draw)
    view = options.score(view) if isinstance(options.score, Weighing) else view
    if options.order_temperature > 0:
        view = replace(view, scores=shuffled(view.scores, options.order_temperature, chance.draw))
    rule = EVERYTHING if is_closing else options.commit
    chosen = rule(view, step)
    assert bool(chosen.any()), "a rule commits at least one position"
    chosen = close_suffix(chosen, view.is_null, view.slot, view.offset)
    taken: dict[int, set[int]] = defaultdict(set)
    for slot, offset, is_chosen in zip(view.slot.tolist(), view.offset.tolist(), chosen.tolist(), strict=True):
        if is_chosen:
            taken[slot].add(offset)
    taken |= {slot: set(one.places) for slot, one in enumerate(plans) if one.span.key in row.forced}
    for slot, offsets in taken.items():
        row = _written(row, plans[slot], offsets)
    return row


def everything(row: Row, plans: Sequence[Plan]) -> Row:
    """Write every slot as it is planned."""
    for one in plans:
        row = _written(row, one, set(one.places))
    return row


def _view(row: Row, plans: Sequence[Plan], history: History) -> Open:
    flat = [(k, index) for k, one in enumerate(plans) for index in range(len(one.places))]

    def column(name: str) -> torch.Tensor:
        return torch.tensor([getattr(plans[k], name)[index] for k, index in flat], dtype=torch.float64)

    offsets = [plans[k].places[index] for k, index in flat]
    tokens = torch.tensor([plans[k].tokens[offset] for (k, _), offset in zip(flat, offsets, strict=True)])
    drifts = [history.drift(plans[k].span.key, offset) for (k, _), offset in zip(flat, offsets, strict=True)]
    return Open(
        column("scores"),
        column("confidence"),
        column("entropy"),
        torch.tensor([k for k, _ in flat]),
        torch.tensor(offsets),
        tokens == row.request.null_id,
        tokens,
        torch.tensor([plans[k].span.size for k, _ in flat]),
        sum(span.size for span in row.template.spans),
        tuple(slot_name(one.span) for one in plans),
        torch.tensor(drifts, dtype=torch.float64),
    )


def _with_wholes(view: Open, plans: Sequence[Plan], options: DenoiseOptions, draw: Draw) -> Open:
    """The view with quotations and nulls on the scale of the score that positions have."""
    is_whole = torch.tensor([plans[slot].is_single for slot in view.slot.tolist()])
    scores = view.scores.clone()
    scores[is_whole] = of_whole(view.confidence[is_whole], options.base_score, draw.generator)
    return replace(view, scores=scores)


def slot_name(span: SlotSpan) -> str:
    """What a slot is called, whichever item of a list it stands in: `/items/*/price`."""
    return pointer(tuple("*" if isinstance(step, int) else step for step in shown(span.site)))


def _written(row: Row, one: Plan, offsets: set[int]) -> Row:
    """Commit some places of one slot, or all of it where it is one decision."""
    key = one.span.key
    old = row.tokens(one.span)
    opened = [k for k, token in enumerate(old) if token == OPEN]
    if one.is_single or offsets.issuperset(opened):
        tokens, chance = one.tokens, one.log_chance
    else:
        tokens = tuple(one.tokens[k] if k in offsets else token for k, token in enumerate(old))
        pairs = zip(one.places, one.confidence, strict=True)
        chance = sum((log(max(sure, LEAST)) for k, sure in pairs if k in offsets), 0.0)
    sure = _sureness(one, [k for k in opened if tokens[k] != OPEN])
    readings = row.readings if one.reading is None else {**row.readings, key: one.reading}
    return replace(
        row,
        written={**row.written, key: tokens},
        chances={**row.chances, key: row.chances.get(key, 0.0) + chance},
        sure={**row.sure, key: {**row.sure.get(key, {}), **sure}},
        readings=readings,
    )


def _sureness(one: Plan, offsets: Sequence[int]) -> dict[int, float]:
    """How sure the model was of each place that is written now."""
    if one.is_single:
        return dict.fromkeys(offsets, one.confidence[0])
    known = dict(zip(one.places, one.confidence, strict=True))
    return {k: known.get(k, 1.0) for k in offsets}
