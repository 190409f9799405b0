"""A span of the prompt, read as the text of a slot."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reading:
    """What a quoted slot comes to: `text` as it stands in the document, `raw` as it stands in the prompt."""

    text: str
    raw: str
    source: tuple[int, int]
    """Characters (start, stop) of `raw` in the prompt."""
    is_normalised: bool = False
