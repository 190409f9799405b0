"""Things that have a word of their own: those of `words.toml`, and Babel's countries, languages and currencies."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from random import Random

from babel import Locale
from babel.numbers import get_territory_currencies

from scaffold.train.synthetic.listing import listed

_ABROAD = listed("de fr es it pt nl pl sv tr cs ru el ar hi ja zh ko uk vi")
"""Languages whose own names for countries are drawn beside the English ones."""

TABLES: Mapping[str, Mapping[str, str]] = tomllib.loads(
    files(__package__).joinpath("words.toml").read_text(encoding="utf-8")
)
WORDS: Mapping[str, tuple[str, ...]] = {
    kind: listed("|".join(table["values"].strip().splitlines())) for kind, table in TABLES.items()
}


def country(rng: Random) -> str:
    """A country, three times in four in English."""
    return rng.choice(_countries("en" if rng.random() < 0.75 else rng.choice(_ABROAD)))


def country_of(locale: str) -> str:
    """The English name of the country of a locale such as `de_AT`."""
    return str(_english().territories[locale.partition("_")[2]])


def language(rng: Random) -> str:
    """A language in English."""
    return rng.choice(_languages())


def currency(rng: Random) -> str:
    """A currency that is in use, by its English name or its code."""
    code = rng.choice(_currencies())
    return code if rng.random() < 0.4 else _english().currencies[code]


@cache
def _countries(language: str) -> tuple[str, ...]:
    """Codes of countries have two letters, those of what is larger have three digits."""
    return tuple(name for code, name in sorted(Locale.parse(language).territories.items()) if len(code) == 2)


@cache
def _languages() -> tuple[str, ...]:
    """Those with a code of two letters: the better known ones."""
    return tuple(name for code, name in sorted(_english().languages.items()) if len(code) == 2)


@cache
def _currencies() -> tuple[str, ...]:
    codes = (code for territory in _english().territories for code in get_territory_currencies(str(territory)))
    return tuple(sorted(set(codes)))


@cache
def _english() -> Locale:
    return Locale.parse("en")
