"""Fields in an order of need: what later ones depend on comes first."""

from collections.abc import Sequence
from dataclasses import dataclass

from scaffold.denoise.regions.extent import EVERYWHERE, Extent, OpenSlot
from scaffold.denoise.row import Row
from scaffold.denoise.verdicts import shown
from scaffold.errors import DenoiseError, Path
from scaffold.layout.pieces import Layout
from scaffold.layout.pointers import has_pointer, pointers

SHOWN = 30
"""Pointers that an error names."""


@dataclass(frozen=True, slots=True)
class FieldOrder:
    """Finish the fields at and below each pointer in turn, then everything else at once.

    `FieldOrder("/reasoning")` lets a model think before it answers although the answer may stand before it in the
    document. A step `*` stands for any one step: `/items/*/reason`. A fill of a type that does not have one of the
    pointers is refused.

    Raises:
        DenoiseError: there are no pointers, or one does not begin with a slash.
    """

    first: tuple[str, ...]

    def __init__(self, *first: str) -> None:
        object.__setattr__(self, "first", first)
        if not first or not all(name.startswith("/") for name in first):
            raise DenoiseError((), f"{first!r} are no JSON pointers", 'write FieldOrder("/reasoning", "/items/*/name")')

    def __repr__(self) -> str:
        """As it is written."""
        return f"FieldOrder({', '.join(map(repr, self.first))})"

    def __call__(self, slots: Sequence[OpenSlot], row: Row, before: Extent) -> Extent:
        """See `Region`."""
        del row, before
        for name in self.first:
            here = [slot for slot in slots if is_below(shown(slot.span.site), name)]
            if here:
                return Extent(name, {slot.span.key: slot.open for slot in here})
        return EVERYWHERE

    def check(self, layout: Layout) -> None:
        """Hold the pointers against what is filled.

        Raises:
            DenoiseError: the layout does not have them all.
        """
        unknown = [name for name in self.first if not has_pointer(layout, steps_of(name))]
        if unknown:
            known = pointers(layout)
            names = ", ".join(known[:SHOWN]) + (f" and {len(known) - SHOWN} more" if len(known) > SHOWN else "")
            raise DenoiseError((), f"there is no {', '.join(unknown)}", f"there are {names}")


def steps_of(name: str) -> list[str]:
    """The steps of a JSON pointer."""
    return [step.replace("~1", "/").replace("~0", "~") for step in name.split("/")[1:]]


def is_below(path: Path, name: str) -> bool:
    """Whether `path` is what a pointer names, or inside it."""
    wanted = steps_of(name)
    return len(path) >= len(wanted) and all(
        want in {"*", str(step)} for want, step in zip(wanted, path[: len(wanted)], strict=True)
    )
