"""Deciding groups: whether a part is there, how many items there are, which branch holds."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from math import exp, log

from scaffold.denoise.look import Looks
from scaffold.denoise.presence import log_not, log_of, meant_items, present_chance
from scaffold.denoise.row import Row, is_in_branch, with_decisions
from scaffold.errors import Path, SlotBudgetError, pointer
from scaffold.layout.decisions import Decisions, SlotKey
from scaffold.layout.spans import OpenChoice, OpenGroup, OpenMaybe, OpenRepeat
from scaffold.layout.template import BRANCH
from scaffold.schema import canonical, ir

NO_SLOTS = log(0.5)
"""Score of a branch without slots: nothing in it can be more or less likely."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """One way to decide a group."""

    decisions: Decisions
    presence: Mapping[Path, float] = field(default_factory=dict)
    note: str = ""
    is_cut: bool = False
    """Less than the model asked for: only where the caller, or the end of the loop, wants what fits."""


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


def decide(row: Row, seen: Seen) -> Row:
    """Decide every group whose slots were looked at, then the groups that this uncovers.

    Raises:
        SlotBudgetError: no way to decide a group fits the model's window.
    """
    while True:
        ready = _in_turn(row, [group for group in row.template.groups if _is_ready(row, group, seen)], seen)
        if not ready:
            return row
        together = _all_first(row, ready, seen)
        row = together if together is not None else _one_by_one(row, ready, seen)


def _in_turn(row: Row, groups: Sequence[OpenGroup], seen: Seen) -> list[OpenGroup]:
    """All groups but the counted ones, and of these the surest of each object: it changes what the others may be."""
    counted = [group for group in groups if not isinstance(group, OpenChoice) and group.is_counted]
    first: dict[Path, OpenGroup] = {}
    for group in sorted(counted, key=lambda group: -_sureness(row, group, seen)):
        first.setdefault(group.owner, group)
    chosen = set(map(id, first.values()))
    return [group for group in groups if isinstance(group, OpenChoice) or not group.is_counted or id(group) in chosen]


def _sureness(row: Row, group: OpenMaybe | OpenRepeat, seen: Seen) -> float:
    parts = (group,) if isinstance(group, OpenMaybe) else group.items[:1]
    return max((abs(present_chance(row, part, seen.looks) - 0.5) for part in parts), default=0.0)


def _all_first(row: Row, groups: Iterable[OpenGroup], seen: Seen) -> Row | None:
    """The preferred verdict on each group, laid out once."""
    found = row
    for group in groups:
        found = _applied(found, verdicts(found, group, seen)[0])
    return with_decisions(found, found.decisions)


def _one_by_one(row: Row, groups: Iterable[OpenGroup], seen: Seen) -> Row:
    """The first verdict on each group that fits the window and is wanted.

    The groups name spans of the template that was looked at, so that one is kept until all are decided.
    """
    decided, laid = row, row
    for group in groups:
        for verdict in verdicts(decided, group, seen):
            if verdict.is_cut and row.request.on_overflow != "cut" and not seen.is_closing:
                continue
            tried = _applied(decided, verdict)
            fitting = with_decisions(tried, tried.decisions)
            if fitting is not None:
                decided, laid = tried, fitting
                break
        else:
            raise _no_room(laid, group)
    return laid


def _no_room(row: Row, group: OpenGroup) -> SlotBudgetError:
    site = group.key[0] if isinstance(group, OpenMaybe) else group.site
    taken = len(row.request.prompt) + len(row.template.token_ids)
    what = f"{group.known + len(group.items)} items and more" if isinstance(group, OpenRepeat) else "what is here"
    message = f"{what} do not fit: {taken} of the {row.request.max_length} tokens of the model's window are taken"
    hint = "shorten the prompt, ask for less at once, or use a model with a longer window"
    return SlotBudgetError(shown(site), message, hint + '; on_overflow="cut" keeps what fits')


def _applied(row: Row, verdict: Verdict) -> Row:
    notes = (*row.notes, verdict.note) if verdict.note else row.notes
    return replace(row, decisions=verdict.decisions, presence={**row.presence, **verdict.presence}, notes=notes)


def _is_ready(row: Row, group: OpenGroup, seen: Seen) -> bool:
    spans = row.template.spans
    if not _is_within_reach(row, group, seen):
        return False
    match group:
        case OpenChoice(span=None):
            return group.site in seen.scored or seen.is_closing
        case OpenChoice(span=index):
            return index is not None and spans[index].key in seen.looks
        case OpenMaybe():
            inside = group.spans
        case OpenRepeat():
            inside = tuple(index for item in group.items for index in item.spans)
    if not all(spans[index].key in seen.looks for index in inside):
        return False
    return seen.certainty <= 0.5 or seen.is_closing or _is_certain(row, group, seen)


def _is_within_reach(row: Row, group: OpenGroup, seen: Seen) -> bool:
    if seen.reach is None:
        return True
    spans = row.template.spans
    match group:
        case OpenChoice(span=None):
            keys = {span.key for span in spans if is_in_branch(span.site, group.site)}
        case OpenChoice(span=index):
            keys = {spans[index].key} if index is not None else set()
        case OpenMaybe():
            keys = {spans[index].key for index in group.spans}
        case OpenRepeat():
            keys = {spans[index].key for item in group.items for index in item.spans}
    return not keys or not keys.isdisjoint(seen.reach)


def _is_certain(row: Row, group: OpenMaybe | OpenRepeat, seen: Seen) -> bool:
    """Whether the parts up to the first absent one are judged clearly."""
    for part in (group,) if isinstance(group, OpenMaybe) else group.items:
        chance = present_chance(row, part, seen.looks)
        if max(chance, 1 - chance) < seen.certainty:
            return False
        if chance < 0.5:
            break
    return True


def verdicts(row: Row, group: OpenGroup, seen: Seen) -> tuple[Verdict, ...]:
    """The ways to decide a group, the preferred one first."""
    match group:
        case OpenMaybe():
            return _maybe(row, group, seen)
        case OpenRepeat():
            return _repeat(row, group, seen)
        case OpenChoice(span=None):
            return _side_by_side(row, group, seen)
        case OpenChoice():
            return _tagged(row, group, seen)


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
    return (here, gone) if chance > 0.5 else (gone,)


def _repeat(row: Row, group: OpenRepeat, seen: Seen) -> tuple[Verdict, ...]:
    presence, is_over = meant_items(row, group, seen.looks)
    count = group.known + len(presence)
    is_ended = is_over or count == group.limit or seen.is_closing
    name = pointer(shown(group.site)) or "/"
    ended = Verdict(row.decisions.with_count(group.site, count, is_ended=True), presence, f"{name}: {count} items")
    fewer = Verdict(
        row.decisions.with_count(group.site, group.known, is_ended=True),
        {},
        f"{name}: cut at {group.known} items",
        is_cut=True,
    )
    if is_ended:
        return (ended, fewer)
    more = row.decisions.with_count(group.site, count, is_ended=False)
    further = tuple(
        Verdict(more.with_ahead(group.site, ahead), presence, f"{name}: {count} items or more")
        for ahead in _halved(2 * len(group.items))
    )
    return (*further, replace(ended, note=f"{name}: cut at {count} items", is_cut=True), fewer)


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
    return _branches(row, group.site, [(k, found.log_chance) for k in order])


def _side_by_side(row: Row, group: OpenChoice, seen: Seen) -> tuple[Verdict, ...]:
    """The branches by their mean score per position."""
    branches = range(group.branches)
    if seen.is_closing:
        order = sorted(branches, key=lambda k: k != group.shown)
        return _branches(row, group.site, [(k, NO_SLOTS) for k in order])
    scores = [_branch_score(seen.looks, (*group.site, BRANCH - k)) for k in branches]
    highest = max(scores)
    total = highest + log(sum(exp(score - highest) for score in scores))
    order = sorted(branches, key=lambda k: -scores[k])
    return _branches(row, group.site, [(k, scores[k] - total) for k in order])


def _branch_score(looks: Looks, site: Path) -> float:
    inside = [found for key, found in looks.items() if key[0][: len(site)] == site]
    if not inside:
        return NO_SLOTS
    scores = [max(found.path_score, found.log_null, -1e6) / len(found.path) for found in inside]
    return sum(scores) / len(scores)


def _branches(row: Row, site: Path, order: Sequence[tuple[int, float]]) -> tuple[Verdict, ...]:
    """The branches and their chances, the best first: any other one is a compromise."""
    name = pointer(shown(site)) or "/"
    return tuple(
        Verdict(
            row.decisions.with_branch(site, branch),
            {(*site, BRANCH - branch): min(chance, 0.0)},
            f"{name}: branch {branch}",
            is_cut=place > 0,
        )
        for place, (branch, chance) in enumerate(order)
    )


def shown(site: Path) -> Path:
    """The steps of a site that JSON shows."""
    return tuple(step for step in site if isinstance(step, str) or step >= 0)
