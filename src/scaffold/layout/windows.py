"""Hide parts of a template, so that the rest fits a model's window."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import accumulate, chain

from scaffold.errors import Path
from scaffold.layout.spans import OpenGroup, OpenMaybe, OpenRepeat
from scaffold.layout.template import BRANCH, Template

Lay = Callable[[frozenset[Path]], Template | None]
"""The template with parts hidden; None where it does not fit."""
Written = tuple[Path, ...]
Around = Callable[[Written, Sequence[Path]], Iterable[Path]]
"""Of what is written, what is to be in view beside the parts that are asked for."""


def group_site(group: OpenGroup) -> Path:
    """What has to be hidden for a group not to be asked for: the part, or what follows the known items."""
    match group:
        case OpenMaybe():
            return group.key[0]
        case OpenRepeat():
            return (*group.site, group.known)
        case _:
            return group.site


def folded(template: Template, kept: Iterable[Path]) -> frozenset[Path]:
    """The largest members and items of a template in which nothing is kept.

    What stands around what is kept stays: its keys, brackets and constants.
    """
    whole = _with_further_items(template, frozenset(kept))
    on_the_way = frozenset(prefix for site in whole for prefix in _prefixes(site))
    sites = chain((span.site for span in template.spans), map(group_site, template.groups))
    return frozenset(part for site in sites if (part := _hidden(site, whole, on_the_way)) is not None)


def _with_further_items(template: Template, kept: frozenset[Path]) -> frozenset[Path]:
    """Who keeps the first of the items that a list may go on with keeps all of those that are laid out."""
    lists = (group for group in template.groups if isinstance(group, OpenRepeat) and group_site(group) in kept)
    return kept | {item.key[0] for group in lists for item in group.items}


def _hidden(site: Path, whole: frozenset[Path], on_the_way: frozenset[Path]) -> Path | None:
    """The largest part around a site that may be hidden; None where the site is kept."""
    if () in whole:
        return None
    for at in _prefixes(site):
        if at in whole:
            return None
        if at not in on_the_way and _is_part(at[-1]):
            return at
    return None


def _prefixes(site: Path) -> Iterator[Path]:
    return accumulate(((step,) for step in site), lambda path, step: path + step)


def _is_part(step: str | int) -> bool:
    """Whether a step leads to a member or an item: the branch of a choice cannot be left out alone."""
    return isinstance(step, str) or step > BRANCH


def narrowed(
    template: Template, parts: Sequence[Path], view: tuple[Written, Sequence[Around]], lay: Lay
) -> frozenset[Path] | None:
    """What to hide so that the first of `parts` fit, beside as much of what is written as lets something fit.

    All of the parts, half of them, and so on, at last the first slot of the first one; None where even that does not
    fit.
    """
    written, arounds = view
    for around in arounds:
        for chosen in _halved(parts):
            hidden = folded(template, (*chosen, *around(written, chosen)))
            if lay(hidden) is not None:
                return hidden
    hidden = folded(template, (_first_slot(template, part) for part in parts[:1]))
    return hidden if lay(hidden) is not None else None


def _first_slot(template: Template, part: Path) -> Path:
    """A group may be judged by one slot of it; the rest is laid out once it is there."""
    return next((span.site for span in template.spans if span.site[: len(part)] == part), part)


def _halved(parts: Sequence[Path]) -> Iterator[Sequence[Path]]:
    """All parts, the first half of them, and so on down to one; or none, of none."""
    count = len(parts)
    yield parts
    while count > 1:
        count //= 2
        yield parts[:count]


def all_of(written: Written, parts: Sequence[Path]) -> Written:
    """Everything that is written."""
    del parts  # it does not matter which are asked for
    return written


def nothing(written: Written, parts: Sequence[Path]) -> Written:
    """Nothing but the parts themselves, and what stands around them."""
    del written, parts
    return ()


def beside(written: Written, parts: Sequence[Path]) -> tuple[Path, ...]:
    """Of what is written, what says where the parts belong: the members of the objects they stand in, the item before.

    A list that goes on in another window has to show where it is.
    """
    parents = frozenset(prefix for part in parts for prefix in ((), *_prefixes(part[:-1])))
    members = (site for site in written if site and isinstance(site[-1], str) and site[:-1] in parents)
    items = ((*part[:-1], step - 1) for part in parts if part and isinstance(step := part[-1], int) and step > 0)
    return (*members, *items)


def item_of(site: Path) -> Path:
    """The innermost item or entry that a site lies in, else the site itself: a window shows items whole."""
    last = next((k for k in range(len(site), 0, -1) if isinstance(step := site[k - 1], int) and step >= 0), len(site))
    return site[:last]
