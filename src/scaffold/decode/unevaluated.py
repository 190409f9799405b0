"""Which properties a schema has looked at: `unevaluatedProperties`, with safe patterns and one error each."""

from collections.abc import Iterator, Mapping
from typing import Any

from jsonschema import ValidationError
from referencing.jsonschema import lookup_recursive_ref

from scaffold.schema.ecma import is_found


def unevaluated_properties(validator: Any, subschema: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
    """The keyword, for `validators.extend`; each error is at the property to blame."""
    if not validator.is_type(instance, "object"):
        return
    without = {key: value for key, value in schema.items() if key != "unevaluatedProperties"}
    for name in sorted(instance.keys() - _evaluated(validator, instance, without)):
        if subschema is False:
            yield ValidationError(f"the property {name!r} is not allowed", path=[name])
        else:
            yield from validator.descend(instance[name], subschema, path=name)


def _evaluated(validator: Any, instance: Mapping[str, Any], schema: Any) -> set[str]:
    """Names of the properties that `schema`, under which `instance` is valid, has looked at."""
    if not isinstance(schema, dict):
        return set()
    if schema.keys() & {"additionalProperties", "unevaluatedProperties"}:
        return set(instance)
    names = set(schema.get("properties", ())) & instance.keys()
    patterns = schema.get("patternProperties", ())
    names |= {name for name in instance if any(is_found(pattern, name) for pattern in patterns)}
    for inner in _applied(validator, instance, schema):
        names |= _evaluated(validator, instance, inner)
    for target in _targets(validator, schema):
        names |= _evaluated(
            validator.evolve(schema=target.contents, _resolver=target.resolver), instance, target.contents
        )
    return names


def _applied(validator: Any, instance: Mapping[str, Any], schema: Mapping[str, Any]) -> Iterator[Any]:
    """The subschemas in place that hold of the instance."""

    def holds(inner: Any) -> bool:
        return next(validator.descend(instance, inner), None) is None

    for keyword in ("allOf", "anyOf", "oneOf"):
        yield from filter(holds, schema.get(keyword, ()))
    yield from (inner for name, inner in schema.get("dependentSchemas", {}).items() if name in instance)
    if "if" in schema:
        condition = holds(schema["if"])
        if condition:
            yield schema["if"]
        yield schema.get("then" if condition else "else", True)


def _targets(validator: Any, schema: Mapping[str, Any]) -> Iterator[Any]:
    """What the references of a schema lead to, each with the resolver that holds there."""
    resolver = validator._resolver  # jsonschema's own keywords reach it so; there is no public way
    for keyword in ("$ref", "$dynamicRef"):
        if keyword in schema:
            yield resolver.lookup(schema[keyword])
    if "$recursiveRef" in schema:
        yield lookup_recursive_ref(resolver)
