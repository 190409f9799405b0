"""Made-up texts: facts about a person."""

from datetime import timedelta
from random import Random

from scaffold.train.synthetic import people, things
from scaffold.train.synthetic.facts import Domain, Facts, Phrases, ask
from scaffold.train.synthetic.listing import listed
from scaffold.train.synthetic.said import Said
from scaffold.train.synthetic.spelling import Speech, a_day

_TRADES = {
    "de": listed(
        "Schriftsteller Maler Chemiker Physiker Ärztin Juristin Komponist Bildhauer Astronom Lehrerin "
        "Architekt Übersetzerin"
    ),
    "fr": listed(
        "écrivain peintre chimiste physicienne médecin juriste compositeur sculptrice astronome architecte traductrice"
    ),
    "es": listed("escritor pintora química físico médica jurista compositor escultora astrónomo arquitecta traductora"),
    "it": listed(
        "scrittore pittrice chimico fisica medico giurista compositore scultrice astronoma architetto traduttrice"
    ),
    "pt": listed("escritor pintora químico física médica jurista compositor escultora astrónomo arquiteta tradutora"),
}
_TITLE_ADJECTIVES = listed("Silent Second Last Hidden Long Glass Northern")
_TITLE_NOUNS = listed("Garden River Theorem Winter Voyage Mirror Orchard")


def _person(rng: Random, speech: Speech) -> Facts:
    born = a_day(rng, 1700, 1999)
    died = born + timedelta(rng.randrange(9000, 33000))
    language = speech.language
    name = people.full_name(rng, language)
    trades = rng.sample(_TRADES.get(language, people.OCCUPATIONS), rng.randint(1, 4))
    facts: dict[str, Said | list[Said]] = {
        "name": Said(name),
        "born": speech.date(born),
        "birthplace": Said(things.city(rng, language)),
        "nationality": Said(rng.choice(people.NATIONALITIES)),
        "occupations": [Said(trade) for trade in trades],
        "spouse": Said(people.full_name(rng, language)),
        "children": speech.integer(rng.randint(2, 9)),
        "work": Said(f"The {rng.choice(_TITLE_ADJECTIVES)} {rng.choice(_TITLE_NOUNS)}"),
        "award": Said(f"{things.brand(rng)} {rng.choice(('Prize', 'Medal', 'Award'))}"),
        "school": Said(
            rng.choice(("University of {}", "{} Academy", "{} College", "{} Technical University")).format(
                things.city(rng)
            )
        ),
    }
    if died.year < 2025:
        facts |= {"died": speech.date(died), "deathplace": Said(things.city(rng, language))}
    return facts


_FIELDS = (
    ask("name", "text", "name full_name person", "Name of the person the text is about"),
    ask("born", "date", "birth_date date_of_birth born birthday", "Day of birth"),
    ask("died", "date", "death_date date_of_death died", "Day of death"),
    ask("birthplace", "text", "birth_place place_of_birth born_in", "Where the person was born"),
    ask("deathplace", "text", "death_place place_of_death died_in", "Where the person died"),
    ask("nationality", "text", "nationality citizenship", "Nationality"),
    ask("occupations", "texts", "occupations professions roles", "What the person did, each as one entry"),
    ask("spouse", "text", "spouse married_to partner", "Husband or wife"),
    ask("children", "integer", "children number_of_children child_count", "How many children the person had"),
    ask("work", "text", "known_work main_work notable_work", "Title of the best known work"),
    ask("award", "text", "award prize honour", "Award received"),
    ask("school", "text", "alma_mater school education", "Where the person studied"),
)

_EN = Phrases(
    (
        "{name} ({born} - {died}) was an {nationality} {occupations}.",
        "{name} ({born} – {died}) was a {nationality} {occupations}.",
        "{name} (born {born}) is a {nationality} {occupations}.",
        "{name} was born on {born} in {birthplace} and worked as a {occupations}.",
        "{name}, the {nationality} {occupations}, was born in {birthplace} on {born}.",
        "Born in {birthplace}, {name} became known as a {occupations}.",
        "{name} ({born}, {birthplace} – {died}, {deathplace}) was a {nationality} {occupations}.",
        "{name} was a {occupations}.",
        "Few remember {name} today, though the {nationality} {occupations} was once famous.",
    ),
    (
        (
            "The marriage with {spouse} brought {children} children.",
            "In a quiet ceremony the wedding with {spouse} took place.",
            "Together with {spouse}, there were {children} children.",
        ),
        (
            "{work} remains the best known work.",
            "The fame rests on {work}, which is still in print.",
            "Critics praised {work}.",
        ),
        ("For this the {award} was awarded.", "Later came the {award}.", "A {award} followed."),
        (
            "Studies at {school} came first.",
            "An education at {school} opened many doors.",
            "After years at {school} the career began.",
        ),
        (
            "Death came on {died} in {deathplace}.",
            "The end came in {deathplace} on {died}.",
            "On {died}, after a long illness, the story ended in {deathplace}.",
        ),
    ),
)

_OTHER = {
    "de": Phrases(
        (
            "{name} (* {born} in {birthplace}; † {died} in {deathplace}) war {occupations}.",
            "{name}, geboren am {born} in {birthplace}, war {occupations}.",
            "{name} (geboren am {born}) ist {occupations}.",
        ),
        (
            (
                "Verheiratet mit {spouse}, {children} Kinder.",
                "Aus der Ehe mit {spouse} gingen {children} Kinder hervor.",
            ),
            ("Das Studium begann an der {school}.",),
            ("Der Tod kam am {died} in {deathplace}.", "Gestorben am {died} in {deathplace}."),
            ("Es folgte der Preis {award}.",),
        ),
    ),
    "fr": Phrases(
        (
            "{name}, né le {born} à {birthplace} et mort le {died} à {deathplace}, est {occupations}.",
            "{name} (née le {born} à {birthplace}) est {occupations}.",
            "{name} était {occupations}.",
        ),
        (
            ("Marié avec {spouse}, {children} enfants.", "Le mariage avec {spouse} donna {children} enfants."),
            ("Études à {school}.",),
            ("Le prix {award} couronna cette carrière.",),
        ),
    ),
    "es": Phrases(
        (
            "{name} ({birthplace}, {born} – {deathplace}, {died}) fue {occupations}.",
            "{name} nació el {born} en {birthplace} y fue {occupations}.",
            "{name} fue {occupations}.",
        ),
        (
            ("Del matrimonio con {spouse} nacieron {children} hijos.", "Se casó con {spouse}."),
            ("Estudió en {school}.",),
            ("Recibió el premio {award}.",),
        ),
    ),
    "it": Phrases(
        (
            "{name} ({birthplace}, {born} – {deathplace}, {died}) è stato {occupations}.",
            "{name}, nata a {birthplace} il {born}, è {occupations}.",
        ),
        (
            ("Dal matrimonio con {spouse} nacquero {children} figli.", "Sposò {spouse}."),
            ("Studiò presso {school}.",),
            ("Vinse il premio {award}.",),
        ),
    ),
    "pt": Phrases(
        (
            "{name} ({birthplace}, {born} — {deathplace}, {died}) foi {occupations}.",
            "{name} nasceu em {birthplace} a {born} e foi {occupations}.",
        ),
        (("Casou com {spouse} e teve {children} filhos.",), ("Estudou em {school}.",), ("Recebeu o prémio {award}.",)),
    ),
}

DOMAIN = Domain(
    "person",
    ("Person", "Biography", "PersonFacts"),
    ("Facts about a person", "Who the text is about"),
    _FIELDS,
    _person,
    {"en": _EN} | _OTHER,
)
