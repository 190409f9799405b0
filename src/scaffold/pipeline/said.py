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
    plain = with_numbers(plain, python)
    try:
        again = adapter.validate_json(canonical.dumps(plain))
    except Exception as error:  # a rejection, or whatever else a validator of the type raises
        why = error.errors(include_url=False)[0]["msg"] if isinstance(error, ValidationError) else repr(error)
        message = f"the type does not read its own JSON: {why}"
        raise ValueError(message) from error
    # What was left out of `value` is a default in `again`, and stands in neither dump.
    if adapter.dump_python(again, by_alias=True, round_trip=True, warnings=False, exclude_unset=True) != python:
        message = "the type reads another object from its own JSON, as of a secret"
        raise ValueError(message)
    return plain


def with_numbers(plain: Any, python: Any) -> Any:
    """The plain data of `python` with numbers where Pydantic writes the digits of a `Decimal` as text.

    Raises:
        ValueError: a `Decimal` has more digits than a number is read with.
    """
    match plain, python:
        case str(), Decimal():
            return _number(python) if python.is_finite() else plain
        case dict(), dict() if len(plain) == len(python):
            pairs = zip(plain.items(), python.values(), strict=True)
            return {name: with_numbers(item, of) for (name, item), of in pairs}
        case list(), (list() | tuple()) if len(plain) == len(python):
            return [with_numbers(item, of) for item, of in zip(plain, python, strict=True)]
        case _:
            return plain


def _number(decimal: Decimal) -> int | float:
    number = int(decimal) if decimal == decimal.to_integral_value() else float(decimal)
    if Decimal(repr(number)) != decimal:
        message = f"{decimal} has more digits than a number of JSON is read with"
        raise ValueError(message)
    return number
