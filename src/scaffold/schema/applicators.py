"""The keywords that apply schemas to the value itself: references, unions, conditions, dependencies."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import combinations
from types import MappingProxyType

from scaffold.errors import Path
from scaffold.schema import values
from scaffold.schema.cases import ALL, ANYTHING, ARRAY, EVERYTHING, OBJECT, Case, Expansion, ObjectBounds, ObjectRule
from scaffold.schema.expand import Applicator, Expander
from scaffold.schema.overlap import complement_of, shared_types, types_of
from scaffold.schema.refs import Site
from scaffold.schema.unevaluated import silent, unevaluated_items, unevaluated_properties

MAX_DEPENDENCIES = 3
MAX_COMPLEMENT = 16


def _reference(expander: Expander, site: Site, keyword: str, found: Expansion) -> Expansion:
    """What the reference leads to."""
    del found
    return expander.referenced(site, keyword)


def _all_of(expander: Expander, site: Site, keyword: str, found: Expansion) -> Expansion:
    """Every branch at once."""
    del found
    return expander.all_of(_branches(expander, site, keyword))


def _any_of(expander: Expander, site: Site, keyword: str, found: Expansion) -> Expansion:
    """A union of the branches."""
    del found
    return _tagged(site, expander.union(_branches(expander, site, keyword)))


def _one_of(expander: Expander, site: Site, keyword: str, found: Expansion) -> Expansion:
    """A union of the branches; exclusive by construction where that is cheap, else looked at in the end."""
    branches = _branches(expander, site, keyword)
    expander.check_known(branches)  # who knows whether another branch holds as well?
    shared = shared_types(expander, branches)
    exact = _exactly_one(expander, branches, types_of(found.cases) & ~shared)
    if exact is not None:
        return exact
    expander.exclusive.append((site, [_without(expander.expand(branch), shared).cases for branch in branches]))
    return _tagged(site, _without(expander.union(branches), shared, (*site.path, keyword)))


def _without(found: Expansion, types: int, reason: Path = ()) -> Expansion:
    """The cases without some types; `reason` is to blame where none are left."""
    if not types:
        return found
    kept = [case._replace(types=case.types & ~types) for case in found.cases]
    cases = tuple(case for case in kept if case.types)
    return found._replace(cases=cases, conflict=found.conflict if cases else (reason,))


def _exactly_one(expander: Expander, branches: list[Site], types: int) -> Expansion | None:
    """Each branch with the complement of the others; None where that is not exact and small."""
    if len(branches) > MAX_DEPENDENCIES:
        return None
    if not all(map(_only_requires, branches)) and not _are_scalars_that_overlap(expander, branches, types):
        return None
    found: list[Case] = []
    for branch in branches:
        others = [other._replace(is_negated=True) for other in branches if other is not branch]
        found.extend(expander.all_of([branch, *others]).cases)
    return Expansion(tuple(found))


def _only_requires(site: Site) -> bool:
    return isinstance(site.schema, dict) and site.schema.keys() <= {"required", "title", "description"}


def _are_scalars_that_overlap(expander: Expander, branches: list[Site], types: int) -> bool:
    """Whether all there is to choose from are scalars, some of two branches, and what no branch allows can be said."""
    kinds = [types & types_of(expander.expand(branch).cases) for branch in branches]
    if any(kind & (OBJECT | ARRAY) for kind in kinds) or not any(a & b for a, b in combinations(kinds, 2)):
        return False
    return all(complement_of(expander, branch).is_exact for branch in branches)


def _not(expander: Expander, site: Site, keyword: str, found: Expansion) -> Expansion | None:
    """The complement."""
    del found
    complement = expander.complement(expander.references.child(site, keyword))
    if len(complement.cases) > MAX_COMPLEMENT:
        expander.records.weaken(site, "the complement has too many cases", keyword)
        return None
    if not complement.is_exact:
        expander.records.weaken(site, "the complement cannot be written down", keyword)
    cases = tuple(map(silent, complement.cases))
    return Expansion(cases, conflict=() if cases else ((*site.path, keyword),))


def _if(expander: Expander, site: Site, keyword: str, found: Expansion) -> Expansion:
    """The condition with `then`, or its complement with `else`; neither is looked at where it can never apply.

    Without either it still counts: what it looks at is evaluated where it holds.
    """
    del found
    branches = {key: expander.references.child(site, key) for key in ("then", "else") if key in site.schema}
    condition = expander.references.child(site, keyword)
    expander.check_known([condition])
    complement = expander.complement(condition)
    if not complement.is_exact or len(complement.cases) > MAX_COMPLEMENT:
        for key in (keyword, *branches):
            expander.records.weaken(site, "the complement of the condition cannot be written down", key)
        complement = replace(complement, cases=(ANYTHING,))
    holds, fails = expander.expand(condition), Expansion(tuple(map(silent, complement.cases)))
    if "then" in branches and holds.cases:
        holds = expander.all_of([condition, branches["then"]])
    if "else" in branches and fails.cases:
        fails, _ = expander.product(fails, expander.expand(branches["else"]))
    return Expansion(tuple(dict.fromkeys(holds.cases + fails.cases)))


def _dependent(expander: Expander, site: Site, keyword: str, found: Expansion) -> Expansion | None:
    """Either the property is absent, or what depends on it holds."""
    del found
    needed = {name: part for name, part in values.mapping(site, keyword).items() if part not in ([], True)}
    if len(needed) > MAX_DEPENDENCIES:
        expander.records.weaken(site, f"more than {MAX_DEPENDENCIES} dependencies", keyword)
        return None
    total = EVERYTHING
    for name in needed:
        total, _ = expander.product(total, _dependency(expander, site, keyword, name))
    return total


def _dependency(expander: Expander, site: Site, keyword: str, name: str) -> Expansion:
    part = site.schema[keyword][name]
    absent = lacking(site, name)
    if keyword == "dependentRequired" or (isinstance(part, list) and keyword == "dependencies"):
        if not isinstance(part, list) or not all(isinstance(other, str) for other in part):
            raise values.malformed(site, keyword, "an object of lists of property names")
        present = Case(types=OBJECT, object=ObjectBounds(required=tuple(dict.fromkeys([name, *part]))), sources=(site,))
        return Expansion((absent, present))
    owner = Expansion((Case(types=OBJECT, object=ObjectBounds(required=(name,)), sources=(site,)),))
    both, _ = expander.product(owner, expander.expand(expander.references.child(site, keyword, name)))
    return Expansion((absent, *both.cases))


def lacking(site: Site, name: str, types: int = ALL) -> Case:
    """The values that do not have the property `name`."""
    # The keyword that asks for the absence; none where the site is a negated `required`.
    keyword = [key for key in ("dependentRequired", "dependentSchemas", "dependencies") if key in site.schema][:1]
    nothing = Site(schema=False, path=(*site.path, *keyword), scope=site.scope)
    rule = ObjectRule({name: nothing}, is_written=False)
    return Case(types=types, object=ObjectBounds((rule,)), sources=(site,))


def _branches(expander: Expander, site: Site, keyword: str) -> list[Site]:
    return [expander.references.child(site, keyword, i) for i in range(len(values.listing(site, keyword)))]


def _tagged(site: Site, found: Expansion) -> Expansion:
    """Carry the property that OpenAPI's `discriminator` names."""
    match site.schema.get("discriminator"):
        case {"propertyName": str(name)}:
            return found._replace(discriminator=name)
        case _:
            return found


APPLICATORS: Mapping[str, Applicator] = MappingProxyType(
    {
        "$ref": _reference,
        "$dynamicRef": _reference,
        "$recursiveRef": _reference,
        "allOf": _all_of,
        "anyOf": _any_of,
        "oneOf": _one_of,
        "not": _not,
        "if": _if,
        "dependentRequired": _dependent,
        "dependentSchemas": _dependent,
        "dependencies": _dependent,
        "unevaluatedProperties": unevaluated_properties,
        "unevaluatedItems": unevaluated_items,
    }
)
"""In the order in which they are applied: what is unevaluated is known last."""
