"""The JSON spellings of numbers within bounds and of multiples.

Spellings are those of Python's `json.dumps`, with more zeros allowed behind the point. A number is a sign and a
magnitude; what bounds a magnitude is a comparison of digits, what makes it a multiple is a remainder.
"""

from dataclasses import dataclass
from fractions import Fraction
from math import gcd, inf, isinf, lcm, nextafter
from sys import float_info

from scaffold.constraints.digits import POINT, SYMBOLS, Comparison, Multiple
from scaffold.constraints.terms import Terms, TooBigError
from scaffold.schema import ir

INTEGER_DIGITS = 20
"""Digits before the point where no bound asks for more."""
FRACTION_DIGITS = 20
MANTISSA_DIGITS = 16
MAX_BOUND_DIGITS = 400
MAX_REMAINDERS = 2_000
FREE_REMAINDERS = 64
"""With more remainders than this, digits are not counted beside them."""
LARGEST = Fraction(float_info.max)
EXPONENTS = (*range(-324, -4), *range(16, 309))
"""Where `repr` of a float uses an exponent."""
_DIGITS = (1 << 10) - 1


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of a magnitude, and what it is a multiple of."""

    least: Fraction
    most: Fraction | None
    multiple: Fraction | None
    is_integer: bool


def term(terms: Terms, node: ir.Number) -> int:
    """The term of the legal spellings of `node`, over `SYMBOLS`.

    Raises:
        TooBigError: a bound has hundreds of digits, or a multiple too many remainders.
    """
    least, most = _bounds(node)
    multiple = common_multiple(node.multiples)
    branches = []
    if most is None or most >= 0:
        branches.append(
            _magnitude(terms, Limits(max(least or Fraction(0), Fraction(0)), most, multiple, node.is_integer))
        )
    if least is None or least < 0:
        low = max(-most, Fraction(0)) if most is not None else Fraction(0)
        limits = Limits(low, None if least is None else -least, multiple, node.is_integer)
        minus = terms.of(1 << SYMBOLS.index("-"))
        branches.append(terms.then(minus, terms.both((_magnitude(terms, limits), _not_zero_integer(terms, node)))))
    return terms.either(branches)


def common_multiple(multiples: tuple[Fraction, ...]) -> Fraction | None:
    """What every number that is a multiple of each of `multiples` is a multiple of; None: there are none."""
    if not multiples:
        return None
    return Fraction(lcm(*(m.numerator for m in multiples)), gcd(*(m.denominator for m in multiples)))


def _not_zero_integer(terms: Terms, node: ir.Number) -> int:
    zero = terms.of(1)
    return terms.negate(zero) if node.is_integer else terms.anything


def _bounds(node: ir.Number) -> tuple[Fraction | None, Fraction | None]:
    """Inclusive bounds. What is read as a float is rounded, so an open bound moves to the next float."""
    least = [node.minimum, _beyond(node.exclusive_minimum, inf, node.is_integer)]
    most = [node.maximum, _beyond(node.exclusive_maximum, -inf, node.is_integer)]
    return (
        max((b for b in least if b is not None), default=None),
        min((b for b in most if b is not None), default=None),
    )


def _beyond(bound: Fraction | None, towards: float, is_integer: bool) -> Fraction | None:
    if bound is None:
        return None
    if is_integer:
        return Fraction(bound // 1 + 1 if towards > 0 else -(-bound // 1) - 1)
    if abs(bound) > LARGEST:
        return bound
    following = nextafter(float(bound), towards)
    return bound if isinf(following) else Fraction(repr(following))


def _magnitude(terms: Terms, limits: Limits) -> int:
    if limits.most is not None and limits.most < limits.least:
        return terms.nothing
    plain = _plain(terms, limits)
    if limits.is_integer or limits.multiple is not None:
        return plain
    return terms.either((plain, _scientific(terms, limits)))


def _plain(terms: Terms, limits: Limits) -> int:
    parts = [_plain_digits(terms, limits), *_compared(terms, limits.least, limits.most)]
    if limits.multiple is not None:
        parts.append(_multiple(terms, limits.multiple, is_integer=limits.is_integer))
    return terms.both(parts)


def _plain_digits(terms: Terms, limits: Limits) -> int:
    digit, leading, zero = terms.of(_DIGITS), terms.of(_DIGITS & ~1), terms.of(1)
    counted = _is_counted(limits)
    most_digits = max(len(_decimal(b)[0]) for b in (limits.least, limits.most or Fraction(0)))
    count = max(INTEGER_DIGITS, most_digits) - 1 if counted else None
    whole = terms.either((zero, terms.then(leading, terms.repeat(digit, 0, count))))
    if limits.is_integer:
        return whole
    fraction = terms.then(terms.of(1 << POINT), terms.repeat(digit, 1, _fraction_digits(limits)))
    return terms.then(whole, terms.either((fraction, terms.empty)))


def _is_counted(limits: Limits) -> bool:
    return limits.multiple is None or _scaled(limits.multiple, is_integer=limits.is_integer)[0] <= FREE_REMAINDERS


def _fraction_digits(limits: Limits) -> int:
    if limits.multiple is None:
        return FRACTION_DIGITS
    return max(_scaled(limits.multiple, is_integer=False)[1], 1)


def _compared(terms: Terms, least: Fraction, most: Fraction | None) -> list[int]:
    found = []
    for bound, is_most in ((least, False), (most, True)):
        if bound is not None and (is_most or bound > 0):
            integer, fraction = _decimal(bound)
            found.append(terms.machine(Comparison(integer, fraction, is_most), (False, 0, "equal")))
    return found


def _decimal(bound: Fraction) -> tuple[str, str]:
    """Digits before and behind the point of a finite decimal; none behind for a whole number."""
    integer, rest = divmod(bound, 1)
    places = _places(rest)
    if places is None or max(places, len(str(integer))) > MAX_BOUND_DIGITS:
        raise TooBigError(f"a bound of more than {MAX_BOUND_DIGITS} digits")
    scaled = int(rest * 10**places)
    return str(integer), f"{scaled:0{places}}" if places else ""


def _places(number: Fraction) -> int | None:
    """Decimal places of `number`; None: it has no end."""
    denominator, twos, fives = number.denominator, 0, 0
    while denominator % 2 == 0:
        denominator, twos = denominator // 2, twos + 1
    while denominator % 5 == 0:
        denominator, fives = denominator // 5, fives + 1
    return max(twos, fives) if denominator == 1 else None


def _scaled(multiple: Fraction, *, is_integer: bool) -> tuple[int, int]:
    """`multiple` as a whole number over a power of ten, and that power."""
    if is_integer:
        return multiple.numerator, 0  # a whole number that is n·p/q in lowest terms is a multiple of p
    places = _places(multiple)
    if places is None:
        raise TooBigError("a multiple that is no finite decimal")
    return int(multiple * 10**places), places


def _multiple(terms: Terms, multiple: Fraction, *, is_integer: bool) -> int:
    divisor, places = _scaled(multiple, is_integer=is_integer)
    if divisor * (places + 1) > MAX_REMAINDERS:
        raise TooBigError(f"multipleOf {multiple} has more than {MAX_REMAINDERS} remainders")
    return terms.machine(Multiple(divisor, places), (0, None))


def _scientific(terms: Terms, limits: Limits) -> int:
    """`d.ddde±xx`: by exponent first, by mantissa where the exponent is that of a bound."""
    most = min(limits.most if limits.most is not None else LARGEST, LARGEST)
    if most <= 0:
        return terms.nothing
    high, high_mantissa = _normal(most)
    low, low_mantissa = _normal(limits.least) if limits.least > 0 else (-MAX_BOUND_DIGITS, Fraction(1))
    if low == high:
        return _powers(terms, low, high, low_mantissa, high_mantissa)
    return terms.either(
        (
            _powers(terms, low, low, low_mantissa, None),
            _powers(terms, low + 1, high - 1, Fraction(1), None),
            _powers(terms, high, high, Fraction(1), high_mantissa),
        )
    )


def _normal(number: Fraction) -> tuple[int, Fraction]:
    """Exponent and mantissa (from 1, below 10) of a positive number."""
    exponent = len(str(number.numerator)) - len(str(number.denominator))
    exponent -= number < Fraction(10) ** exponent
    return exponent, number / Fraction(10) ** exponent


def _powers(terms: Terms, low: int, high: int, least: Fraction, most: Fraction | None) -> int:
    digit = terms.of(_DIGITS)
    tail = terms.then(terms.of(1 << POINT), terms.repeat(digit, 1, MANTISSA_DIGITS))
    mantissa = terms.then(terms.of(_DIGITS & ~1), terms.either((tail, terms.empty)))
    mantissa = terms.both((mantissa, *_compared(terms, least, most)))
    spelled = [f"e{'-' if e < 0 else '+'}{abs(e):02}" for e in EXPONENTS if low <= e <= high]
    return terms.then(mantissa, words(terms, [tuple(map(SYMBOLS.index, text)) for text in spelled]))


def words(terms: Terms, spellings: list[tuple[int, ...]]) -> int:
    """Finitely many texts, as a tree by their first symbols."""
    ends = [terms.empty] if () in spellings else []
    firsts = sorted({spelling[0] for spelling in spellings if spelling})
    branches = [
        terms.then(terms.of(1 << first), words(terms, [s[1:] for s in spellings if s and s[0] == first]))
        for first in firsts
    ]
    return terms.either(ends + branches)
