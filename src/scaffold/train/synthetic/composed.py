"""A subject that is made up for one text: its attributes, its sentences and its values are all drawn."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

from scaffold.train.synthetic import things
from scaffold.train.synthetic.attributes import LISTINGS, LISTS, POOLS, TABLES, Attribute, Listing, a_code, title
from scaffold.train.synthetic.clusters import CLUSTERS, foreign
from scaffold.train.synthetic.facts import Domain, Facts, Field, Phrases, Record
from scaffold.train.synthetic.said import Said
from scaffold.train.synthetic.spelling import Speech

_SUBJECTS = tuple(word.replace("~", " ") for word in TABLES["subjects"].split())
_OPENINGS = tuple(TABLES["openings"].strip().splitlines())
_SAYINGS = tuple(TABLES["sayings"].strip().splitlines())
_ROW_FORMS = (
    (", ", ", ", ""), (" (", ", ", ")"), (": ", "; ", ""), (" - ", " / ", ""), (" | ", " | ", ""), (" ", " ", ""),
    ("\n", "\n", ""), (", ", " ", ""),
)  # fmt: skip
"""What stands behind the first value, between the others, and behind the last."""
_RECORD_ENDS = ("; ", "\n", ", then ", "\n- ", ", ", " and ")
_TRIES = 50
_FOREIGN = 0.3
"""Share of the names and addresses (half of all clusters) that other countries write."""


@dataclass(frozen=True, slots=True)
class _Drawn:
    """The attributes of one subject by fact key; a list has a number of items, a record attributes of its own."""

    scalars: Mapping[str, Attribute]
    lists: Mapping[str, Attribute] = field(default_factory=dict)
    records: Mapping[str, tuple[Listing, Mapping[str, Attribute]]] = field(default_factory=dict)

    def __call__(self, rng: Random, speech: Speech) -> Facts:
        """Values of all of them, no two spelled alike."""
        taken: set[str] = set()
        facts: dict[str, Said | Sequence[Said] | Sequence[Record]] = {
            key: _new(one, rng, speech, taken) for key, one in self.scalars.items()
        }
        for key, one in self.lists.items():
            facts[key] = [_new(one, rng, speech, taken) for _ in range(rng.randint(1, 5))]
        for key, (_, members) in self.records.items():
            facts[key] = [
                {name: _new(one, rng, speech, taken) for name, one in members.items()} for _ in range(rng.randint(1, 5))
            ]
        return facts

    def fields(self, rng: Random) -> tuple[Field, ...]:
        """A question for each of them, in any order."""
        asked = [_asked(key, one) for key, one in {**self.scalars, **self.lists}.items()]
        for key, (listing, members) in self.records.items():
            items = tuple(_asked(name, one) for name, one in members.items())
            asked.append(Field(key, "records", listing.names, listing.about, items=items))
        return tuple(rng.sample(asked, len(asked)))


def composed(rng: Random) -> Domain:
    """A subject where only names tell the facts apart, or (three times in ten) values that stand side by side."""
    return _bare(rng) if rng.random() < 0.3 else _described(rng)


def _bare(rng: Random) -> Domain:
    """Nothing but a few values: one thing, or a list of such things."""
    parts, form = _row(rng)
    subject = rng.choice(_SUBJECTS)
    if rng.random() < 0.6:
        return _domain(subject, rng, _Drawn(parts), Phrases((form,)))
    records = {"c": ((form, rng.choice(_RECORD_ENDS)),)}
    drawn = _Drawn({}, records={"c": (rng.choice(LISTINGS), parts)})
    return _domain(subject, rng, drawn, Phrases(("{c}",), records=records))


def _described(rng: Random) -> Domain:
    """A text about something: three to eleven attributes, several of them of one kind."""
    scalars = {"name": _NAME} | {f"a{i}": one for i, one in enumerate(_drawn(rng, rng.randint(3, 11)))}
    lists = {"b": rng.choice(LISTS)} if rng.random() < 0.3 else {}
    said = {key: _saying(rng, key, one) for key, one in {**scalars, **lists}.items() if key != "name"}
    records: dict[str, tuple[Listing, Mapping[str, Attribute]]] = {}
    forms: dict[str, tuple[tuple[str, str], ...]] = {}
    if rng.random() < 0.25:
        parts, form = _row(rng)
        listing = rng.choice(LISTINGS)
        records["c"] = listing, parts
        forms["c"] = ((form, rng.choice(_RECORD_ENDS)),)
        said["c"] = _with_value(rng.choice(listing.clauses), "c")
    if rng.random() < 0.2:
        parts, form = _row(rng)
        scalars |= parts
        said["d"] = form
    subject = rng.choice(_SUBJECTS)
    openings = tuple(one.replace("{subject}", subject) for one in rng.sample(_OPENINGS, 3))
    others = tuple((sentence,) for sentence in _sentences(rng, said, scalars))
    phrases = Phrases(openings, others, forms, joiners=(" ", " ", "\n", "\n\n"))
    return _domain(subject, rng, _Drawn(scalars, lists, records), phrases)


def _domain(subject: str, rng: Random, drawn: _Drawn, phrases: Phrases) -> Domain:
    heading = "".join(word.capitalize() for word in subject.split())
    titles = (heading, f"{heading}Record")
    abouts = (f"Facts about a {subject}",)
    return Domain(subject.replace(" ", "-"), titles, abouts, drawn.fields(rng), drawn, {"en": phrases})


def _drawn(rng: Random, number: int) -> Iterable[Attribute]:
    """Attributes of a few kinds, none twice."""
    pools = rng.sample(POOLS, rng.randint(2, 6))
    chosen: dict[tuple[str, ...], Attribute] = {}
    for _ in range(2 * number):
        one = rng.choice(rng.choice(pools))
        if len(chosen) < number and not any(set(one.names) & set(names) for names in chosen):
            chosen[one.names] = one
    return chosen.values()


def _row(rng: Random) -> tuple[Mapping[str, Attribute], str]:
    """Attributes, and a form in which their values stand side by side."""
    if rng.random() < 0.6:
        cluster = foreign(rng) if rng.random() < _FOREIGN else rng.choice(CLUSTERS)
        return cluster.parts, rng.choice(cluster.forms)
    own = [one for one in _drawn(rng, rng.randint(2, 4)) if not one.is_sentence] or [_NAME]
    parts = {f"m{i}": one for i, one in enumerate(own)}
    shown = [
        one.nouns[0].replace("_", " ") + " {" + key + "}" if index and rng.random() < 0.3 else "{" + key + "}"
        for index, (key, one) in enumerate(parts.items())
    ]
    opening, between, end = rng.choice(_ROW_FORMS)
    return parts, shown[0] + (opening + between.join(shown[1:]) + end if shown[1:] else "")


def _asked(key: str, one: Attribute) -> Field:
    return Field(key, one.kind, one.names, one.about, labels=one.labels)


def _saying(rng: Random, key: str, one: Attribute) -> str:
    """A clause that states an attribute: under one of its names, or in words of its own."""
    if one.is_sentence:
        return "{" + key + "}"
    if rng.random() < 0.5:
        return _with_value(rng.choice(one.clauses), key)
    label = rng.choice(one.nouns).replace("_", " ")
    return rng.choice(_SAYINGS).format(label=label, value="{" + key + "}")


def _with_value(clause: str, key: str) -> str:
    return clause.replace("~", "{" + key + "}")


def _sentences(rng: Random, said: Mapping[str, str], scalars: Mapping[str, Attribute]) -> list[str]:
    """One to three clauses in a sentence; what is a sentence already stays alone."""
    whole = [clause for key, clause in said.items() if key in scalars and scalars[key].is_sentence]
    clauses = [clause for clause in said.values() if clause not in whole]
    rng.shuffle(clauses)
    sentences = whole
    while clauses:
        some, clauses = clauses[: (size := rng.choice((1, 1, 2, 3)))], clauses[size:]
        joined = rng.choice((", ", ", and ", "; ")).join(some)
        sentences.append(joined[0].upper() + joined[1:] + rng.choice((".", ".", ".", "")))
    return sentences


def _name(rng: Random, _: Speech) -> Said:
    return Said(rng.choice((things.brand, things.product, title, things.company, a_code))(rng))


_NAME = Attribute(("name", "title", "called"), "text", "What it is called", ("called ~",), _name)


def _new(one: Attribute, rng: Random, speech: Speech, taken: set[str]) -> Said:
    """A value that is spelled as no other; after many tries one that is, which only a small stock of words forces."""
    said = one.make(rng, speech)
    for _ in range(_TRIES):
        if said.raw not in taken:
            break
        said = one.make(rng, speech)
    taken.add(said.raw)
    return said
