"""Quote, then normalise: the spans of a text that a fixed rule maps to a value of a kind."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Literal

from scaffold.decode.candidate import Candidate
from scaffold.decode.normalise_dates import dates
from scaffold.decode.normalise_durations import durations
from scaffold.decode.normalise_numbers import integers, numbers
from scaffold.decode.normalise_times import date_times, times

Kind = Literal["date", "time", "date-time", "integer", "number", "duration"]
_FINDERS: Mapping[Kind, Callable[[str], tuple[Candidate, ...]]] = {
    "date": dates,
    "time": times,
    "date-time": date_times,
    "integer": integers,
    "number": numbers,
    "duration": durations,
}


@lru_cache(maxsize=256)
def candidates(text: str, kind: Kind) -> tuple[Candidate, ...]:
    """All spans of `text` that spell a value of `kind`, by start, longer before shorter, likelier reading first.

    Nothing is invented: what a span does not state (a day, a year, an offset) is not in its value, so the caller
    keeps those candidates that are legal in the slot.
    """
    return _FINDERS[kind](text)
