"""Sentences that answer no question: they make texts longer and the facts harder to find."""

from random import Random

from scaffold.train.synthetic import scripts
from scaffold.train.synthetic.listing import listed

_OPEN = {
    "en": listed(
        "In general,|As usual,|For what it is worth,|On the whole,|In the meantime,|As far as we know,|"
        "To be fair,|According to the office,|For the record,|Once again,"
    ),
    "de": listed("Im Allgemeinen|Wie immer|Soweit bekannt|Im Übrigen|Inzwischen|Nach wie vor"),
    "fr": listed("En général,|Comme d'habitude,|Pour information,|Dans l'ensemble,|En attendant,"),
    "es": listed("En general,|Como siempre,|Según parece,|Mientras tanto,|En conjunto,"),
    "it": listed("In generale,|Come sempre,|Nel complesso,|Nel frattempo,|A quanto pare,"),
    "pt": listed("Em geral,|Como sempre,|No conjunto,|Entretanto,|Ao que parece,"),
}
_MIDDLE = {
    "en": listed(
        "the details have not changed|everybody was glad about the weather|the usual conditions apply|"
        "further notes can be found in the appendix|the team is looking forward to hearing from you|this "
        "message was written in some haste|the archive keeps a copy of every page|several people have "
        "asked about this before|the matter was discussed at length|nobody expected the interest to be "
        "so great|the older version is no longer in use|parking is available behind the building|the "
        "coffee machine is being repaired|some of the pictures were taken by volunteers|the list below "
        "is not complete|a short summary follows|the rules are the same as in other years|opinions "
        "differ on whether this matters|we keep an eye on the situation|the printed copy may look "
        "different|the garden was in full bloom|please keep this page for later|the full story is longer "
        "than this|questions are always welcome"
    ),
    "de": listed(
        "gelten die üblichen Bedingungen|hat sich an den Einzelheiten nichts geändert|freuen sich alle "
        "über das gute Wetter|liegt eine Kopie im Archiv|wird die Angelegenheit noch besprochen|sind "
        "Rückfragen jederzeit willkommen|steht Näheres im Anhang"
    ),
    "fr": listed(
        "les conditions habituelles s'appliquent|rien n'a changé dans les détails|une copie se trouve "
        "aux archives|vos questions sont les bienvenues|l'affaire a été longuement discutée|tout le "
        "monde était content du beau temps"
    ),
    "es": listed(
        "se aplican las condiciones habituales|los detalles no han cambiado|hay una copia en el archivo|"
        "las preguntas son siempre bienvenidas|el asunto se ha debatido mucho|todos estaban contentos "
        "con el buen tiempo"
    ),
    "it": listed(
        "valgono le condizioni consuete|i dettagli non sono cambiati|una copia si trova in archivio|le "
        "domande sono sempre benvenute|la questione è stata discussa a lungo|tutti erano contenti del "
        "bel tempo"
    ),
    "pt": listed(
        "aplicam-se as condições habituais|os detalhes não mudaram|há uma cópia no arquivo|as perguntas "
        "são sempre bem-vindas|o assunto foi muito discutido|todos ficaram contentes com o bom tempo"
    ),
}
_DISTRACTORS = (
    "Page {a} of {b}.",
    "(see note {a})",
    "This is version {a}.{b} of the form.",
    "Printed on recycled paper.",
    "The archive holds {a}{b} boxes.",
    "Room {b}{a} is closed for cleaning.",
    "Row {a}, shelf {b}.",
    "The bus stops {a} minutes from here.",
    "Internal use only.",
    "[{a}]",
    "Ticket desk {b} is next to the lift.",
)


def filler(rng: Random, language: str) -> str:
    """One sentence without a fact; in English sometimes with a number that means nothing."""
    if language == "en" and rng.random() < 0.2:
        return rng.choice(_DISTRACTORS).format(a=rng.randint(2, 9), b=rng.randint(10, 40))
    if language in scripts.FILLERS:
        return rng.choice(scripts.FILLERS[language])
    opening, middle = rng.choice(_OPEN[language]), rng.choice(_MIDDLE[language])
    if language == "en" and rng.random() < 0.5:
        return f"{middle[0].upper()}{middle[1:]}."
    return f"{opening} {middle}."


def fillers(rng: Random, language: str) -> list[str]:
    """No sentence in half of all texts, one or two in most others, up to 12 in long ones, 34 in the longest."""
    kind = rng.random()
    most = 34 if language in _OPEN else 12  # where a letter takes a token or more, few sentences are long
    if kind < 0.85:
        count = 0 if kind < 0.5 else rng.randint(1, 2)
    else:
        count = rng.randint(3, 12) if kind < 0.92 else rng.randint(most // 2, most)
    return [filler(rng, language) for _ in range(count)]
