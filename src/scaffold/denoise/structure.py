"""Deciding groups as far as the window has room: all at once, or one by one."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from scaffold.denoise.presence import present_chance
from scaffold.denoise.row import NO_ROOM, Row, is_in_branch, with_decisions
from scaffold.denoise.verdicts import Seen, Verdict, shown, verdicts
from scaffold.errors import Path, SlotBudgetError
from scaffold.layout.spans import OpenChoice, OpenGroup, OpenMaybe, OpenRepeat


def decide(row: Row, seen: Seen) -> Row:
    """Decide every group whose slots were looked at, then the groups that this uncovers.

    Where there is no room for everything, what the model does not mean is left out first.

    Raises:
        SlotBudgetError: no way to decide a group fits the model's window.
    """
    while True:
        ready = _in_turn(row, [group for group in row.template.groups if _is_ready(row, group, seen)], seen)
        if not ready:
            return row
        wanted = _all_first(row, ready, seen)
        laid = with_decisions(wanted, wanted.decisions)
        row = _as_far_as_fits(row, ready, replace(seen, tight=wanted.said)) if laid is None else laid


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


def _all_first(row: Row, groups: Iterable[OpenGroup], seen: Seen) -> Row:
    """The preferred verdict on each group, not laid out yet."""
    for group in groups:
        row = _applied(row, verdicts(row, group, seen)[0])
    return row


def _as_far_as_fits(row: Row, groups: Sequence[OpenGroup], seen: Seen) -> Row:
    meant = _all_first(row, groups, seen)
    laid = with_decisions(meant, meant.decisions)
    return _one_by_one(row, groups, seen) if laid is None else laid


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
    hint = '; on_overflow="split" fills it window by window, "cut" keeps what fits'
    return SlotBudgetError(shown(site), message, NO_ROOM + hint)


def _applied(row: Row, verdict: Verdict) -> Row:
    notes = (*row.notes, verdict.note) if verdict.note else row.notes
    said, guessed = row.said + verdict.said, row.guessed + verdict.guesses
    presence = {**row.presence, **verdict.presence}
    return replace(row, decisions=verdict.decisions, presence=presence, said=said, guessed=guessed, notes=notes)


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
    if isinstance(group, OpenMaybe) and any(spans[index].key in seen.waiting for index in inside):
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
