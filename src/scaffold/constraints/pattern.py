"""Parse a pattern (ECMA-262 with the u flag) into its tree."""

from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from lark import Lark, Transformer
from lark.exceptions import LarkError, VisitError

from scaffold.constraints import characters
from scaffold.constraints.syntax import DOT, Ahead, Border, Characters, Choice, End, Repeat, Sequence, Start, Tree

MAX_LENGTH = 20_000
MAX_DEPTH = 100
MAX_DIGITS = 9


class UnsupportedPatternError(Exception):
    """A pattern asks for more than a regular language, or is no pattern; the argument says what."""


@lru_cache(maxsize=4096)
def parse(pattern: str) -> Tree:
    """The tree of `pattern`.

    Raises:
        UnsupportedPatternError: lookbehind, back references, flags, or no pattern at all.
    """
    if len(pattern) > MAX_LENGTH:
        raise UnsupportedPatternError(f"longer than {MAX_LENGTH} characters")
    if pattern.count("(") > MAX_DEPTH and _depth(pattern) > MAX_DEPTH:
        raise UnsupportedPatternError(f"nested deeper than {MAX_DEPTH}")
    try:
        tree: Tree = _Builder().transform(_parser().parse(pattern))
    except VisitError as error:
        if isinstance(error.orig_exc, UnsupportedPatternError):
            raise error.orig_exc from None
        raise
    except LarkError as error:
        raise UnsupportedPatternError(f"not a pattern: {pattern!r}") from error
    return tree


def _depth(pattern: str) -> int:
    """Deepest nesting of round brackets; brackets in sets count too, which only errs upwards."""
    depth = deepest = 0
    for character in pattern:
        depth += (character == "(") - (character == ")" and depth > 0)
        deepest = max(deepest, depth)
    return deepest


@cache
def _parser() -> Lark:
    grammar = Path(__file__).with_name("pattern.lark").read_text(encoding="utf-8")
    return Lark(grammar, parser="lalr", lexer="contextual", maybe_placeholders=False)


_GROUPS = {"(?=": False, "(?!": True}


class _Builder(Transformer[Any, Any]):
    """Grammar rules to tree nodes."""

    def start(self, found: list[Any]) -> Tree:
        return found[0]

    def choice(self, options: list[Any]) -> Tree:
        return options[0] if len(options) == 1 else Choice(tuple(options))

    def sequence(self, items: list[Any]) -> Tree:
        return items[0] if len(items) == 1 else Sequence(tuple(items))

    def item(self, found: list[Any]) -> Tree:
        unit = found[0]
        return unit if len(found) == 1 else _repeated(unit, str(found[1]))

    def character(self, found: list[Any]) -> Tree:
        return Characters(characters.of(found[0]))

    def escape(self, found: list[Any]) -> Tree:
        return _escape(str(found[0]))

    def dot(self, found: list[Any]) -> Tree:
        del found
        return DOT

    def start_of_text(self, found: list[Any]) -> Tree:
        del found
        return Start()

    def end_of_text(self, found: list[Any]) -> Tree:
        del found
        return End()

    def group(self, found: list[Any]) -> Tree:
        opening, body = str(found[0]), found[1]
        if opening in _GROUPS:
            return Ahead(body, _GROUPS[opening])
        if opening in ("(", "(?:") or (opening.endswith(">") and "<" in opening):
            return body
        raise UnsupportedPatternError(f"{opening}…) is not supported")

    def set_of(self, found: list[Any]) -> Tree:
        if len(found) == 1 and found[0] == "[":
            raise UnsupportedPatternError("the dialects read [] differently")
        members = [_member(str(token)) for token in found[1:]]
        return Characters(
            characters.union(*(m.points for m in members)),
            frozenset[str]().union(*(m.classes for m in members)),
            is_negated=found[0] == "[^",
        )


def _member(token: str) -> Characters:
    if len(token) == 1:
        return Characters(characters.of(token))
    if not token.startswith("\\") or _ends_range(token):
        return _range(token)
    if token == "\\b":
        return Characters(characters.of("\b"))
    found = _escape(token)
    if not isinstance(found, Characters):
        raise UnsupportedPatternError(f"{token} in a set")
    return found


