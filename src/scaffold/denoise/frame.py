"""What one model call shows of a row: its template, once for each branch of a choice that is scored side by side."""

from collections.abc import Hashable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from math import ceil

import torch

from scaffold.denoise.asked import Asked
from scaffold.denoise.canvas import Canvas, SoftTokens
from scaffold.denoise.memory.seam import Blend
from scaffold.denoise.row import OPEN, Row, with_decisions
from scaffold.denoise.shapes import Positions
from scaffold.errors import Path
from scaffold.layout.decisions import SlotKey
from scaffold.layout.spans import OpenChoice, SlotSpan

REREAD = "reread"
"""Tag of slots that are looked at as if nothing of them were committed, while the model sees what is."""
NOTHING: frozenset[SlotKey] = frozenset()


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
    probed: tuple[tuple[Hashable, SlotKey], ...] = ()
    """What the last entries of `asked` are about: the tag of a probe, and a slot on it."""


@dataclass(frozen=True, eq=False, slots=True)
class Probe:
    """The row in another state, laid out beside it, and the slots to look at there."""

    tag: Hashable
    row: Row
    keys: frozenset[SlotKey]


def frame(row: Row, probes: Sequence[Probe] = (), reread: AbstractSet[SlotKey] = NOTHING) -> Frame:
    """Lay out what the next model call has to see; `reread`: slots to look at as well as they stand."""
    choices = _choices(row)
    variants = _variants(row, choices)
    keys: dict[SlotKey, Asked] = {}
    wanted: list[tuple[int, int]] = []
    for index, variant in enumerate(variants):
        tags = _tag_keys(variant)
        for span in variant.template.spans:
            if span.key not in keys and variant.is_open(span):
                keys[span.key] = _asked(variant, span, _place(variant, span, index, wanted), is_tag=span.key in tags)
    asked = [*keys.values(), *_reread(variants[0], reread, keys, wanted)]
    probed: list[tuple[Hashable, SlotKey]] = [(REREAD, s.key) for s in variants[0].template.spans if s.key in reread]
    for index, probe in enumerate(probes, len(variants)):
        for span in probe.row.template.spans:
            if span.key in probe.keys:
                asked.append(_asked(probe.row, span, _place(probe.row, span, index, wanted), is_tag=False))
                probed.append((probe.tag, span.key))
    laid = (*variants, *(probe.row for probe in probes))
    return Frame(laid, tuple(keys), tuple(asked), tuple(wanted), frozenset(c.site for c in choices), tuple(probed))


def _reread(
    row: Row, reread: AbstractSet[SlotKey], keys: Mapping[SlotKey, Asked], wanted: list[tuple[int, int]]
) -> list[Asked]:
    """The slots to read again, in order; the positions of open ones are wanted already."""
    found = []
    for span in row.template.spans:
        if span.key in reread:
            first = keys[span.key].first if span.key in keys else _place(row, span, 0, wanted)
            automaton = row.request.automaton(row.slot(span))
            found.append(Asked(automaton, (OPEN,) * span.size, None, first, row.request.null_id))
    return found


def _place(row: Row, span: SlotSpan, index: int, wanted: list[tuple[int, int]]) -> int:
    """Want the positions of a slot, and tell where they begin among the wanted ones."""
    first, start = len(wanted), len(row.request.prompt) + span.start
    wanted += [(index, start + offset) for offset in range(span.size)]
    return first


def _tag_keys(row: Row) -> frozenset[SlotKey]:
    """The slots whose value picks a branch."""
    spans, groups = row.template.spans, row.template.groups
    return frozenset(spans[g.span].key for g in groups if isinstance(g, OpenChoice) and g.span is not None)


def _variants(row: Row, choices: Sequence[OpenChoice]) -> list[Row]:
    """The row with branch k of every choice, for all k; a branch that does not fit the window is not shown."""
    found = []
    for k in range(max((choice.branches for choice in choices), default=0)):
        decisions = row.decisions
        for choice in choices:
            decisions = decisions.with_weighed(choice.site, min(k, choice.branches - 1))
        laid = with_decisions(row, decisions)
        found += [] if laid is None else [laid]
    return found or [row]


