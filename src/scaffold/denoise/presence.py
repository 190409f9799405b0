"""Whether the parts of a document are there: one optional part, or the next items of a list."""

from collections.abc import Iterable
from math import exp, expm1, inf, log, log1p

from scaffold.denoise.look import Looks
from scaffold.denoise.meaning import Said
from scaffold.denoise.row import OPEN, Row
from scaffold.errors import Path
from scaffold.layout.spans import OpenMaybe, OpenRepeat, SlotSpan

Words = frozenset[tuple[Path, tuple[int, int]]]
"""The spans of the prompt that an item quotes, each with the place of its slot inside the item."""
LEAST = 1e-300


def present_chance(row: Row, group: OpenMaybe, looks: Looks) -> float:
    """Probability that the part is there: all its slots are null, or all that it must hold have content."""
    shares = {index: looks[row.template.spans[index].key].null_share for index in group.spans}
    absent = sum(log(max(share, LEAST)) for share in shares.values())
    if group.required:
        present = sum(log(max(1 - shares[index], LEAST)) for index in group.required)
    else:
        present = log(max(-expm1(absent), LEAST))
    gap = absent - present
    return 1 / (1 + exp(gap)) if gap < 700 else 0.0


def meant_items(row: Row, group: OpenRepeat, looks: Looks) -> tuple[dict[Path, float], bool]:
    """The items shown ahead that the model means, with log probabilities, and whether the list ends behind them.

    It ends at the first item that is more probably absent, and at one that quotes the very words of an earlier item:
    a list that says nothing new has ended. Items of one call do not see each other, so where two of them agree the
    second is shown again beside the first.
    """
    said = _said_before(row, group, looks)
    found: dict[Path, float] = {}
    new: set[Words] = set()
    for item in group.items:
        chance = present_chance(row, item, looks)
        words = _words(row, [row.template.spans[index] for index in item.spans], looks, len(group.site) + 1)
        if chance <= 0.5 or words in said:
            return found, True
        if words in new:
            return found, False
        new |= {words} if words else set()
        found[item.key[0]] = log_of(chance)
    return found, False


def _said_before(row: Row, group: OpenRepeat, looks: Looks) -> set[Words]:
    depth = len(group.site)
    items: dict[Path, list[SlotSpan]] = {}
    for span in row.template.spans:
        step = span.site[depth : depth + 1]
        if span.site[:depth] == group.site and step and isinstance(step[0], int) and 0 <= step[0] < group.known:
            items.setdefault(step, []).append(span)
    return {words for spans in items.values() if (words := _words(row, spans, looks, depth + 1))}


def _words(row: Row, spans: Iterable[SlotSpan], looks: Looks, depth: int) -> Words:
    """What the slots of an item quote, or would quote now."""
    found = set()
    for span in spans:
        look = looks.get(span.key)
        shown = look.reading if look is not None and look.null_share <= 0.5 else None
        reading = row.readings.get(span.key, shown)
        if reading is not None:
            found.add((span.site[depth:], reading.source))
    return frozenset(found)


def part_said(row: Row, part: OpenMaybe, looks: Looks) -> Said:
    """What says that a part is there: what it must hold, or else whatever is to have content."""
    keys = {row.template.spans[index].key: row.template.spans[index] for index in part.required or part.spans}
    if not part.required:
        keys = {key: span for key, span in keys.items() if looks[key].null_share <= 0.5}
    return sum((Said(looks[key].log_content, row.tokens(span).count(OPEN)) for key, span in keys.items()), Said())


def branch_said(looks: Looks, site: Path) -> Said:
    """What a branch is to have as content."""
    inside = (look for (at, _), look in looks.items() if at[: len(site)] == site and look.null_share <= 0.5)
    return sum((Said(look.log_content, len(look.path)) for look in inside), Said())


def log_of(chance: float) -> float:
    """Natural logarithm; -inf of 0."""
    return log(chance) if chance > 0 else -inf


def log_not(chance: float) -> float:
    """Logarithm of the opposite's probability, bounded below."""
    return log1p(-min(chance, 1 - 1e-12))
