"""Check a value against what a reference leads to once, however many references lead there."""

from collections.abc import Callable, Iterable, Iterator
from contextvars import ContextVar
from typing import Any

from jsonschema import ValidationError

Verdicts = dict[tuple[int, int, tuple[str, ...]], ValidationError | None]
Keyword = Callable[[Any, Any, Any, Any], Iterable[ValidationError]]
Following = frozenset[tuple[int, int, tuple[str, ...]]]
FOLLOWED: ContextVar[Following] = ContextVar("FOLLOWED", default=frozenset())
"""References that are being followed: the schemas that hold them, the values they are asked of, and the scopes."""
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
    key = id(resolved.contents), id(instance), _scope(resolved.resolver)
    if key in known:
        again = known[key]
        if again is not None:  # one error is enough: the others have been told
            yield _copy(again)
        return
    found = list(errors)
    known[key] = _copy(found[0]) if found else None
    yield from found


def ending(keyword: Keyword) -> Keyword:
    """A keyword of references, with an error where it comes back to the same value under the same schema.

    jsonschema would follow it until the stack is full, where libraries below it end the program.

    Raises:
        RecursionError: such a reference, when its errors are asked for.
    """

    def check(validator: Any, target: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
        key = id(schema), id(instance), _scope(validator._resolver)
        followed = FOLLOWED.get()
        if key in followed:
            raise RecursionError("a reference leads back to itself before any other value is reached")
        token = FOLLOWED.set(followed | {key})
        try:
            found = list(keyword(validator, target, instance, schema))
        finally:
            FOLLOWED.reset(token)
        yield from found

    return check


def _scope(resolver: Any) -> tuple[str, ...]:
    return tuple(uri for uri, _ in resolver.dynamic_scope())


def _copy(error: ValidationError) -> ValidationError:
    """The error as it is now: jsonschema completes the paths of those that it passes on."""
    return ValidationError(
        error.message,
        validator=error.validator,
        validator_value=error.validator_value,
        path=list(error.relative_path),
        context=list(error.context or ()),
    )
