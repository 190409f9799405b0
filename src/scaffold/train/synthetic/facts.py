"""What a domain knows: facts as they are said, the fields that ask for them, and phrasings that state them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Literal

from scaffold.train.synthetic.said import Said
from scaffold.train.synthetic.spelling import Speech

Kind = Literal[
    "text",
    "email",
    "url",
    "date",
    "time",
    "datetime",
    "duration",
    "phone",
    "integer",
    "number",
    "boolean",
    "enum",
    "texts",
    "records",
]
Record = Mapping[str, Said | Sequence[Said]]
Fact = Said | Sequence[Said] | Sequence[Record]
Facts = Mapping[str, Fact]


@dataclass(frozen=True, slots=True)
class Field:
    """One question about a text: the fact it asks for, and how it may be named and described.

    `key` is the fact's key; `names` are snake-case synonyms, without the `group` that may hold the field
    ("seller" and "name" become `seller_name` or a nested object). `labels` belong to an enum, `items` to records.
    """

    key: str
    kind: Kind
    names: tuple[str, ...]
    about: str
    group: str = ""
    labels: tuple[str, ...] = ()
    pattern: str = ""
    items: tuple["Field", ...] = ()


@dataclass(frozen=True, slots=True)
class Phrases:
    """How one language states the facts: one alternative of `first`, then of each of `others` in any order.

    Templates name facts in braces; a statement whose facts are not all known is skipped. `records` holds
    for each list of records the (template of one, separator) alternatives.
    """

    first: tuple[str, ...]
    others: tuple[tuple[str, ...], ...] = ()
    records: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    joiners: tuple[str, ...] = (" ", " ", "\n")
    is_ordered: bool = False


@dataclass(frozen=True, slots=True)
class Domain:
    """A subject that texts are about."""

    name: str
    titles: tuple[str, ...]
    abouts: tuple[str, ...]
    fields: tuple[Field, ...]
    facts: Callable[[Random, Speech], Facts]
    phrases: Mapping[str, Phrases]
    """By language."""


def ask(key: str, kind: Kind, names: str, about: str, **more: str) -> Field:
    """A scalar field; `names` are separated by blanks, `labels` (in `more`) too."""
    labels = tuple(more.get("labels", "").split())
    return Field(key, kind, tuple(names.split()), about, more.get("group", ""), labels, more.get("pattern", ""))


def ask_records(key: str, names: str, about: str, *items: Field) -> Field:
    """A field that asks for a list of objects with the fields `items`."""
    return Field(key, "records", tuple(names.split()), about, items=items)
