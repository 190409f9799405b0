"""Changing the length of slots that are partly filled."""

from collections.abc import Mapping
from dataclasses import replace

from scaffold.denoise.lengths.seam import Change
from scaffold.denoise.row import OPEN, Row, free_spans, with_decisions
from scaffold.layout.decisions import SlotKey
from scaffold.layout.spans import SlotSpan


def resized(row: Row, changes: Mapping[SlotKey, Change]) -> tuple[Row, frozenset[SlotKey]]:
    """The row with what can be changed, and the slots that were.

    A change is left out where no legal filling would be left, or the row would not fit the model's window.
    """
    able = {
        span: tokens
        for span in free_spans(row)
        if span.key in changes
        and row.request.automaton(row.slot(span)).completes(tokens := _changed(row.tokens(span), changes[span.key]))
    }
    found = row
    for span, tokens in able.items():
        found = _moved(found, span.key, tokens, changes[span.key])
    laid = with_decisions(found, found.decisions) if able else row
    if laid is not None and laid.decisions.hidden == row.decisions.hidden:
        return laid, frozenset(span.key for span in able)
    return _one_by_one(row, able, changes)


def _one_by_one(
    row: Row, able: Mapping[SlotSpan, tuple[int, ...]], changes: Mapping[SlotKey, Change]
) -> tuple[Row, frozenset[SlotKey]]:
    done: set[SlotKey] = set()
    for span, tokens in able.items():
        moved = _moved(row, span.key, tokens, changes[span.key])
        laid = with_decisions(moved, moved.decisions)
        if laid is not None:
            row = laid
            done.add(span.key)
    return row, frozenset(done)


def _changed(tokens: tuple[int, ...], change: Change) -> tuple[int, ...]:
    if change.by >= 0:
        return (*tokens[: change.at], *(OPEN,) * change.by, *tokens[change.at :])
    gone = tokens[change.at : change.at - change.by]
    assert all(token == OPEN for token in gone), "committed positions are not taken away"
    return (*tokens[: change.at], *tokens[change.at - change.by :])


def _moved(row: Row, key: SlotKey, tokens: tuple[int, ...], change: Change) -> Row:
    """The row with one slot of another length, not laid out yet; what is committed behind the change moves along."""
    row = replace(row, decisions=row.decisions.with_size(key, len(tokens)))
    if key not in row.written:
        return row
    sure = {k + change.by * (k >= change.at): value for k, value in row.sure.get(key, {}).items()}
    return replace(row, written={**row.written, key: tokens}, sure={**row.sure, key: sure})
