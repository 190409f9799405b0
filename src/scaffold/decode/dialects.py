"""jsonschema validators that never fetch, never backtrack for ever, and calculate exactly."""

import json
from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import cache
from typing import Any

from jsonschema import (
    Draft4Validator,
    Draft6Validator,
    Draft7Validator,
    Draft201909Validator,
    Draft202012Validator,
    FormatChecker,
    ValidationError,
    validators,
)
from jsonschema_specifications import REGISTRY as SPECIFICATIONS
from referencing import Registry
from referencing.exceptions import Unresolvable

from scaffold.decode.formats import CHECKS
from scaffold.decode.shared_references import ending, reference
from scaffold.decode.unevaluated import unevaluated_properties
from scaffold.errors import SchemaError
from scaffold.schema.drafts import dialect_of
from scaffold.schema.ecma import is_found

Errors = Iterator[ValidationError]
_VALIDATORS = {
    4: Draft4Validator,
    6: Draft6Validator,
    7: Draft7Validator,
    2019: Draft201909Validator,
    2020: Draft202012Validator,
}
MALFORMED = (TypeError, AttributeError, KeyError)
"""What jsonschema and referencing raise on a malformed keyword that has no part in any value."""
_DATA = frozenset({"const", "enum", "default", "examples"})


def validator_for(document: Any, registry: Registry[Any] = SPECIFICATIONS, *, asserts_formats: bool = True) -> Any:
    """A jsonschema validator of the dialect that `$schema` names (2020-12 if none).

    References resolve inside the document and `registry` (by default the specifications' own
    meta-schemas), nowhere else. One dialect holds for the whole document; keywords that a meta-schema
    in `registry` gives no meaning are annotations.

    Raises:
        SchemaError: the document is nested deeper than the interpreter can follow, or malformed.
    """
    dialect = dialect_of(document, registry)
    try:
        bare = _without_dialect(document)
    except RecursionError as error:
        raise SchemaError((), "the schema is nested too deeply", "flatten it or use $ref") from error
    kind = _exact(_VALIDATORS[dialect.draft], dialect.unused)
    try:
        return kind(bare, registry=registry, format_checker=_format_checker() if asserts_formats else None)
    except MALFORMED as error:
        raise malformed(error) from error


def malformed(error: Exception) -> SchemaError:
    """The error for a schema over which jsonschema stumbles."""
    return SchemaError((), f"a part of the schema is malformed: {error}", "hold the schema against its meta-schema")


def _without_dialect(document: Any) -> Any:
    """Drop `$schema`: jsonschema would change to its stock class of that dialect at every `$ref` to the root."""
    match document:
        case dict():
            return {
                key: value if key in _DATA else _without_dialect(value)
                for key, value in document.items()
                if not (key == "$schema" and isinstance(value, str))
            }
        case list():
            return [_without_dialect(value) for value in document]
        case _:
            return document


@cache
def _exact(kind: Any, unused: frozenset[str]) -> Any:
    keywords = {
        "$ref": ending(reference),
        "pattern": _pattern,
        "properties": _properties,
        "patternProperties": _pattern_properties,
        "additionalProperties": _additional_properties,
        "propertyNames": _property_names,
        "multipleOf": _multiple_of,
        "uniqueItems": _unique_items,
        "anyOf": _any_of,
        "oneOf": _one_of,
        "const": _const,
        "enum": _enum,
        "unevaluatedProperties": unevaluated_properties,
    }
    known = {k: v for k, v in keywords.items() if k in kind.VALIDATORS}
    known |= {k: ending(kind.VALIDATORS[k]) for k in ("$dynamicRef", "$recursiveRef") if k in kind.VALIDATORS}
    # Drafts from 2019-09 on keep `dependencies` for compatibility, and jsonschema does not.
    dependencies = {"dependencies": Draft7Validator.VALIDATORS["dependencies"]}
    return validators.extend(kind, dependencies | known | dict.fromkeys(unused, _annotation))


@cache
def _format_checker() -> FormatChecker:
    checker = FormatChecker(formats=())
    for name, check in CHECKS.items():
        checker.checks(name)(lambda value, check=check: not isinstance(value, str) or check(value))
    return checker


def _annotation(*_: Any) -> Errors:
    """A keyword without a meaning."""
    return iter(())


def _pattern(validator: Any, pattern: str, instance: Any, schema: Any) -> Errors:
    del schema
    if validator.is_type(instance, "string") and not is_found(pattern, instance):
        yield ValidationError(f"{instance!r} does not match {pattern!r}")


def _properties(validator: Any, properties: Mapping[str, Any], instance: Any, schema: Any) -> Errors:
    del schema
    if not validator.is_type(instance, "object"):
        return
    for name, subschema in properties.items():
        if name in instance:
            yield from _property(validator, instance[name], subschema, name)


