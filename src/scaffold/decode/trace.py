"""What happened at one model call, and what the document looked like after it."""

from dataclasses import dataclass


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
