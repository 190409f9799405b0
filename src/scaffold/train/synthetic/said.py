"""A fact as a text says it: the words, and the value they stand for."""

from dataclasses import dataclass

Scalar = str | int | float | bool


@dataclass(frozen=True, slots=True)
class Said:
    """Words that state a fact.

    `value` is its normal form (None: the words themselves). `before` and `after` are written around the words
    and are part of the quotation only (a currency sign); they spell the fact `unit`. A cue implies its value
    without quoting it ("the site is down" for urgent).
    """

    raw: str
    value: Scalar | None = None
    before: str = ""
    after: str = ""
    unit: str = ""
    is_cue: bool = False


def count(value: int) -> Said:
    """A number in plain digits."""
    return Said(str(value), value)


def telephone(words: str) -> Said:
    """A telephone number; its normal form is E.164's, where the country is said."""
    return Said(words, "+" + "".join(filter(str.isdigit, words)) if words.startswith("+") else None)


def cue(words: str, value: Scalar) -> Said:
    """Words that imply `value`."""
    return Said(words, value, is_cue=True)
