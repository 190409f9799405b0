"""Made-up texts: a film, with lengths of time, sums in millions, and showings of one title in several places."""

from random import Random

from scaffold.train.synthetic import people, things
from scaffold.train.synthetic.facts import Domain, Facts, Phrases, Record, ask, ask_records
from scaffold.train.synthetic.listing import listed
from scaffold.train.synthetic.said import Said, cue
from scaffold.train.synthetic.spelling import Speech, a_day

_AUDIENCES = {
    "children": ("Even the youngest will have fun.", "Made for children from four years on."),
    "teenagers": ("Best seen at fourteen or so.", "Its audience is in high school."),
    "adults": ("Not for anyone under eighteen.", "For grown-ups only, and rightly so."),
}
_NOUNS = listed("River Lantern Winter Garden Signal Orchard Harbour Mirror Island Letter Storm Carnival Bridge Echo")


def _showing(rng: Random, speech: Speech) -> Record:
    return {
        "city": Said(things.city(rng, speech.language)),
        "day": speech.date(a_day(rng, 2020, 2029)),
        "price": speech.money(float(rng.randint(5, 24)), is_round=True),
    }


def _title(rng: Random) -> Said:
    return Said(f"The {rng.choice(things.STEMS)} {rng.choice(_NOUNS)}")


def _film(rng: Random, speech: Speech) -> Facts:
    audience, is_true = rng.choice(list(_AUDIENCES)), rng.random() < 0.5
    true, invented = (
        ("It really happened.", "Based on real events."),
        ("Everything in it is invented.", "Pure fiction."),
    )
    return {
        "title": _title(rng),
        "working": _title(rng),
        "director": Said(people.full_name(rng, speech.language)),
        "cast": [Said(people.full_name(rng)) for _ in range(rng.randint(1, 4))],
        "length": speech.duration(rng.randint(8, 31) * 5),
        "shoot": speech.days(rng.randint(2, 30)),
        "budget": speech.millions(rng, unit="currency"),
        "released": speech.date(a_day(rng, 1960, 2029)),
        "showings": [_showing(rng, speech) for _ in range(rng.randint(1, 4))],
        "audience": cue(rng.choice(_AUDIENCES[audience]), audience),
        "true": cue(rng.choice(true if is_true else invented), is_true),
    }


_FIELDS = (
    ask("title", "text", "title name film", "Title under which it is shown"),
    ask("working", "text", "working_title original_title", "Title that it had at first"),
    ask("director", "text", "director directed_by", "Who directed it"),
    ask("cast", "texts", "cast actors starring", "Who plays in it"),
    ask("length", "duration", "running_time length duration", "How long the film is"),
    ask("shoot", "duration", "shooting_time shoot_length", "How long the shooting took"),
    ask("budget", "number", "budget production_cost", "What it cost to make"),
    ask("currency", "enum", "currency budget_currency", "Currency of the budget, as ISO 4217 code",
        labels="USD EUR GBP AUD INR CHF MXN BRL"),
    ask("released", "date", "released release_date premiere", "Day of the first showing"),
    ask("audience", "enum", "audience made_for", "For whom it is made", labels=" ".join(_AUDIENCES)),
    ask("true", "boolean", "is_true_story based_on_facts", "Whether it tells a true story"),
    ask_records(
        "showings",
        "showings screenings dates",
        "Where and when it is shown",
        ask("city", "text", "city place", "City"),
        ask("day", "date", "date day", "Day"),
        ask("price", "number", "price ticket_price", "Price of a ticket"),
    ),
)  # fmt: skip
_ROWS = (("{city}: {day}, {price}", "\n"), ("{day} in {city} ({price})", "; "), ("{city}, {day}", " / "))
_PHRASES = {
    "en": Phrases(
        (
            "{title} by {director}.",
            "{title} ({length})",
            "First shown on {released}: {title}.",
            "{director}'s new film",
        ),
        (
            ("It was called {working} at first.", "Working title: {working}"),
            ("With {cast}.", "Starring {cast}."),
            ("It runs {length}.", "Running time: {length}"),
            ("They shot it in {shoot}.",),
            ("It cost {budget} to make.", "Budget: {budget}"),
            ("{audience}",),
            ("{true}",),
            ("Showings:\n{showings}", "See it here: {showings}."),
            ("Premiere: {released}.",),
        ),
        {"showings": _ROWS},
    ),
    "de": Phrases(
        ("{title}, ein Film von {director}.", "Neu im Kino: {title} ({length})"),
        (
            ("Der Arbeitstitel war {working}.",),
            ("Mit {cast}.",),
            ("Länge: {length}",),
            ("Gedreht wurde in {shoot}.",),
            ("Kosten: {budget}",),
            ("Termine:\n{showings}",),
            ("Premiere am {released}.",),
        ),
        {"showings": _ROWS},
    ),
}

DOMAIN = Domain("film", ("Film", "Movie", "FilmRecord"), ("A film",), _FIELDS, _film, _PHRASES)
