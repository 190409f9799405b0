"""Whether a property name or a literal matches a pattern, as far as that can be said here."""

from functools import lru_cache

from scaffold.errors import DecodeError
from scaffold.schema.ecma import is_found


@lru_cache(maxsize=1 << 16)
def matches(pattern: str, text: str) -> bool | None:
    """Whether `pattern` (ECMA-262) is found in `text`; None where that takes too long to say."""
    try:
        return is_found(pattern, text)
    except DecodeError:
        return None
