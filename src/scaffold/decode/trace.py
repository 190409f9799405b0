"""What happened at one model call, and what the document looked like after it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Step:
    """One model call: the slots that gained text, the structure that was decided, the text so far.

    Slots and decisions are named by JSON pointer.
    """

    call: int
    """Number of the model call, from 1."""
    committed: tuple[tuple[str, str], ...] = ()
    """Pointer of each slot that was written to, and its text after the step."""
    decided: tuple[str, ...] = ()
    """Structure decisions, in words: `/items: 2 items`."""
    text: str = ""
    """The partially filled document; open slots are shown, so it need not parse."""
    value: Any = None
    """The same as plain JSON data, null where a slot is open or spells no value yet; only where `on_step` listens."""
    positions: tuple[tuple[str, tuple[int, ...]], ...] = ()
    """Offsets inside each slot at which content was written."""
    guess: Mapping[str, str] = field(default_factory=dict)
    """What the fields would be if everything were committed now: values as comparable JSON text, by JSON pointer.

    Only where someone listens (`on_step`) or votes; "absent" is the value of a part that would be left out.
    """
