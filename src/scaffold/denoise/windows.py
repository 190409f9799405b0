"""Rows that do not fit the model's window: one window after the other, and the whole behind them."""

from dataclasses import replace

from scaffold.denoise.loop import Finished
from scaffold.denoise.row import Row, narrow, open_items, open_sites, settled
from scaffold.denoise.verdicts import shown
from scaffold.errors import Path, SlotBudgetError, pointer
from scaffold.layout.spans import OpenMaybe, OpenRepeat
from scaffold.layout.windows import beside, group_site, nothing

BOUNDLESS = 1 << 40
RESERVE = 4
"""One part in so many of a window that shows several parts is left free, for what they grow into."""


def whole(row: Row) -> Row:
    """The row with nothing hidden, in a window without bounds: to be read, checked and repaired, not to be filled."""
    request = replace(row.request, max_length=BOUNDLESS)
    # A list begins each window with few further items: as many as it had last may be more than the window holds.
    decisions = replace(row.decisions, hidden=frozenset(), ahead={})
    return settled(replace(row, request=request, decisions=decisions, template=request.template(decisions)))


def window(row: Row, max_length: int) -> Row:
    """A whole row as the model is to see it next: all of it, or the outer fields first, then items and groups in turn.

    Raises:
        SlotBudgetError: the prompt and the next part alone do not fit.
    """
    found = replace(row, request=replace(row.request, max_length=max_length))
    if len(found.template.token_ids) <= found.request.free:
        return found
    several = narrow(found, open_items(found), (beside, nothing), reserve=found.request.free // RESERVE)
    return several or _lone(found, open_sites(found)[0])


def first_window(row: Row, max_length: int) -> Row:
    """The first window of a whole row.

    Raises:
        SlotBudgetError: the prompt and some part of what is laid out at the start do not fit, each alone.
    """
    found = window(row, max_length)
    if found.decisions.hidden:
        extents = _extents(row)
        largest = max(extents, key=lambda part: extents[part])
        _lone(replace(row, request=found.request), largest, is_bare=True)
    return found


def next_window(finished: Finished, max_length: int) -> Row | None:
    """What is to be filled after a window; None where nothing is, or its error stands.

    What did not fit beside others is tried alone, and then without anything that says where it belongs.

    Raises:
        SlotBudgetError: the prompt and the next part alone do not fit.
    """
    row = whole(finished.row)
    if finished.error is None:
        return None if row.is_done else window(row, max_length)
    is_one = len(open_sites(finished.row)) == 1
    is_bare = all(map(finished.row.is_open, finished.row.template.spans))
    if not isinstance(finished.error, SlotBudgetError) or (is_one and is_bare) or not open_sites(row):
        return None
    part = _part_at(row, finished.error.path) or open_sites(row)[0]
    return _lone(replace(row, request=replace(row.request, max_length=max_length)), part, is_bare=is_one)


def _lone(row: Row, part: Path, *, is_bare: bool = False) -> Row:
    """The row with one open part in view, if possible beside what says where it belongs.

    Raises:
        SlotBudgetError: the prompt and the part do not fit.
    """
    request = row.request
    several = None if is_bare else narrow(row, (part,), (beside, nothing), reserve=request.free // RESERVE)
    alone = several or narrow(row, (part,), (nothing,))
    if alone is None:
        raise _too_large(row, part)
    return alone


def _part_at(row: Row, path: Path) -> Path | None:
    """The open part of a whole row that a JSON path leads to, or into."""
    for part in open_sites(row):
        at = shown(part)
        if at[: len(path)] == path or path[: len(at)] == at:
            return part
    return None


def _extents(row: Row) -> dict[Path, int]:
    """Tokens that each open part takes in the layout, about."""
    spans = row.template.spans
    found = {span.site: span.size for span in spans if row.is_open(span)}
    for group in row.template.groups:
        match group:
            case OpenMaybe(spans=inside):
                pass
            case OpenRepeat(items=items):
                inside = items[0].spans if items else ()
            case _:
                inside = ()
        if inside:
            found[group_site(group)] = spans[inside[-1]].stop - spans[inside[0]].start
    return {part: found.get(part, 0) for part in open_sites(row)}


def _too_large(row: Row, part: Path) -> SlotBudgetError:
    request = replace(row.request, max_length=BOUNDLESS)
    least = narrow(replace(row, request=request), (part,), (nothing,))
    assert least is not None, "there is room for anything"
    where = pointer(shown(part)) or "the root"
    need = (
        f"{len(request.prompt)} for the prompt, {len(least.template.token_ids)} for {where} and what stands around it"
    )
    message = f"even alone it does not fit the model's window of {row.request.max_length} tokens ({need})"
    return SlotBudgetError(shown(part), message, "shorten the prompt, or use a model with a longer window")
