"""Whether cases are possible at all, and whether they exclude each other, as far as a glance can tell."""

from collections.abc import Iterable, Iterator
from functools import reduce
from itertools import combinations
from operator import or_
from typing import TYPE_CHECKING

from scaffold.schema.cases import (
    ALL,
    ANY_ARRAY,
    ANY_NUMBER,
    ANY_OBJECT,
    ANY_STRING,
    ANYTHING,
    ARRAY,
    BOOLEAN,
    NULL,
    NUMBER,
    OBJECT,
    STRING,
    Case,
    Complement,
    ObjectRule,
    merge,
)
from scaffold.schema.names import matches
from scaffold.schema.refs import EndlessReferenceError, Site

if TYPE_CHECKING:
    from scaffold.schema.expand import Expander

MAX_COMPARED = 32


def sites_of_rule(rule: ObjectRule, name: str) -> Iterator[Site]:
    """What one object rule asks of the property `name`."""
    is_known = name in rule.properties
    if is_known:
        yield rule.properties[name]
    for pattern, site in rule.patterns:
        if matches(pattern, name):
            is_known = True
            yield site
    if not is_known and rule.additional is not None:
        yield rule.additional


def sites_of(case: Case, name: str) -> list[Site]:
    """What a case asks of the property `name`."""
    return [site for rule in case.object.rules for site in sites_of_rule(rule, name)]


def is_possible(expander: "Expander", case: Case) -> bool:
    """Whether every required property can have a value, one level deep; True does not promise it."""
    if case.types != OBJECT:
        return True
    for name in case.object.required:
        sites = sites_of(case, name)
        if len(sites) > 1 and _is_empty(expander, sites):
            return False
    return True


def excludes_each_other(expander: "Expander", groups: list[tuple[Case, ...]]) -> bool:
    """Whether no value is in a case of two groups; False where that is not plain to see."""
    if len(groups) > MAX_COMPARED:
        return False
    return all(
        _are_disjoint(expander, one, other)
        for left, right in combinations(groups, 2)
        for one in left
        for other in right
    )


def _are_disjoint(expander: "Expander", left: Case, right: Case) -> bool:
    if not left.types & right.types:
        return True
    both = merge(left, right)
    if not both.types:
        return True
    if both.types != OBJECT:
        return False
    shared = [name for name in both.object.required if _forbids(left, name) or _forbids(right, name)]
    return bool(shared) or any(_literals_exclude(expander, left, right, name) for name in both.object.required)


def _forbids(case: Case, name: str) -> bool:
    return any(site.allows_none for site in sites_of(case, name))


def _literals_exclude(expander: "Expander", left: Case, right: Case, name: str) -> bool:
    """Whether the two cases allow no common value of one property."""
    mine, others = sites_of(left, name), sites_of(right, name)
    return bool(mine and others) and _is_empty(expander, mine + others)


def _is_empty(expander: "Expander", sites: list[Site]) -> bool:
    """Whether no value satisfies all sites; False while one of them is still being expanded."""
    try:
        return not expander.all_of(sites).cases
    except EndlessReferenceError:
        return False


def shared_types(expander: "Expander", branches: list[Site]) -> int:
    """The types of which two branches allow every value: no value of them satisfies exactly one."""
    seen, candidates = 0, 0
    for branch in branches:
        free = _unbounded_types(expander.expand(branch).cases)
        candidates |= seen & free
        seen |= free
    if not candidates:  # as of nearly all schemas, which are spared the complements
        return 0
    seen = shared = 0
    for branch in branches:
        whole = ALL & ~types_of(complement_of(expander, branch).cases)
        shared |= seen & whole
        seen |= whole
    return shared


def types_of(cases: Iterable[Case]) -> int:
    """The types that some case allows values of."""
    return reduce(or_, (case.types for case in cases), 0)


def complement_of(expander: "Expander", branch: Site) -> Complement:
    """The complement of a branch, never too small; everything where it leads back to itself."""
    try:
        return expander.complement(branch)
    except EndlessReferenceError:
        return Complement((ANYTHING,), is_exact=False)


def _unbounded_types(cases: Iterable[Case]) -> int:
    """The types of which some case says nothing more."""
    free = (_unbounded(case) & case.types for case in cases if case.literals is None and not case.excluded)
    return reduce(or_, free, 0)


def _unbounded(case: Case) -> int:
    bounds = (
        (STRING, case.string is ANY_STRING),
        (NUMBER, case.number is ANY_NUMBER),
        (ARRAY, case.array is ANY_ARRAY),
        (OBJECT, case.object is ANY_OBJECT),
    )
    return reduce(or_, (types for types, is_free in bounds if is_free), NULL | BOOLEAN)
