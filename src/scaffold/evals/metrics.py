"""How right a filled object is, leaf by leaf: present fields, absent fields, whole objects."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from scaffold.errors import Path, pointer
from scaffold.schema import canonical


@dataclass(frozen=True, slots=True)
class Counts:
    """Sums over objects; the ratios are None where nothing was asked."""

    objects: int = 0
    exact_objects: int = 0
    present: int = 0
    present_right: int = 0
    absent: int = 0
    absent_right: int = 0
    failed: int = 0
    model_calls: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        """Sum field by field."""
        return Counts(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(Counts)))

    @property
    def present_match(self) -> float | None:
        """Share of fields with a value that were filled with exactly it."""
        return self.present_right / self.present if self.present else None

    @property
    def absent_accuracy(self) -> float | None:
        """Share of fields without a value (null, empty list) that were left so."""
        return self.absent_right / self.absent if self.absent else None

    @property
    def object_match(self) -> float | None:
        """Share of objects with every field right."""
        return self.exact_objects / self.objects if self.objects else None


def count_of(count: int, whole: int) -> str:
    """A count for a table, with its share of the whole where there is any."""
    return f"{count} ({100 * count / whole:.2f} %)" if count else "0"


def compare(gold: Any, found: Any, accept: Mapping[str, list[Any]]) -> Counts:
    """Count one object; a missing member, null and [] are the same: nothing.

    `accept` lists other right values by JSON pointer. An item that `found` has beyond those of `gold` makes the
    object wrong and counts as an absent field that was filled.
    """
    present = present_right = absent = absent_right = 0
    for path, value in leaves(gold):
        other = canonical.at(found, path)
        if is_nothing(value):
            absent += 1
            absent_right += is_nothing(other)
        else:
            present += 1
            present_right += is_right(value, other, accept.get(pointer(path), ()))
    extra = sum(1 for path, value in leaves(found) if not is_nothing(value) and _is_new_item(gold, path))
    is_exact = present_right == present and absent_right == absent and not extra
    return Counts(1, int(is_exact), present, present_right, absent + extra, absent_right)


def is_right(gold: Any, found: Any, accept: Sequence[Any] = ()) -> bool:
    """Whether `found` equals `gold` or a value of `accept`; nothing equals nothing."""
    if is_nothing(gold) or is_nothing(found):
        return is_nothing(gold) and is_nothing(found)
    return any(canonical.equal(option, found) for option in (gold, *accept))


def leaves(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Scalars and empty containers with their paths, in order."""
    if isinstance(value, dict) and value:
        for name, item in value.items():
            yield from leaves(item, (*path, name))
    elif isinstance(value, list) and value:
        for index, item in enumerate(value):
            yield from leaves(item, (*path, index))
    else:
        yield path, value


def is_nothing(value: Any) -> bool:
    """Null, missing or an empty container."""
    return value is None or value is canonical.NOTHING or value in ([], {})


def _is_new_item(gold: Any, path: Path) -> bool:
    """Whether the leaf lies in a list item that the gold list does not have."""
    for depth, step in enumerate(path):
        if isinstance(step, int):
            items = canonical.at(gold, path[:depth])
            if isinstance(items, list) and items and step >= len(items):
                return True
    return False
