"""An object of a Python type as JSON says it, where JSON can say it so that the type reads the same object again."""

from typing import Any

from pydantic import TypeAdapter, ValidationError

from scaffold.schema import canonical


def said(value: Any, adapter: "TypeAdapter[Any]") -> Any:
    """Plain JSON data for an object: what the type reads, without what it computes.

    Raises:
        ValueError: the type reads another object from its own JSON, as of a secret, or none.
        PydanticSerializationError: a part of the object has no JSON.
    """
    plain = adapter.dump_python(value, mode="json", by_alias=True, round_trip=True, warnings=False)
    try:
        again = adapter.validate_json(canonical.dumps(plain))
    except ValidationError as error:
        message = f"the type does not read its own JSON: {error.errors(include_url=False)[0]['msg']}"
        raise ValueError(message) from error
    is_data = adapter.dump_python(value, mode="python", round_trip=True, warnings=False) == value
    if again != value and not is_data:
        message = "the type reads another object from its own JSON, as of a secret"
        raise ValueError(message)
    return plain
