"""The ways to decide a group: whether a part is there, how many items there are, which branch holds."""

import json
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from math import exp, inf, log

from scaffold.denoise.look import Looks
from scaffold.denoise.meaning import MOST_GUESSED, Said
from scaffold.denoise.presence import branch_said, log_not, log_of, meant_items, part_said, present_chance
from scaffold.denoise.row import OPEN, Row
from scaffold.errors import Path, pointer
from scaffold.layout.decisions import Decisions, SlotKey
from scaffold.layout.spans import OpenChoice, OpenGroup, OpenMaybe, OpenRepeat
from scaffold.layout.template import BRANCH
from scaffold.schema import canonical, ir

NO_SLOTS = log(0.5)
"""Score of a branch without slots: nothing in it can be more or less likely."""
UNMEANT = "for nothing says that more is meant"


@dataclass(frozen=True, slots=True)
class Verdict:
    """One way to decide a group."""

    decisions: Decisions
    presence: Mapping[Path, float] = field(default_factory=dict)
    note: str = ""
    is_cut: bool = False
    """Less than the model asked for: only where the caller, or the end of the loop, wants what fits."""
    said: Said = field(default_factory=Said)
    """What speaks for the parts that it takes for present, or the branch that it takes for the right one."""
    guesses: int = 0
    """How many of these the model gave no sign of meaning."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known when groups are decided."""

    looks: Looks
    scored: frozenset[Path] = frozenset()
    """Choices whose branches were laid out side by side."""
    certainty: float = 0.0
    is_closing: bool = False
    """Nothing may be added any more: the least structure is taken."""
    is_late: bool = False
    """The loop was closing before: the model picks no branches any more, the shallowest ones hold."""
    reach: AbstractSet[SlotKey] | None = None
    """Groups are decided if a slot of theirs is among these; None: all."""
    waiting: AbstractSet[SlotKey] = frozenset()
    """Slots that nothing is decided about yet; see `rivals`."""
    tight: Said | None = None
    """What speaks for all parts, where there is no room for all of them: what is not meant is left out."""


def verdicts(row: Row, group: OpenGroup, seen: Seen) -> tuple[Verdict, ...]:
    """The ways to decide a group, the preferred one first.

    What the model does not mean is a guess: the least comes first once there is no room, or were too many guesses.
    """
    match group:
        case OpenMaybe():
            return _maybe(row, group, seen)
        case OpenRepeat():
            return _repeat(row, group, seen)
        case OpenChoice(span=None):
            return _side_by_side(row, group, seen)
        case OpenChoice():
            return _tagged(row, group, seen)


def _guesses_no_more(row: Row, seen: Seen) -> bool:
    return seen.tight is not None or row.guessed >= MOST_GUESSED


def _is_meant(row: Row, said: Said, seen: Seen) -> bool:
    """Whether a part is meant: among many, some seem so by chance, so the model has to mean all of them together."""
    return said.is_meant and (row.said + said if seen.tight is None else seen.tight).is_meant


def _maybe(row: Row, group: OpenMaybe, seen: Seen) -> tuple[Verdict, ...]:
    chance = present_chance(row, group, seen.looks)
    site, absent = group.key
    name = pointer(shown(site)) or "/"
    here = Verdict(row.decisions.with_maybe(group.key, is_present=True), {site: log_of(chance)}, f"{name}: present")
    gone = Verdict(
        row.decisions.with_maybe(group.key, is_present=False),
        {site: log_not(chance)},
        f"{name}: {absent or 'absent'}",
        is_cut=chance > 0.5,
    )
    if seen.is_closing:
        return (gone, here)
    if not gone.is_cut:
        return (gone,)
    said = part_said(row, group, seen.looks)
    here = replace(here, said=said)
    if _is_meant(row, said, seen):
        return (here, gone)
    least = replace(gone, presence={site: -inf}, note=f"{gone.note}, {UNMEANT}", is_cut=False)
    return (least,) if _guesses_no_more(row, seen) else (replace(here, guesses=1), least)


def _repeat(row: Row, group: OpenRepeat, seen: Seen) -> tuple[Verdict, ...]:
    presence, is_over = meant_items(row, group, seen.looks)
    guesses, said = _guessed(row, group, seen, len(presence))
    if guesses and not seen.is_closing and _guesses_no_more(row, seen):
        return (_meant_only(row, group, presence, guesses),)
    found = _items(row, group, presence, is_ended=is_over or seen.is_closing)
    if is_over and not presence and not group.known:
        found = (replace(found[0], presence=_empty(row, group, seen)), *found[1:])
    if not guesses or seen.is_closing:
        return tuple(replace(one, said=said) for one in found)
    more = (replace(one, said=said, guesses=guesses) for one in found)
    return (*more, _meant_only(row, group, presence, guesses))


def _guessed(row: Row, group: OpenRepeat, seen: Seen, present: int) -> tuple[int, Said]:
    """How many of the first items stand behind one that is not meant, that one included; and what speaks for all."""
    total, guesses = Said(), 0
    for item in group.items[:present]:
        said = part_said(row, item, seen.looks)
        guesses += bool(guesses) or not _is_meant(replace(row, said=row.said + total), said, seen)
        total += said
    return guesses, total


