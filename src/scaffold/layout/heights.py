"""How deep the shallowest spelling of a piece is: recursion is laid out by its shallowest branch."""

from functools import lru_cache
from math import inf

from scaffold.layout.pieces import At, Choice, Joined, Later, Layout, Maybe, Piece, Repeat, Row


def least_branch(layout: Layout, choice: Choice) -> int:
    """The branch that ends soonest; the first of equals."""
    found = _least_branches(_Key(layout))
    key = _Key(choice)
    if key not in found:
        known = _definition_heights(_Key(layout))
        heights = [_height(branch, known) for branch in choice.branches]
        found[key] = heights.index(min(heights))
    return found[key]


def least_height(layout: Layout, piece: Piece) -> float:
    """The height of the shallowest spelling of a part, if it is there."""
    known = _definition_heights(_Key(layout))
    return _height(piece.body, known) if isinstance(piece, Maybe) else _member_height(piece, known)


class _Key:
    """A layout, or a part of one, by identity, so that a cache does not hash the whole tree."""

    def __init__(self, tree: Layout | Choice) -> None:
        self.tree = tree

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and other.tree is self.tree

    def __hash__(self) -> int:
        return id(self.tree)


@lru_cache(maxsize=256)
def _least_branches(layout: _Key) -> dict[_Key, int]:
    """What is known of the choices of a layout: every template asks again."""
    del layout  # the cache is by layout
    return {}


@lru_cache(maxsize=256)
def _definition_heights(key: _Key) -> dict[str, float]:
    """Smallest fixed point, by as many rounds as there are definitions at most."""
    assert isinstance(key.tree, Layout), "a key of a layout"
    definitions = key.tree.definitions
    known = dict.fromkeys(definitions, inf)
    for _ in range(len(definitions) + 1):
        found = {name: _height(piece, known) for name, piece in definitions.items()}
        if found == known:
            break
        known = found
    return known


def _height(piece: Piece, known: dict[str, float]) -> float:
    match piece:
        case Later():
            return 1 + known[piece.name]
        case Joined(least=least) if least:
            return _counted_height(piece, known)
        case Row() | Joined():
            return max((_height(part, known) for part in piece.pieces), default=0)
        case At():
            return _height(piece.piece, known)
        case Repeat():
            return max(
                (_height(piece.item(i), known) for i in range(min(piece.minimum, 1 + len(piece.heads)))), default=0
            )
        case Choice():
            return min(_height(branch, known) for branch in piece.branches)
        case Maybe():
            return 0
        case _:
            return 0


def _member_height(piece: Piece, known: dict[str, float]) -> float:
    """The height of a member that is there: of an entry, where it stands for entries."""
    match piece:
        case At():
            return _member_height(piece.piece, known)
        case Maybe(absent=""):
            return _height(piece.body, known)
        case Repeat():
            return _height(piece.item(0), known)
        case _:
            return _height(piece, known)


def _counted_height(piece: Joined, known: dict[str, float]) -> float:
    """The height of an object that needs so many members: the required ones, and the shallowest of the others."""
    required, others = [0.0], list[float]()
    most = min(piece.least, len(piece.pieces))  # entries of one kind are alike, so more of them decide nothing
    for part in piece.pieces:
        assert isinstance(part, At), "a member of an object has a name"
        height = _member_height(part, known)
        if isinstance(part.piece, Repeat):
            others += [height] * most
        elif isinstance(part.piece, Maybe) and not part.piece.absent:
            others.append(height)
        else:
            required.append(height)
    missing = max(0, piece.least - len(required) + 1)
    return max(*required, *sorted(others)[: min(missing, len(piece.pieces))], 0.0)
