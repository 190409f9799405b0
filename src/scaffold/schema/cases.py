"""One conjunction of constraints, kept per JSON type, and how two of them merge."""

import builtins
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor, lcm
from typing import Final, NamedTuple, TypeVar

from scaffold.errors import Path
from scaffold.schema import canonical, ir
from scaffold.schema.refs import Site

Bound = TypeVar("Bound", int, Fraction)

NULL: Final = 1
BOOLEAN: Final = 2
OBJECT: Final = 4
ARRAY: Final = 8
INTEGER: Final = 16
FRACTION: Final = 32
STRING: Final = 64
NUMBER: Final = INTEGER | FRACTION
ALL: Final = 127

NO_ABOUT: Final = ir.About()
ANY_STRING: Final = ir.String()
ANY_NUMBER: Final = ir.Number()


@dataclass(frozen=True, slots=True, eq=False)
class ArrayRule:
    """What one schema says about items: by position, then for the rest (None: nothing)."""

    prefix: tuple[Site, ...] = ()
    rest: Site | None = None
    evaluates: bool = True  # what it is about is no longer unevaluated


@dataclass(frozen=True, slots=True, eq=False)
class ObjectRule:
    """What one schema says about properties: by name, by pattern, and for all others (None: nothing)."""

    properties: dict[str, Site]
    patterns: tuple[tuple[str, Site], ...] = ()
    additional: Site | None = None
    is_written: bool = True
    evaluates: bool = True


@dataclass(frozen=True, slots=True)
class ArrayBounds:
    """Array rules that hold together."""

    rules: tuple[ArrayRule, ...] = ()
    least: int = 0
    most: int | None = None


@dataclass(frozen=True, slots=True)
class ObjectBounds:
    """Object rules that hold together; `names` constrain every property name."""

    rules: tuple[ObjectRule, ...] = ()
    required: tuple[str, ...] = ()
    names: tuple[Site, ...] = ()
    least: int = 0
    most: int | None = None


ANY_ARRAY: Final = ArrayBounds()
ANY_OBJECT: Final = ObjectBounds()


class Case(NamedTuple):
    """All the values that satisfy one choice of union branches; a constraint binds its own type only.

    A tuple for the same reason as `Site`.
    """

    types: int = ALL
    literals: tuple[str, ...] | None = None
    excluded: frozenset[str] = frozenset()
    string: ir.String = ANY_STRING
    number: ir.Number = ANY_NUMBER
    array: ArrayBounds = ANY_ARRAY
    object: ObjectBounds = ANY_OBJECT
    about: ir.About = NO_ABOUT
    sources: tuple[Site, ...] = ()
    discriminator: str | None = None

    def __eq__(self, other: builtins.object) -> bool:
        """Whether it is the very same one."""
        return self is other

    def __ne__(self, other: builtins.object) -> bool:
        """See `__eq__`."""
        return self is not other

    def __hash__(self) -> int:
        """See `__eq__`."""
        return id(self)


ANYTHING: Final = Case()


class Expansion(NamedTuple):
    """A schema as a union of cases; with no cases, `conflict` holds the keywords that exclude each other."""

    cases: tuple[Case, ...]
    about: ir.About = NO_ABOUT
    conflict: tuple[Path, ...] = ()
    discriminator: str | None = None


EVERYTHING: Final = Expansion((ANYTHING,))


@dataclass(frozen=True, slots=True)
class Complement:
    """A superset of the values that a schema does not allow; all of them and no others where exact."""

    cases: tuple[Case, ...]
    is_exact: bool = True


def is_trivial(case: Case) -> bool:
    """Whether the case allows every value."""
    return (
        case.types == ALL
        and case.literals is None
        and not case.excluded
        and case.string is ANY_STRING
        and case.number is ANY_NUMBER
        and case.array is ANY_ARRAY
        and case.object is ANY_OBJECT
    )


def merge(left: Case, right: Case) -> Case:
    """The case that holds where both do; no types are left where they exclude each other."""
    if is_trivial(left) or left is right:
        return right
    if is_trivial(right):
        return left
    return settle(
        Case(
            left.types & right.types,
            _both_literals(left.literals, right.literals),
            left.excluded | right.excluded,
            merge_strings(left.string, right.string),
            merge_numbers(left.number, right.number),
            _both_arrays(left.array, right.array),
            _both_objects(left.object, right.object),
            merge_about(left.about, right.about),
            tuple(dict.fromkeys(left.sources + right.sources)),
            left.discriminator or right.discriminator,
        )
    )


def settle(case: Case) -> Case:
    """Drop the types whose bounds contradict each other."""
    types = case.types
    if types & STRING and not _in_order(case.string.min_length, case.string.max_length):
        types &= ~STRING
    if types & ARRAY and not _in_order(case.array.least, case.array.most):
        types &= ~ARRAY
    if types & OBJECT and not _in_order(max(case.object.least, len(case.object.required)), case.object.most):
        types &= ~OBJECT
    if types & NUMBER and case.number is not ANY_NUMBER:
        types = _numeric_types(types, case.number)
    if case.literals is not None and not case.literals:
        types = 0
    return case if types == case.types else case._replace(types=types)


