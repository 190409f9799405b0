"""Times of day, and days with a time, read as ISO 8601; an offset only where the text states one."""

import re
from collections.abc import Iterator
from datetime import time

from scaffold.decode.candidate import Candidate, in_order
from scaffold.decode.normalise_dates import dates

_HALF = r"(?P<half>[ap])(?:m\b|\.\s?m\.)"
_ZONE = r"(?=\s?(?P<zone>Z\b|UTC\b|GMT\b|[+\u2212-]\d{2}:?\d{2}(?!\d))|)"
_START = r"(?:(?<![\w:.,])|(?<=\dT))"
_CLOCKS = tuple(
    re.compile(_START + pattern, re.IGNORECASE)
    for pattern in (
        rf"(?P<hour>\d{{1,2}}):(?P<minute>\d{{2}})(?::(?P<second>\d{{2}})(?:[.,](?P<part>\d{{1,6}})\d*)?)?(?![\d:])(?:\s?{_HALF}|){_ZONE}",
        rf"(?P<hour>\d{{1,2}})(?:\.(?P<minute>\d{{2}}))?\s?{_HALF}{_ZONE}",
        r"(?P<hour>\d{1,2})(?:[.:](?P<minute>\d{2}))?\s?Uhr\b",
        r"(?P<hour>\d{1,2})\sUhr\s(?P<minute>\d{2})\b",
        r"(?P<hour>\d{1,2})\s?h\s?(?P<minute>\d{2})?(?![\w])",
    )
)
_WORDS = (("12:00:00", re.compile(r"\b(?:noon|midday|Mittag|midi|mediodía|mezzogiorno|meio-dia)\b", re.IGNORECASE)),)
_BETWEEN = re.compile(
    r"(?:T|,?\s{1,3}|,?\s{0,3}[-–—@|]\s{0,3}|,?\s(?:at|um|à|às|a\slas?|alle|ore|on|am|le|el|il|of)\s(?:the\s)?)",
    re.IGNORECASE,
)
_TO_UTC = frozenset({"Z", "UTC", "GMT"})
_LONGEST_LINK = 12


def times(text: str) -> tuple[Candidate, ...]:
    """All spans that name a time of day, as `17:30:00` with the offset that is stated (`Z`, `+02:00`) or none."""
    found = [one for pattern in _CLOCKS for match in pattern.finditer(text) for one in _read(match)]
    found += [Candidate(*match.span(), value) for value, word in _WORDS for match in word.finditer(text)]
    return in_order(found)


def _read(match: re.Match[str]) -> Iterator[Candidate]:
    """The time of a match, and with the offset behind it the longer one."""
    groups = match.groupdict()
    value = _clock(groups)
    if value is None:
        return
    yield Candidate(*match.span(), value)
    zone = groups.get("zone")
    if zone and _is_offset(zone) and (groups["second"] or zone[0] not in "-\u2212"):  # 10:30-11:00 is a range
        yield Candidate(match.start(), match.end("zone"), value + _offset(zone))


def _is_offset(zone: str) -> bool:
    """Whether a place on earth has this offset from UTC."""
    return not zone[-1].isdigit() or (int(zone[1:3]) <= 14 and int(zone[-2:]) < 60)


def _clock(groups: dict[str, str | None]) -> str | None:
    """Hours, minutes and seconds as ISO 8601, None where no clock shows them."""
    hour, half = int(groups["hour"] or 0), groups.get("half")
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half in "pP" else 0)
    part = (groups.get("part") or "").ljust(6, "0")
    try:
        return time(hour, int(groups.get("minute") or 0), int(groups.get("second") or 0), int(part)).isoformat()
    except ValueError:
        return None


def _offset(zone: str) -> str:
    """An offset as RFC 3339 spells it."""
    if zone.upper() in _TO_UTC:
        return "Z"
    digits = zone[1:].replace(":", "")
    return f"{'+' if zone[0] == '+' else '-'}{digits[:2]}:{digits[2:]}"


def date_times(text: str) -> tuple[Candidate, ...]:
    """All spans that name a day and a time side by side, in either order, as `2021-03-04T17:30:00`."""
    days, clocks = dates(text), times(text)
    found = []
    for day in days:
        for clock in clocks:
            first, second = (day, clock) if day.start < clock.start else (clock, day)
            gap = second.start - first.stop
            if 0 < gap <= _LONGEST_LINK and _BETWEEN.fullmatch(text, first.stop, second.start):
                found.append(Candidate(first.start, second.stop, f"{day.value_text}T{clock.value_text}", day.rank))
    return in_order(found)
