"""Made-up texts: what a radio station announces."""

from random import Random

from scaffold.train.synthetic import people, things
from scaffold.train.synthetic.facts import Domain, Facts, Phrases, Record, ask, ask_records
from scaffold.train.synthetic.listing import listed
from scaffold.train.synthetic.said import Said, count, cue
from scaffold.train.synthetic.spelling import Speech, a_day

_SHOWS = listed("Night Train|Small Hours|Open Window|Long Wave|The Blue Hour|Dust and Needles|Second Ear|Off the Map")
_PIECES = listed("Harbour Lights|Nine Rivers|Paper Moon Waltz|Low Tide|Morning Fog|Northern Line|Salt|Old Orchard")
_GENRES = {
    "jazz": {"en": "An hour of saxophone and brushed drums.", "es": "Una hora de saxofón y contrabajo."},
    "drama": {"en": "A play for several voices.", "es": "Una obra para varias voces."},
    "news": {"en": "All that happened today, in brief.", "es": "Todo lo que pasó hoy, en breve."},
    "science": {"en": "Researchers explain what they measure.", "es": "Investigadores explican lo que miden."},
}
_AGAIN = {
    True: {"en": "You may have heard this one before.", "es": "Quizá ya lo escuchó."},
    False: {"en": "On air for the very first time.", "es": "Se emite por primera vez."},
}


def _broadcast(rng: Random, speech: Speech) -> Facts:
    genre, again, language = rng.choice(list(_GENRES)), rng.random() < 0.5, speech.language
    return {
        "show": Said(rng.choice(_SHOWS)),
        "station": Said(f"Radio {things.brand(rng)}"),
        "frequency": speech.number(rng.randint(880, 1079) / 10, 1),
        "day": speech.date(a_day(rng, 1985, 2028)),
        "start": speech.time(rng, 6, 22),
        "minutes": count(rng.choice((15, 25, 30, 45, 55, 60, 90, 120))),
        "host": Said(people.full_name(rng, language)),
        "producer": Said(people.full_name(rng, language)),
        "episode": count(rng.randint(2, 480)),
        "genre": cue(_GENRES[genre][language], genre),
        "again": cue(_AGAIN[again][language], again),
        "site": Said(things.url(rng, things.brand(rng))),
        "pieces": [_piece(rng, language, title) for title in rng.sample(_PIECES, rng.randint(1, 4))],
    }


def _piece(rng: Random, language: str, title: str) -> Record:
    return {"title": Said(title), "by": [Said(people.full_name(rng, language)) for _ in range(rng.randint(1, 2))]}


_FIELDS = (
    ask("show", "text", "programme show_title broadcast", "Title of the programme"),
    ask("station", "text", "station broadcaster channel", "Who broadcasts it"),
    ask("frequency", "number", "frequency_mhz frequency", "Frequency in MHz"),
    ask("day", "date", "air_date broadcast_on", "Day of the broadcast"),
    ask("start", "time", "on_air_at air_time", "When it begins (HH:MM)"),
    ask("minutes", "integer", "running_time length_minutes", "Length in minutes"),
    ask("host", "text", "presenter anchor", "Who presents it"),
    ask("producer", "text", "producer produced_by", "Who produced it"),
    ask("episode", "integer", "episode episode_number", "Number of the episode"),
    ask("genre", "enum", "genre programme_type", "Kind of programme", labels=" ".join(_GENRES)),
    ask("again", "boolean", "is_repeat rerun", "Whether it was broadcast before"),
    ask("site", "url", "listen_again stream_url", "Where it can be heard afterwards"),
    ask_records(
        "pieces",
        "playlist tracks",
        "What is played",
        ask("title", "text", "piece track", "Title of the piece"),
        ask("by", "texts", "performers musicians", "Who plays it"),
    ),
)

_PHRASES = {
    "en": Phrases(
        (
            "{start} {show} ({station}, {frequency} MHz)",
            "{station} presents {show} on {day}.",
            "{show}, episode {episode}, with {host}",
            "Tonight on {station}: {show}",
        ),
        (
            ("On air {day} at {start}.", "{day}, {start}, {minutes} minutes", "Runs for {minutes} minutes."),
            ("Presented by {host}, produced by {producer}.", "Your presenter is {host}.", "Producer: {producer}"),
            ("{genre}",),
            ("{again}",),
            ("We play {pieces}.", "Playlist:\n{pieces}"),
            ("Tune in on {frequency} MHz.",),
            ("This is number {episode} of the series.",),
            ("Listen again: {site}", "Missed it? {site}"),
        ),
        {"pieces": (("{title} ({by})", "; "), ("{by}: {title}", "\n"), ("- {title}, played by {by}", "\n"))},
    ),
    "es": Phrases(
        ("{show} en {station}, {day}", "{station} presenta {show} a las {start}.", "{show}, episodio {episode}"),
        (
            ("Se emite el {day} a las {start}.", "Duración: {minutes} minutos."),
            ("Presenta {host}.", "Con {host}; producción de {producer}."),
            ("{genre}",),
            ("{again}",),
            ("Suenan {pieces}.",),
            ("Sintonice {frequency} MHz.",),
            ("Escuche de nuevo: {site}",),
        ),
        {"pieces": (("{title} ({by})", "; "),)},
    ),
}

DOMAIN = Domain(
    "broadcast",
    ("Broadcast", "ProgrammeEntry"),
    ("What a radio station announces",),
    _FIELDS,
    _broadcast,
    _PHRASES,
)
