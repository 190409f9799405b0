"""Check a value against what a reference leads to once, however many references lead there."""

from collections.abc import Iterator
from contextvars import ContextVar
from typing import Any

from jsonschema import ValidationError

Verdicts = dict[tuple[int, int, tuple[str, ...]], ValidationError | None]
VERDICTS: ContextVar[Verdicts | None] = ContextVar("VERDICTS", default=None)
"""What is known in the check that runs now, by schema, value and dynamic scope; None outside of one."""


def reference(validator: Any, target: str, instance: Any, schema: Any) -> Iterator[ValidationError]:
    """The keyword `$ref`, for `validators.extend`: definitions that share parts would take time without end."""
    del schema
    known = VERDICTS.get()
    resolved = validator._resolver.lookup(target)  # jsonschema's own keyword reaches it so; there is no public way
    errors = validator.descend(instance, resolved.contents, resolver=resolved.resolver)
    if known is None:
        yield from errors
        return
    scope = tuple(uri for uri, _ in resolved.resolver.dynamic_scope())
    key = id(resolved.contents), id(instance), scope
    if key in known:
        again = known[key]
        if again is not None:  # one error is enough: the others have been told
            yield _copy(again)
        return
    found = list(errors)
    known[key] = _copy(found[0]) if found else None
    yield from found


def _copy(error: ValidationError) -> ValidationError:
    """The error as it is now: jsonschema completes the paths of those that it passes on."""
    return ValidationError(
        error.message,
        validator=error.validator,
        validator_value=error.validator_value,
        path=list(error.relative_path),
        context=list(error.context or ()),
    )
