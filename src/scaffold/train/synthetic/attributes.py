"""What may be asked of anything: its names, the ways to say it, and how a value of it is made up."""

import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from random import Random

from scaffold.train.synthetic import people, things, words
from scaffold.train.synthetic.facts import Kind
from scaffold.train.synthetic.listing import listed
from scaffold.train.synthetic.said import Said, cue, telephone
from scaffold.train.synthetic.spelling import Speech, a_day

_OPEN_ENDS = frozenset(listed("by with in on at of for to from through under has called made received"))
TABLES: Mapping[str, str] = tomllib.loads(files(__package__).joinpath("attributes.toml").read_text(encoding="utf-8"))
Make = Callable[[Random, Speech], Said]


@dataclass(frozen=True, slots=True)
class Attribute:
    """One thing to know about a subject; `names` and `labels` are snake-case, `clauses` hold ~ for the value."""

    names: tuple[str, ...]
    kind: Kind
    about: str
    clauses: tuple[str, ...]
    make: Make
    labels: tuple[str, ...] = ()
    is_sentence: bool = False
    """What is made is a sentence of its own, which names nothing."""

    @property
    def nouns(self) -> tuple[str, ...]:
        """The names that can follow an article: "designer", and not "designed_by"."""
        return tuple(name for name in self.names if name.split("_")[-1] not in _OPEN_ENDS) or self.names


@dataclass(frozen=True, slots=True)
class Listing:
    """What a list of records is called, and the ways to say it."""

    names: tuple[str, ...]
    about: str
    clauses: tuple[str, ...]


def phrase(rng: Random) -> str:
    """A few words that are nobody's name."""
    return rng.choice(_PHRASES)


def title(rng: Random) -> str:
    """An invented title of two to four words."""
    head, tail = rng.choice(_QUALITIES), rng.choice(_NOUNS)
    return rng.choice((f"{head} {tail}", f"The {head} {tail}", f"{tail} of {rng.choice(_NOUNS)}s", f"The {tail}"))


def a_code(rng: Random) -> str:
    """An identifier under prefixes of its own, or digits alone."""
    if rng.random() < 0.25:
        return things.digits(rng, rng.randint(3, 10))
    return things.code(rng, things.letters(rng, rng.randint(1, 4)))


def count(low: int, high: int, rng: Random) -> int:
    """A number between two, small ones as likely as large ones."""
    return round(low * (high / low) ** rng.random())


def _table(text: str) -> Iterator[list[str]]:
    yield from ([part.strip() for part in line.split("|")] for line in text.strip().splitlines())


def _simple(text: str, kind: Kind, make: Make) -> tuple[Attribute, ...]:
    return tuple(
        Attribute(tuple(names.split()), kind, about, _clauses(clauses), make) for names, about, clauses in _table(text)
    )


def _clauses(text: str) -> tuple[str, ...]:
    return tuple(clause.strip() for clause in text.split(";"))


def _said(make: Callable[[Random], str]) -> Make:
    return lambda rng, _: Said(make(rng))


def _quantity(unit: str) -> Make:
    def make(rng: Random, speech: Speech) -> Said:
        places = rng.choice((0, 0, 1, 2))
        number = speech.number(count(1, 20_000, rng) / 10**places, places)
        return Said(number.raw, number.value, after=rng.choice((" ", " ", "")) + unit)

    return make


def _counted(rng: Random, speech: Speech) -> Said:
    return speech.integer(count(2, 9000, rng))


def _year(rng: Random, _: Speech) -> Said:
    year = rng.randint(1650, 2029)
    return Said(str(year), year)


def _choice(labels: tuple[str, ...]) -> Make:
    def make(rng: Random, _: Speech) -> Said:
        label = rng.choice(labels)
        return Said(label.replace("_", " "), label)

    return make


def _switch(yes: tuple[str, ...], no: tuple[str, ...]) -> Make:
    def make(rng: Random, _: Speech) -> Said:
        value = rng.random() < 0.5
        return cue(rng.choice(yes if value else no), value)

    return make


def _sentences(text: str) -> tuple[str, ...]:
    return tuple(one.strip() for one in text.split("/"))


def _money(rng: Random, speech: Speech) -> Said:
    amount = count(300, 5_000_000, rng) / 100
    return speech.money(float(round(amount)) if rng.random() < 0.5 else amount, is_round=True, unit="")


def _one_of(values: Sequence[str]) -> Make:
    return lambda rng, _: Said(rng.choice(values))


def _address(rng: Random) -> str:
    """Street and town on one line, sometimes with the country."""
    parts = [
        things.street(rng),
        f"{things.digits(rng, 5)} {things.city(rng)}" if rng.random() < 0.5 else things.city(rng),
    ]
    return ", ".join([*parts, words.country(rng)] if rng.random() < 0.3 else parts)