def _ends_range(token: str) -> bool:
    r"""Whether an escaped token is a range such as `\\x20-\\x7e`, not the escape `\\-`."""
    return "-" in token[2:] and not token.startswith(("\\p", "\\P"))


def _range(token: str) -> Characters:
    split = token.index("-", 2 if token.startswith("\\") else 1)
    low, high = (_code_point(part) for part in (token[:split], token[split + 1 :]))
    if low > high:
        raise UnsupportedPatternError(f"the range {token} runs backwards")
    return Characters(characters.span(low, high))


def _code_point(text: str) -> int:
    if len(text) == 1:
        return ord(text)
    found = _escape(text)
    assert isinstance(found, Characters), "the grammar lets no class into a range"
    return found.points[0]


def _repeated(unit: Tree, quantifier: str) -> Tree:
    if isinstance(unit, Ahead | Start | End | Border):
        raise UnsupportedPatternError("an assertion that is repeated")
    if len(quantifier) > 1 and quantifier.endswith("+"):
        raise UnsupportedPatternError("a possessive quantifier")
    low, high = _bounds(quantifier)
    if high is not None and low > high:
        raise UnsupportedPatternError(f"{quantifier} runs backwards")
    return Repeat(unit, low, high)


def _bounds(quantifier: str) -> tuple[int, int | None]:
    simple: dict[str, tuple[int, int | None]] = {"*": (0, None), "+": (1, None), "?": (0, 1)}
    if quantifier[0] in simple:
        return simple[quantifier[0]]
    low, comma, high = quantifier.rstrip("?")[1:-1].partition(",")
    if max(len(low), len(high)) > MAX_DIGITS:
        raise UnsupportedPatternError("a repetition without measure")
    if not low:
        raise UnsupportedPatternError(f"the dialects read {quantifier} differently")
    return int(low), int(high) if high else None if comma else int(low)


_SIMPLE = {"n": "\n", "r": "\r", "t": "\t", "f": "\f", "v": "\v", "0": "\0", "a": "\a"}
_ASSERTIONS: dict[str, Tree] = {
    "b": Border(is_negative=False), "B": Border(is_negative=True), "A": Start(), "Z": End(), "z": End(),
}  # fmt: skip


def _escape(token: str) -> Tree:
    letter = token[1]
    if letter in "dDwWsS":
        return Characters(characters.NONE, frozenset({letter}))
    if letter in _SIMPLE and len(token) == 2:
        return Characters(characters.of(_SIMPLE[letter]))
    if letter in _ASSERTIONS:
        return _ASSERTIONS[letter]
    if letter in "pP":
        return _property(token)
    if letter in "uxc":
        return _numbered(token)
    if letter.isalnum():
        raise UnsupportedPatternError(f"{token} is not supported")
    return Characters(characters.of(letter))


def _property(token: str) -> Characters:
    if characters.unicode_property(token[3:-1]) is None:
        raise UnsupportedPatternError(f"{token} is not known here")
    return Characters(characters.NONE, frozenset({token[1:]}))


def _numbered(token: str) -> Characters:
    if len(token) == 2:
        raise UnsupportedPatternError(f"{token} is not supported")
    if token[1] == "c":
        return Characters(characters.of(chr(ord(token[2]) % 32)))
    numbers = [int(part.strip("ux{}"), 16) for part in token.split("\\")[1:]]
    point = numbers[0]
    if len(numbers) == 2 and 0xD800 <= point < 0xDC00:
        point = 0x10000 + (point - 0xD800) * 0x400 + numbers[1] - 0xDC00
    elif len(numbers) == 2:
        raise UnsupportedPatternError(f"{token} is half a character")
    if point >= characters.LIMIT or 0xD800 <= point < 0xE000:
        raise UnsupportedPatternError(f"{token} is no character")
    return Characters(characters.span(point, point))
