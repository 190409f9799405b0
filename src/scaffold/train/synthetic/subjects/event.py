"""Made-up texts: an event."""

from datetime import timedelta
from random import Random

from scaffold.train.synthetic import people, things
from scaffold.train.synthetic.facts import Domain, Facts, Phrases, Record, ask, ask_records
from scaffold.train.synthetic.listing import listed
from scaffold.train.synthetic.said import Said, cue
from scaffold.train.synthetic.spelling import Speech, a_day

_CODES = "USD EUR GBP AUD INR CHF MXN BRL"

_TOPICS = listed(
    "quarterly budget|product launch|onboarding|roof repairs|data retention|the summer fair|new "
    "supplier contracts|hiring plan|website relaunch|fire safety|office move|customer survey|annual "
    "audit|choir rehearsal|garden project|school trip"
)

_FORMATS = {
    "online": ("Dial in from wherever you are.", "Takes place by video call."),
    "on_site": ("Please come in person.", "No dial-in this time."),
    "hybrid": ("Join us in the room or by video.", "You may attend in person or dial in."),
}


def _event(rng: Random, speech: Speech) -> Facts:
    day, form = a_day(rng, 2018, 2029), rng.choice(list(_FORMATS))
    language = speech.language
    return {
        "title": Said(
            rng.choice(("{} Night", "{} Conference", "{} Meetup", "{} Workshop", "Festival {}", "{} Days")).format(
                things.brand(rng)
            )
        ),
        "topic": Said(rng.choice(_TOPICS)),
        "day": speech.date(day),
        "last": speech.date(day + timedelta(rng.randint(1, 5))),
        "signup": speech.date(day - timedelta(rng.randint(3, 60))),
        "start": speech.time(rng, 8, 12),
        "end": speech.time(rng, 13, 21),
        "venue": Said(f"{things.brand(rng)} {rng.choice(('Hall', 'Centre', 'Theatre', 'Arena', 'Room'))}"),
        "city": Said(things.city(rng, language)),
        "host": Said(people.full_name(rng, language)),
        "speakers": [Said(people.full_name(rng, language)) for _ in range(rng.randint(1, 4))],
        "talks": [_talk(rng, language, topic) for topic in rng.sample(_TOPICS, rng.randint(1, 3))],
        "fee": speech.money(float(rng.randint(5, 400)), is_round=True),
        "seats": speech.integer(rng.randint(12, 4000)),
        "link": Said(things.url(rng, things.brand(rng))),
        "form": cue(rng.choice(_FORMATS[form]), form),
    }


def _talk(rng: Random, language: str, topic: str) -> Record:
    return {"name": Said(topic), "by": [Said(people.full_name(rng, language)) for _ in range(rng.randint(1, 3))]}


_FIELDS = (
    ask("title", "text", "title event_name event name", "Name of the event"),
    ask("topic", "text", "topic subject about", "What it is about"),
    ask("day", "date", "date start_date event_date day", "First day of the event"),
    ask("last", "date", "end_date last_day", "Last day of the event"),
    ask("signup", "date", "registration_deadline sign_up_by", "Last day to sign up"),
    ask("start", "time", "start_time starts_at begins", "When it begins, as HH:MM"),
    ask("end", "time", "end_time ends_at", "When it ends, as HH:MM"),
    ask("venue", "text", "venue place location", "Building or room", group="place"),
    ask("city", "text", "city town", "City", group="place"),
    ask("host", "text", "host organizer organiser", "Who organises it"),
    ask("speakers", "texts", "speakers guests presenters", "Who speaks"),
    ask_records(
        "talks",
        "talks sessions program",
        "What is on the programme",
        ask("name", "text", "title talk_title name", "Title of the talk"),
        ask("by", "texts", "speakers presenters by", "Who gives it"),
    ),
    ask("fee", "number", "fee ticket_price admission", "Price of a ticket"),
    ask("currency", "enum", "currency", "Currency of the price", labels=_CODES),
    ask("seats", "integer", "capacity seats max_participants", "How many people fit in"),
    ask("link", "url", "url link registration_url", "Where to sign up"),
    ask("form", "enum", "format mode", "How people take part", labels="online on_site hybrid"),
)

_PHRASES = {
    "en": Phrases(
        (
            "{title} takes place on {day} at {venue} in {city}.",
            "{title}, {day}, {start} to {end}",
            "Invitation: {title}",
            "{host} invites you to {title} on {day}.",
            "Save the date: {day} – {title}!",
            "Meeting about {topic} on {day} at {start}.",
        ),
        (
            ("It starts at {start} and ends at {end}.", "Doors open at {start}.", "{start}–{end}"),
            ("Venue: {venue}, {city}.", "Where: {venue}", "We meet at {venue}."),
            ("Speakers are {speakers}.", "With {speakers}.", "Talks by {speakers}."),
            ("Tickets cost {fee}.", "Admission {fee}.", "Fee: {fee}"),
            ("There is room for {seats} people.", "Limited to {seats} participants."),
            ("Register by {signup} at {link}.", "Sign up: {link}", "Registration closes on {signup}."),
            ("{form}",),
            ("The event runs until {last}.", "Last day: {last}"),
            ("Organised by {host}.", "Host: {host}"),
            ("This time the topic is {topic}.", "Agenda: {topic}"),
            ("Programme: {talks}.", "Sessions:\n{talks}"),
        ),
        {"talks": (("{name} ({by})", "; "), ("{by}: {name}", "\n"), ("- {name}, by {by}", "\n"))},
    ),
    "de": Phrases(
        ("{title} findet am {day} in {city} statt.", "Einladung: {title} am {day}", "{title}, {day}, {start} Uhr"),
        (
            ("Beginn {start} Uhr, Ende {end} Uhr.",),
            ("Ort: {venue}, {city}",),
            ("Es sprechen {speakers}.", "Mit {speakers}."),
            ("Eintritt: {fee}",),
            ("Anmeldung bis {signup} unter {link}.",),
            ("Veranstalter: {host}",),
            ("Programm:\n{talks}",),
        ),
        {"talks": (("{name} ({by})", "\n"), ("{by}: {name}", "; "))},
    ),
    "fr": Phrases(
        ("{title} aura lieu le {day} à {city}.", "Invitation : {title}, le {day} à {start}"),
        (
            ("De {start} à {end}.",),
            ("Lieu : {venue}, {city}",),
            ("Avec {speakers}.",),
            ("Entrée : {fee}",),
            ("Inscription avant le {signup} sur {link}",),
            ("Organisation : {host}",),
        ),
        {"talks": (("{name} ({by})", "; "), ("- {by}: {name}", "\n"))},
    ),
    "it": Phrases(
        ("{title} si terrà il {day} a {city}.", "Invito: {title}, {day} ore {start}"),
        (
            ("Dalle {start} alle {end}.",),
            ("Luogo: {venue}, {city}",),
            ("Con {speakers}.",),
            ("Ingresso: {fee}",),
            ("Iscrizioni entro il {signup}: {link}",),
        ),
        {"talks": (("{name} ({by})", "; "), ("- {by}: {name}", "\n"))},
    ),
}

DOMAIN = Domain(
    "event",
    ("Event", "Meeting", "Invitation"),
    ("An event", "When and where something happens"),
    _FIELDS,
    _event,
    _PHRASES,
)
