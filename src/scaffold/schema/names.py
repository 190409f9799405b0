"""Whether a property name or a literal matches a pattern, as far as that can be said here."""

from functools import lru_cache

import regex

from scaffold.schema.pattern_size import is_affordable

_TIMEOUT_S = 0.2


@lru_cache(maxsize=1 << 16)
def matches(pattern: str, text: str) -> bool | None:
    """Whether `pattern` (ECMA-262) is found in `text`; None where it cannot be read, or takes too long."""
    compiled = _compiled(pattern)
    if compiled is None:
        return None
    try:
        return compiled.search(text, timeout=_TIMEOUT_S) is not None
    except TimeoutError:
        return None


@lru_cache(maxsize=1 << 12)
def _compiled(pattern: str) -> "regex.Pattern[str] | None":
    if not is_affordable(pattern):
        return None
    try:
        return regex.compile(_translated(pattern))
    except (regex.error, RecursionError, OverflowError):
        return None


def _translated(pattern: str) -> str:
    """Respell what ECMA-262 and the `regex` module spell differently."""
    out, index, in_class = [], 0, False
    while index < len(pattern):
        step = 2 if pattern[index] == "\\" else 1
        part = pattern[index : index + step]
        out.append(_respelled(part, in_class=in_class))
        in_class = part == "[" or (in_class and part != "]")
        index += step
    return "".join(out)


def _respelled(part: str, *, in_class: bool) -> str:
    match part:
        case "\\d":
            return "0-9" if in_class else "[0-9]"
        case "\\w":
            return "A-Za-z0-9_" if in_class else "[A-Za-z0-9_]"
        case "\\s":
            return r"\s\uFEFF" if in_class else r"[\s\uFEFF]"
        case "\\S" if not in_class:
            return r"[^\s\uFEFF]"
        case "\\D" if not in_class:
            return "[^0-9]"
        case "\\W" if not in_class:
            return "[^A-Za-z0-9_]"
        case "\\Z" | "\\A" | "\\a" | "\\z" | "\\/" | "\\G" | "\\h" | "\\R" | "\\X" | "\\K" | "\\m" | "\\M":
            return part[1]
        case "$" if not in_class:
            return r"\Z"
        case "[" if in_class:
            return r"\["
        case _:
            return part
