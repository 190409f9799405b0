"""Read the keywords of one schema that need no other schema: the case it says by itself."""

import json
from collections.abc import Mapping
from typing import Any

from scaffold.errors import SchemaError, UnsupportedKeywordError
from scaffold.schema import canonical, ir, values
from scaffold.schema.cases import (
    ALL,
    ANY_ARRAY,
    ANY_NUMBER,
    ANY_OBJECT,
    ANY_STRING,
    ARRAY,
    BOOLEAN,
    INTEGER,
    NO_ABOUT,
    NULL,
    NUMBER,
    OBJECT,
    STRING,
    ArrayBounds,
    ArrayRule,
    Case,
    ObjectBounds,
    ObjectRule,
    settle,
)
from scaffold.schema.refs import References, Site
from scaffold.schema.support import CHECKED_FORMATS, FORMATS, PYTHON_FORMATS

TYPES = {
    "string": STRING,
    "object": OBJECT,
    "array": ARRAY,
    "integer": INTEGER,
    "number": NUMBER,
    "boolean": BOOLEAN,
    "null": NULL,
}
_ENFORCED_FORMATS = frozenset(FORMATS + PYTHON_FORMATS + CHECKED_FORMATS)
_WORDS = frozenset({"title", "description", "examples", "x-scaffold"})
_SPELLED = ("string", "number", "integer")
_STRING = frozenset({"minLength", "maxLength", "pattern", "format"})
_NUMBER = frozenset({"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"})
_ARRAY = frozenset({"items", "prefixItems", "additionalItems", "minItems", "maxItems", "contains", "uniqueItems"})
_OBJECT = frozenset(
    {
        "properties",
        "required",
        "additionalProperties",
        "patternProperties",
        "propertyNames",
        "minProperties",
        "maxProperties",
    }
)


def own_case(site: Site, references: References, known: frozenset[str], words: ir.About = NO_ABOUT) -> Case:
    """The case of the keywords in `known` (those of the draft), applicators such as `allOf` left out.

    `words` are the annotations of the case.
    """
    keywords = site.schema.keys() & known
    case = Case(
        read_types(site) if "type" in keywords else ALL,
        _literals(site, keywords),
        string=_string(site) if keywords & _STRING else ANY_STRING,
        number=_number(site) if keywords & _NUMBER else ANY_NUMBER,
        array=_array(site, references, keywords) if keywords & _ARRAY else ANY_ARRAY,
        object=_object(site, references, keywords) if keywords & _OBJECT else ANY_OBJECT,
        about=words,
        sources=(site,),
    )
    return settle(case)


def read_types(site: Site) -> int:
    """The `type` keyword as a set of bits."""
    value = site.schema["type"]
    if isinstance(value, str) and value in TYPES:
        return TYPES[value]
    if isinstance(value, list) and value and all(isinstance(name, str) and name in TYPES for name in value):
        bits = 0
        for name in value:
            bits |= TYPES[name]
        return bits
    raise values.malformed(site, "type", "one or a list of " + ", ".join(TYPES))


def literal(value: Any, site: Site, keyword: str) -> str:
    """A JSON value of the schema as canonical text."""
    try:
        return canonical.dumps(value)
    except (ValueError, TypeError) as error:
        raise SchemaError((*site.path, keyword), "holds a value that JSON cannot say", str(error)) from error


def read_literals(site: Site, keyword: str) -> tuple[str, ...]:
    """The values of `enum` or `const`."""
    if keyword == "const":
        return (literal(site.schema["const"], site, "const"),)
    members = site.schema["enum"]
    if not isinstance(members, list):
        raise values.malformed(site, "enum", "a list of values")
    texts = {literal(value, site, "enum"): value for value in members}
    if not any(isinstance(value, dict) for value in texts.values()):
        return tuple(texts)
    return tuple({canonical.identity(value): text for text, value in texts.items()}.values())


def about(site: Site) -> ir.About:
    """The annotations that reach the model.

    Raises:
        UnsupportedKeywordError: what is marked as a quotation is neither text nor a number.
        SchemaError: `x-scaffold` is malformed; malformed annotations of the standard are left out.
    """
    schema = site.schema
    if _WORDS.isdisjoint(schema):
        return NO_ABOUT
    title, description, examples = schema.get("title"), schema.get("description"), schema.get("examples")
    return ir.About(
        title if isinstance(title, str) else "",
        description if isinstance(description, str) else "",
        tuple(json.dumps(e, ensure_ascii=False) for e in examples) if isinstance(examples, list) else (),
        _quote(site) if "x-scaffold" in schema else None,
    )


