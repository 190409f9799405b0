"""Names of months and weekdays in many languages, from Unicode's CLDR."""

import unicodedata
from collections.abc import Mapping
from functools import cache

_LOCALES = "en de fr es it pt nl da sv nb fi is pl cs sk sl hr hu ro tr el ru uk bg lt lv et ca id vi ar hi"
_EXTRA = {"sept": 9, "märz": 3, "mrz": 3, "jänner": 1, "setiembre": 9, "मई": 5}


def folded(word: str) -> str:
    """The word as the tables spell it: composed, case-folded, without a final point."""
    return unicodedata.normalize("NFC", word).casefold().rstrip(".")


@cache
def months() -> Mapping[str, tuple[int, ...]]:
    """Month numbers by folded name; more than one where languages disagree, the commoner language first."""
    table: dict[str, tuple[int, ...]] = {name: (number,) for name, number in _EXTRA.items()}
    for name, number in _names("months"):
        known = table.get(name, ())
        table[name] = known if number in known else (*known, number)
    return table


@cache
def weekdays() -> frozenset[str]:
    """Folded names of days of the week."""
    return frozenset(name for name, _ in _names("days"))


def _names(kind: str) -> list[tuple[str, int]]:
    """Folded names that are words, with their numbers, over all locales."""
    from babel import Locale  # noqa: PLC0415  (read only when a text holds something like a date)

    found = []
    for code in _LOCALES.split():
        contexts = getattr(Locale.parse(code), kind)
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                found += [(folded(name), int(key)) for key, name in contexts[context][width].items()]
    return [(name, number) for name, number in found if len(name) > 2 and name[0].isalpha()]
