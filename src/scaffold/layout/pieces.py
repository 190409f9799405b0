"""The layout tree: fixed text, hints, slots, and the groups that can vanish, repeat or branch.

Pieces hold no paths, so a piece is shared by every place that uses it and recursion stays lazy.
`template.instantiate` walks the tree and names each slot by its *site*: the JSON path, with negative
integers for steps that JSON does not show (the entries of a map, the branches of a choice).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from scaffold.schema import ir

Role = Literal["value", "key", "branch"]


@dataclass(frozen=True, slots=True)
class Text:
    """Syntax that no model may write."""

    text: str


@dataclass(frozen=True, slots=True)
class Const:
    """A value that is known from the schema alone, as JSON text."""

    literal: str


@dataclass(frozen=True, slots=True)
class Hint:
    """Words for the model beside a key; on the canvas, never in the result."""

    text: str


@dataclass(frozen=True, slots=True)
class Slot:
    """A span that a model fills with a legal text of `node`.

    `is_bare`: the quotes of a string stand inside the slot (unions of scalars);
    else a string's quotes are fixed text around it.
    """

    node: "ir.Scalar | ir.Union"
    role: Role = "value"
    is_bare: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """Pieces one after the other."""

    pieces: tuple["Piece", ...]


@dataclass(frozen=True, slots=True)
class At:
    """One step deeper in the path."""

    step: str | int
    piece: "Piece"


@dataclass(frozen=True, slots=True)
class Joined:
    """Members of an object or items of an array, commas between those that are present.

    An object holds `At(name, member)` for declared properties, then `At(-1 - k, Repeat)` for each kind
    of undeclared entry; an array holds one `Repeat`. A `Repeat` counts as its items. An object has at least `least`
    members and at most `most` (None: no limit).
    """

    kind: Literal["object", "array"]
    pieces: tuple["Piece", ...]
    least: int = 0
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Maybe:
    """A part that vanishes when its slots become null: spelled `absent` then ("" or "null").

    `is_kept`: it never vanishes by null, because what it holds is nullable itself. `is_counted`: whether it may
    vanish depends on the members beside it.
    """

    body: "Piece"
    absent: str = ""
    is_kept: bool = False
    is_counted: bool = False


@dataclass(frozen=True, slots=True)
class Repeat:
    """Items of an array or entries of a map: `heads[i]` first, then `rest` for ever (None: no more).

    `ahead` items beyond those known are laid out for the model to fill or to refuse, twice as many after each time
    that it fills all of them.
    """

    heads: tuple["Piece", ...]
    rest: "Piece | None"
    minimum: int = 0
    maximum: int | None = None
    ahead: int = 2
    is_counted: bool = False
    """How many there may be depends on the members beside them."""

    @property
    def limit(self) -> int | None:
        """The most items there can be; None: no limit."""
        most = None if self.rest is not None else len(self.heads)
        bounds = [b for b in (most, self.maximum) if b is not None]
        return min(bounds, default=None)

    def item(self, index: int) -> "Piece":
        """The piece at `index`, below `limit`."""
        if index < len(self.heads):
            return self.heads[index]
        assert self.rest is not None, "an item beyond the limit"
        return self.rest


@dataclass(frozen=True, slots=True)
class Choice:
    """Union branches.

    `literals[k]` are the discriminator values of branch k (JSON texts) and `undecided` is what stands
    there until the discriminator's slot is filled; both empty when branches are scored side by side.
    """

    branches: tuple["Piece", ...]
    literals: tuple[tuple[str, ...], ...] = ()
    undecided: "Piece | None" = None


@dataclass(frozen=True, slots=True)
class Later:
    """A named definition, laid out when it is reached: recursion."""

    name: str


Piece = Text | Const | Hint | Slot | Row | At | Joined | Maybe | Repeat | Choice | Later


@dataclass(frozen=True, slots=True)
class Layout:
    """The tree of a whole schema."""

    root: Piece
    definitions: Mapping[str, Piece] = field(default_factory=dict)
