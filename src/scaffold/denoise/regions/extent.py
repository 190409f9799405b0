"""The seam of the region axis: which open positions a step may decide."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from scaffold.denoise.look import Look
from scaffold.denoise.row import OPEN, Row
from scaffold.layout.decisions import SlotKey
from scaffold.layout.spans import SlotSpan


@dataclass(frozen=True, eq=False, slots=True)
class OpenSlot:
    """A slot with open positions that was looked at; also one inside a group that is not decided yet."""

    span: SlotSpan
    tokens: tuple[int, ...]
    """What is committed, `OPEN` elsewhere."""
    look: Look

    @property
    def open(self) -> frozenset[int]:
        """Offsets of the open positions."""
        return frozenset(k for k, token in enumerate(self.tokens) if token == OPEN)


@dataclass(frozen=True, eq=False, slots=True)
class Extent:
    """The open positions that may be decided now; `places` of None are all of them.

    The steps that a commit rule counts begin anew when `label` changes.
    """

    label: object = None
    places: Mapping[SlotKey, AbstractSet[int]] | None = None

    @property
    def keys(self) -> AbstractSet[SlotKey] | None:
        """Slots of which some position may be decided; None: all."""
        return None if self.places is None else self.places.keys()


EVERYWHERE = Extent()


@runtime_checkable
class Region(Protocol):
    """Says where to go on; law: the places are open, and there is at least one."""

    def __call__(self, slots: Sequence[OpenSlot], row: Row, before: Extent) -> Extent:
        """The extent of a step, given that of the step before; `slots` are in template order, at least one."""


def still_open(before: Extent, slots: Sequence[OpenSlot]) -> Extent | None:
    """What is open yet of an extent; None where it is finished."""
    if before.places is None:
        return None
    left = {slot.span.key: slot.open & before.places.get(slot.span.key, frozenset()) for slot in slots}
    places = {key: offsets for key, offsets in left.items() if offsets}
    return Extent(before.label, places) if places else None
