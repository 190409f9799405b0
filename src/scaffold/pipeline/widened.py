"""What the language of a slot leaves to the validator, and which keywords of the schema that concerns."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from scaffold.constraints.language import slot_language
from scaffold.layout.pieces import Slot
from scaffold.schema import canonical, ir


@dataclass(frozen=True, slots=True)
class Left:
    """A keyword that a slot leaves to the validator, why, and the values that it has there (None: any may be meant)."""

    keyword: str
    reason: str
    values: tuple[Any, ...] | None

    def concerns(self, value: Any) -> bool:
        """Whether this is about a keyword with `value`; `NOTHING`: one that does not stand in the document itself."""
        return self.values is None or value is canonical.NOTHING or value in self.values


def left_to_check(slot: Slot) -> Iterator[Left]:
    """What `slot` leaves to the validator.

    Raises:
        UnsatisfiableSchemaError: no text is legal in it.
    """
    for reason in slot_language(slot).widened:
        keyword, _, why = reason.partition(": ")
        yield Left(keyword, why, _values(slot.node, keyword))


def _values(node: ir.Node, keyword: str) -> tuple[Any, ...] | None:
    """The values of a keyword in the texts that a slot may hold."""
    branches = node.branches if isinstance(node, ir.Union) else (node,)
    texts = [branch for branch in branches if isinstance(branch, ir.String)]
    match keyword:
        case "pattern":
            return tuple(pattern for text in texts for pattern in (*text.patterns, *text.not_patterns))
        case "format":
            return tuple(name for text in texts for name in text.formats)
        case "minLength":
            return tuple(text.min_length for text in texts)
        case "maxLength":
            return tuple(text.max_length for text in texts)
        case _:
            return None
