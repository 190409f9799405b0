"""Which JSON pointers a layout has: what a caller may name."""

from collections.abc import Iterator, Sequence

from scaffold.errors import pointer
from scaffold.layout.pieces import At, Choice, Joined, Later, Layout, Maybe, Piece, Repeat, Row, Slot

ANY_STEP = "*"


def has_pointer(layout: Layout, steps: Sequence[str]) -> bool:
    """Whether some value has a part at these steps; `*` stands for any one of them, entries of maps are numbered."""
    return any(True for _ in _reached(layout, layout.root, tuple(steps), set()))


def slots_at(layout: Layout, steps: Sequence[str]) -> tuple[Slot, ...]:
    """The slots in which what stands at these steps may be written; none where it is an object or an array."""
    found = _reached(layout, layout.root, tuple(steps), set())
    return tuple(slot for piece in found for slot in _slots(layout, piece, frozenset()))


def pointers(layout: Layout) -> tuple[str, ...]:
    """The pointers of all parts but the whole, items as `*`, recursion entered once; in the layout's order."""
    return tuple(dict.fromkeys(map(pointer, _paths(layout, layout.root, frozenset()))))


def _reached(layout: Layout, piece: Piece, steps: tuple[str, ...], seen: set[tuple[str, int]]) -> Iterator[Piece]:
    """Where `steps` lead to from a piece; `seen` are definitions entered with so many steps left."""
    if not steps:
        yield piece
        return
    match piece:
        case At(step=str() as name):
            if steps[0] in {ANY_STEP, name}:
                yield from _reached(layout, piece.piece, steps[1:], seen)
        case Repeat():
            for item in _items(piece, steps[0]):
                yield from _reached(layout, item, steps[1:], seen)
        case Later():
            if (piece.name, len(steps)) not in seen:
                seen.add((piece.name, len(steps)))
                yield from _reached(layout, layout.definitions[piece.name], steps, seen)
        case _:
            for part in _parts(piece):
                yield from _reached(layout, part, steps, seen)


def _slots(layout: Layout, piece: Piece, entered: frozenset[str]) -> Iterator[Slot]:
    match piece:
        case Slot():
            yield piece
        case Later() if piece.name not in entered:
            yield from _slots(layout, layout.definitions[piece.name], entered | {piece.name})
        case Joined():
            return
        case _:
            for part in _parts(piece):
                yield from _slots(layout, part, entered)


def _items(piece: Repeat, step: str) -> tuple[Piece, ...]:
    """The items that a step may name."""
    rest = () if piece.rest is None else (piece.rest,)
    if step == ANY_STEP:
        return (*piece.heads, *rest)
    if not (step.isascii() and step.isdecimal()):
        return ()
    index, limit = int(step), piece.limit
    return () if limit is not None and index >= limit else (piece.item(index),)


def _parts(piece: Piece) -> tuple[Piece, ...]:
    """What a piece consists of, where that adds no step."""
    match piece:
        case Row() | Joined():
            return piece.pieces
        case At():
            return (piece.piece,)
        case Maybe():
            return (piece.body,)
        case Choice():
            return piece.branches
        case _:
            return ()


def _paths(layout: Layout, piece: Piece, entered: frozenset[str]) -> Iterator[tuple[str, ...]]:
    match piece:
        case At(step=str() as name):
            yield from ((name, *path) for path in _below(layout, piece.piece, entered))
        case Repeat():
            for item in _items(piece, ANY_STEP):
                yield from ((ANY_STEP, *path) for path in _below(layout, item, entered))
        case Later() if piece.name not in entered:
            yield from _paths(layout, layout.definitions[piece.name], entered | {piece.name})
        case _:
            for part in _parts(piece):
                yield from _paths(layout, part, entered)


def _below(layout: Layout, piece: Piece, entered: frozenset[str]) -> Iterator[tuple[str, ...]]:
    """A part itself, then what is in it."""
    yield ()
    yield from _paths(layout, piece, entered)
