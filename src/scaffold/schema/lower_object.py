"""Build the node of an object case: declared fields, then the kinds of undeclared entries."""

from dataclasses import replace
from itertools import product
from typing import Any

from scaffold.errors import SchemaError
from scaffold.schema import canonical, ir
from scaffold.schema.cases import STRING, Case, merge_strings
from scaffold.schema.expand import written
from scaffold.schema.literals import holds
from scaffold.schema.lower_array import Builder
from scaffold.schema.names import matches
from scaffold.schema.overlap import sites_of
from scaffold.schema.refs import Site
from scaffold.schema.values import BOUNDING_PROPERTIES

MAX_PATTERNS = 3
MAX_MATCHES = 500_000


def lower_object(builder: Builder, case: Case) -> ir.Object | None:
    """The object of a case; an optional property that cannot be is left out; None where a required one cannot.

    Where the required ones are as many as there may be, no other is looked at.
    """
    bounds = case.object
    keys = _keys(builder, case)
    fields: list[ir.Field] = []
    declared = dict.fromkeys(name for rule in bounds.rules for name in rule.properties)
    listed = declared | dict.fromkeys(bounds.required) | dict.fromkeys(_literal_names(builder, case))
    required = frozenset(bounds.required)
    _check_matches(case, len(listed))
    is_full = len(required) == bounds.most
    for name in bounds.required if is_full else listed:
        sites = sites_of(case, name)
        node = builder.node(sites) if _may_be_named(builder, case, name) else None
        if node is not None:
            fields.append(ir.Field(name, node, name in required, _default(builder, sites)))
        elif name in required:
            builder.blame(case.sources[0], (*builder.reason, *_against(case, name, sites)))
            return None
    extras = () if is_full else _extras(builder, case, keys, tuple(listed))
    return _sized(builder, case, tuple(fields), extras)


def _patterns(case: Case) -> tuple[str, ...]:
    return tuple(dict.fromkeys(pattern for rule in case.object.rules for pattern, _ in rule.patterns))


def _check_matches(case: Case, names: int) -> None:
    """Hold the work of matching names with patterns below a limit."""
    patterns = len(_patterns(case))
    if patterns * (names + patterns) > MAX_MATCHES:
        hint = "write fewer patternProperties"
        raise SchemaError(case.sources[0].path, f"more than {MAX_MATCHES} names to match with patterns", hint)


def _sized(
    builder: Builder, case: Case, fields: tuple[ir.Field, ...], extras: tuple[ir.Extra, ...]
) -> ir.Object | None:
    """The object with its bounds on the number of properties, if it can meet them."""
    bounds = case.object
    needed = sum(field.is_required for field in fields)
    is_short = not extras and len(fields) < bounds.least
    if is_short or (bounds.most is not None and needed > bounds.most):
        builder.blame(case.sources[0], written(case.sources, BOUNDING_PROPERTIES))
        return None
    return ir.Object(fields, extras, bounds.least, bounds.most, _is_open(case), case.about)


def _weaken(builder: Builder, case: Case, keyword: str, reason: str) -> None:
    for source in case.sources:
        if isinstance(source.schema, dict) and keyword in source.schema:
            builder.expander.records.weaken(source, reason, keyword)


def _against(case: Case, name: str, sites: list[Site]) -> list[Any]:
    asking = [
        (*source.path, "required")
        for source in case.sources
        if isinstance(source.schema, dict) and name in source.schema.get("required", ())
    ]
    return [*asking, *(site.path for site in (*sites, *case.object.names))]


def _is_open(case: Case) -> bool:
    return not case.object.names and not any(rule.is_written for rule in case.object.rules)


def _keys(builder: Builder, case: Case) -> tuple[ir.String, ...]:
    """The kinds of names that `propertyNames` allows; one that allows all where there is none."""
    if not case.object.names:
        return (ir.String(),)
    found = builder.expander.all_of(case.object.names).cases
    return tuple(_barred(part) for part in found if part.types & STRING and part.literals is None)


def _barred(part: Case) -> ir.String:
    names = tuple(canonical.loads(text) for text in sorted(part.excluded) if text.startswith('"'))
    return replace(part.string, excluded=part.string.excluded + names)


