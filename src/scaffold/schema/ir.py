"""The closed set of small frozen records that say what is asked for.

JSON values inside records are kept as canonical JSON text (`canonical.dumps`), so records hash and compare.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from scaffold.errors import Path, pointer

How = Literal["by construction", "checked and repaired", "refused"]


@dataclass(frozen=True, slots=True)
class About:
    """Annotations: they reach the model, never the validator."""

    title: str = ""
    description: str = ""
    examples: tuple[str, ...] = ()
    quote: bool | None = None
    """Whether a string is a quotation of the prompt (`x-scaffold: {"quote": true}`); None: the caller's default."""


@dataclass(frozen=True, slots=True)
class String:
    """Text; lengths count characters. A value matches every pattern (search semantics) and no `not_patterns`."""

    min_length: int = 0
    max_length: int | None = None
    patterns: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    not_patterns: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    about: About = About()


@dataclass(frozen=True, slots=True)
class Number:
    """A number; an integer may also be spelled with a zero fraction."""

    is_integer: bool = False
    minimum: Fraction | None = None
    maximum: Fraction | None = None
    exclusive_minimum: Fraction | None = None
    exclusive_maximum: Fraction | None = None
    multiples: tuple[Fraction, ...] = ()
    about: About = About()


@dataclass(frozen=True, slots=True)
class Boolean:
    """`true` or `false`."""

    about: About = About()


@dataclass(frozen=True, slots=True)
class Null:
    """`null`."""

    about: About = About()


@dataclass(frozen=True, slots=True)
class Enum:
    """One of finitely many values, of any type, each as canonical JSON text; a `const` has one."""

    literals: tuple[str, ...]
    about: About = About()


@dataclass(frozen=True, slots=True)
class Array:
    """`prefix` items first (those beyond `min_items` may be missing), then `items`; None: nothing follows."""

    prefix: tuple["Node", ...] = ()
    items: "Node | None" = None
    min_items: int = 0
    max_items: int | None = None
    about: About = About()


@dataclass(frozen=True, slots=True)
class Field:
    """One declared property; `default` is canonical JSON text, None where there is none."""

    name: str
    node: "Node"
    is_required: bool = True
    default: str | None = None


@dataclass(frozen=True, slots=True)
class Extra:
    """Properties that are not declared: names matching `key` hold values matching `value`.

    The key excludes every declared name, so an entry can never collide with a field.
    """

    key: String
    value: "Node"


@dataclass(frozen=True, slots=True)
class Object:
    """Declared fields in declaration order, then undeclared entries of each kind in `extras`.

    `is_open`: the extras come from an absent (not from a written) `additionalProperties`,
    so they can be expressed but are not offered to a model when there are declared fields.
    """

    fields: tuple[Field, ...] = ()
    extras: tuple[Extra, ...] = ()
    min_properties: int = 0
    max_properties: int | None = None
    is_open: bool = False
    about: About = About()


@dataclass(frozen=True, slots=True)
class Union:
    """One of several branches; `discriminator` names a field whose literal tells object branches apart."""

    branches: tuple["Node", ...]
    discriminator: str | None = None
    about: About = About()


@dataclass(frozen=True, slots=True)
class Any:
    """Any JSON value."""

    about: About = About()


@dataclass(frozen=True, slots=True)
class Ref:
    """A node of `Schema.definitions`, by name: keeps recursion lazy."""

    name: str
    about: About = About()


Scalar = String | Number | Boolean | Null | Enum
Node = Scalar | Array | Object | Union | Any | Ref


@dataclass(frozen=True, slots=True)
class Enforcement:
    """How one keyword at one place of the schema is enforced, and why it is not by construction."""

    path: Path
    keyword: str
    how: How
    reason: str = ""

    @property
    def pointer(self) -> str:
        """The place as a JSON pointer."""
        return pointer(self.path)


@dataclass(frozen=True, slots=True)
class Stranger:
    """A member of the schema that is no keyword, though it looks like one; it asserts nothing."""

    path: Path
    name: str
    keyword: str
    """What it looks like."""

    @property
    def pointer(self) -> str:
        """The place as a JSON pointer."""
        return pointer(self.path)


@dataclass(frozen=True, slots=True)
class Schema:
    """A lowered schema: the root, what `Ref`s name, how each assertion keyword is enforced, and what looks like one."""

    root: Node
    definitions: Mapping[str, Node] = field(default_factory=dict)
    enforcement: tuple[Enforcement, ...] = ()
    strangers: tuple[Stranger, ...] = ()

    def resolve(self, node: Node) -> Node:
        """Follow `Ref`s until another kind of node is reached."""
        while isinstance(node, Ref):
            node = self.definitions[node.name]
        return node
