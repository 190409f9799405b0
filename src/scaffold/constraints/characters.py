"""Sets of code points: ranges, Unicode categories, and the classes of the pattern dialects.

A set is a tuple of ascending borders; a code point is inside when an odd number of borders is not above it.
"""

import unicodedata
from collections.abc import Callable
from functools import cache, reduce
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

CodePoints: TypeAlias = tuple[int, ...]
Bools: TypeAlias = npt.NDArray[np.bool_]
LIMIT = 0x110000
NONE: CodePoints = ()
ANY: CodePoints = (0, 0xD800, 0xE000, LIMIT)
"""Every Unicode scalar value: a surrogate cannot be written in UTF-8."""


def contains(points: CodePoints, values: npt.NDArray[np.int64]) -> Bools:
    """Which of `values` are inside."""
    inside: Bools = np.searchsorted(np.asarray(points, np.int64), values, side="right") % 2 == 1
    return inside


def combine(first: CodePoints, second: CodePoints, keep: Callable[[Bools, Bools], Bools]) -> CodePoints:
    """Set operation by a Boolean operation on membership."""
    borders = np.union1d(np.asarray(first, np.int64), np.asarray(second, np.int64))
    return from_membership(borders, keep(contains(first, borders), contains(second, borders)))


def from_membership(borders: npt.NDArray[np.int64], inside: Bools) -> CodePoints:
    """The set that is `inside[i]` from `borders[i]` up to the next border."""
    changes = inside != np.concatenate(([False], inside[:-1]))
    return tuple(borders[changes].tolist())


def union(*sets: CodePoints) -> CodePoints:
    """Points in any of the sets."""
    return reduce(lambda a, b: combine(a, b, np.logical_or), sets, NONE)


def difference(first: CodePoints, second: CodePoints) -> CodePoints:
    """Points of the first set that are not in the second."""
    return combine(first, second, lambda a, b: a & ~b)


def complement(points: CodePoints) -> CodePoints:
    """Every scalar value outside."""
    return difference(ANY, points)


def span(low: int, high: int) -> CodePoints:
    """Points from `low` up to and with `high`, without surrogates."""
    if low == high and not 0xD800 <= low < 0xE000:
        return (low, low + 1)
    return combine((low, high + 1), ANY, np.logical_and)


def of(text: str) -> CodePoints:
    """The characters of `text`."""
    return union(*(span(ord(c), ord(c)) for c in text))


DIGIT = span(0x30, 0x39)
WORD = union(DIGIT, span(0x41, 0x5A), span(0x61, 0x7A), of("_"))
NEWLINE = of("\n")
LINE_ENDS = of("\n\r\u2028\u2029")
SPACE = union(span(9, 13), of(" \xa0\u1680\u2028\u2029\u202f\u205f\u3000"), span(0x2000, 0x200A))
"""White space in ECMA-262, Python and Rust alike."""
SPACE_ANYWHERE = union(SPACE, span(0x1C, 0x1F), of("\x85\ufeff"))
"""White space in any of the three."""


_CATEGORIES = (
    "Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "No", "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po",
    "Sm", "Sc", "Sk", "So", "Zs", "Zl", "Zp", "Cc", "Cf", "Cs", "Co", "Cn",
)  # fmt: skip


@cache
def _category_numbers() -> npt.NDArray[np.uint8]:
    """Index into `_CATEGORIES` of every code point; a tenth of a second, so only when a pattern asks."""
    number = {code: i for i, code in enumerate(_CATEGORIES)}
    return np.fromiter((number[unicodedata.category(chr(point))] for point in range(LIMIT)), np.uint8, LIMIT)


@cache
def category(code: str) -> CodePoints:
    """Code points whose general category starts with `code` ("L", "Lu"); unassigned ones are "Cn"."""
    wanted = np.array([name.startswith(code) for name in _CATEGORIES])
    inside = wanted[_category_numbers()]
    return combine(from_membership(np.arange(LIMIT), inside), ANY, np.logical_and)


@cache
def digit_anywhere() -> CodePoints:
    r"""What `\d` matches in any dialect, or may match in a later version of Unicode."""
    return union(category("Nd"), category("Cn"))


@cache
def word_anywhere() -> CodePoints:
    r"""What `\w` matches in any dialect, or may match in a later version of Unicode."""
    circled = (span(0x24B6, 0x24E9), span(0x1F130, 0x1F149), span(0x1F150, 0x1F169), span(0x1F170, 0x1F189))
    categories = map(category, ("L", "M", "N", "Pc", "Cn"))
    return union(WORD, *categories, of("\u200c\u200d"), *circled)


_LONG_NAMES = {
    "Letter": "L", "Cased_Letter": "LC", "Uppercase_Letter": "Lu", "Lowercase_Letter": "Ll",
    "Titlecase_Letter": "Lt", "Modifier_Letter": "Lm", "Other_Letter": "Lo",
    "Mark": "M", "Nonspacing_Mark": "Mn", "Spacing_Mark": "Mc", "Enclosing_Mark": "Me",
    "Number": "N", "Decimal_Number": "Nd", "Letter_Number": "Nl", "Other_Number": "No", "digit": "Nd",
    "Punctuation": "P", "punct": "P", "Connector_Punctuation": "Pc", "Dash_Punctuation": "Pd",
    "Open_Punctuation": "Ps", "Close_Punctuation": "Pe", "Initial_Punctuation": "Pi",
    "Final_Punctuation": "Pf", "Other_Punctuation": "Po",
    "Symbol": "S", "Math_Symbol": "Sm", "Currency_Symbol": "Sc", "Modifier_Symbol": "Sk", "Other_Symbol": "So",
    "Separator": "Z", "Space_Separator": "Zs", "Line_Separator": "Zl", "Paragraph_Separator": "Zp",
    "Other": "C", "Control": "Cc", "cntrl": "Cc", "Format": "Cf", "Private_Use": "Co", "Unassigned": "Cn",
}  # fmt: skip
_CODES = frozenset(_LONG_NAMES.values()) - {"LC"}


def unicode_property(name: str) -> tuple[CodePoints, CodePoints] | None:
    """What a property surely has, and what it may have in another version of Unicode; None: not known here."""
    value = name.removeprefix("General_Category=").removeprefix("gc=")
    if name in ("Any", "ASCII"):
        points = ANY if name == "Any" else span(0, 127)
        return points, points
    code = _LONG_NAMES.get(value, value)
    if code == "LC":
        known = union(category("Lu"), category("Ll"), category("Lt"))
    elif code in _CODES:
        known = category(code)
    else:
        return None
    # A code point without a category today may be given this one tomorrow, and no more be "unassigned" or "other".
    unassigned = category("Cn")
    return (difference(known, unassigned), union(known, unassigned))