def _pattern_properties(validator: Any, patterns: Mapping[str, Any], instance: Any, schema: Any) -> Errors:
    del schema
    if not validator.is_type(instance, "object"):
        return
    for pattern, subschema in patterns.items():
        for name, value in instance.items():
            if is_found(pattern, name):
                yield from _property(validator, value, subschema, name)


def _property(validator: Any, value: Any, subschema: Any, name: str) -> Errors:
    """The errors of one property; jsonschema itself would not say which property `false` forbids."""
    if subschema is False:
        yield ValidationError(f"the property {name!r} is not allowed", validator="false", path=[name])
    else:
        yield from validator.descend(value, subschema, path=name, schema_path=name)


def _additional_properties(validator: Any, subschema: Any, instance: Any, schema: Any) -> Errors:
    """One error for each property that is one too many, at that property."""
    if not validator.is_type(instance, "object"):
        return
    declared, patterns = schema.get("properties", {}), schema.get("patternProperties", {})
    for name, value in instance.items():
        if name in declared or any(is_found(pattern, name) for pattern in patterns):
            continue
        if subschema is False:
            yield ValidationError(f"the property {name!r} is not allowed", path=[name])
        else:
            yield from validator.descend(value, subschema, path=name)


def _property_names(validator: Any, subschema: Any, instance: Any, schema: Any) -> Errors:
    """One error for each property with a wrong name, at that property."""
    del schema
    if not validator.is_type(instance, "object"):
        return
    for name in instance:
        for error in validator.descend(name, subschema):
            yield ValidationError(f"a property has a wrong name: {error.message}", path=[name])
            break


def _multiple_of(validator: Any, factor: Any, instance: Any, schema: Any) -> Errors:
    """Decimal arithmetic on the shortest spelling, as people read it: 0.3 is a multiple of 0.1."""
    del schema
    if validator.is_type(instance, "number") and not _is_multiple(instance, factor):
        yield ValidationError(f"{instance!r} is not a multiple of {factor!r}")


def _is_multiple(value: float, factor: float) -> bool:
    try:
        return Fraction(repr(value)) % Fraction(repr(factor)) == 0
    except ValueError:  # an infinity: JSON text beyond the largest float
        return False


def _unique_items(validator: Any, is_wanted: bool, instance: Any, schema: Any) -> Errors:
    """One error for each item that repeats an earlier one, at that item."""
    del schema
    if not is_wanted or not validator.is_type(instance, "array"):
        return
    seen: set[str] = set()
    for index, item in enumerate(instance):
        text = _same(item)
        if text in seen:
            yield ValidationError(f"{item!r} is there already", path=[index])
        seen.add(text)


def _any_of(validator: Any, branches: list[Any], instance: Any, schema: Any) -> Errors:
    """As usual, but a branch whose reference leads nowhere does no harm where another branch holds."""
    del schema
    context: list[ValidationError] = []
    unknown: Unresolvable | None = None
    for index, branch in enumerate(branches):
        try:
            found = list(validator.descend(instance, branch, schema_path=index))
        except Unresolvable as error:
            unknown = error
            continue
        if not found:
            return
        context += found
    if unknown is not None:
        raise unknown
    yield ValidationError(f"{instance!r} is not valid under any of the given schemas", context=context)


def _one_of(validator: Any, branches: list[Any], instance: Any, schema: Any) -> Errors:
    """One error for each branch that holds beside the first one, so that every step towards one alone shows."""
    del schema
    context: list[ValidationError] = []
    first: int | None = None
    for index, branch in enumerate(branches):
        errors = validator.descend(instance, branch, schema_path=index)
        if first is None and (found := list(errors)):
            context += found
        elif first is None:
            first = index
        elif next(errors, None) is None:
            yield ValidationError(f"oneOf/{first} and oneOf/{index} both hold, and one alone may, of {instance!r}")
    if first is None:
        yield ValidationError(f"{instance!r} is not valid under any of the given schemas", context=context)


def _const(validator: Any, wanted: Any, instance: Any, schema: Any) -> Errors:
    del validator, schema
    if _same(instance) != _same(wanted):
        yield ValidationError(f"{wanted!r} was expected")


def _enum(validator: Any, wanted: list[Any], instance: Any, schema: Any) -> Errors:
    del validator, schema
    if _same(instance) not in {_same(value) for value in wanted}:
        yield ValidationError(f"{instance!r} is not one of {wanted!r}")


def _same(value: Any) -> str:
    """A text that two JSON values share if and only if JSON Schema calls them equal (1 is 1.0, but not true)."""
    return json.dumps(_plain_numbers(value), sort_keys=True)


def _plain_numbers(value: Any) -> Any:
    match value:
        case dict():
            return {key: _plain_numbers(item) for key, item in value.items()}
        case list():
            return [_plain_numbers(item) for item in value]
        case float() if value.is_integer():
            return int(value)
        case _:
            return value
