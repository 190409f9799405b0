"""What is written side by side without a label: the parts of a name, of an address, of an amount, of a result."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from random import Random

from scaffold.train.synthetic import abroad, people, things, words
from scaffold.train.synthetic.attributes import Attribute, Make, count, phrase
from scaffold.train.synthetic.listing import listed
from scaffold.train.synthetic.said import Said
from scaffold.train.synthetic.spelling import a_day


@dataclass(frozen=True, slots=True)
class Cluster:
    """Attributes by key, and the forms in which they are written; a form may leave some out."""

    parts: Mapping[str, Attribute]
    forms: tuple[str, ...]


_ROADS = (
    "{} Street", "{} Road", "{} Lane", "{} Avenue", "{} Way", "{}straße", "{}weg", "Rue {}", "Avenue {}", "Via {}",
    "Calle {}", "Rua {}", "{}gatan", "{}laan", "ul. {}", "Jalan {}", "{} Marg", "Old {} Road", "{} Close",
)  # fmt: skip
_DISTRICTS = (
    "{} District",
    "{} Park",
    "{}ham",
    "{}stadt",
    "Upper {}",
    "Old {}",
    "{} Hill",
    "{} Ward",
    "{}",
    "Saint-{}",
)
_REGIONS = listed(
    "Bavaria Kent Ontario Texas Ohio Tuscany Brittany Andalusia Gujarat Queensland Essex Oregon Hesse Flanders Alberta "
    "Vermont Cork Skåne Algarve Punjab Jalisco Fife Utah Natal Hokkaido TX NY CA FL ON NSW"
)
_UNITS = listed("kg g mg l ml cm m pieces boxes bags cups tins sheets crates rolls pairs dozen hours")
_HONORIFICS = listed("Dr Dr. Prof. Mr Mrs Ms Sir Judge Captain Sister")
_FLATS = listed("Apt Apt. Unit Flat Suite Room #")
_HOUSES = listed("House Hotel Cottage Court Tower Lodge Hall Villa Centre Café Inn")


def _part(names: str, about: str, make: Make) -> Attribute:
    return Attribute(tuple(names.split()), "text", about, (), make)


def _given(rng: Random, *_: object) -> Said:
    if rng.random() < 0.25:
        return Said(rng.choice("ABCDEFGHIJKLMNOPRSTVWYZ"), after=rng.choice(("", "", ".")))
    return Said(people.given_name(rng, rng.choice(("en", "de", "fr", "es", "xx"))))


def _family(rng: Random, *_: object) -> Said:
    name = people.family_name(rng, rng.choice(("en", "de", "fr", "es", "xx")))
    return Said(name.upper() if rng.random() < 0.1 else name)


def _postcode(rng: Random, *_: object) -> Said:
    first, last = things.letters(rng, 2), things.letters(rng, 2)
    return Said(
        rng.choice(
            (
                things.digits(rng, 5),
                things.digits(rng, 5),
                things.digits(rng, 4),
                things.digits(rng, 6),
                f"{first}{rng.randint(1, 28)} {rng.randint(1, 9)}{last}",
                f"{first[0]}{rng.randint(1, 9)}{last[0]} {rng.randint(1, 9)}{first[1]}{rng.randint(1, 9)}",
                f"{things.digits(rng, 3)} {things.digits(rng, 2)}",
                f"{things.digits(rng, 4)}-{things.digits(rng, 3)}",
            )
        )
    )


def _house_number(rng: Random, *_: object) -> Said:
    return Said(f"{rng.randint(1, 400)}{rng.choice(('', '', '', 'a', 'B', '/2'))}")


def _road(rng: Random, *_: object) -> Said:
    name = rng.choice((people.family_name(rng), rng.choice(things.STEMS), people.full_name(rng)))
    return Said(rng.choice(_ROADS).format(name))


def _district(rng: Random, *_: object) -> Said:
    stem = rng.choice(things.STEMS)
    return Said(rng.choice(_DISTRICTS).format(rng.choice((stem, people.family_name(rng)))))


def _amount(rng: Random, *_: object) -> Said:
    value = count(1, 900, rng) / rng.choice((1, 1, 2, 10))
    return Said(f"{value:g}", int(value) if value == int(value) else value)


def _points(rng: Random, *_: object) -> Said:
    value = rng.randint(0, 120)
    return Said(str(value), value)


def _version(rng: Random, *_: object) -> Said:
    return Said(".".join(str(rng.randint(0, 30)) for _ in range(rng.randint(2, 4))))


_NAME = Cluster(
    {
        "given": _part("first_name given_name forename", "Given name", _given),
        "family": _part("last_name family_name surname", "Family name", _family),
        "middle": _part("middle_name second_name", "Name between the first and the last", _given),
        "honorific": _part("title honorific salutation", "Form of address", lambda r, _: Said(r.choice(_HONORIFICS))),
    },
    ("{given} {family}", "{family}, {given}", "{given} {middle} {family}", "{honorific} {given} {family}",
     "{family}, {given} {middle}", "{family} {given}"),
)  # fmt: skip
_ADDRESS = Cluster(
    {
        "number": _part("house_number number street_number", "House number", _house_number),
        "road": _part("street road street_name", "Street", _road),
        "postcode": _part("postcode postal_code zip zip_code", "Postal code", _postcode),
        "city": _part("city town locality", "Town or city", lambda r, _: Said(things.city(r))),
        "region": _part("state region county province", "State or region", lambda r, _: Said(r.choice(_REGIONS))),
        "country": _part("country nation", "Country", lambda r, _: Said(words.country(r))),
        "district": _part("district suburb quarter neighbourhood", "Part of the town", _district),
        "building": _part("building premises house_name", "Name of the building", lambda r, _: Said(
            f"{r.choice(things.STEMS)} {r.choice(_HOUSES)}")),
        "unit": _part("unit apartment flat suite", "Flat or suite", lambda r, _: Said(
            f"{r.choice(_FLATS)} {r.randint(1, 90)}")),
    },
    ("{number} {road}, {city}, {region} {postcode}", "{road} {number}, {postcode} {city}",
     "{road} {number}\n{postcode} {city}\n{country}", "{building}\n{road}\n{city}\n{postcode}\n{country}",
     "{number}, {road}, {city} {postcode}, {country}", "{building}, {number} {road}, {city}, {country}",
     "{road}, {city}, {country}", "{city}, {region}, {country}", "{number} {road} {city} {region} {postcode}",
     "{road} {number} - {city}", "{postcode} {city}, {country}", "{building}, {city}",
     "{building}\n{road} {number}\n{district}\n{postcode} {city}\n{country}",
     "{road} {number}, {district}, {city}, {country}", "{country}, {city}, {road} {number}",
     "{building}, {district}, {city} {postcode}, {region}, {country}",
     "{number} {road}, {unit}, {city}, {region} {postcode}", "{unit}, {number} {road}\n{city} {postcode}"),
)  # fmt: skip
_MEASURE = Cluster(
    {
        "amount": Attribute(("amount", "quantity", "number"), "number", "How much", (), _amount),
        "unit": _part("unit measure unit_of_measure", "Unit of the amount", lambda r, _: Said(r.choice(_UNITS))),
        "thing": _part("item article what product", "What it is", lambda r, _: Said(things.goods(r))),
        "note": _part("note remark comment", "What else is said", lambda r, _: Said(phrase(r))),
    },
    ("{amount} {unit} {thing}", "{amount} {unit} of {thing}", "{amount} {thing}", "{thing}: {amount} {unit}",
     "{amount} {unit} {thing}, {note}", "{thing} ({amount} {unit})", "{amount} x {thing} ({note})"),
)  # fmt: skip
_RESULT = Cluster(
    {
        "home": _part("home_team first_team host", "Who is named first", lambda r, _: Said(things.company(r))),
        "guest": _part("away_team second_team guest", "Who is named second", lambda r, _: Said(things.company(r))),
        "home_points": Attribute(("home_score", "first_score"), "integer", "Points of the first", (), _points),
        "guest_points": Attribute(("away_score", "second_score"), "integer", "Points of the second", (), _points),
    },
    ("{home} {home_points}:{guest_points} {guest}", "{home} - {guest} {home_points}-{guest_points}",
     "{home} beat {guest} {home_points} to {guest_points}", "{home} vs. {guest}"),
)  # fmt: skip
_PERIOD = Cluster(
    {
        "first": Attribute(("start_date", "from_date", "first_day"), "date", "First day", (), lambda r, s: s.date(
            a_day(r))),
        "last": Attribute(("end_date", "to_date", "last_day"), "date", "Last day", (), lambda r, s: s.date(a_day(r))),
        "place": _part("place location where", "Where it is", lambda r, _: Said(things.city(r))),
        "what": _part("title event what", "What it is", lambda r, _: Said(phrase(r))),
    },
    ("{what}, {first} - {last}", "{first} to {last}, {place}", "{what} ({place}, {first})", "{first}: {what}",
     "{what}, {place}, {first} – {last}"),
)  # fmt: skip
_SOFTWARE = Cluster(
    {
        "program": _part("software program package", "Name of the program", lambda r, _: Said(things.brand(r))),
        "version": _part("version release", "Version", _version),
        "system": _part("operating_system os platform", "Operating system", lambda r, _: Said(
            r.choice(("Linux", "Windows 11", "macOS", "FreeBSD", "Android 14", "iOS")))),
        "maker": _part("vendor publisher company", "Who made it", lambda r, _: Said(things.company(r))),
    },
    ("{program}/{version} ({system})", "{program} {version}", "{maker} {program} {version} on {system}",
     "{program} v{version} for {system}", "{program} ({maker})"),
)  # fmt: skip

CLUSTERS: tuple[Cluster, ...] = (_NAME, _NAME, _ADDRESS, _ADDRESS, _MEASURE, _RESULT, _PERIOD, _SOFTWARE)


def foreign(rng: Random) -> Cluster:
    """The parts of a name or of an address as one country writes them, on lines of their own or on one."""
    locale = rng.choice(abroad.LOCALES)
    usual, writing = _ADDRESS, abroad.addresses(locale)
    if not writing.forms or rng.random() < 0.5:
        usual, writing = _NAME, abroad.names(locale)
    parts = {
        key: replace(usual.parts[key], make=partial(_foreign_part, locale, key, kind))
        for key, kind in writing.kinds.items()
    }
    forms = writing.forms
    if usual is _NAME and {"given", "family"} <= parts.keys():
        forms += ("{family}, {given}", "{family} {given}")
    elif usual is _ADDRESS and rng.random() < 0.3:
        parts["country"] = replace(usual.parts["country"], make=lambda *_: Said(words.country_of(locale)))
        forms = tuple(f"{form}\n{{country}}" for form in forms)
    between = rng.choice(("\n", ", ", ", ", " "))
    return Cluster(parts, tuple(form.replace(",\n", "\n").replace("\n", between) for form in forms))


def _foreign_part(locale: str, key: str, kind: str, rng: Random, _: object) -> Said:
    found = abroad.drawn(rng, kind, locale)
    if key in {"given", "middle"} and rng.random() < 0.2:
        return Said(found[0], after=rng.choice(("", ".")))
    return Said(found.upper() if key == "family" and rng.random() < 0.1 else found)