def _asked(row: Row, span: SlotSpan, first: int, *, is_tag: bool) -> Asked:
    slot, request = row.slot(span), row.request
    pointing = request.pointing(slot, span.size)
    return Asked(request.automaton(slot), row.tokens(span), pointing, first, request.null_id, is_tag)


def portions(sizes: Sequence[tuple[int, int]], tokens: int, at_once: int) -> list[list[int]]:
    """Indices of frames that go together: of like length, portions of like work, each of about `tokens` at most.

    `sizes` are how many canvas rows a frame has, and their length; `at_once` portions are computed side by side, so
    that their number is a multiple of it where there are frames enough.
    """
    work = [rows * length for rows, length in sizes]
    count = min(len(sizes), at_once * ceil(sum(work) / (tokens * at_once)))
    share = sum(work) / count
    found: list[list[int]] = [[] for _ in range(count)]
    before = 0
    for index in sorted(range(len(sizes)), key=lambda one: sizes[one][1]):
        found[int((before + work[index] / 2) / share)].append(index)
        before += work[index]
    return [portion for portion in found if portion]


def expected(rows: Sequence[Row]) -> tuple[int, int]:
    """How many canvas rows their frames will have, probes aside, and the length of the longest as it stands."""
    return sum(max([1, *(one.branches for one in _choices(row))]) for row in rows), max(map(_length, rows))


def _choices(row: Row) -> list[OpenChoice]:
    """The choices whose branches are scored side by side."""
    return [group for group in row.template.groups if isinstance(group, OpenChoice) and group.span is None]


def _length(row: Row) -> int:
    return len(row.request.prompt) + len(row.template.token_ids)


def stack(frames: Sequence[Frame], mask_id: int) -> tuple[Canvas, Positions, Positions, list[int]]:
    """All frames on one canvas, the positions wanted of it, and where each frame's begin among these."""
    rows = [variant for f in frames for variant in f.variants]
    length = max(map(_length, rows))
    tokens = torch.full((len(rows), length), mask_id, dtype=torch.long)
    offset = torch.full((len(rows), length), -1, dtype=torch.long)
    masked, attend, source = (torch.zeros(len(rows), length, dtype=torch.bool) for _ in range(3))
    for index, row in enumerate(rows):
        _lay(row, tokens[index], offset[index], masked[index])
        shift = len(row.request.prompt)
        attend[index, : shift + len(row.template.token_ids)] = True
        for start, stop in (row.request.source, *((a + shift, b + shift) for a, b in row.template.hints)):
            source[index, start:stop] = True
    wanted: list[tuple[int, int]] = []
    first: list[int] = []
    seen = 0
    for f in frames:
        first.append(len(wanted))
        wanted += [(seen + index, column) for index, column in f.wanted]
        seen += len(f.variants)
    at = torch.tensor(wanted, dtype=torch.long).reshape(-1, 2)
    return Canvas(tokens, masked, attend, offset, source), at[:, 0], at[:, 1], first


def soft_tokens(frames: Sequence[Frame], blends: Sequence[Mapping[SlotKey, Blend]], mask_id: int) -> SoftTokens | None:
    """What the open positions show that earlier predictions have softened; None where there are none."""
    found: list[tuple[int, int, torch.Tensor, torch.Tensor]] = []
    laid = [(variant, kept) for f, kept in zip(frames, blends, strict=True) for variant in f.variants]
    for index, (row, kept) in enumerate(laid):
        for span in row.template.spans:
            blend = kept.get(span.key)
            if blend is not None and len(blend.tokens) == span.size:  # not where the slot has grown since
                start = len(row.request.prompt) + span.start
                places = [k for k, token in enumerate(row.tokens(span)) if token == OPEN]
                found += [(index, start + k, blend.tokens[k], blend.weights[k]) for k in places]
    if not found:
        return None
    rows, columns, tokens, weights = zip(*found, strict=True)
    mixed = torch.stack(tokens)
    at = torch.tensor([rows, columns], dtype=torch.long)
    return SoftTokens(at[0], at[1], mixed.where(mixed >= 0, torch.full_like(mixed, mask_id)), torch.stack(weights))


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
