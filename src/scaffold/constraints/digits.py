"""Machines that read the digits of a magnitude: how it compares with a bound, what it leaves when it is divided."""

from dataclasses import dataclass
from typing import Literal

SYMBOLS = "0123456789-+.e"
POINT = SYMBOLS.index(".")
_ALL = (1 << len(SYMBOLS)) - 1
Relation = Literal["less", "equal", "more"]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Reads a plain magnitude and compares it with `integer.fraction` (no trailing zeros).

    A state is how many digits of the integer or of the fraction were read, and how they compare so far.
    """

    integer: str
    fraction: str
    is_most: bool

    def step(self, state: tuple[bool, int, Relation], symbol: int) -> tuple[bool, int, Relation] | None:
        """See `Machine`."""
        in_fraction, count, relation = state
        if symbol == POINT:
            return True, 0, self._by_length(count, relation)
        digits = self.fraction if in_fraction else self.integer
        if in_fraction and relation != "equal":
            return state
        if relation == "equal":
            digit = self._digit(in_fraction, count)
            relation = "equal" if symbol == digit else "less" if symbol < digit else "more"
        next_state = in_fraction, min(count + 1, len(digits) + 1), relation
        is_over = self.is_most and (relation == "more" if in_fraction else count >= len(digits))
        return None if is_over else next_state

    def accepts(self, state: tuple[bool, int, Relation]) -> bool:
        """See `Machine`."""
        in_fraction, count, relation = state
        if not in_fraction:
            relation, count = self._by_length(count, relation), 0
        if relation == "equal":
            relation = "less" if count < len(self.fraction) else "equal"
        return relation != ("more" if self.is_most else "less")

    def alike(self, state: tuple[bool, int, Relation]) -> frozenset[int]:
        """See `Machine`."""
        in_fraction, count, relation = state
        point = 1 << POINT
        if relation != "equal":
            return frozenset({point, _ALL & ~point})
        digit = 1 << self._digit(in_fraction, count)
        return frozenset({point, digit, digit - 1, _ALL & ~point & ~(2 * digit - 1)} - {0})

    def _digit(self, in_fraction: bool, count: int) -> int:
        digits = self.fraction if in_fraction else self.integer
        return int(digits[count]) if count < len(digits) else 0

    def _by_length(self, count: int, relation: Relation) -> Relation:
        return relation if count == len(self.integer) else "less" if count < len(self.integer) else "more"


@dataclass(frozen=True, slots=True)
class Multiple:
    """Reads a plain magnitude and accepts multiples of `step / 10 ** places`.

    A state is the remainder and how many places of the fraction were read; None: still before the point.
    """

    divisor: int
    places: int

    def step(self, state: tuple[int, int | None], symbol: int) -> tuple[int, int | None] | None:
        """See `Machine`."""
        remainder, read = state
        if symbol == POINT:
            return remainder, 0
        if read == self.places:
            return state if symbol == 0 else None
        return (remainder * 10 + symbol) % self.divisor, None if read is None else read + 1

    def accepts(self, state: tuple[int, int | None]) -> bool:
        """See `Machine`."""
        remainder, read = state
        shift: int = 10 ** (self.places - (read or 0))
        return remainder * shift % self.divisor == 0

    def alike(self, state: tuple[int, int | None]) -> frozenset[int]:
        """See `Machine`."""
        del state  # any digit may lead to another remainder
        return frozenset(1 << symbol for symbol in range(len(SYMBOLS)))
