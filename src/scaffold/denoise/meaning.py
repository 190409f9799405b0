"""Whether a model means what only a constraint makes it say: how much of its mass it gives to anything legal."""

from dataclasses import dataclass
from math import log

MEANT = log(0.5)
"""Log mass that legal texts must have, per open position, for the model to mean one of them."""
MOST_GUESSED = 64
"""Parts that a row may have without a sign that the model means them, while there is room for them.

A decision is a comparison: of two answers to which the model gives next to nothing, one is still the likelier. More of
what is decided so would only be more of the same, and where a schema recurs it would have no end.
"""


@dataclass(frozen=True, slots=True)
class Said:
    """Log mass that a model gave to what was taken for its answer, and the open positions that it was spread over."""

    log_mass: float = 0.0
    size: int = 0

    def __add__(self, other: "Said") -> "Said":
        """Both of them together."""
        return Said(self.log_mass + other.log_mass, self.size + other.size)

    @property
    def is_meant(self) -> bool:
        """Whether it is at least half of the mass at each position, on average."""
        return self.log_mass >= MEANT * self.size
