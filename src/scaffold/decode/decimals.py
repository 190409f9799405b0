"""Decimals of more digits than a binary float holds: Pydantic reads the numbers of JSON text through one."""

import json
import re
from decimal import Decimal
from typing import Any

from pydantic import TypeAdapter, ValidationError
from pydantic_core import PydanticSerializationError

_LONG = re.compile(r"\d[\d.]{15}")
"""What a number of so many digits looks like; a text may look alike."""


class _Literal(str):
    """A number as it is spelled."""

    __slots__ = ()


def exact(text: str, typed: Any, adapter: "TypeAdapter[Any]") -> Any:
    """`typed`, as the type reads `text`, with all digits of `text` in each of its decimals.

    Non-guarantee: decimals within sets, and where the type is written as something else than it reads, stay rounded.
    """
    if not _LONG.search(text):
        return typed
    try:
        dumped = adapter.dump_python(typed, by_alias=True, round_trip=True, warnings=False)
    except PydanticSerializationError:  # a serializer of its own that fails
        return typed
    spelled, is_changed = _spelled(json.loads(text, parse_float=_Literal), dumped)
    if not is_changed:
        return typed
    try:
        return adapter.validate_json(json.dumps(spelled))
    except ValidationError:  # a validator of its own that takes no text
        return typed


def _spelled(read: Any, dumped: Any) -> tuple[Any, bool]:
    """The document with the rounded decimals as texts of digits, and whether there are any."""
    match read, dumped:
        case _Literal(), Decimal() if dumped != Decimal(read):
            return str(read), True
        case _Literal(), _:
            return float(read), False
        case dict(), dict():
            pairs = {name: _spelled(item, dumped.get(name)) for name, item in read.items()}
            return {name: item for name, (item, _) in pairs.items()}, any(changed for _, changed in pairs.values())
        case list(), (list() | tuple()) if len(read) == len(dumped):
            items = [_spelled(item, of) for item, of in zip(read, dumped, strict=True)]
            return [item for item, _ in items], any(changed for _, changed in items)
        case dict(), _:
            return _spelled(read, {})
        case list(), _:
            return _spelled(read, [None] * len(read))
        case _:
            return read, False
