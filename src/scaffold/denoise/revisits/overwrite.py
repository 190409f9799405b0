"""Overwriting committed tokens of a row: which slots are read again, and what is written."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace
from math import log

from scaffold.denoise.frame import REREAD
from scaffold.denoise.look import Look
from scaffold.denoise.revisits.reopen import LEAST, standings
from scaffold.denoise.revisits.seam import Standing
from scaffold.denoise.revisits.token_editing import Draft, TokenEditing, overwritten
from scaffold.denoise.row import OPEN, Row, free_spans
from scaffold.denoise.wholeness import may_be_cut
from scaffold.layout.decisions import SlotKey
from scaffold.layout.spans import SlotSpan


def edited(
    before: Row,
    row: Row,
    times: Mapping[SlotKey, int],
    probed: Mapping[tuple[Hashable, SlotKey], Look],
    rule: TokenEditing,
) -> tuple[Row, Mapping[SlotKey, int]]:
    """The row with what `rule` overwrites, and how often each slot now was; `before` is what the model saw."""
    able = {slot.key: slot for slot in editable(row, times, rule)}
    saw = {span.key: before.tokens(span) for span in before.template.spans}
    for span in free_spans(row):
        look = probed.get((REREAD, span.key))
        if look is None or span.key not in able or len(look.path) != span.size:
            continue
        draft = _draft(row, span, able[span.key], saw[span.key], look)
        if edits := rule(draft):
            row = _overwritten(row, span, edits, look)
            times = {**times, span.key: times.get(span.key, 0) + 1}
    return row, times


def editable(row: Row, times: Mapping[SlotKey, int], rule: TokenEditing) -> Sequence[Standing]:
    """Slots that may be edited again: some of their text is committed, and is no quotation."""
    null_id = row.request.null_id
    texts = {span.key for span in row.template.spans if set(row.tokens(span)) - {OPEN, null_id}}
    found = standings(row, row, times, {})
    return [slot for slot in found if slot.key in texts and not slot.is_quoted and slot.times < rule.rounds]


def _draft(row: Row, span: SlotSpan, slot: Standing, saw: tuple[int, ...], look: Look) -> Draft:
    tokens = row.tokens(span)
    automaton = row.request.automaton(row.slot(span))

    def completes(changed: tuple[int, ...]) -> bool:
        is_closed = OPEN not in changed
        laid = replace(row, written={**row.written, span.key: changed})
        return automaton.completes(changed) and not (is_closed and may_be_cut(laid, span))

    able = frozenset(k for k in slot.sure if tokens[k] == saw[k] != OPEN)
    return Draft(tokens, able, look.path, look.confidence, completes)


def _overwritten(row: Row, span: SlotSpan, edits: Mapping[int, int], look: Look) -> Row:
    key = span.key
    sure = {**row.sure[key], **{place: look.confidence[place] for place in edits}}
    return replace(
        row,
        written={**row.written, key: overwritten(row.tokens(span), edits)},
        chances={**row.chances, key: sum(log(max(value, LEAST)) for value in sure.values())},
        sure={**row.sure, key: sure},
    )
