"""What may be written into the open slots of a row at one step, and writing it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import exp, log

import torch

from scaffold.denoise.commits import Open, Threshold
from scaffold.denoise.nulls import close_suffix
from scaffold.denoise.options import DenoiseOptions
from scaffold.denoise.row import OPEN, Row
from scaffold.denoise.scores import Weighing
from scaffold.denoise.slots import Look
from scaffold.denoise.structure import shown
from scaffold.errors import DecodeError, pointer
from scaffold.layout.reading import Reading
from scaffold.layout.spans import SlotSpan

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
    reading: Reading | None


def plan(row: Row, span: SlotSpan, found: Look) -> Plan:
    """Weigh content against null where the slot has to say something, and propose the better one.

    Raises:
        DecodeError: the caller wants no invented value, or nothing legal is left.
    """
    share = found.null_share
    if _is_null(row, span, found):
        sure = max(share, LEAST) if found.is_empty_legal else 1.0
        nulls = (row.request.null_id,) * span.size
        return Plan(span, nulls, (0,), (sure,), (0.0,), (sure,), log(sure), None)
    content = log(max(1 - share, LEAST))
    if found.reading is not None:
        chance = found.log_chance + content
        return Plan(span, found.path, (0,), (exp(chance),), (0.0,), (exp(chance),), chance, found.reading)
    places = tuple(offset for offset, token in enumerate(row.tokens(span)) if token == OPEN)
    return Plan(
        span,
        found.path,
        places,
        tuple(found.confidence[k] for k in places),
        tuple(found.entropy[k] for k in places),
        tuple(found.scores[k] for k in places),
        found.log_chance + content,
        None,
    )


def _is_null(row: Row, span: SlotSpan, found: Look) -> bool:
    if found.log_content == -torch.inf:
        if not found.is_empty_legal:
            message = "no legal value is left: nothing in the prompt can be quoted here"
            raise DecodeError(shown(span.site), message, "make the field optional, or let it be written freely")
        return True
    must_hold = span.slot.role == "key" or span.site in row.presence
    if must_hold or found.null_share <= 0.5:
        return False
    if row.request.on_missing == "error" or (row.request.on_missing == "null" and not found.is_empty_legal):
        message = f"the prompt does not say this (probability {found.null_share:.2f})"
        raise DecodeError(shown(span.site), message, 'make the field optional, or use on_missing="best"')
    return found.is_empty_legal


def commit(row: Row, plans: Sequence[Plan], options: DenoiseOptions, step: int, *, is_closing: bool) -> Row:
    """Write the positions that the commit rule chooses; at least one."""
    view = _view(row, plans)
    view = options.score(view) if isinstance(options.score, Weighing) else view
    rule = EVERYTHING if is_closing else options.commit
    chosen = rule(view, step)
    assert bool(chosen.any()), "a rule commits at least one position"
    chosen = close_suffix(chosen, view.is_null, view.slot, view.offset)
    taken: dict[int, set[int]] = defaultdict(set)
    for slot, offset, is_chosen in zip(view.slot.tolist(), view.offset.tolist(), chosen.tolist(), strict=True):
        if is_chosen:
            taken[slot].add(offset)
    for slot, offsets in taken.items():
        row = _written(row, plans[slot], offsets)
    return row


def everything(row: Row, plans: Sequence[Plan]) -> Row:
    """Write every slot as it is planned."""
    for one in plans:
        row = _written(row, one, set(one.places))
    return row


def _view(row: Row, plans: Sequence[Plan]) -> Open:
    flat = [(k, index) for k, one in enumerate(plans) for index in range(len(one.places))]

    def column(name: str) -> torch.Tensor:
        return torch.tensor([getattr(plans[k], name)[index] for k, index in flat], dtype=torch.float64)

    offsets = [plans[k].places[index] for k, index in flat]
    tokens = torch.tensor([plans[k].tokens[offset] for (k, _), offset in zip(flat, offsets, strict=True)])
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
    )


def slot_name(span: SlotSpan) -> str:
    """What a slot is called, whichever item of a list it stands in: `/items/*/price`."""
    return pointer(tuple("*" if isinstance(step, int) else step for step in shown(span.site)))


def _written(row: Row, one: Plan, offsets: set[int]) -> Row:
    """Commit some places of one slot, or all of it where it is one decision."""
    key = one.span.key
    is_whole = offsets.issuperset(one.places)
    old = row.tokens(one.span)
    if is_whole:
        tokens, chance = one.tokens, one.log_chance
    else:
        tokens = tuple(one.tokens[k] if k in offsets else token for k, token in enumerate(old))
        sure = dict(zip(one.places, one.confidence, strict=True))
        chance = sum(log(max(sure[k], LEAST)) for k in offsets)
    readings = row.readings if one.reading is None else {**row.readings, key: one.reading}
    return replace(
        row,
        written={**row.written, key: tokens},
        chances={**row.chances, key: row.chances.get(key, 0.0) + chance},
        readings=readings,
    )
