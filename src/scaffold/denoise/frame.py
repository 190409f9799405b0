"""What one model call shows of a row: its template, once for each branch of a choice that is scored side by side."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch

from scaffold.denoise.canvas import Canvas
from scaffold.denoise.row import OPEN, Row, with_decisions
from scaffold.denoise.shapes import Positions
from scaffold.denoise.slots import Asked
from scaffold.errors import Path
from scaffold.layout.decisions import SlotKey
from scaffold.layout.spans import OpenChoice, SlotSpan


@dataclass(frozen=True, eq=False, slots=True)
class Frame:
    """The canvas rows of one request, and the open slots on them; `Asked.first` counts from the frame's first one.

    `wanted` holds the canvas row (within the frame) and the column of each open position of each open slot.
    """

    variants: tuple[Row, ...]
    keys: tuple[SlotKey, ...]
    asked: tuple[Asked, ...]
    wanted: tuple[tuple[int, int], ...]
    scored: frozenset[Path]


def frame(row: Row) -> Frame:
    """Lay out what the next model call has to see."""
    choices = [g for g in row.template.groups if isinstance(g, OpenChoice) and g.span is None]
    variants = _variants(row, choices)
    keys: dict[SlotKey, Asked] = {}
    wanted: list[tuple[int, int]] = []
    for index, variant in enumerate(variants):
        for span in variant.template.spans:
            if span.key not in keys and variant.is_open(span):
                keys[span.key] = _asked(variant, span, len(wanted))
                start = len(row.request.prompt) + span.start
                wanted += [(index, start + offset) for offset in range(span.size)]
    return Frame(tuple(variants), tuple(keys), tuple(keys.values()), tuple(wanted), frozenset(c.site for c in choices))


def _variants(row: Row, choices: Sequence[OpenChoice]) -> list[Row]:
    """The row with branch k of every choice, for all k; a branch that does not fit the window is not shown."""
    found = []
    for k in range(max((choice.branches for choice in choices), default=0)):
        decisions = row.decisions
        for choice in choices:
            decisions = decisions.with_branch(choice.site, min(k, choice.branches - 1))
        laid = with_decisions(row, decisions)
        found += [] if laid is None else [laid]
    return found or [row]


def _asked(row: Row, span: SlotSpan, first: int) -> Asked:
    slot, request = row.slot(span), row.request
    pointing = request.pointing(slot, span.size)
    return Asked(request.automaton(slot), row.tokens(span), pointing, first, request.null_id)


def stack(
    frames: Sequence[Frame], mask_id: int, device: torch.device
) -> tuple[Canvas, Positions, Positions, list[int]]:
    """All frames on one canvas, the positions wanted of it, and where each frame's begin among these."""
    rows = [variant for f in frames for variant in f.variants]
    length = max(len(row.request.prompt) + len(row.template.token_ids) for row in rows)
    tokens = torch.full((len(rows), length), mask_id, dtype=torch.long)
    offset = torch.full((len(rows), length), -1, dtype=torch.long)
    masked, attend, source = (torch.zeros(len(rows), length, dtype=torch.bool) for _ in range(3))
    for index, row in enumerate(rows):
        _lay(row, tokens[index], offset[index], masked[index])
        shift = len(row.request.prompt)
        attend[index, : shift + len(row.template.token_ids)] = True
        for start, stop in (row.request.source, *((a + shift, b + shift) for a, b in row.template.hints)):
            source[index, start:stop] = True
    canvas = Canvas(*(x.to(device) for x in (tokens, masked, attend, offset, source)))
    wanted: list[tuple[int, int]] = []
    first: list[int] = []
    seen = 0
    for f in frames:
        first.append(len(wanted))
        wanted += [(seen + index, column) for index, column in f.wanted]
        seen += len(f.variants)
    at = torch.tensor(wanted, dtype=torch.long, device=device).reshape(-1, 2)
    return canvas, at[:, 0], at[:, 1], first


def _lay(row: Row, tokens: torch.Tensor, offset: torch.Tensor, masked: torch.Tensor) -> None:
    """Write one row into its own part of the canvas."""
    ids = [*row.request.prompt, *row.template.token_ids]
    for span in row.template.spans:
        start = len(row.request.prompt) + span.start
        offset[start : start + span.size] = torch.arange(span.size)
        for place, token in enumerate(row.tokens(span), start):
            if token == OPEN:
                masked[place] = True
            else:
                ids[place] = token
    tokens[: len(ids)] = torch.tensor(ids, dtype=torch.long)
