"""The seam of the length axis: which slots get more or fewer positions before anything is committed."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any, Protocol, runtime_checkable

from scaffold.denoise.look import Look
from scaffold.denoise.row import OPEN
from scaffold.layout.decisions import SlotKey


@dataclass(frozen=True, slots=True)
class Change:
    """Insert `by` open positions before an offset, or take -`by` open ones away from it on."""

    at: int
    by: int


@dataclass(frozen=True, eq=False, slots=True)
class Sizing:
    """An open slot, and how long it may be."""

    key: SlotKey
    tokens: tuple[int, ...]
    """What is committed, `OPEN` elsewhere."""
    look: Look
    least: int
    most: int
    """Positions that a text of the slot's language, and `max_slot`, allow; not less than there are."""
    null_id: int
    expand_id: int | None = None
    """The token by which the model asks for one more position, if it has one."""
    probed: Mapping[int, Look] = field(default_factory=dict)
    """The slot at other lengths, where the last call looked at it so."""
    may_be_null: bool = True
    """Whether it may hold nothing at all."""
    share: int = 0
    """Positions that it may have if all open slots are to grow alike within the model's window."""

    @property
    def size(self) -> int:
        """Positions that it has."""
        return len(self.tokens)

    @property
    def open(self) -> tuple[int, ...]:
        """Offsets of the open positions."""
        return tuple(k for k, token in enumerate(self.tokens) if token == OPEN)

    @property
    def is_tight(self) -> bool:
        """Whether the proposed text reaches the last two positions, and a longer one would be legal."""
        is_null = self.may_be_null and self.look.null_share > 0.5
        return not is_null and self.null_id not in self.look.path[-2:] and self.most > self.size

    def grown(self, by: int, at: int | None = None) -> Change | None:
        """Room for `by` more positions as far as there may be; at the end unless said otherwise."""
        able = min(by, self.most - self.size)
        return Change(self.size if at is None else at, able) if able > 0 else None


@dataclass(frozen=True, slots=True)
class Resizing:
    """What is to be done about lengths in one step."""

    changes: Mapping[SlotKey, Change] = field(default_factory=dict)
    """Slots that are changed wait for the next call."""
    waiting: AbstractSet[SlotKey] = frozenset()
    """Slots that are not committed to yet although they keep their length."""
    kept: Any = None
    lengths: Mapping[SlotKey, tuple[int, ...]] = field(default_factory=dict)
    """Other lengths at which the next call should look at the slots that wait."""


@runtime_checkable
class Length(Protocol):
    """Finds the lengths of slots; law: it changes and waits only so often, so that every fill ends."""

    @property
    def reads_raw(self) -> bool:
        """Whether it looks at `Look.raw`."""

    def start(self, size: int) -> int:
        """Positions that a slot of free length begins with, where the layout gives it `size`."""

    def __call__(self, slots: Sequence[Sizing], kept: Any) -> Resizing:
        """What to do about the open slots that may be written to; `kept` is None at the start."""
