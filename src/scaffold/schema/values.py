"""Read the value of one keyword, or say what is wrong with it."""

import math
from fractions import Fraction
from typing import Any

from scaffold.errors import SchemaError
from scaffold.schema.ecma import why_unreadable
from scaffold.schema.refs import Site, shown


def malformed(site: Site, keyword: str, want: str) -> SchemaError:
    """The error for a malformed keyword."""
    return SchemaError((*site.path, keyword), f"{keyword} is {shown(site.schema[keyword])}", f"it must be {want}")


def count(site: Site, keyword: str) -> int | None:
    """A length or number of members; None where the keyword is absent."""
    value = site.schema.get(keyword)
    match value:
        case bool():
            raise malformed(site, keyword, "a whole number, 0 or more")
        case int() if value >= 0:
            return value
        case float() if value >= 0 and value.is_integer():
            return int(value)
        case None if keyword not in site.schema:
            return None
        case _:
            raise malformed(site, keyword, "a whole number, 0 or more")


def rational(value: Any) -> Fraction | None:
    """A JSON number without rounding; None for anything else."""
    match value:
        case bool():
            return None
        case int():
            return Fraction(value)
        case float() if math.isfinite(value):
            return Fraction(repr(value))
        case _:
            return None


def number(site: Site, keyword: str) -> Fraction | None:
    """A bound; None where the keyword is absent."""
    if keyword not in site.schema:
        return None
    value = rational(site.schema[keyword])
    if value is None:
        raise malformed(site, keyword, "a number")
    return value


def text(site: Site, keyword: str) -> str | None:
    """Text; None where the keyword is absent."""
    value = site.schema.get(keyword)
    if isinstance(value, str) or (value is None and keyword not in site.schema):
        return value
    raise malformed(site, keyword, "a string")


def pattern(site: Site, *keyword: str) -> str | None:
    """A pattern, the value of a keyword or the name of its last step; None where the keyword is absent."""
    found = text(site, keyword[0]) if len(keyword) == 1 else keyword[-1]
    why = None if found is None else why_unreadable(found)
    if why is not None:
        message = f"the pattern {shown(found)} cannot be read: {why}"
        raise SchemaError((*site.path, *keyword), message, "write it as in ECMA-262")
    return found


def names(site: Site, keyword: str) -> tuple[str, ...]:
    """A list of property names; empty where the keyword is absent."""
    value = site.schema.get(keyword, [])
    if isinstance(value, list) and all(isinstance(name, str) for name in value):
        return tuple(dict.fromkeys(value))
    raise malformed(site, keyword, "a list of property names" + _REQUIRED_HINT * (keyword == "required"))


_REQUIRED_HINT = ", beside `properties` of the object that holds them"


def mapping(site: Site, keyword: str) -> dict[str, Any]:
    """An object of subschemas; empty where the keyword is absent."""
    value = site.schema.get(keyword, {})
    if isinstance(value, dict):
        return value
    raise malformed(site, keyword, "an object of schemas")


def listing(site: Site, keyword: str) -> list[Any]:
    """A list with at least one member."""
    value = site.schema[keyword]
    if isinstance(value, list) and value:
        return value
    raise malformed(site, keyword, "a list with at least one schema")


def flag(site: Site, keyword: str) -> bool:
    """True or false; false where the keyword is absent."""
    value = site.schema.get(keyword, False)
    if isinstance(value, bool):
        return value
    raise malformed(site, keyword, "true or false")


BOUNDING = frozenset(
    {
        "type",
        "enum",
        "const",
        "minLength",
        "maxLength",
        "minimum",
        "maximum",
        "exclusiveMinimum",
        "exclusiveMaximum",
        "multipleOf",
        "minItems",
        "maxItems",
        "contains",
        "minContains",
        "minProperties",
        "maxProperties",
        "required",
        "not",
    }
)
"""Keywords that can exclude each other by themselves."""
BOUNDING_TEXT = frozenset(
    {"type", "enum", "const", "minLength", "maxLength", "pattern", "format", "not", "propertyNames"}
)
BOUNDING_ITEMS = frozenset(
    {"minItems", "maxItems", "uniqueItems", "contains", "minContains", "maxContains", "items", "prefixItems"}
)
BOUNDING_PROPERTIES = frozenset(
    {
        "required",
        "properties",
        "patternProperties",
        "additionalProperties",
        "propertyNames",
        "minProperties",
        "maxProperties",
    }
)
BOUNDING_ALL = BOUNDING | BOUNDING_TEXT | BOUNDING_ITEMS | BOUNDING_PROPERTIES
