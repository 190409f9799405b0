"""Made-up texts: how to reach somebody."""

from random import Random

from scaffold.train.synthetic import people, things
from scaffold.train.synthetic.facts import Domain, Facts, Phrases, ask
from scaffold.train.synthetic.said import Said
from scaffold.train.synthetic.spelling import Speech


def _contact(rng: Random, speech: Speech) -> Facts:
    name = people.full_name(rng, speech.language)
    firm = things.company(rng, speech.language)
    return {
        "name": Said(name),
        "role": Said(rng.choice(people.JOBS)),
        "firm": Said(firm),
        "city": Said(things.city(rng, speech.language)),
        "street": Said(things.street(rng, speech.language)),
        "postcode": Said(things.digits(rng, 5)),
        "phones": [Said(things.phone(rng)) for _ in range(rng.randint(1, 3))],
        "emails": [Said(things.email(rng, name)) for _ in range(rng.randint(1, 2))],
        "site": Said(things.url(rng, firm)),
        "hours": Said(f"Mon–{rng.choice(('Fri', 'Thu', 'Sat'))} {rng.randint(7, 10)}–{rng.randint(15, 18)} h"),
    }


_FIELDS = (
    ask("name", "text", "name contact_name person contact", "Name of the contact person"),
    ask("role", "text", "role job_title position", "Job title of the person"),
    ask("firm", "text", "company organization employer", "Company the person works for"),
    ask("phones", "texts", "phones phone_numbers telephone", "All telephone numbers"),
    ask("emails", "texts", "emails email_addresses mail", "All e-mail addresses"),
    ask("site", "url", "website url web homepage", "Web address"),
    ask("street", "text", "street street_address address_line", "Street and house number", group="address"),
    ask("postcode", "text", "postal_code zip postcode", "Postal code", group="address"),
    ask("city", "text", "city town", "City", group="address"),
    ask("hours", "text", "hours office_hours reachable", "When the person can be reached"),
)

_PHRASES = {
    "en": Phrases(
        (
            "{name}, {role} at {firm}.",
            "Please contact {name} ({role}) for anything else.",
            "{name}\n{role}\n{firm}",
            "Your contact at {firm} is {name}.",
        ),
        (
            ("Tel. {phones}", "Call {phones}.", "Phone: {phones}", "You can reach us on {phones}."),
            ("Mail: {emails}", "Write to {emails}.", "{emails}"),
            ("{site}", "More at {site}", "Web: {site}"),
            (
                "{street}, {city} {postcode}",
                "Our office: {street}, {postcode} {city}.",
                "Visit us at {street} in {city}.",
            ),
            ("Reachable {hours}.", "Hours: {hours}"),
        ),
        joiners=("\n", " ", " | ", "\n"),
    ),
    "de": Phrases(
        ("{name}, {role}, {firm}.", "Ansprechpartner: {name}", "Mit freundlichen Grüßen\n{name}\n{role}\n{firm}"),
        (
            ("Tel.: {phones}", "Telefon {phones}"),
            ("E-Mail: {emails}", "{emails}"),
            ("Web: {site}",),
            ("{street}, {postcode} {city}", "{street}\n{postcode} {city}"),
            ("Erreichbar {hours}",),
        ),
        joiners=("\n", " ", ", "),
    ),
    "fr": Phrases(
        ("{name}, {role}, {firm}.", "Votre contact : {name} ({firm})"),
        (("Tél. : {phones}",), ("Courriel : {emails}",), ("Site : {site}",), ("{street}, {postcode} {city}",)),
        joiners=("\n", " "),
    ),
}

DOMAIN = Domain(
    "contact",
    ("Contact", "ContactCard", "BusinessCard"),
    ("How to reach somebody", "Contact details"),
    _FIELDS,
    _contact,
    _PHRASES,
)
