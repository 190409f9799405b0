"""Dates in a text, in words and in digits, read as ISO 8601 days.

Nothing is made up: a span without day, month and year is no date. Digits whose order is open (03/04/2021) give both
readings; the likelier comes first: the order that another date of the text proves, else day first after a point or a
hyphen, and month first after a slash unless the text's language says otherwise. Two-digit years are read as
1969 to 2068.
"""

import re
from collections.abc import Iterator
from datetime import date

from scaffold.decode.candidate import Candidate, in_order
from scaffold.decode.locale_evidence import is_continental
from scaffold.decode.month_names import folded, months, weekdays

_LETTERS = r"(?:[^\W\d_][\u0300-\u036f\u0900-\u0903\u093a-\u094f]*)+"  # with accents, Latin or Devanagari
_MONTH = rf"(?P<month>{_LETTERS})\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th|er|re|[.º°ª])?"
_YEAR = r"(?P<year>\d{4}|['’]\d{2})(?!\d)"
_OF = r"(?:\s{0,2}[-/.\s]\s{0,2}(?:of\s{1,3}|de\s{1,3}|del\s{1,3}|d['’]\s{0,3})?|)"
_BREAK = r"(?<![\w])"
_NAMED = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_BREAK}{_DAY}{_OF}{_MONTH}[-/\s,]{{0,4}}(?:of\s{{1,3}}|de\s{{1,3}}|del\s{{1,3}})?{_YEAR}",
        rf"{_BREAK}{_MONTH}[\s-]{{0,3}}(?:the\s{{1,3}})?{_DAY}(?:\s{{0,3}},\s{{0,3}}|\s{{1,3}}|-)(?:of\s{{1,3}}|de\s{{1,3}})?{_YEAR}",
        rf"{_BREAK}(?P<year>\d{{4}})[.,\s-]{{1,4}}{_MONTH}[\s-]{{0,3}}{_DAY}(?!\d)",
    )
)
_RANGES = (  # the first day of a range borrows month and year from the second
    re.compile(
        rf"{_BREAK}(?P<span>{_DAY})\s{{0,3}}(?:[-–—]|to|and|bis|et|y|e|a|au|al)\s{{0,3}}\d{{1,2}}(?:st|nd|rd|th|\.)?{_OF}{_MONTH}[-/\s,]{{0,4}}(?:of\s{{1,3}}|de\s{{1,3}})?{_YEAR}",
        re.IGNORECASE,
    ),
    re.compile(
        rf"{_BREAK}(?P<span>{_DAY}{_OF}{_MONTH})\s{{0,3}}(?:[-–—]|to|and|until|bis|et|y|e|a|au|al)\s{{0,3}}\d{{1,2}}(?:st|nd|rd|th|\.)?{_OF}{_LETTERS}\.?[-/\s,]{{0,4}}(?:of\s{{1,3}}|de\s{{1,3}})?{_YEAR}",
        re.IGNORECASE,
    ),
    re.compile(
        rf"{_BREAK}(?P<span>{_MONTH}\s{{1,3}}{_DAY})\s{{0,3}}(?:[-–—]|to|and)\s{{0,3}}\d{{1,2}}(?:st|nd|rd|th)?(?:\s{{0,3}},\s{{0,3}}|\s{{1,3}}){_YEAR}",
        re.IGNORECASE,
    ),
    re.compile(
        rf"{_BREAK}{_MONTH}\s{{1,3}}\d{{1,2}}(?:st|nd|rd|th)?\s{{0,3}}(?:[-–—]|to|and)\s{{0,3}}(?P<span>{_DAY}(?:\s{{0,3}},\s{{0,3}}|\s{{1,3}}){_YEAR})",
        re.IGNORECASE,
    ),
)
_SORTED = (  # year first: one reading
    re.compile(r"(?<![\w.,/-])(?P<year>\d{4})(?P<mark>[-/.])(?P<month>\d{1,2})(?P=mark)(?P<day>\d{1,2})(?!\d|[/-]\d)"),
    re.compile(r"(?<!\w)(?P<year>[12]\d{3})(?P<month>[01]\d)(?P<day>[0-3]\d)(?!\d|[.,]\d)(?=\b|T\d)"),
    re.compile(r"(?P<year>\d{4})\s?[年년]\s?(?P<month>\d{1,2})\s?[月월]\s?(?P<day>\d{1,2})\s?[日일]"),
)
_DIGITS = re.compile(
    r"(?<![\w/-])(?<!\d\.)(?P<a>\d{1,2})(?P<mark>\s?/\s?|-|\.\s?)(?P<b>\d{1,2})(?P=mark)(?P<year>\d{4}|\d{2})(?!\d|[./-]\d|\w)"
)
_BEFORE = re.compile(rf"(?P<word>{_LETTERS})\.?,?\s+(?:the\s+|den\s+|le\s+|el\s+)?\Z", re.IGNORECASE)
_THE = re.compile(r"(?<!\w)the\s+\Z", re.IGNORECASE)
_PIVOT = 69


