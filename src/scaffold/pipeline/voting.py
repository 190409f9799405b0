"""Vote on every field over the steps of a fill: what was answered most, not what was answered last."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from scaffold.decode.votes import Vote, elect, step_weights
from scaffold.denoise.guesses import Call, guess
from scaffold.denoise.row import Row, filled, with_decisions
from scaffold.errors import Path
from scaffold.layout.decisions import Decisions, MaybeKey, SlotKey
from scaffold.layout.spans import SlotSpan
from scaffold.pipeline.results import is_given, slot_identity

T = TypeVar("T")


@dataclass(frozen=True, eq=False, slots=True)
class Ballot:
    """The answers of one model call: the row as it would be completed, and what was still open before."""

    row: Row
    open_slots: frozenset[SlotKey]
    decided: frozenset[MaybeKey]


def ballot(call: Call) -> Ballot | None:
    """The answers of a call; None where it has none."""
    row = guess(call)
    if row is None:
        return None
    open_slots = frozenset(call.seen.looks)
    return Ballot(row, open_slots, frozenset(call.before.decisions.maybes))


def voted(final: Row, ballots: Sequence[Ballot], vote: Vote) -> Row | None:
    """The finished row with the elected text in every slot and the elected presence of every optional part.

    A slot votes while it is open only: afterwards its answers are one and the same. Lists keep their last length,
    unions their last branch, keys of maps their last text, and an elected part that has no text to show stays as it
    was. None where nothing changes.
    """
    row = _with_parts(final, ballots, vote)
    for span in row.template.spans:
        if span.slot.role == "value" and not is_given(row, span.site):
            row = _with_elected(row, span, ballots, vote)
    return None if row is final else row


def _with_elected(row: Row, span: SlotSpan, ballots: Sequence[Ballot], vote: Vote) -> Row:
    heard = [one for one in ballots if span.key in one.open_slots]
    answers = [_answer(one.row, span.key) for one in heard]
    winner = elect(answers, step_weights(vote, len(heard)))
    if winner is None or answers[winner] == slot_identity(row, span):
        return row
    return _copied(row, span, heard[winner].row) or row


def _answer(row: Row, key: SlotKey) -> str | None:
    """The typed value of a slot, None where it has none."""
    found = next((span for span in row.template.spans if span.key == key), None)
    return None if found is None or row.is_open(found) else slot_identity(row, found)


def _copied(row: Row, span: SlotSpan, source: Row) -> Row | None:
    """The slot as it stands in `source`; None where it does not fit."""
    tokens = source.written[span.key]
    if len(tokens) > span.size:
        return None
    readings = {key: reading for key, reading in row.readings.items() if key != span.key}
    if span.key in source.readings:
        readings[span.key] = source.readings[span.key]
    return replace(
        row,
        written={**row.written, span.key: filled(tokens, span.size, row.request.null_id)},
        readings=readings,
        chances={**row.chances, span.key: source.chances.get(span.key, 0.0)},
    )


def _with_parts(final: Row, ballots: Sequence[Ballot], vote: Vote) -> Row:
    """Optional parts as elected; the same row where that is how they are."""
    row = final
    for key, is_present in final.decisions.maybes.items():
        heard = [one for one in ballots if key not in one.decided]
        answers = [_presence(one.row, key) for one in heard]
        winner = elect(answers, step_weights(vote, len(heard)))
        if winner is not None and answers[winner] != str(is_present) and not is_given(final, key[0]):
            row = _with_part_of(row, heard[winner].row, key) or row
    return row


def _with_part_of(row: Row, source: Row, key: MaybeKey) -> Row | None:
    """The row with one part as it is in `source`; None where that does not fit, or is not whole."""
    weighed = replace(row, presence={**row.presence, **_inside(source.presence, key[0])})
    laid = with_decisions(weighed, _with_part(row.decisions, source.decisions, key))
    if laid is None:
        return None
    for span in laid.template.spans:
        if laid.is_open(span) and span.key in source.written:
            laid = _copied(laid, span, source) or laid
    return laid if laid.is_done else None


def _presence(row: Row, key: MaybeKey) -> str | None:
    found = row.decisions.maybes.get(key)
    return None if found is None else str(found)


def _with_part(own: Decisions, other: Decisions, key: MaybeKey) -> Decisions:
    """`own`, with everything that `other` decided about one part and what is in it."""
    site = key[0]
    return Decisions(
        {**own.maybes, **{k: v for k, v in other.maybes.items() if k[0][: len(site)] == site}, key: other.maybes[key]},
        {**own.counts, **_inside(other.counts, site)},
        own.ended | {at for at in other.ended if at[: len(site)] == site},
        {**own.branches, **_inside(other.branches, site)},
        {**own.sizes, **{k: size for k, size in other.sizes.items() if k[0][: len(site)] == site}},
    )


def _inside(found: Mapping[Path, T], site: Path) -> dict[Path, T]:
    return {at: value for at, value in found.items() if at[: len(site)] == site}
