"""The ranges of the numbers that members of the axes are made with."""

from dataclasses import dataclass
from math import inf
from numbers import Integral, Real

from scaffold.errors import DenoiseError


@dataclass(frozen=True, slots=True)
class Range:
    """Numbers from `least` to `most`; NaN is in none, and neither are truth values."""

    least: float
    most: float = inf
    is_whole: bool = False
    is_above: bool = False
    """`least` itself is outside."""

    def holds(self, value: object) -> bool:
        """Whether `value` is one of them."""
        if isinstance(value, bool) or not isinstance(value, Integral if self.is_whole else Real):
            return False
        number = float(value)
        return (self.least < number if self.is_above else self.least <= number) and number <= self.most

    def __str__(self) -> str:
        """As in "use …"."""
        kind = "a whole number" if self.is_whole else "a number"
        begin = "" if self.least == -inf else f" {'above' if self.is_above else 'from'} {self.least:g}"
        return kind + begin + ("" if self.most == inf else f" up to {self.most:g}")


SHARE = Range(0, 1)
AMOUNT = Range(0)
COUNT = Range(0, is_whole=True)
WHOLE = Range(-inf, is_whole=True)
ONE_OR_MORE = Range(1, is_whole=True)


def hold(member: object, **ranges: Range) -> None:
    """Compare the fields of `member` that are named with their ranges.

    Raises:
        DenoiseError: one is outside.
    """
    for name, allowed in ranges.items():
        value = getattr(member, name)
        if not allowed.holds(value):
            raise DenoiseError((), f"{type(member).__name__}({name}={value!r}) is out of range", f"use {allowed}")
