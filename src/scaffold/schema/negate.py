"""The complement of a schema: exact where it can be written down, else a superset."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from scaffold.schema import ir, values
from scaffold.schema.cases import (
    ALL,
    ANYTHING,
    ARRAY,
    FRACTION,
    INTEGER,
    NUMBER,
    OBJECT,
    STRING,
    ArrayBounds,
    Case,
    Complement,
    Expansion,
    ObjectBounds,
    ObjectRule,
    settle,
)
from scaffold.schema.facets import read_literals, read_types
from scaffold.schema.refs import EndlessReferenceError, Site
from scaffold.schema.support import known_keywords

if TYPE_CHECKING:
    from scaffold.schema.expand import Expander

MAX_CASES = 32
_NOTHING_ASSERTED = frozenset({"then", "else", "minContains", "maxContains", "additionalItems"})
_BINDS: Mapping[str, int] = MappingProxyType(
    {
        "format": STRING,
        "multipleOf": NUMBER,
        **dict.fromkeys(("items", "prefixItems", "contains", "uniqueItems", "unevaluatedItems"), ARRAY),
        **dict.fromkeys(("patternProperties", "propertyNames", "unevaluatedProperties"), OBJECT),
        **dict.fromkeys(("dependentRequired", "dependentSchemas", "dependencies"), OBJECT),
    }
)
"""Keywords that allow every value but those of one type."""

UNKNOWN = Complement((ANYTHING,), is_exact=False)


def negation(expander: "Expander", site: Site) -> Complement:
    """The complement of one site."""
    if site.is_negated:
        return Complement(expander.expand(site._replace(is_negated=False)).cases)
    if isinstance(site.schema, bool):
        return Complement(() if site.schema else (ANYTHING,))
    known = site.schema.keys() & known_keywords(site.scope.draft)
    if "$ref" in known and site.scope.ref_overrides:
        known = {"$ref"}
    parts = [_part(expander, site, keyword) for keyword in sorted(known)]
    cases = tuple(dict.fromkeys(case for part in parts for case in part.cases if case.types))
    if len(cases) > MAX_CASES:
        return UNKNOWN
    return Complement(cases, all(part.is_exact for part in parts))


def _part(expander: "Expander", site: Site, keyword: str) -> Complement:
    """The complement of one keyword."""
    match keyword:
        case "type":
            return _not_type(site)
        case "enum" | "const":
            return _not_literals(site, keyword)
        case "minLength" | "maxLength" | "pattern":
            return _not_string(site, keyword)
        case "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum":
            return _not_bound(site, keyword)
        case "required" | "minProperties" | "maxProperties" | "properties" | "additionalProperties":
            return _not_object(expander, site, keyword)
        case "minItems" | "maxItems":
            return _not_count(site, keyword)
        case "allOf" | "anyOf" | "not" | "$ref" | "if":
            return _not_applied(expander, site, keyword)
        case _ if keyword in _NOTHING_ASSERTED:
            return Complement((), is_exact=keyword in {"then", "else"})
        case _:
            return Complement((Case(types=_BINDS.get(keyword, ALL), sources=(site,)),), is_exact=False)


def _not_type(site: Site) -> Complement:
    types = ALL & ~read_types(site)
    is_exact = bool(types & INTEGER) or not types & FRACTION  # no slot says "a number but no integer"
    return Complement((Case(types=types, sources=(site,)),), is_exact)


def _not_literals(site: Site, keyword: str) -> Complement:
    literals = read_literals(site, keyword)
    is_exact = all(text in {"null", "true", "false"} or text.startswith('"') for text in literals)
    return Complement((Case(excluded=frozenset(literals), sources=(site,)),), is_exact)


def _not_string(site: Site, keyword: str) -> Complement:
    if keyword == "pattern":
        pattern = values.text(site, keyword) or ""
        return _typed(site, Case(types=STRING, string=ir.String(not_patterns=(pattern,))))
    length = values.count(site, keyword) or 0
    if keyword == "maxLength":
        return _typed(site, Case(types=STRING, string=ir.String(min_length=length + 1)))
    if length == 0:
        return Complement(())
    return _typed(site, Case(types=STRING, string=ir.String(max_length=length - 1)))


def _not_bound(site: Site, keyword: str) -> Complement:
    if site.scope.draft == 4:
        return Complement((Case(types=NUMBER, sources=(site,)),), is_exact=False)
    bound = values.number(site, keyword)
    opposite = {
        "minimum": ir.Number(exclusive_maximum=bound),
        "maximum": ir.Number(exclusive_minimum=bound),
        "exclusiveMinimum": ir.Number(maximum=bound),
        "exclusiveMaximum": ir.Number(minimum=bound),
    }
    return _typed(site, Case(types=NUMBER, number=opposite[keyword]))


def _not_count(site: Site, keyword: str) -> Complement:
    count = values.count(site, keyword) or 0
    if keyword == "maxItems":
        return _typed(site, Case(types=ARRAY, array=ArrayBounds(least=count + 1)))
    return _typed(site, Case(types=ARRAY, array=ArrayBounds(most=count - 1))) if count else Complement(())


def _not_object(expander: "Expander", site: Site, keyword: str) -> Complement:
    match keyword:
        case "required":
            return Complement(tuple(_lacking(site, name) for name in values.names(site, keyword)))
        case "maxProperties":
            least = (values.count(site, keyword) or 0) + 1
            return _typed(site, Case(types=OBJECT, object=ObjectBounds(least=least)))
        case "minProperties":
            count = values.count(site, keyword) or 0
            return _typed(site, Case(types=OBJECT, object=ObjectBounds(most=count - 1))) if count else Complement(())
        case "additionalProperties":
            if expander.references.child(site, keyword).schema in (True, {}):
                return Complement(())
            return Complement((Case(types=OBJECT, sources=(site,)),), is_exact=False)
        case _:
            return _not_properties(expander, site)


def _not_properties(expander: "Expander", site: Site) -> Complement:
    cases, is_exact = [], True
    for name in values.mapping(site, "properties"):
        child = expander.references.child(site, "properties", name)._replace(is_negated=True)
        try:
            inner = expander.complement(child._replace(is_negated=False))
        except EndlessReferenceError:
            inner = UNKNOWN
        is_exact &= inner.is_exact
        if inner.cases:
            bounds = ObjectBounds((ObjectRule({name: child}, is_written=False),), (name,))
            cases.append(Case(types=OBJECT, object=bounds, sources=(site,)))
    return Complement(tuple(cases), is_exact)


def _not_applied(expander: "Expander", site: Site, keyword: str) -> Complement:
    child = expander.references.child
    match keyword:
        case "$ref":
            return expander.complement(expander.references.target(site))
        case "not":
            return Complement(expander.expand(child(site, keyword)).cases)
        case "if":
            return UNKNOWN if {"then", "else"} & site.schema.keys() else Complement(())
        case _:
            parts = [expander.complement(child(site, keyword, i)) for i in range(len(values.listing(site, keyword)))]
            return _all(expander, parts) if keyword == "anyOf" else _any(parts)


def _all(expander: "Expander", parts: list[Complement]) -> Complement:
    found = Expansion((ANYTHING,))
    is_exact = True
    for part in parts:
        found, is_whole = expander.product(found, Expansion(part.cases))
        is_exact &= part.is_exact and is_whole
    return Complement(found.cases, is_exact)


def _any(parts: list[Complement]) -> Complement:
    return Complement(tuple(case for part in parts for case in part.cases), all(part.is_exact for part in parts))


def _lacking(site: Site, name: str) -> Case:
    rule = ObjectRule({name: Site(schema=False, path=site.path, scope=site.scope)}, is_written=False)
    return Case(types=OBJECT, object=ObjectBounds((rule,)), sources=(site,))


def _typed(site: Site, case: Case) -> Complement:
    return Complement((settle(case._replace(sources=(site,))),))
