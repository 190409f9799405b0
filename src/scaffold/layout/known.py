"""Values that the caller knows already: the part of a layout that they decide."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from scaffold.errors import LayoutError, Path
from scaffold.layout.decisions import Decisions, SlotKey
from scaffold.layout.encode import Legal, encode
from scaffold.layout.pieces import At, Choice, Hint, Joined, Later, Layout, Maybe, Piece, Repeat, Row, Text
from scaffold.layout.template import BRANCH


@dataclass(frozen=True, slots=True)
class Known:
    """What known values decide; `sites` are where they stand, and all below those is known too."""

    decisions: Decisions
    texts: Mapping[SlotKey, str]
    sites: frozenset[Path]


def known_values(layout: Layout, known: Mapping[str, Any], is_legal: Legal) -> Known:
    """Decide what `known` says: nested as the document is, or by JSON pointer; what it leaves out stays open.

    Lists, and maps of undeclared names, are known as a whole or not at all.

    Raises:
        LayoutError: a known value has no place in the document, or is not legal there.
    """
    walk = _Walk(layout, is_legal)
    value = _nested(known)
    if not walk.value(layout.root, value, ()):
        raise LayoutError(walk.blamed, "the known value is not legal here", "correct `known`")
    decisions = Decisions(walk.maybes, walk.counts, frozenset(walk.counts), walk.branches)
    return Known(decisions, walk.texts, frozenset(walk.sites))


def _nested(known: Mapping[str, Any]) -> dict[str, Any]:
    """Pointers spelled out: `{"/a/b": 1}` is `{"a": {"b": 1}}`."""
    found: dict[str, Any] = {}
    for key, value in known.items():
        steps = [part.replace("~1", "/").replace("~0", "~") for part in key[1:].split("/")] if key[:1] == "/" else [key]
        inside = found
        for step in steps[:-1]:
            inside = inside.setdefault(step, {})
            if not isinstance(inside, dict):
                raise LayoutError(tuple(steps), "known twice, and not alike", "correct `known`")
        inside[steps[-1]] = value
    return found


@dataclass(slots=True)
class _Walk:
    """One walk over tree and value together; lives only inside `known_values`."""

    layout: Layout
    is_legal: Callable[..., bool]
    blamed: Path = ()
    maybes: dict[tuple[Path, str], bool] = field(default_factory=dict)
    counts: dict[Path, int] = field(default_factory=dict)
    branches: dict[Path, int] = field(default_factory=dict)
    texts: dict[SlotKey, str] = field(default_factory=dict)
    sites: set[Path] = field(default_factory=set)

    def value(self, piece: Piece, value: Any, site: Path) -> bool:
        match piece:
            case Row():
                return self.row(piece.pieces, value, site)
            case Later():
                return self.value(self.layout.definitions[piece.name], value, site)
            case Maybe() if value is not None and isinstance(value, dict):
                self.maybes[site, piece.absent] = True
                return self.value(piece.body, value, site)
            case Choice() if isinstance(value, dict):
                return self.choice(piece, value, site)
            case Joined(kind="object") if isinstance(value, dict) and not _is_map(piece):
                return self.object(piece, value, site)
            case _:
                return self.whole(piece, value, site)

    def row(self, pieces: Iterable[Piece], value: Any, site: Path) -> bool:
        return all(self.value(part, value, site) for part in pieces if not isinstance(part, Text | Hint))

    def object(self, piece: Joined, value: dict[str, Any], site: Path) -> bool:
        members = {str(m.step): m.piece for m in piece.pieces if isinstance(m, At)}
        for name, item in value.items():
            inner = (*site, name)
            self.blamed = inner
            body = members.get(name)
            if body is None:
                return False
            if isinstance(body, Maybe) and not body.absent:
                self.maybes[inner, ""] = True
                body = body.body
            if not self.value(body, item, inner):
                return False
        return True

    def choice(self, piece: Choice, value: dict[str, Any], site: Path) -> bool:
        """The first branch that takes all of it."""
        for index, branch in enumerate(piece.branches):
            attempt = _Walk(self.layout, self.is_legal)
            if attempt.value(branch, value, (*site, BRANCH - index)):
                self.take(attempt)
                self.branches[site] = index
                return True
        return False

    def take(self, other: "_Walk") -> None:
        self.maybes |= other.maybes
        self.counts |= other.counts
        self.branches |= other.branches
        self.texts |= other.texts
        self.sites |= other.sites

    def whole(self, piece: Piece, value: Any, site: Path) -> bool:
        self.blamed = site
        found = encode(Layout(piece, self.layout.definitions), value, self.is_legal)
        if found is None:
            return False
        decided = found.decisions
        self.maybes |= {((*site, *inner), absent): is_there for (inner, absent), is_there in decided.maybes.items()}
        self.counts |= {(*site, *inner): count for inner, count in decided.counts.items()}
        self.branches |= {(*site, *inner): branch for inner, branch in decided.branches.items()}
        self.texts |= {((*site, *inner), role): text for (inner, role), text in found.texts.items()}
        self.sites.add(site)
        return True


def _is_map(piece: Joined) -> bool:
    return all(isinstance(part, At) and isinstance(part.piece, Repeat) for part in piece.pieces)
