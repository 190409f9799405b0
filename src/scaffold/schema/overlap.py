"""Whether cases are possible at all, and whether they exclude each other, as far as a glance can tell."""

from collections.abc import Iterator
from itertools import combinations
from typing import TYPE_CHECKING

from scaffold.schema.cases import OBJECT, Case, ObjectRule, merge
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
