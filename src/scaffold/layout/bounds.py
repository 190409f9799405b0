"""Hold an object to its number of properties: which members must be there, and which may not, after what is decided."""

from dataclasses import dataclass, replace
from math import inf

from scaffold.errors import Path
from scaffold.layout.decisions import Decisions
from scaffold.layout.heights import least_height
from scaffold.layout.pieces import At, Joined, Layout, Maybe, Piece, Repeat


@dataclass(frozen=True, slots=True)
class _Tally:
    """What is there, and what could be, by the site of the member."""

    there: int
    optional: tuple[Path, ...]
    """Undecided properties."""
    endless: tuple[Path, ...]
    """Kinds of entries of which there may be more."""
    offered: tuple[Path, ...]
    """Those of `endless` that a model is asked about."""


def bounded(layout: Layout, piece: Joined, site: Path, decisions: Decisions, *, is_closing: bool) -> Joined:
    """The object with what its bounds force made part of its members: some always present, some gone, entries counted.

    Groups that are counted must be decided one at a time, with the object laid out anew in between. `is_closing`:
    undecided members are left out, so the shallowest ones are taken where the object needs more.
    """
    tally = _tally(piece, site, decisions)
    missing = max(0, piece.least - tally.there)
    room = inf if piece.most is None else piece.most - tally.there
    forced = _forced(layout, piece, site, tally, missing) if is_closing else _needed(tally, missing)
    members = []
    for member in piece.pieces:
        assert isinstance(member, At), "a member of an object has a name"
        found = _held(member.piece, (*site, member.step), decisions, forced, room)
        members += [] if found is None else [replace(member, piece=found)]
    return replace(piece, pieces=tuple(members))


def _tally(piece: Joined, site: Path, decisions: Decisions) -> _Tally:
    there, optional, endless, offered = 0, [], [], []
    for member in piece.pieces:
        assert isinstance(member, At), "a member of an object has a name"
        at, body = (*site, member.step), member.piece
        if isinstance(body, Repeat):
            there += decisions.counts.get(at, 0)
            endless += [] if at in decisions.ended else [at]
            offered += [] if at in decisions.ended or not body.ahead else [at]
        elif not isinstance(body, Maybe) or body.absent or decisions.maybes.get((at, "")):
            there += 1
        elif (at, "") not in decisions.maybes:
            optional.append(at)
    return _Tally(there, tuple(optional), tuple(endless), tuple(offered))


def _needed(tally: _Tally, missing: int) -> dict[Path, int]:
    """How many more there must be of each member, where no other one can stand in for it."""
    beyond = missing - len(tally.optional)
    if tally.offered:
        return {tally.offered[0]: beyond} if beyond > 0 and len(tally.offered) == 1 else {}
    if not missing or beyond < 0:
        return {}
    entries = {tally.endless[-1]: beyond} if tally.endless and beyond else {}
    return dict.fromkeys(tally.optional, 1) | entries


def _forced(layout: Layout, piece: Joined, site: Path, tally: _Tally, missing: int) -> dict[Path, int]:
    """The shallowest undecided members, as many as are missing."""
    bodies = {(*site, member.step): member.piece for member in piece.pieces if isinstance(member, At)}
    found: dict[Path, int] = {}
    for at in sorted((*tally.optional, *tally.endless), key=lambda at: least_height(layout, bodies[at])):
        if missing > 0:
            found[at] = 1 if at in tally.optional else missing
            missing -= found[at]
    return found


def _held(body: Piece, at: Path, decisions: Decisions, forced: dict[Path, int], room: float) -> Piece | None:
    """One member under the bounds; None where there is no room for it."""
    match body:
        case Repeat():
            known = decisions.counts.get(at, 0)
            most = body.maximum if room == inf else known + max(0, int(room))
            return replace(body, minimum=max(body.minimum, known + forced.get(at, 0)), maximum=most)
        case Maybe(absent="") if (at, "") not in decisions.maybes and at in forced:
            return body.body
        case Maybe(absent="") if (at, "") not in decisions.maybes and room <= 0:
            return None
        case _:
            return body
