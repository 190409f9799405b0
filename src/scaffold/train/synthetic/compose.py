"""Composing a text about a domain: as prose, or as a form of labelled lines."""

from random import Random

from scaffold.train.synthetic.facts import Domain, Fact, Facts, Field
from scaffold.train.synthetic.fillers import filler, fillers
from scaffold.train.synthetic.names import plain_names
from scaffold.train.synthetic.page import Page, Written, statements
from scaffold.train.synthetic.said import Said
from scaffold.train.synthetic.spelling import speak

_LINES = (
    "{label}: ",
    "{label}: ",
    "{label}:\t",
    "{label} = ",
    "{label} - ",
    "- {label}: ",
    "* **{label}**: ",
    "{label} | ",
    "| {label} | ",
    "> {label}: ",
)
_OTHER_LINES = (
    "Page: {a} / {b}",
    "Shelf: {b}",
    "Copies: {a}",
    "Form: F-{b}{a}",
    "Printed by: counter {a}",
    "Internal: yes",
)
Draft = tuple[str, dict[str, Written], Facts]


def compose(rng: Random, domain: Domain) -> Draft:
    """Write a text: the text, the facts in it with their places, and all facts that were known.

    A fact that is not written occurs nowhere in the text: the text is written anew until that holds.
    """
    while True:
        text, written, facts = _draft(rng, domain)
        if not any(_occurs(raw, text) for raw in unsaid(facts, written)):
            return (*_recase(rng, text, written), facts)


def unsaid(facts: Facts, written: dict[str, Written]) -> tuple[str, ...]:
    """Quotations that were known and are not written."""
    return tuple(said.raw for key, said in _texts(facts) if not _is_written(key, written))


def _draft(rng: Random, domain: Domain) -> Draft:
    speech = speak(rng, tuple(domain.phrases))
    facts = domain.facts(rng, speech)
    page = Page(speech, rng, domain.phrases[speech.language].records)
    if rng.random() < (0.22 if speech.language == "en" else 0.08):
        _write_form(page, domain, facts)
    else:
        _write_prose(page, domain, facts)
    return "".join(page.parts), page.written, facts


def _write_prose(page: Page, domain: Domain, facts: Facts) -> None:
    phrases, rng = domain.phrases[page.speech.language], page.rng
    templates = statements(rng, phrases, facts)
    for sentence in fillers(rng, page.speech.language):
        at = rng.choice((0, len(templates))) if phrases.is_ordered else rng.randint(0, len(templates))
        templates.insert(at, sentence)
    joiner = rng.choice(phrases.joiners)
    for index, template in enumerate(templates):
        if index:
            page.add(joiner)
        page.fill(template, facts)


def _write_form(page: Page, domain: Domain, facts: Facts) -> None:
    rng, line = page.rng, page.rng.choice(_LINES)
    known = [field for field in domain.fields if field.key in facts]
    fields = [field for field in known if rng.random() < 0.75] or known[:1]
    if rng.random() < 0.5:
        rng.shuffle(fields)
    is_capital = rng.random() < 0.8
    for index, field in enumerate(fields):
        if index:
            page.add("\n")
        if rng.random() < 0.08:
            page.add(rng.choice(_OTHER_LINES).format(a=rng.randint(2, 9), b=rng.randint(10, 99)) + "\n")
        label = label_of(rng, field)
        page.add(line.format(label=label[0].upper() + label[1:] if is_capital else label))
        if field.kind == "records":
            page.add("\n")
        page.fill("{" + field.key + "}", {field.key: _cell(rng, facts[field.key])})
    if rng.random() < 0.3:
        page.add("\n\n" + filler(rng, page.speech.language))


def label_of(rng: Random, field: Field) -> str:
    """A field's name in words."""
    return rng.choice(plain_names(field)).replace("_", " ")


def _cell(rng: Random, fact: Fact) -> Fact:
    """What a form shows for a fact: its words, and for a cue yes, no or the label."""
    match fact:
        case Said(is_cue=True, value=bool(value)):
            return Said(
                rng.choice(("yes", "Yes", "true", "x", "Y") if value else ("no", "No", "false", "N")),
                value,
                is_cue=True,
            )
        case Said(is_cue=True, value=value):
            return Said(str(value).replace("_", " "), value, is_cue=True)
        case _:
            return fact


def _texts(facts: Facts) -> list[tuple[str, Said]]:
    """The facts that are quotations, by key."""
    found = []
    for key, fact in facts.items():
        if isinstance(fact, Said):
            found.append((key, fact))
        else:
            found += [(key, item) for item in fact if isinstance(item, Said)]
    return [(key, said) for key, said in found if not said.is_cue and key[0] != "_"]


def _is_written(key: str, written: dict[str, Written]) -> bool:
    return key in written or f"{key}/0" in written


def _occurs(raw: str, text: str) -> bool:
    """Whether `raw` stands in `text` as whole words."""
    at = text.find(raw)
    while at >= 0:
        before, after = text[at - 1 : at], text[at + len(raw) : at + len(raw) + 1]
        if not (before.isalnum() or after.isalnum()):
            return True
        at = text.find(raw, at + 1)
    return False


def _recase(rng: Random, text: str, written: dict[str, Written]) -> tuple[str, dict[str, Written]]:
    """Now and then the whole text in lower or upper case, where that keeps every offset."""
    kind = rng.random()
    changed = text.lower() if kind < 0.03 else text.upper() if kind < 0.04 else text
    # Changing case can only lengthen a text (ß, İ), so equal lengths mean equal offsets.
    return (changed if len(changed) == len(text) else text), written
