"""Search with ECMA-262 patterns, in bounded time."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Literal, NamedTuple

import regex

from scaffold.errors import DecodeError
from scaffold.schema.pattern_size import MAX_SIZE, is_affordable

SECONDS = 0.5
MAX_SHOWN = 100
_SPACE = r"\t\n\v\f\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
_WORD = "A-Za-z0-9_"
_BORDER = rf"(?:(?<=[{_WORD}])(?![{_WORD}])|(?<![{_WORD}])(?=[{_WORD}]))"
_INSIDE = rf"(?:(?<=[{_WORD}])(?=[{_WORD}])|(?<![{_WORD}])(?![{_WORD}]))"
_TOKEN = re.compile(
    r"\\u(?P<high>[dD][89abAB][0-9a-fA-F]{2})\\u(?P<low>[dD][c-fC-F][0-9a-fA-F]{2})"
    r"|\\u\{(?P<braced>[0-9a-fA-F]+)\}|\\(?:u(?P<four>[0-9a-fA-F]{4})|x(?P<two>[0-9a-fA-F]{2}))"
    r"|\\c(?P<control>[A-Za-z])|\\k<(?P<back>[^>]+)>|\\[pP]\{[^}]*\}|\\(?P<escape>.)"
    r"|(?P<python>\(\?P|\(\?#|\(\?[aiLmsux-]+[):])|\[\^?\]?|.",
    re.DOTALL,
)
_OUTSIDE_CLASS = {
    "d": "[0-9]",
    "D": "[^0-9]",
    "w": f"[{_WORD}]",
    "W": f"[^{_WORD}]",
    "s": f"[{_SPACE}]",
    "S": f"[^{_SPACE}]",
    "b": _BORDER,
    "B": _INSIDE,
    "0": r"\x00",
}
_INSIDE_CLASS = _OUTSIDE_CLASS | {"d": "0-9", "w": _WORD, "s": _SPACE, "b": r"\x08"}
_SETS = frozenset("dDwWsS")
_ESCAPED = frozenset("&|~[^")
"""Characters with which `regex` writes set operations, or a class that excludes."""
_AS_THEY_ARE = frozenset("123456789fnrtv")
_UNREADABLE = (regex.error, ValueError, RecursionError, OverflowError)
_Kind = Literal["character", "set", "line"]
_BARE = {"^": r"\A", "$": r"\Z", ".": r"[^\n\r\u2028\u2029]"}


class _Member(NamedTuple):
    """One member of a class: how it is written, and whether it can bound a range."""

    text: str
    kind: _Kind


def is_pattern(pattern: str) -> bool:
    """Whether `pattern` is a regular expression at all."""
    return why_unreadable(pattern) is None


def why_unreadable(pattern: str) -> str | None:
    """What is wrong with a pattern that is no regular expression, or too large for one; None where nothing is."""
    try:
        _compiled(pattern)
    except _UNREADABLE as error:
        return str(error) or "it is nested too deeply"
    return None


def is_found(pattern: str, text: str) -> bool:
    """Whether `pattern` matches anywhere in `text`.

    Raises:
        DecodeError: the pattern is not a regular expression, or takes longer than `SECONDS`.
    """
    try:
        return _compiled(pattern).search(text, timeout=SECONDS) is not None
    except TimeoutError as error:
        raise DecodeError((), f"the pattern {pattern[:MAX_SHOWN]!r} takes too long", "avoid nested repeats") from error
    except _UNREADABLE as error:
        message = f"the pattern {pattern[:MAX_SHOWN]!r} cannot be read: {error}"
        raise DecodeError((), message, "write it as in ECMA-262") from error


@lru_cache(1024)
def _compiled(pattern: str) -> Any:
    if not is_affordable(pattern):
        raise ValueError(f"its repeats unfold to more than {MAX_SIZE} characters")
    return regex.compile(translated(pattern), regex.V1)


def translated(pattern: str) -> str:
    """The same language for the `regex` package (its version 1 syntax).

    Raises:
        ValueError: an escape or group that ECMA-262 does not have.
    """
    parts: list[str] = []
    members: list[_Member] | None = None
    """Of the class that is open; None outside of one."""
    for token in _TOKEN.finditer(pattern):
        text = token[0]
        if members is None:
            part, is_class = _class_start(text) if text.startswith("[") else (_spelled(token, _OUTSIDE_CLASS), False)
            parts.append(part)
            members = [] if is_class else None
            continue
        members += _members(token)
        if text.endswith("]") and not text.startswith("\\"):
            parts.append(_class(members) + "]")
            members = None
    if members is not None:
        raise ValueError("a class is not closed")
    return "".join(parts)


def _class(members: Sequence["_Member"]) -> str:
    """What stands in a class; a line between two members is a range, unless one of them is a set, and else itself."""
    parts, at = [], 0
    while at < len(members):
        match members[at : at + 3]:
            case [low, _Member(kind="line"), high]:
                line = "-" if "set" not in {low.kind, high.kind} else r"\-"
                parts += [low.text, line, high.text]
                at += 3
            case [one, *_]:
                parts.append(one.text)
                at += 1
    return "".join(parts)


def _class_start(text: str) -> tuple[str, bool]:
    """A class begins; `[]` matches nothing and `[^]` anything, and both are whole."""
    match text:
        case "[]":
            return r"(?!)", False
        case "[^]":
            return r"(?s:.)", False
        case _:
            return text, True


def _members(token: "re.Match[str]") -> list["_Member"]:
    """The members that one token adds to a class, without the bracket that ends it."""
    text = token[0]
    if text.startswith("\\"):
        is_set = token["escape"] in _SETS if token["escape"] else token.lastgroup is None
        return [_Member(_spelled(token, _INSIDE_CLASS), "set" if is_set else "character")]
    characters = text.removesuffix("]")
    return [
        _Member(r"\-", "line") if one == "-" else _Member("\\" + one if one in _ESCAPED else one, "character")
        for one in characters
    ]


def _spelled(token: "re.Match[str]", escapes: dict[str, str]) -> str:
    """One token: an escape, or what stands outside of classes."""
    match token.lastgroup:
        case "low":
            high, low = int(token["high"], 16), int(token["low"], 16)
            return _character(0x10000 + (high - 0xD800) * 0x400 + low - 0xDC00)
        case "braced" | "four" | "two":
            return _character(int(token[token.lastgroup], 16))
        case "control":
            return _character(ord(token["control"]) % 32)
        case "back":
            return f"(?P={token['back']})"
        case "python":
            raise ValueError(f"{token[0]!r} is not ECMA-262")
        case "escape":
            return _escape(token["escape"], escapes)
        case _ if token[0].startswith("\\"):
            return token[0]
        case _:
            return _BARE.get(token[0], token[0])


def _escape(letter: str, escapes: dict[str, str]) -> str:
    if letter in escapes:
        return escapes[letter]
    if letter.isalnum() and letter not in _AS_THEY_ARE:
        raise ValueError(f"the escape \\{letter} is not ECMA-262")
    return "\\" + letter


def _character(code: int) -> str:
    return f"\\U{code:08x}"
