"""An object of a Python type as JSON says it, where JSON can say it so that the type reads the same object again."""

from decimal import Decimal
from typing import Any

from pydantic import TypeAdapter, ValidationError

from scaffold.schema import canonical


def said(value: Any, adapter: "TypeAdapter[Any]") -> Any:
    """Plain JSON data for an object: what the type reads, without what it computes.

    Raises:
        ValueError: the type reads another object from its own JSON, as of a secret, or none.
        PydanticSerializationError: a part of the object has no JSON.
    """
    plain, python = (
        adapter.dump_python(value, mode=mode, by_alias=True, round_trip=True, warnings=False)
        for mode in ("json", "python")
    )
    plain = _with_numbers(plain, python)
    try:
        again = adapter.validate_json(canonical.dumps(plain))
    except ValidationError as error:
        message = f"the type does not read its own JSON: {error.errors(include_url=False)[0]['msg']}"
        raise ValueError(message) from error
    is_data = adapter.dump_python(value, round_trip=True, warnings=False) == value
    if again != value and not is_data:
        message = "the type reads another object from its own JSON, as of a secret"
        raise ValueError(message)
    return plain


def _with_numbers(plain: Any, python: Any) -> Any:
    """The plain data with numbers where Pydantic writes the digits of a `Decimal` as text."""
    match plain, python:
        case str(), Decimal():
            return canonical.loads(plain) if python.is_finite() else plain
        case dict(), dict() if len(plain) == len(python):
            pairs = zip(plain.items(), python.values(), strict=True)
            return {name: _with_numbers(item, of) for (name, item), of in pairs}
        case list(), (list() | tuple()) if len(plain) == len(python):
            return [_with_numbers(item, of) for item, of in zip(plain, python, strict=True)]
        case _:
            return plain
