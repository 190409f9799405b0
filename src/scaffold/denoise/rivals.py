"""Slots of one call do not see each other: where two of them quote the same words, the surer goes first.

Each slot is predicted as if the others were still open, so that two fields may both take the words that only one of
them means. The other one is looked at again beside what was written.
That costs a call where it happens; nothing waits for long, since the surest of them never does.
"""

from collections import defaultdict
from math import exp

from scaffold.denoise.look import Look, Looks
from scaffold.denoise.row import Row
from scaffold.layout.decisions import SlotKey
from scaffold.layout.spans import SlotSpan


def waiting(row: Row, looks: Looks) -> frozenset[SlotKey]:
    """The open slots that would quote words which a surer slot, of the same items of lists, quotes too.

    Those that are more probably null are none of them: they quote only where they have to say something.
    """
    quoting = [
        (look, look.reading.source, _items(span), span.key)
        for span in row.template.spans
        if (look := looks.get(span.key)) is not None
        and row.is_open(span)
        and look.reading is not None
        and look.null_share <= 0.5
    ]
    quoting.sort(key=lambda one: -_sureness(one[0]))
    taken: dict[tuple[int, ...], list[tuple[int, int]]] = defaultdict(list)
    found = set()
    for _, (start, stop), items, key in quoting:
        if any(start < other_stop and other_start < stop for other_start, other_stop in taken[items]):
            found.add(key)
        else:
            taken[items].append((start, stop))
    return frozenset(found)


def _sureness(look: Look) -> float:
    return (1 - look.null_share) * exp(look.log_chance)


def _items(span: SlotSpan) -> tuple[int, ...]:
    """The items of lists that a slot stands in: items are told apart by their list."""
    return tuple(step for step in span.site if isinstance(step, int))
