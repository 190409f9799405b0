"""How a layout becomes tokens: which tokenizer, how long slots are, how much is shown of what is undecided."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from scaffold.layout.pieces import Slot
from scaffold.tokenizer import Tokenizer

MAX_UNASKED = 4096
LEAST_SHOWN = 256
"""Tokens of an undecided part after which what is optional in it is left out: enough to tell whether it is meant."""


@dataclass(frozen=True, slots=True)
class Spelling:
    """How slots are sized and text is tokenised."""

    tokenizer: Tokenizer
    mask_id: int
    size_of: Callable[[Slot], int]
    unasked: int = MAX_UNASKED
    """Tokens after which undecided parts get no more than `LEAST_SHOWN` each, or so many, until they are asked for."""

    def tokens(self, text: str) -> tuple[int, ...]:
        """Fixed text as tokens."""
        return _tokens(self.tokenizer, text)


@lru_cache(maxsize=65536)
def _tokens(tokenizer: Tokenizer, text: str) -> tuple[int, ...]:
    return tokenizer.encode(text)
