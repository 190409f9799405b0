"""Changing the length of slots that are partly filled."""

from collections.abc import Mapping
from dataclasses import replace

from scaffold.denoise.lengths.seam import Change
from scaffold.denoise.row import OPEN, Row, free_spans, with_decisions
from scaffold.layout.decisions import SlotKey


def resized(row: Row, changes: Mapping[SlotKey, Change]) -> tuple[Row, frozenset[SlotKey]]:
    """The row with what can be changed, and the slots that were.

    A change is left out where no legal filling would be left, or the row would not fit the model's window.
    """
    done: set[SlotKey] = set()
    for span in free_spans(row):
        change = changes.get(span.key)
        if change is None:
            continue
        tokens = _changed(row.tokens(span), change)
        if not row.request.automaton(row.slot(span)).completes(tokens):
            continue
        moved = _written(row, span.key, tokens, change)
        laid = with_decisions(moved, row.decisions.with_size(span.key, len(tokens)))
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


def _written(row: Row, key: SlotKey, tokens: tuple[int, ...], change: Change) -> Row:
    """Move what is committed behind the change; a slot without commits needs no entry."""
    if key not in row.written:
        return row
    sure = {k + change.by * (k >= change.at): value for k, value in row.sure.get(key, {}).items()}
    return replace(row, written={**row.written, key: tokens}, sure={**row.sure, key: sure})