def _contact(kind: str) -> Make:
    match kind:
        case "email":
            return _said(lambda rng: things.email(rng, people.full_name(rng)))
        case "url":
            return _said(lambda rng: things.url(rng, things.brand(rng)))
        case _:
            return lambda rng, _: telephone(things.phone(rng))


_QUALITIES, _NOUNS = (part.split() for part in TABLES["title_words"].split("|"))
_PHRASES = listed("|".join(TABLES["phrases"].strip().splitlines()))
_CONTACT_KINDS: tuple[Kind, ...] = ("email", "url", "phone")
_COLOURS = listed("red green blue black white yellow grey orange brown violet turquoise silver beige pink")
MAKERS: Mapping[str, Make] = {
    "people": _said(people.full_name),
    "companies": _said(things.company),
    "cities": _said(things.city),
    "countries": _said(words.country),
    "languages": _said(words.language),
    "codes": _said(a_code),
    "goods": _said(things.goods),
    "reasons": _said(phrase),
    "colours": _said(lambda rng: rng.choice(_COLOURS)),
}
"""Values of attributes that are lists of texts."""

_FACTS: tuple[tuple[Attribute, ...], ...] = (
    _simple(TABLES["people"], "text", MAKERS["people"]),
    _simple(TABLES["companies"], "text", MAKERS["companies"]),
    _simple(TABLES["places"], "text", MAKERS["cities"]),
    _simple(TABLES["countries"], "text", MAKERS["countries"]),
    _simple(TABLES["dates"], "date", lambda rng, speech: speech.date(a_day(rng))),
    _simple(TABLES["money"], "number", _money),
    _simple(TABLES["codes"], "text", MAKERS["codes"]),
    _simple(TABLES["times"], "time", lambda rng, speech: speech.time(rng)),
    _simple(TABLES["titles"], "text", _said(title)),
    _simple(TABLES["things"], "text", MAKERS["goods"]),
    _simple(TABLES["reasons"], "text", MAKERS["reasons"]),
    tuple(
        Attribute(tuple(names.split()), kind, about, _clauses(clauses), _contact(kind))
        for kind, (names, about, clauses) in zip(_CONTACT_KINDS, _table(TABLES["contacts"]), strict=True)
    ),
    tuple(
        Attribute(tuple(names.split()), "number", about, _clauses(clauses), _quantity(unit))
        for names, about, unit, clauses in _table(TABLES["quantities"])
    ),
    tuple(
        Attribute(tuple(names.split()), "integer", about, _clauses(rest[-1]), _year if len(rest) > 1 else _counted)
        for names, about, *rest in _table(TABLES["counts"])
    ),
    tuple(
        Attribute(tuple(names.split()), "enum", about, _clauses(clauses), _choice(labels), labels)
        for names, about, clauses, words in _table(TABLES["choices"])
        for labels in [tuple(words.split())]
    ),
    tuple(
        Attribute(tuple(names.split()), "boolean", about, ("~",), _switch(_sentences(yes), _sentences(no)),
                  is_sentence=True)
        for names, about, yes, no in _table(TABLES["switches"])
    ),
)  # fmt: skip
_WORDS: tuple[tuple[Attribute, ...], ...] = (
    _simple(
        TABLES["jobs"], "text", _said(lambda rng: rng.choice((rng.choice(people.JOBS), rng.choice(people.OCCUPATIONS))))
    ),
    _simple(TABLES["nationalities"], "text", _said(lambda rng: rng.choice(people.NATIONALITIES))),
    _simple(TABLES["languages"], "text", MAKERS["languages"]),
    _simple(TABLES["currencies"], "text", _said(words.currency)),
    _simple(TABLES["addresses"], "text", _said(_address)),
    *(_simple(table["asked"], "text", _one_of(words.WORDS[kind])) for kind, table in words.TABLES.items()),
)
POOLS: tuple[tuple[Attribute, ...], ...] = (*_FACTS, *_FACTS, *_WORDS)
"""Attributes whose values can be taken for each other, side by side; two in three are no words of a kind."""

LISTS: tuple[Attribute, ...] = (
    *(
        Attribute(tuple(names.split()), "texts", about, _clauses(clauses), MAKERS[of])
        for names, of, about, clauses in _table(TABLES["lists"])
    ),
    *(
        attribute
        for kind, table in words.TABLES.items()
        if "lists" in table
        for attribute in _simple(table["lists"], "texts", _one_of(words.WORDS[kind]))
    ),
)
LISTINGS: tuple[Listing, ...] = tuple(
    Listing(tuple(names.split()), about, _clauses(clauses)) for names, about, clauses in _table(TABLES["records"])
)