def _literal_names(builder: Builder, case: Case) -> list[str]:
    """Names that `propertyNames` lists, unless it allows others too."""
    if not case.object.names:
        return []
    found = builder.expander.all_of(case.object.names).cases
    texts = [text for part in found if part.types & STRING for text in part.literals or ()]
    return [canonical.loads(text) for text in texts if text.startswith('"')]


def _may_be_named(builder: Builder, case: Case, name: str) -> bool:
    return not case.object.names or holds(builder.expander, case.object.names, name)


def _default(builder: Builder, sites: list[Site]) -> str | None:
    """The default value that the property declares, as canonical text; none that its own schema does not allow."""
    for site in sites:
        schema = site.schema
        if not isinstance(schema, dict) or site.is_negated:
            continue
        if "default" not in schema and isinstance(schema.get("$ref"), str):
            schema = builder.expander.follow(site, "$ref").schema
        if isinstance(schema, dict) and "default" in schema and holds(builder.expander, sites, schema["default"]):
            return _spelled(schema["default"])
    return None


def _spelled(value: Any) -> str | None:
    try:
        return canonical.dumps(value)
    except (ValueError, TypeError):
        return None


def _extras(builder: Builder, case: Case, keys: tuple[ir.String, ...], listed: tuple[str, ...]) -> tuple[ir.Extra, ...]:
    """A kind of entry per region of names that the patterns cut out."""
    patterns = _patterns(case)
    found: list[ir.Extra] = []
    for inside in _regions(builder, case, patterns):
        sites = _region_sites(case, inside)
        if any(site.allows_none for site in sites):
            continue
        outside = (
            tuple(pattern for pattern in patterns if pattern not in inside) if len(patterns) <= MAX_PATTERNS else ()
        )
        if not inside:
            outside = patterns
        region = ir.String(patterns=inside, not_patterns=outside)
        named = (_excluding(merge_strings(key, region), listed) for key in keys)
        possible = [key for key in named if not builder.is_empty(key)]
        value = builder.node(sites) if possible else None
        if value is not None:
            found.extend(ir.Extra(key, value) for key in possible)
    return tuple(found)


def _regions(builder: Builder, case: Case, patterns: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Sets of patterns that a name may match together, the empty set last."""
    if not patterns:
        return [()]
    if len(patterns) > MAX_PATTERNS:
        _weaken(builder, case, "patternProperties", f"more than {MAX_PATTERNS} patterns may match one name")
        return [*((pattern,) for pattern in patterns), ()]
    chosen = sorted(product((True, False), repeat=len(patterns)), key=sum)
    sets = [tuple(p for p, is_in in zip(patterns, flags, strict=True) if is_in) for flags in chosen]
    return [*(s for s in sets if s and not _are_apart(s)), ()]


def _are_apart(patterns: tuple[str, ...]) -> bool:
    """Whether two patterns begin with different fixed text, so that no name matches both."""
    heads = [_head(pattern) for pattern in patterns]
    return any(not (a.startswith(b) or b.startswith(a)) for i, a in enumerate(heads) for b in heads[i + 1 :])


def _head(pattern: str) -> str:
    """The fixed text at the start of an anchored pattern."""
    if not pattern.startswith("^") or "|" in pattern:
        return ""
    head = ""
    for index, character in enumerate(pattern[1:], 1):
        follower = pattern[index + 1 : index + 2]
        if not (character.isalnum() or character in "-_/:@ ") or follower in {"*", "?", "{", "+"}:
            break
        head += character
    return head


def _region_sites(case: Case, inside: tuple[str, ...]) -> list[Site]:
    """What is asked of entries whose names match exactly the patterns `inside`."""
    found: list[Site] = []
    for rule in case.object.rules:
        matched = [site for pattern, site in rule.patterns if pattern in inside]
        if matched:
            found.extend(matched)
        elif rule.additional is not None:
            found.append(rule.additional)
    return found


def _excluding(key: ir.String, listed: tuple[str, ...]) -> ir.String:
    """The key without the declared names that it would allow."""
    barred = [
        name
        for name in listed
        if all(matches(pattern, name) is not False for pattern in key.patterns)
        and not any(matches(pattern, name) for pattern in key.not_patterns)
    ]
    return replace(key, excluded=tuple(dict.fromkeys((*key.excluded, *barred))))
