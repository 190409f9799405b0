"""Which literals of an enum the sibling keywords allow: values checked against cases."""

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from scaffold.schema import canonical, ir
from scaffold.schema.cases import (
    ANY_ARRAY,
    ANY_OBJECT,
    ARRAY,
    BOOLEAN,
    FRACTION,
    INTEGER,
    NULL,
    OBJECT,
    STRING,
    ArrayBounds,
    Case,
    ObjectBounds,
)
from scaffold.schema.expand import Expander
from scaffold.schema.names import matches
from scaffold.schema.overlap import sites_of
from scaffold.schema.refs import Site
from scaffold.schema.values import rational


def case_literals(expander: Expander, case: Case) -> tuple[str, ...]:
    """The literals of the case that its other constraints allow; `format` is not looked at."""
    assert case.literals is not None, "a case with literals"
    return tuple(
        text for text in case.literals if text not in case.excluded and _allows(expander, case, canonical.loads(text))
    )


def holds(expander: Expander, sites: Iterable[Site], value: Any) -> bool:
    """Whether `value` is in a case of every site; what is only checked afterwards is not looked at."""
    return all(any(_in_case(expander, case, value) for case in expander.expand(site).cases) for site in sites)


def _in_case(expander: Expander, case: Case, value: Any) -> bool:
    if case.literals is not None or case.excluded:
        identity = canonical.identity(value)
        if any(canonical.identity(canonical.loads(text)) == identity for text in case.excluded):
            return False
        if case.literals is not None and not _is_among(identity, case.literals):
            return False
    return _allows(expander, case, value)


def _is_among(identity: str, literals: tuple[str, ...]) -> bool:
    return any(canonical.identity(canonical.loads(text)) == identity for text in literals)


def _allows(expander: Expander, case: Case, value: Any) -> bool:
    if not case.types & type_of(value):
        return False
    match value:
        case bool() | None:
            return True
        case str():
            return allows_text(case.string, value)
        case int() | float():
            return allows_number(case.number, value)
        case list():
            return case.array is ANY_ARRAY or _allows_array(expander, case.array, value)
        case _:
            return case.object is ANY_OBJECT or _allows_object(expander, case, case.object, value)


def type_of(value: Any) -> int:
    """The bit of a JSON value's type."""
    match value:
        case None:
            return NULL
        case bool():
            return BOOLEAN
        case str():
            return STRING
        case int():
            return INTEGER
        case float():
            return INTEGER if value.is_integer() else FRACTION
        case list():
            return ARRAY
        case _:
            return OBJECT


def allows_text(node: ir.String, text: str) -> bool:
    """Whether the lengths, patterns and excluded texts allow `text`; a pattern that takes too long allows all."""
    return (
        node.min_length <= len(text)
        and (node.max_length is None or len(text) <= node.max_length)
        and text not in node.excluded
        and all(matches(pattern, text) is not False for pattern in node.patterns)
        and not any(matches(pattern, text) for pattern in node.not_patterns)
    )


def allows_number(node: ir.Number, value: float) -> bool:
    """Whether the bounds and multiples allow `value`."""
    exact = rational(value)
    if exact is None:
        return False
    return (
        (node.minimum is None or exact >= node.minimum)
        and (node.maximum is None or exact <= node.maximum)
        and (node.exclusive_minimum is None or exact > node.exclusive_minimum)
        and (node.exclusive_maximum is None or exact < node.exclusive_maximum)
        and all(_divides(step, exact) for step in node.multiples)
        and (not node.is_integer or exact.denominator == 1)
    )


def _divides(step: Fraction, value: Fraction) -> bool:
    return (value / step).denominator == 1


def _allows_array(expander: Expander, bounds: ArrayBounds, value: list[Any]) -> bool:
    if len(value) < bounds.least or (bounds.most is not None and len(value) > bounds.most):
        return False
    for rule in bounds.rules:
        for index, item in enumerate(value):
            site = rule.prefix[index] if index < len(rule.prefix) else rule.rest
            if site is not None and not holds(expander, (site,), item):
                return False
    return True


def _allows_object(expander: Expander, case: Case, bounds: ObjectBounds, value: dict[str, Any]) -> bool:
    if len(value) < bounds.least or (bounds.most is not None and len(value) > bounds.most):
        return False
    return (
        all(name in value for name in bounds.required)
        and all(holds(expander, sites_of(case, name), item) for name, item in value.items())
        and all(holds(expander, bounds.names, name) for name in value)
    )
