"""Is the document valid, and if not, which values are to blame?"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from jsonschema import ValidationError as SchemaViolation
from pydantic import TypeAdapter, ValidationError
from referencing.exceptions import Unresolvable

from scaffold.decode.decimals import exact
from scaffold.decode.dialects import MALFORMED, malformed, validator_for
from scaffold.decode.shared_references import VERDICTS
from scaffold.errors import DecodeError, Path, UnresolvableReferenceError
from scaffold.schema import canonical

TOO_DEEP = "the document or its schema is nested too deeply", "ask for a flatter document"
MAX_MESSAGE = 300
MAX_WANTED = 1000
"""Values of an `enum` that a problem lists, at most: none of more."""
__all__ = ["Problem", "Validated", "check", "problems", "validator_for"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One value that a validator rejected, and why."""

    path: Path
    """The value to blame, inside the document."""
    message: str
    keyword: str
    """The schema keyword (`false` for the schema that nothing satisfies), or Pydantic's error type."""
    wanted: tuple[str, ...] = ()
    """The values of which `const` or a short `enum` wants one, as canonical JSON text."""


@dataclass(frozen=True, slots=True)
class Validated:
    """A typed object, or the problems that stand between the document and one.

    Invariant: `value` is None where there are problems, and `cause` is the validator's own error.
    """

    value: Any
    problems: tuple[Problem, ...] = ()
    cause: Exception | None = None


def check(text: str, validator: Any, adapter: "TypeAdapter[Any] | None" = None) -> Validated:
    """Read the JSON `text` as the type of `adapter`; without one, as plain data valid under `validator`.

    Raises:
        DecodeError: the text is not JSON, or nested deeper than the interpreter can follow; or a validator of the type
            raised what Pydantic does not take for a rejection.
        UnresolvableReferenceError: the schema refers to something outside itself.
        SchemaError: a part of the schema is malformed that no value was looked for in.
    """
    try:
        value = json.loads(text, parse_constant=_refuse)
        return _by_schema(value, validator) if adapter is None else _by_type(text, value, adapter)
    except RecursionError as error:
        raise DecodeError((), *TOO_DEEP) from error
    except ValueError as error:
        raise DecodeError((), f"the document is not JSON: {error}") from error
    except Unresolvable as error:
        raise UnresolvableReferenceError(
            (), f"a reference leads nowhere: {error}", "put its target in $defs"
        ) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # how rpds, below jsonschema, answers a full stack
            raise
        raise DecodeError((), *TOO_DEEP) from error


def problems(text: str, validator: Any, adapter: "TypeAdapter[Any] | None" = None) -> tuple[Problem, ...]:
    """Only the problems that `check` finds."""
    return check(text, validator, adapter).problems


def _refuse(name: str) -> None:
    raise ValueError(f"{name} is not a JSON number")


def _by_schema(value: Any, validator: Any) -> Validated:
    token = VERDICTS.set({})
    try:
        errors = [leaf for error in validator.iter_errors(value) for leaf in _leaves(error, ())]
    except MALFORMED as error:
        raise malformed(error) from error
    finally:
        VERDICTS.reset(token)
    if not errors:
        return Validated(value)
    found = (Problem(path, _short(e.message), e.validator or "false", _wanted(e)) for path, e in errors)
    return Validated(None, tuple(dict.fromkeys(found)), errors[0][1])


def _wanted(error: SchemaViolation) -> tuple[str, ...]:
    match error.validator:
        case "const":
            return (canonical.dumps(error.validator_value),)
        case "enum" if len(error.validator_value) <= MAX_WANTED:
            return tuple(map(canonical.dumps, error.validator_value))
        case _:
            return ()


def _short(message: str) -> str:
    """The beginning of a message: some quote an enum of thousands."""
    return message if len(message) <= MAX_MESSAGE else message[:MAX_MESSAGE] + " …"


def _leaves(error: SchemaViolation, above: Path) -> Iterable[tuple[Path, SchemaViolation]]:
    """The errors to mend, and where: those of the branch that fits best, where no branch of a union fits.

    Errors about a shared definition stand below several others, so they do not know themselves where they stand.
    """
    path = (*above, *error.relative_path)
    if error.validator not in {"anyOf", "oneOf"} or not error.context:
        return ((path, error),)
    branches: dict[Any, list[SchemaViolation]] = {}
    for inner in error.context:
        branches.setdefault(inner.schema_path[0] if inner.schema_path else len(branches), []).append(inner)
    best = min(branches.values(), key=_misfit)
    return [leaf for inner in best for leaf in _leaves(inner, path)]


def _misfit(errors: list[SchemaViolation]) -> tuple[bool, bool, int]:
    """How badly a branch fits: of another kind first, then short of a member, then by the number of errors."""
    is_wrong_kind = any(not e.path and e.validator in {"type", "const", "enum"} for e in errors)
    is_wrong_tag = any(len(e.path) == 1 and e.validator in {"const", "enum"} for e in errors)
    is_short = any(not e.path and e.validator == "required" for e in errors)
    return is_wrong_kind or is_wrong_tag, is_short, len(errors)


def _by_type(text: str, value: Any, adapter: TypeAdapter[Any]) -> Validated:
    try:
        return Validated(exact(text, adapter.validate_json(text), adapter))
    except ValidationError as error:
        found = (
            Problem(_existing(value, e["loc"]), e["msg"], e["type"])
            for e in error.errors(include_url=False, include_context=False, include_input=False)
        )
        return Validated(None, tuple(dict.fromkeys(found)), error)
    except Exception as error:  # whatever a validator of the type raises: other rows must not be lost for it
        message = f"a validator of the type raised {type(error).__name__}: {error}"
        raise DecodeError((), message, "have it raise ValueError for what it rejects") from error


def _existing(value: Any, location: tuple[str | int, ...]) -> Path:
    """The steps of a Pydantic location that the document has.

    The others are union tags, names of validators, `[key]` markers, and properties that are missing.
    """
    path: list[str | int] = []
    for step in location:
        match value:
            case dict() if step in value:
                path.append(step)
                value = value[step]
            case list() if isinstance(step, int) and step < len(value):
                path.append(step)
                value = value[step]
            case _:
                continue
    return tuple(path)
