"""What one model call says about one slot: its best legal text, its best quotation, and whether it is null."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import exp, inf

from jaxtyping import Float
from torch import Tensor

from scaffold.layout.decisions import SlotKey
from scaffold.layout.reading import Reading


@dataclass(frozen=True, slots=True)
class Raw:
    """The model's own prediction at each position of a slot, whatever is legal there."""

    tokens: tuple[int, ...]
    """The most probable token."""
    chances: tuple[float, ...]
    nulls: tuple[float, ...]
    """Probability of null."""


@dataclass(frozen=True, eq=False, slots=True)
class Look:
    """What the model expects of one slot.

    The path always has content: that the slot is null is weighed beside it. Log masses are the model's own,
    so they compare.
    """

    path: tuple[int, ...]
    confidence: tuple[float, ...]
    entropy: tuple[float, ...]
    scores: tuple[float, ...]
    path_score: float
    log_content: float
    """Mass of all legal fillings with content; -inf where there are none."""
    log_null: float
    """Mass of null alone, legal or not."""
    log_chance: float
    """Of the path, among the legal fillings with content."""
    is_empty_legal: bool
    reading: Reading | None = None
    raw: Raw | None = None
    """Only where the length or the commits ask for it."""
    belief: Float[Tensor, "places outcomes"] | None = None
    """Probability of each outcome at each position (of a quotation: of each span), where a rule reads drift."""
    reach: int | None = None
    """Leading positions that the path was made for; None: all."""

    @property
    def null_share(self) -> float:
        """Probability that the slot is null rather than legal content."""
        if self.log_null == -inf:
            return 0.0
        gap = self.log_content - self.log_null
        return 1 / (1 + exp(gap)) if gap < 700 else 0.0


Looks = Mapping[SlotKey, Look]


def believed(looks: list[Look], beliefs: Float[Tensor, "slots places outcomes"] | None) -> list[Look]:
    """The looks with their beliefs, where some rule reads them."""
    if beliefs is None:
        return looks
    return [replace(one, belief=belief) for one, belief in zip(looks, beliefs, strict=True)]
