"""Rows in other clothes: wrapped, two in one, with lines broken elsewhere, or in one letter case."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from random import Random
from typing import Any

from scaffold.errors import Path, pointer
from scaffold.train.corpora import Row
from scaffold.train.synthetic.bind import Asked, merged, wrapped

_BREAKS = (
    (", ", "\n"),
    (", ", "\n"),
    (", ", "; "),
    (", ", " | "),
    (", ", " - "),
    (". ", ".\n"),
    ("\n", ", "),
    ("\n", " / "),
)


def varied(row: Row, other: Row, rng: Random) -> Row:
    """The row asked for or written in another way, so that what is learned does not hang on either.

    `other` stands beside it where two rows become one. A row that cannot be varied in the way that was drawn is given
    back as it is.
    """
    if not isinstance(row["schema"], dict):
        return row
    asked = _asked(row)
    kind = rng.choice(("wrapped", "merged", "relaid", "relaid", "recased"))
    match kind:
        case "wrapped" if _can_move(row["schema"]):
            return _row(wrapped(rng, asked))
        case "merged" if _can_move(row["schema"]) and _can_move(other["schema"]):
            return _row(merged(rng, asked, _asked(other)) or asked)
        case "wrapped" | "merged":
            return row
        case "relaid":
            return _row(relaid(asked, *rng.choice(_BREAKS)))
        case _:
            return _row(recased(asked, is_upper=rng.random() < 0.3))


def relaid(asked: Asked, old: str, new: str) -> Asked:
    """Put `new` for each `old` that no quoted span touches; spans stay with their words."""
    spans = [*asked.spans.values()]
    text, places, at = "", list[int](), 0
    while at < len(asked.text):
        end = at + len(old)
        is_break = asked.text.startswith(old, at) and not any(start < end and at < stop for start, stop in spans)
        step = len(old) if is_break else 1
        places += [len(text)] * step
        text += new if is_break else asked.text[at]
        at += step
    places.append(len(text))
    moved = {name: [places[start], places[stop]] for name, (start, stop) in asked.spans.items()}
    return replace(asked, text=text, spans=moved)


def recased(asked: Asked, *, is_upper: bool) -> Asked:
    """All in lower or upper case, where every text of the value is quoted and no offset moves; else as it is."""
    text = asked.text.upper() if is_upper else asked.text.lower()
    # Changing case can only lengthen a text (ß, İ), so equal lengths mean equal offsets.
    if len(text) != len(asked.text) or _cut(asked.value, asked.text, asked.spans) != asked.value:
        return asked
    return replace(asked, text=text, value=_cut(asked.value, text, asked.spans))


def _cut(value: Any, text: str, spans: Mapping[str, list[int]], path: Path = ()) -> Any:
    """The value with each text cut from its span; None for one that has no span."""
    match value:
        case dict():
            return {name: _cut(member, text, spans, (*path, name)) for name, member in value.items()}
        case list():
            return [_cut(item, text, spans, (*path, index)) for index, item in enumerate(value)]
        case str():
            span = spans.get(pointer(path))
            return None if span is None else text[slice(*span)]
        case _:
            return value


def _can_move(schema: Any) -> bool:
    """Whether it means the same inside another schema: what it refers to moves along, see `bound`."""
    return isinstance(schema, dict) and "$id" not in schema and all(map(_moves_along, _references(schema)))


def _moves_along(reference: Any) -> bool:
    return isinstance(reference, str) and reference.startswith("#/$defs/")


def _references(schema: Any) -> Iterator[Any]:
    """Whatever stands under a keyword for references, at any depth."""
    members = schema.items() if isinstance(schema, dict) else enumerate(schema) if isinstance(schema, list) else ()
    for name, member in members:
        if name in {"$ref", "$dynamicRef", "$recursiveRef"}:
            yield member
        yield from _references(member)


def _asked(row: Row) -> Asked:
    name = "_".join(str(row["schema"].get("title", "record")).lower().split())
    return Asked(
        name, row["text"], row["schema"], row["value"], row.get("spans", {}), tuple(row.get("non_extractive", ()))
    )


def _row(asked: Asked) -> Row:
    return {
        "text": asked.text,
        "schema": asked.schema,
        "value": asked.value,
        "spans": dict(asked.spans),
        "non_extractive": list(asked.indirect),
    }