def _quote(site: Site) -> bool | None:
    match site.schema["x-scaffold"]:
        case {"quote": bool(quote), **rest} if not rest:
            if quote and not _may_be_quoted(site.schema):
                where, hint = (*site.path, "x-scaffold"), "mark the text or number itself"
                raise UnsupportedKeywordError(where, "only texts and numbers are quoted", hint)
            return quote
        case {**members} if not members:
            return None
        case _:
            raise values.malformed(site, "x-scaffold", '{"quote": true} or {"quote": false}')


def _may_be_quoted(schema: Mapping[str, Any]) -> bool:
    """Whether there is something to quote: values that the schema lists are written as it lists them."""
    types = schema.get("type", "string")
    is_listed = "enum" in schema or "const" in schema
    return not is_listed and any(t in _SPELLED for t in (types if isinstance(types, list) else [types]))


def _literals(site: Site, keywords: set[str]) -> tuple[str, ...] | None:
    if "const" in keywords:
        only = read_literals(site, "const")
        return only if "enum" not in keywords else tuple(set(only) & set(read_literals(site, "enum")))
    return read_literals(site, "enum") if "enum" in keywords else None


def _string(site: Site) -> ir.String:
    pattern, form = values.pattern(site, "pattern"), values.text(site, "format")
    return ir.String(
        values.count(site, "minLength") or 0,
        values.count(site, "maxLength"),
        () if pattern is None else (pattern,),
        (form,) if form in _ENFORCED_FORMATS and form is not None else (),
    )


def _number(site: Site) -> ir.Number:
    low, high = values.number(site, "minimum"), values.number(site, "maximum")
    step = values.number(site, "multipleOf")
    if step is not None and step <= 0:
        raise values.malformed(site, "multipleOf", "a number above 0")
    multiples = () if step is None else (step,)
    if site.scope.draft > 4:
        above, below = values.number(site, "exclusiveMinimum"), values.number(site, "exclusiveMaximum")
        return ir.Number(
            is_integer=False,
            minimum=low,
            maximum=high,
            exclusive_minimum=above,
            exclusive_maximum=below,
            multiples=multiples,
        )
    is_above, is_below = values.flag(site, "exclusiveMinimum"), values.flag(site, "exclusiveMaximum")
    return ir.Number(
        minimum=None if is_above else low,
        maximum=None if is_below else high,
        exclusive_minimum=low if is_above else None,
        exclusive_maximum=high if is_below else None,
        multiples=multiples,
    )


def _array(site: Site, references: References, keywords: set[str]) -> ArrayBounds:
    least, most = values.count(site, "minItems") or 0, values.count(site, "maxItems")
    values.flag(site, "uniqueItems")
    if "contains" in keywords:
        references.child(site, "contains")
        contained = values.count(site, "minContains") if site.scope.draft >= 2019 else 1
        least = max(least, 1 if contained is None else contained)
    rule = _array_rule(site, references, keywords)
    return ArrayBounds(() if rule is None else (rule,), least, most)


def _array_rule(site: Site, references: References, keywords: set[str]) -> ArrayRule | None:
    schema = site.schema
    if "items" in keywords and isinstance(schema["items"], list):
        if site.scope.draft == 2020:
            raise values.malformed(
                site, "items", 'a schema; write prefixItems, or declare "$schema" of draft 2019-09 or earlier'
            )
        prefix = tuple(references.child(site, "items", i) for i in range(len(schema["items"])))
        return ArrayRule(prefix, references.child(site, "additionalItems") if "additionalItems" in keywords else None)
    prefix = ()
    if "prefixItems" in keywords:
        prefix = tuple(
            references.child(site, "prefixItems", i) for i in range(len(values.listing(site, "prefixItems")))
        )
    rest = references.child(site, "items") if "items" in keywords else None
    return ArrayRule(prefix, rest) if prefix or rest is not None else None


def _object(site: Site, references: References, keywords: set[str]) -> ObjectBounds:
    rule = _object_rule(site, references, keywords)
    return ObjectBounds(
        () if rule is None else (rule,),
        values.names(site, "required"),
        (references.child(site, "propertyNames"),) if "propertyNames" in keywords else (),
        values.count(site, "minProperties") or 0,
        values.count(site, "maxProperties"),
    )


def _object_rule(site: Site, references: References, keywords: set[str]) -> ObjectRule | None:
    if not keywords & {"properties", "patternProperties", "additionalProperties"}:
        return None
    child, patterns = references.child, values.mapping(site, "patternProperties")
    for pattern in patterns:
        values.pattern(site, "patternProperties", pattern)
    return ObjectRule(
        {name: child(site, "properties", name) for name in values.mapping(site, "properties")},
        tuple((p, child(site, "patternProperties", p)) for p in patterns),
        child(site, "additionalProperties") if "additionalProperties" in keywords else None,
        is_written="additionalProperties" in keywords or "patternProperties" in keywords,
    )