def _meant_only(row: Row, group: OpenRepeat, presence: Mapping[Path, float], guesses: int) -> Verdict:
    """The list ends before the first item that the model does not mean."""
    kept = dict(list(presence.items())[: len(presence) - guesses])
    count = group.known + len(kept)
    note = f"{pointer(shown(group.site)) or '/'}: cut at {count} items, {UNMEANT}"
    # Whoever reads an item is told that the list may be short of others.
    presence = {**kept, group.site: -inf}
    return Verdict(row.decisions.with_count(group.site, count, is_ended=True), presence, note)


def _items(row: Row, group: OpenRepeat, presence: Mapping[Path, float], *, is_ended: bool) -> tuple[Verdict, ...]:
    count = group.known + len(presence)
    name = pointer(shown(group.site)) or "/"
    ended = Verdict(row.decisions.with_count(group.site, count, is_ended=True), presence, f"{name}: {count} items")
    fewer = Verdict(
        row.decisions.with_count(group.site, group.known, is_ended=True),
        {},
        f"{name}: cut at {group.known} items",
        is_cut=True,
    )
    if is_ended or count == group.limit:
        return (ended, fewer)
    more = row.decisions.with_count(group.site, count, is_ended=False)
    further = tuple(
        Verdict(more.with_ahead(group.site, ahead), presence, f"{name}: {count} items or more")
        for ahead in _halved(2 * len(group.items))
    )
    return (*further, replace(ended, note=f"{name}: cut at {count} items", is_cut=True), fewer)


def _empty(row: Row, group: OpenRepeat, seen: Seen) -> Mapping[Path, float]:
    """The chance that a list has no item, beside that of the list itself."""
    no_item = log_not(present_chance(row, group.items[0], seen.looks))
    return {group.site: row.presence.get(group.site, 0.0) + no_item}


def _halved(number: int) -> Iterator[int]:
    """The number, half of it, and so on down to 1."""
    while number:
        yield number
        number //= 2


def _tagged(row: Row, group: OpenChoice, seen: Seen) -> tuple[Verdict, ...]:
    """The branch that the discriminator's literal names."""
    assert group.span is not None, "a choice with a discriminator"
    span = row.template.spans[group.span]
    found = seen.looks[span.key]
    node = row.slot(span).node
    assert isinstance(node, ir.Enum), "a discriminator is a const or an enum"
    pieces = row.request.tokenizer.token_bytes
    text = b"".join(pieces[token] for token in found.path).decode()
    is_quoted = all(literal.startswith('"') for literal in node.literals)
    tag = json.loads(f'"{text}"' if is_quoted else text)
    order = sorted(
        range(group.branches),
        key=lambda k: not any(canonical.equal(json.loads(literal), tag) for literal in group.literals[k]),
    )
    if seen.is_late:
        order.sort(key=lambda k: k != group.shown)
    said = Said(found.log_content, row.tokens(span).count(OPEN))
    return _branches(row, group, [(k, found.log_chance) for k in order], seen, said)


def _side_by_side(row: Row, group: OpenChoice, seen: Seen) -> tuple[Verdict, ...]:
    """The branches by their mean score per position."""
    branches = range(group.branches)
    if seen.is_closing:
        order = sorted(branches, key=lambda k: k != group.shown)
        return _branches(row, group, [(k, NO_SLOTS) for k in order], seen, Said())
    scores = [_branch_score(seen.looks, (*group.site, BRANCH - k)) for k in branches]
    highest = max(scores)
    total = highest + log(sum(exp(score - highest) for score in scores))
    order = sorted(branches, key=lambda k: -scores[k])
    said = branch_said(seen.looks, (*group.site, BRANCH - order[0]))
    return _branches(row, group, [(k, scores[k] - total) for k in order], seen, said)


def _branch_score(looks: Looks, site: Path) -> float:
    inside = [found for key, found in looks.items() if key[0][: len(site)] == site]
    if not inside:
        return NO_SLOTS
    scores = [max(found.path_score, found.log_null, -1e6) / len(found.path) for found in inside]
    return sum(scores) / len(scores)


def _branches(
    row: Row, group: OpenChoice, order: Sequence[tuple[int, float]], seen: Seen, said: Said
) -> tuple[Verdict, ...]:
    """The branches and their chances, the best first: any other one is a compromise."""
    site, best = group.site, order[0][0]
    name = pointer(shown(site)) or "/"
    found = [
        Verdict(
            row.decisions.with_branch(site, branch),
            {(*site, BRANCH - branch): min(chance, 0.0)},
            f"{name}: branch {branch}",
            is_cut=branch != best,
            said=said,
        )
        for branch, chance in order
    ]
    if seen.is_closing or best == group.shown or _is_meant(row, said, seen):
        return tuple(found)
    least = next(one for one, (branch, _) in zip(found, order, strict=True) if branch == group.shown)
    where = (*site, BRANCH - group.shown)
    least = replace(least, presence={where: -inf}, note=f"{least.note}, {UNMEANT}", is_cut=False, said=Said())
    return (least,) if _guesses_no_more(row, seen) else (replace(found[0], guesses=1), least)


def shown(site: Path) -> Path:
    """The steps of a site that JSON shows."""
    return tuple(step for step in site if isinstance(step, str) or step >= 0)
