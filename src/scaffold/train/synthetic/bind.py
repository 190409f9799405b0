"""Schemas in schemas: an answer in a wrapper, or the answers to two texts, side by side under one schema."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random

from scaffold.errors import pointer
from scaffold.train.synthetic.shape import Json

_WRAPPERS = ("result", "data", "record", "extraction", "output", "document", "payload", "entry", "response", "item")


@dataclass(frozen=True, slots=True)
class Asked:
    """A text with its question and answer."""

    name: str
    text: str
    schema: Json
    value: Json
    spans: Mapping[str, list[int]]
    indirect: tuple[str, ...]
    quotations: tuple[str, ...] = field(default=(), repr=False)
    """What the text does not say though it might: it must not stand in another text beside it either."""


def wrapped(rng: Random, asked: Asked) -> Asked:
    """The same answer as the only member of one or two objects."""
    for name in rng.sample(_WRAPPERS, rng.choice((1, 1, 2))):
        asked = bound((name, asked))
    return asked


def merged(rng: Random, first: Asked, second: Asked) -> Asked | None:
    """Both texts, one behind the other, and both answers; None where the schemas or the texts do not go together."""
    definitions = [one.schema.get("$defs", {}).keys() for one in (first, second)]
    is_said = any(_stands(words, b.text) for a, b in ((first, second), (second, first)) for words in a.quotations)
    if first.name == second.name or definitions[0] & definitions[1] or is_said:
        return None
    pair = (first, second) if rng.random() < 0.5 else (second, first)
    return bound(*((one.name, one) for one in pair))


def bound(*parts: tuple[str, Asked]) -> Asked:
    """One object with an answer for each name; definitions are kept at the root, where references point."""
    properties: Json = {}
    definitions: Json = {}
    value: Json = {}
    spans: dict[str, list[int]] = {}
    indirect: list[str] = []
    text = ""
    for name, one in parts:
        text += "\n\n" if text else ""
        properties[name] = {key: part for key, part in one.schema.items() if key != "$defs"}
        definitions |= one.schema.get("$defs", {})
        value[name] = one.value
        spans |= {pointer((name,)) + at: [len(text) + place for place in span] for at, span in one.spans.items()}
        indirect += [pointer((name,)) + at for at in one.indirect]
        text += one.text
    schema: Json = {"$defs": definitions} if definitions else {}
    schema |= {"properties": properties, "required": list(properties), "type": "object"}
    return Asked("_".join(properties), text, schema, value, spans, tuple(indirect))


def _stands(words: str, text: str) -> bool:
    """Whether `words` stand in `text`, in whatever case."""
    return words.lower() in text.lower()
