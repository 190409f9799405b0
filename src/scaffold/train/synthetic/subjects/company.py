"""Made-up texts: a company."""

from random import Random

from scaffold.train.synthetic import people, things, words
from scaffold.train.synthetic.facts import Domain, Facts, Phrases, ask
from scaffold.train.synthetic.listing import listed
from scaffold.train.synthetic.said import Said, count, cue
from scaffold.train.synthetic.spelling import Speech

_CODES = "USD EUR GBP AUD INR CHF MXN BRL"

_WARES = listed(
    "pumps|solar panels|bread|road bikes|X-ray tubes|children's books|insurance|cheese|wind sensors|"
    "payroll software|ferries|violins|seeds|contact lenses|elevators"
)


def _millions(rng: Random, speech: Speech) -> Said:
    """An amount in millions; its value is the full number."""
    tenths = rng.randint(11, 980)
    word = {"en": " million", "de": " Millionen", "it": " milioni", "pt": " milhões"}[speech.language]
    number = speech.number(tenths / 10, 1)
    sign = speech.currency[0]
    if speech.language == "en" and speech.is_sign_first:
        return Said(
            number.raw + word, tenths * 100_000, before=sign + (" " if sign[-1].isalpha() else ""), unit="currency"
        )
    link = {"it": " di ", "pt": " de "}.get(speech.language, " ")
    return Said(number.raw + word, tenths * 100_000, after=link + sign, unit="currency")


def _company(rng: Random, speech: Speech) -> Facts:
    language, listed = speech.language, rng.random() < 0.5
    name = things.company(rng, language)
    return {
        "name": Said(name),
        "founded": count(rng.randint(1790, 2026)),
        "founders": [Said(people.full_name(rng, language)) for _ in range(rng.randint(1, 3))],
        "boss": Said(people.full_name(rng, language)),
        "seat": Said(things.city(rng, language)),
        "country": Said(words.country(rng)),
        "staff": speech.integer(rng.randint(3, 90000)),
        "revenue": _millions(rng, speech),
        "goods": [Said(one) for one in rng.sample(_WARES, rng.randint(1, 3))],
        "site": Said(things.url(rng, name)),
        "parent": Said(things.company(rng)),
        "ticker": Said(things.letters(rng, rng.randint(3, 4))),
        "listed": cue(
            rng.choice(
                ("Its shares are traded on the stock exchange.", "It went public years ago.")
                if listed
                else ("It is still owned by the family.", "Its shares are not traded.")
            ),
            listed,
        ),
        "growth": speech.number(rng.randint(5, 400) / 10, 1),
    }


_FIELDS = (
    ask("name", "text", "name company company_name", "Name of the company"),
    ask("founded", "integer", "founded founding_year year_founded", "Year of foundation"),
    ask("founders", "texts", "founders founded_by", "Who founded it"),
    ask("boss", "text", "ceo chief_executive head", "Who leads the company"),
    ask("seat", "text", "headquarters seat city", "City of the headquarters"),
    ask("country", "text", "country", "Country of the headquarters"),
    ask("staff", "integer", "employees headcount staff", "Number of employees"),
    ask("revenue", "number", "revenue annual_revenue turnover", "Yearly revenue, as a full number"),
    ask("currency", "enum", "currency", "Currency of the revenue", labels=_CODES),
    ask("goods", "texts", "products goods makes", "What it makes or sells"),
    ask("site", "url", "website url", "Web address"),
    ask("parent", "text", "parent_company parent owner", "Company that owns it"),
    ask("ticker", "text", "ticker stock_symbol", "Stock exchange symbol"),
    ask("listed", "boolean", "listed is_public publicly_traded", "Whether its shares are traded"),
    ask("growth", "number", "growth_percent growth", "Growth in per cent"),
)

_PHRASES = {
    "en": Phrases(
        (
            "{name} is a company from {seat}, {country}.",
            "{name} makes {goods}.",
            "Founded in {founded} by {founders}, {name} is based in {seat}.",
            "{name} (founded {founded}) employs {staff} people.",
            "About us: {name}, {seat}",
        ),
        (
            ("It was founded in {founded} by {founders}.", "The founders are {founders}."),
            ("{boss} is the chief executive.", "CEO: {boss}", "The company is led by {boss}."),
            ("It has {staff} employees.", "Headcount: {staff}"),
            (
                "Last year it earned {revenue}.",
                "Revenue: {revenue}",
                "With a turnover of {revenue} it grew by {growth} %.",
            ),
            ("It sells {goods}.", "Products: {goods}"),
            ("{site}", "Find out more at {site}."),
            ("It belongs to {parent}.", "A subsidiary of {parent}."),
            ("{listed}",),
            ("Symbol: {ticker}",),
            ("Growth was {growth} per cent.",),
        ),
    ),
    "de": Phrases(
        ("{name} ist ein Unternehmen aus {seat}.", "{name}, gegründet {founded}, sitzt in {seat}."),
        (
            ("Gegründet wurde es {founded} von {founders}.",),
            ("Geschäftsführung: {boss}",),
            ("Es beschäftigt {staff} Menschen.",),
            ("Der Umsatz lag bei {revenue}.",),
            ("{site}",),
        ),
    ),
    "it": Phrases(
        ("{name} è un'azienda di {seat}.", "{name}, fondata nel {founded} da {founders}, ha sede a {seat}."),
        (
            ("Amministratore delegato: {boss}",),
            ("Ha {staff} dipendenti.",),
            ("Il fatturato è di {revenue}.",),
            ("{site}",),
        ),
    ),
    "pt": Phrases(
        ("{name} é uma empresa de {seat}.", "{name}, fundada em {founded} por {founders}, tem sede em {seat}."),
        (
            ("Diretor-geral: {boss}",),
            ("Tem {staff} trabalhadores.",),
            ("As receitas foram de {revenue}.",),
            ("{site}",),
        ),
    ),
}

DOMAIN = Domain(
    "company",
    ("Company", "CompanyProfile", "Organisation"),
    ("A company", "Key facts of a company"),
    _FIELDS,
    _company,
    _PHRASES,
)
