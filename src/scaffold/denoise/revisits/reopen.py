"""Opening committed places of a row again, and what there is to choose from."""

from collections.abc import Hashable, Mapping
from dataclasses import replace
from math import log

from scaffold.denoise.frame import Probe
from scaffold.denoise.look import Look
from scaffold.denoise.revisits.seam import Places, Standing
from scaffold.denoise.row import OPEN, Row, free_spans
from scaffold.layout.decisions import SlotKey
from scaffold.layout.spans import SlotSpan

LEAST = 1e-300


def standings(
    before: Row, row: Row, times: Mapping[SlotKey, int], probed: Mapping[tuple[Hashable, SlotKey], Look]
) -> list[Standing]:
    """What of a row may be opened again: values that the model wrote, not keys, tags, or what has one legal text."""
    found = []
    for span in free_spans(row):
        sure = {k: value for k, value in row.sure.get(span.key, {}).items() if k < span.size}
        if span.slot.role != "value" or not sure or _is_given(row, span):
            continue
        old = before.sure.get(span.key, {})
        tokens = row.tokens(span)
        found.append(
            Standing(
                span.key,
                span.size,
                sure,
                frozenset(sure) - frozenset(old),
                OPEN not in tokens,
                span.key in row.readings,
                times.get(span.key, 0),
                {k: _agreement(probed[k, span.key], k, tokens[k]) for k in sure if (k, span.key) in probed},
            )
        )
    return found


def _is_given(row: Row, span: SlotSpan) -> bool:
    return any(span.site[: len(site)] == site for site in row.given)


def _agreement(look: Look, place: int, token: int) -> float:
    """Probability of the committed token; 0 where another one is preferred."""
    return look.confidence[place] if look.path[place] == token else 0.0


def reopened(row: Row, places: Places) -> Row:
    """The row with these places open; a null takes all nulls of its slot along, a quotation is opened as a whole.

    What stays was part of a legal filling, so it still is.
    """
    for span in free_spans(row):
        if span.key in places:
            row = _opened(row, span, places[span.key])
    return row


def _opened(row: Row, span: SlotSpan, places: frozenset[int]) -> Row:
    key, old = span.key, row.tokens(span)
    nulls = {k for k, token in enumerate(old) if token == row.request.null_id}
    gone = set(range(span.size)) if key in row.readings else places | (nulls if places & nulls else set())
    sure = {k: value for k, value in row.sure.get(key, {}).items() if k not in gone}
    return replace(
        row,
        written={**row.written, key: tuple(OPEN if k in gone else token for k, token in enumerate(old))},
        chances={**row.chances, key: sum((log(max(value, LEAST)) for value in sure.values()), 0.0)},
        sure={**row.sure, key: sure},
        readings={at: reading for at, reading in row.readings.items() if at != key},
    )


def check_probes(row: Row, places: Places) -> tuple[Probe, ...]:
    """The row with one committed place open at a time."""
    return tuple(
        Probe(place, _masked(row, span, place), frozenset({span.key}))
        for span in free_spans(row)
        for place in sorted(places.get(span.key, frozenset()))
        if place < span.size
    )


def _masked(row: Row, span: SlotSpan, place: int) -> Row:
    tokens = tuple(OPEN if k == place else token for k, token in enumerate(row.tokens(span)))
    return replace(row, written={**row.written, span.key: tokens})