def merge_about(outer: ir.About, inner: ir.About) -> ir.About:
    """The outer annotations, the inner ones where the outer say nothing."""
    if outer == NO_ABOUT:
        return inner
    if inner == NO_ABOUT:
        return outer
    quote = inner.quote if outer.quote is None else outer.quote
    return ir.About(
        outer.title or inner.title, outer.description or inner.description, outer.examples or inner.examples, quote
    )


def merge_strings(left: ir.String, right: ir.String) -> ir.String:
    """Text that both allow."""
    if left is ANY_STRING:
        return right
    if right is ANY_STRING:
        return left
    return ir.String(
        max(left.min_length, right.min_length),
        least_of(left.max_length, right.max_length),
        _joined(left.patterns, right.patterns),
        _joined(left.formats, right.formats),
        _joined(left.not_patterns, right.not_patterns),
        _joined(left.excluded, right.excluded),
    )


def merge_numbers(left: ir.Number, right: ir.Number) -> ir.Number:
    """Numbers that both allow."""
    if left is ANY_NUMBER:
        return right
    if right is ANY_NUMBER:
        return left
    return ir.Number(
        left.is_integer or right.is_integer,
        most_of(left.minimum, right.minimum),
        least_of(left.maximum, right.maximum),
        most_of(left.exclusive_minimum, right.exclusive_minimum),
        least_of(left.exclusive_maximum, right.exclusive_maximum),
        tuple(dict.fromkeys(left.multiples + right.multiples)),
    )


def least_of(left: Bound | None, right: Bound | None) -> Bound | None:
    """The smaller bound; None is no bound."""
    if left is None or right is None:
        return right if left is None else left
    return min(left, right)


def most_of(left: Bound | None, right: Bound | None) -> Bound | None:
    """The larger bound; None is no bound."""
    if left is None or right is None:
        return right if left is None else left
    return max(left, right)


def number_gap(number: ir.Number, *, is_integer: bool) -> bool:
    """Whether no number, or no integer, satisfies the bounds and multiples."""
    low = most_of(number.minimum, number.exclusive_minimum)
    high = least_of(number.maximum, number.exclusive_maximum)
    steps = (*number.multiples, Fraction(1)) if is_integer else number.multiples
    if not steps:
        if low is None or high is None:
            return False
        return low > high or (low == high and low in (number.exclusive_minimum, number.exclusive_maximum))
    step = Fraction(lcm(*(s.numerator for s in steps)), 1)
    if any(s.denominator != 1 for s in steps):
        shared = lcm(*(s.denominator for s in steps))
        step = Fraction(lcm(*(int(s * shared) for s in steps)), shared)
    if low is None or high is None:
        return False
    first, last = ceil(low / step), floor(high / step)
    first += first * step == number.exclusive_minimum
    last -= last * step == number.exclusive_maximum
    return first > last


def _numeric_types(types: int, number: ir.Number) -> int:
    if types & INTEGER and number_gap(number, is_integer=True):
        types &= ~INTEGER
    is_whole = any(step.denominator == 1 for step in number.multiples)
    is_none = types & FRACTION and (is_whole or number_gap(number, is_integer=False))
    return types & ~FRACTION if is_none else types


def _in_order(least: int, most: int | None) -> bool:
    return most is None or least <= most


def _joined(left: tuple[str, ...], right: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(left + right)) if left and right else left or right


def _both_literals(left: tuple[str, ...] | None, right: tuple[str, ...] | None) -> tuple[str, ...] | None:
    if left is None or right is None:
        return right if left is None else left
    known = {_identity(text) for text in right}
    return tuple(text for text in left if _identity(text) in known)


def _identity(literal: str) -> str:
    return canonical.identity(canonical.loads(literal)) if literal[0] in "[{" else literal


def _both_arrays(left: ArrayBounds, right: ArrayBounds) -> ArrayBounds:
    if left is ANY_ARRAY or right is ANY_ARRAY:
        return right if left is ANY_ARRAY else left
    rules = tuple(dict.fromkeys(left.rules + right.rules))
    return ArrayBounds(rules, max(left.least, right.least), least_of(left.most, right.most))


def _both_objects(left: ObjectBounds, right: ObjectBounds) -> ObjectBounds:
    if left is ANY_OBJECT or right is ANY_OBJECT:
        return right if left is ANY_OBJECT else left
    return ObjectBounds(
        tuple(dict.fromkeys(left.rules + right.rules)),
        _joined(left.required, right.required),
        tuple(dict.fromkeys(left.names + right.names)),
        max(left.least, right.least),
        least_of(left.most, right.most),
    )
