"""Values that the caller knows: written into their slots before the model is asked."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from pydantic_core import PydanticSerializationError, to_jsonable_python

from scaffold.denoise.row import Row, filled, with_decisions
from scaffold.errors import DecodeError, LayoutError, Path, SlotBudgetError, pointer
from scaffold.layout.encode import Encoded, encode_at
from scaffold.layout.pieces import At, Joined, Later, Layout, Maybe, Piece
from scaffold.layout.pieces import Row as PieceRow
from scaffold.pipeline.compiled import is_legal
from scaffold.pipeline.said import with_numbers
from scaffold.schema import canonical


def path_of(name: str) -> Path:
    """The path that a caller names: a member of the root, or, where it begins with a slash, a JSON pointer."""
    steps = name.split("/")[1:] if name.startswith("/") else [name]
    return tuple(step.replace("~1", "/").replace("~0", "~") for step in steps)


def known_values(known: Mapping[str, Any] | None) -> dict[Path, Any]:
    """Paths, and values as plain JSON: of dates, models and the like, what Pydantic writes for them.

    Raises:
        DecodeError: they are no mapping of names, or JSON cannot say one of the values.
    """
    given: Any = {} if known is None else known
    if not isinstance(given, Mapping) or not all(isinstance(name, str) for name in given):
        raise DecodeError((), f"known={known!r} does not map names to values", 'give a dict: known={"/total": 3}')
    return {path_of(name): _plain(path_of(name), value) for name, value in given.items()}


def _plain(path: Path, value: Any) -> Any:
    try:
        plain = with_numbers(to_jsonable_python(value, by_alias=True), value)
        canonical.dumps(plain)
    except (PydanticSerializationError, ValueError) as error:
        message = f"the known value {value!r} cannot be said in JSON: {error}"
        raise DecodeError(path, message, "give it as it should stand in the document") from error
    return plain


def with_known(row: Row, known: Mapping[Path, Any]) -> Row:
    """Fix each known value.

    Raises:
        LayoutError: there is no such field.
        DecodeError: the value is not legal there.
        SlotBudgetError: the values do not fit the model's window.
    """
    for path, value in known.items():
        found = _encoded(row.request.layout, path, value)
        row = with_encoded(row, found, frozenset({path}))
    return row


def with_encoded(row: Row, found: Encoded, given: frozenset[Path]) -> Row:
    """Take over decisions and texts, as known."""
    request = row.request
    ids = {key: request.tokenizer.encode(text) for key, text in found.texts.items()}
    old, new = row.decisions, found.decisions
    sizes = {key: max(len(tokens), 1) for key, tokens in ids.items()}
    decisions = replace(
        old,
        maybes={**old.maybes, **new.maybes},
        counts={**old.counts, **new.counts},
        ended=old.ended | new.ended,
        branches={**old.branches, **new.branches},
        sizes={**old.sizes, **sizes},
    )
    written = {key: filled(tokens, sizes[key], request.null_id) for key, tokens in ids.items()}
    laid = with_decisions(replace(row, written={**row.written, **written}, given=row.given | given), decisions)
    if laid is None:
        raise SlotBudgetError((), "the known values do not fit the model's window", "leave the long ones out")
    return laid


def _encoded(layout: Layout, path: Path, value: Any) -> Encoded:
    outer: dict[tuple[Path, str], bool] = {}
    piece = layout.root
    for depth, step in enumerate(path):
        members = {m.step: m for m in _members(layout, piece, path[:depth], outer)}
        member = members.get(step)
        if member is None:
            names = ", ".join(name for name in members if isinstance(name, str)) or "none"
            message = f"{pointer(path)} is not a declared field"
            raise LayoutError(path, message, f"known values stand at declared fields; there: {names}")
        piece = member.piece
        if isinstance(piece, Maybe) and not piece.absent:
            outer[path[: depth + 1], ""] = True
            piece = piece.body
    found = encode_at(layout, piece, value, path, is_legal)
    if found is None:
        raise DecodeError(path, f"the known value {value!r} is not legal here", "see scaffold.compile(...).report()")
    return replace(found, decisions=replace(found.decisions, maybes={**outer, **found.decisions.maybes}))


def _members(layout: Layout, piece: Piece, site: Path, outer: dict[tuple[Path, str], bool]) -> Iterator[At]:
    """The declared members of the object that a piece spells."""
    match piece:
        case PieceRow():
            for part in piece.pieces:
                yield from _members(layout, part, site, outer)
        case Joined(kind="object"):
            yield from (m for m in piece.pieces if isinstance(m, At))
        case Maybe():
            outer[site, piece.absent] = True
            yield from _members(layout, piece.body, site, outer)
        case Later():
            yield from _members(layout, layout.definitions[piece.name], site, outer)
        case _:
            return
