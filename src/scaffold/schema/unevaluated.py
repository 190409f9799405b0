"""`unevaluatedProperties` and `unevaluatedItems`, where what was evaluated is known from the schema alone."""

from dataclasses import replace
from typing import TYPE_CHECKING

from scaffold.schema.cases import (
    ANY_ARRAY,
    ANY_OBJECT,
    ArrayBounds,
    ArrayRule,
    Case,
    Expansion,
    ObjectBounds,
    ObjectRule,
)
from scaffold.schema.refs import Site

if TYPE_CHECKING:
    from scaffold.schema.expand import Expander


def unevaluated_properties(expander: "Expander", site: Site, keyword: str, found: Expansion) -> Expansion | None:
    """Close each case around the properties that it evaluates itself.

    With several cases the names of all count as evaluated, since a value may satisfy more than one.
    """
    rest = expander.references.child(site, keyword)
    if any(map(_is_unknown, found.cases)):
        return None
    names = {name: Site(schema=True, path=site.path, scope=site.scope) for case in found.cases for name in _names(case)}
    patterns = {p: Site(schema=True, path=site.path, scope=site.scope) for case in found.cases for p in _patterns(case)}
    if any(rule.additional is not None for case in found.cases for rule in _evaluating(case)):
        return None
    if len(found.cases) == 1 and not _is_loose(found.cases[0]):
        expander.records.strengthen(site, keyword)
    rule = ObjectRule(names, tuple(patterns.items()), rest)
    return Expansion((Case(object=ObjectBounds((rule,)), sources=(site,)),))


def unevaluated_items(expander: "Expander", site: Site, keyword: str, found: Expansion) -> Expansion | None:
    """Constrain the items after the longest prefix that a case evaluates."""
    rest = expander.references.child(site, keyword)
    rules = [rule for case in found.cases for rule in case.array.rules if rule.evaluates]
    if any(rule.rest is not None for rule in rules) or any(map(_is_unknown, found.cases)):
        return None
    prefix = max((len(rule.prefix) for rule in rules), default=0)
    if len(found.cases) == 1 and not _is_loose(found.cases[0]):
        expander.records.strengthen(site, keyword)
    rule = ArrayRule(tuple(Site(schema=True, path=site.path, scope=site.scope) for _ in range(prefix)), rest)
    return Expansion((Case(array=ArrayBounds((rule,)), sources=(site,)),))


def silent(case: Case) -> Case:
    """The case as a `not` says it: what it looks at remains unevaluated."""
    if case.object is ANY_OBJECT and case.array is ANY_ARRAY:
        return case
    properties = tuple(replace(rule, evaluates=False) for rule in case.object.rules)
    items = tuple(replace(rule, evaluates=False) for rule in case.array.rules)
    return case._replace(object=replace(case.object, rules=properties), array=replace(case.array, rules=items))


def _evaluating(case: Case) -> list[ObjectRule]:
    return [rule for rule in case.object.rules if rule.evaluates]


def _names(case: Case) -> list[str]:
    return [name for rule in _evaluating(case) for name in rule.properties]


def _patterns(case: Case) -> list[str]:
    return [pattern for rule in _evaluating(case) for pattern, _ in rule.patterns]


def _is_unknown(case: Case) -> bool:
    """Whether something evaluates without being a part of the case."""
    return any(isinstance(site.schema, dict) and "contains" in site.schema for site in case.sources)


_LOOSE = frozenset({"anyOf", "oneOf", "if", "not", "dependentSchemas", "dependencies", "contains"})


def _is_loose(case: Case) -> bool:
    """Whether what the case evaluates may depend on the value."""
    return any(isinstance(site.schema, dict) and site.schema.keys() & _LOOSE for site in case.sources)
