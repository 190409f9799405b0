"""What stands open in a template: the spans of its slots, and the groups still to be decided."""

from dataclasses import dataclass

from scaffold.errors import Path
from scaffold.layout.decisions import MaybeKey, SlotKey
from scaffold.layout.pieces import Slot


@dataclass(frozen=True, slots=True)
class SlotSpan:
    """Where one slot stands among the template's tokens."""

    site: Path
    slot: Slot
    start: int
    stop: int

    @property
    def key(self) -> SlotKey:
        """What names this slot whatever else is decided."""
        return self.site, self.slot.role

    @property
    def size(self) -> int:
        """Positions of the slot."""
        return self.stop - self.start


@dataclass(frozen=True, slots=True)
class OpenMaybe:
    """A part that may vanish; `required` are spans that hold content if it stays, `spans` all of them."""

    key: MaybeKey
    spans: tuple[int, ...]
    required: tuple[int, ...]
    is_counted: bool = False
    """It must not be decided together with another counted group of the same object."""

    @property
    def owner(self) -> Path:
        """The site of the object that it is a member of."""
        return self.key[0][:-1]


@dataclass(frozen=True, slots=True)
class OpenRepeat:
    """Items beyond the known ones, in order, each an `OpenMaybe` whose key is unused; `limit` bounds the count."""

    site: Path
    known: int
    items: tuple[OpenMaybe, ...]
    limit: int | None
    is_counted: bool = False
    """As for an `OpenMaybe`."""

    @property
    def owner(self) -> Path:
        """The site of the object that the entries are members of."""
        return self.site[:-1]


@dataclass(frozen=True, slots=True)
class OpenChoice:
    """A branch to be decided: by the value of `span`, or by scoring `branches` side by side.

    `shown` is the branch that ends soonest; without a `span` it is the one that is laid out.
    """

    site: Path
    branches: int
    literals: tuple[tuple[str, ...], ...]
    span: int | None
    shown: int = 0


OpenGroup = OpenMaybe | OpenRepeat | OpenChoice