def dates(text: str) -> tuple[Candidate, ...]:
    """All spans that name one day."""
    if not re.search(r"\d", text):
        return ()
    found = [*_named(text), *_ranges(text), *_sorted(text), *_digits(text)]
    return in_order([*found, *(wider for one in found for wider in _widened(text, one))])


def _iso(year: str, month: int, day: str) -> str | None:
    """The day in ISO 8601, None where there is no such day."""
    number = int(year.lstrip("'’"))
    if len(year.lstrip("'’")) == 2:
        number += 1900 if number >= _PIVOT else 2000
    try:
        return date(number, month, int(day)).isoformat() if number >= 1000 else None
    except ValueError:
        return None


def _named(text: str) -> Iterator[Candidate]:
    for pattern in _NAMED:
        for match in _overlapping(pattern, text):
            yield from _read(match, match.span())


def _overlapping(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """Matches at every start, so that a wrong beginning (May 10 December 1815) hides no date."""
    at = 0
    while match := pattern.search(text, at):
        yield match
        at = match.start() + 1


def _read(match: re.Match[str], span: tuple[int, int]) -> Iterator[Candidate]:
    """The readings of a match whose month is a word."""
    for rank, month in enumerate(months().get(folded(match["month"]), ())):
        if value := _iso(match["year"], month, match["day"]):
            yield Candidate(*span, value, rank)


def _ranges(text: str) -> Iterator[Candidate]:
    for pattern in _RANGES:
        for match in _overlapping(pattern, text):
            yield from _read(match, match.span("span"))


def _sorted(text: str) -> Iterator[Candidate]:
    for pattern in _SORTED:
        for match in pattern.finditer(text):
            if value := _iso(match["year"], int(match["month"]), match["day"]):
                yield Candidate(*match.span(), value)


def _digits(text: str) -> Iterator[Candidate]:
    """Day, month and year in digits, both orders where both are days."""
    matches = list(_DIGITS.finditer(text))
    for match in matches:
        mark = match["mark"].strip()
        orders = (("a", "b"), ("b", "a")) if _is_day_first(text, mark, matches) else (("b", "a"), ("a", "b"))
        values = [_iso(match["year"], int(match[month]), match[day]) for day, month in orders]
        for rank, value in enumerate(value for value in values if value):
            yield Candidate(*match.span(), value, rank)


def _is_day_first(text: str, mark: str, matches: list[re.Match[str]]) -> bool:
    """Whether the day stands first in the text's dates with this mark."""
    alike = [match for match in matches if match["mark"].strip() == mark]
    day_first = sum(int(match["a"]) > 12 for match in alike)
    month_first = sum(int(match["b"]) > 12 for match in alike)
    if day_first != month_first:
        return day_first > month_first
    return mark != "/" or is_continental(text)


def _widened(text: str, one: Candidate) -> Iterator[Candidate]:
    """The same date with the article or the weekday before it."""
    before = text[max(0, one.start - 40) : one.start]
    if match := _THE.search(before):
        yield Candidate(one.start - len(match[0]), one.stop, one.value_text, one.rank)
    if (match := _BEFORE.search(before)) and folded(match["word"]) in weekdays():
        yield Candidate(one.start - len(match[0]), one.stop, one.value_text, one.rank)
