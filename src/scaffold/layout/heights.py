"""How deep the shallowest spelling of a piece is: recursion is laid out by its shallowest branch."""

from functools import lru_cache
from math import inf

from scaffold.layout.pieces import At, Choice, Joined, Later, Layout, Maybe, Piece, Repeat, Row


def least_branch(layout: Layout, choice: Choice) -> int:
    """The branch that ends soonest; the first of equals."""
    known = _definition_heights(_Key(layout))
    heights = [_height(branch, known) for branch in choice.branches]
    return heights.index(min(heights))


class _Key:
    """A layout by identity, so that a cache does not hash the whole tree."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and other.layout is self.layout

    def __hash__(self) -> int:
        return id(self.layout)


@lru_cache(maxsize=256)
def _definition_heights(key: _Key) -> dict[str, float]:
    """Smallest fixed point, by as many rounds as there are definitions at most."""
    definitions = key.layout.definitions
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
