"""Canonical JSON text, and equality as JSON Schema means it."""

import json
import math
from typing import Any

from scaffold.errors import Path

NOTHING = object()
"""What stands where nothing does: unlike None, no JSON value."""


def dumps(value: Any) -> str:
    """Write compact JSON: keys in the given order, no escapes beyond the required ones, `2.0` as `2`.

    Raises:
        ValueError: NaN or an infinity, which JSON cannot say.
    """
    return _written(value if isinstance(value, str) else _plain(value))


def loads(text: str) -> Any:
    """Read JSON text.

    Raises:
        ValueError: not JSON; NaN and infinities are not.
    """
    return _read(text)


def identity(value: Any) -> str:
    """Text that is the same for exactly those values that are equal in JSON Schema."""
    return _identified(_plain(value))


def equal(left: Any, right: Any) -> bool:
    """Whether two JSON values are equal: 1 and 1.0 are, 1 and true are not, key order is free."""
    match left, right:
        case (bool(), _) | (_, bool()):
            return left is right
        case dict(), dict():
            return left.keys() == right.keys() and all(equal(left[key], right[key]) for key in left)
        case (list(), list()):
            return len(left) == len(right) and all(map(equal, left, right))
        case _:
            return bool(left == right)


def at(value: Any, path: Path) -> Any:
    """What stands at a path; `NOTHING` where the path leads out of the value."""
    for step in path:
        match value:
            case dict() if step in value:
                value = value[step]
            case list() if isinstance(step, int) and step < len(value):
                value = value[step]
            case _:
                return NOTHING
    return value


def is_plain(value: Any) -> bool:
    """Whether a value consists of what JSON text is read as, and of nothing derived from it."""
    match value:
        case dict():
            return type(value) is dict and all(type(key) is str and is_plain(item) for key, item in value.items())
        case list():
            return type(value) is list and all(map(is_plain, value))
        case _:
            return value is None or type(value) in {str, bool, int, float}


def _plain(value: Any) -> Any:
    """The value with integral floats as integers."""
    match value:
        case float() if math.isfinite(value) and value.is_integer():
            return int(value)
        case dict():
            return {key: _plain(item) for key, item in value.items()}
        case list() | tuple():
            return [_plain(item) for item in value]
        case _:
            return value


def _refuse(constant: str) -> Any:
    message = f"{constant} is not JSON"
    raise ValueError(message)


_written = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode
_identified = json.JSONEncoder(sort_keys=True, separators=(",", ":"), allow_nan=False).encode
_read = json.JSONDecoder(parse_constant=_refuse).decode
