"""Made-up texts: a request for help."""

from random import Random

from scaffold.train.synthetic import people, things
from scaffold.train.synthetic.facts import Domain, Facts, Phrases, ask
from scaffold.train.synthetic.said import Said, cue
from scaffold.train.synthetic.spelling import Speech, a_day

_ISSUES = {
    "billing": (
        "I was charged twice this month",
        "The amount on my statement is wrong",
        "My card was declined although it is valid",
        "I still wait for my refund",
    ),
    "technical": (
        "The app crashes whenever I open the settings",
        "I get error {code} on every page",
        "The export button does nothing",
        "Pages load without pictures",
    ),
    "account": (
        "I cannot log in any more",
        "Please change the e-mail address of my profile",
        "The reset link has expired",
        "I want to close my profile",
    ),
    "shipping": (
        "My parcel has not arrived",
        "The box came open and wet",
        "I got somebody else's parcel",
        "The courier never rang the bell",
    ),
    "feature_request": (
        "It would be great to have a dark mode",
        "Could you add an export to CSV",
        "I wish I could sort the list by date",
        "Please let us use two languages at once",
    ),
}

_HURRY = {
    True: (
        "We cannot work until this is solved.",
        "This needs fixing right now!",
        "Everything is at a standstill here.",
        "Please help immediately.",
    ),
    False: ("There is no rush.", "Whenever you find the time.", "It can wait until next week.", "Just a small thing."),
}

_MOODS = {
    "angry": ("This is outrageous.", "I am sick and tired of this.", "Worst service ever."),
    "neutral": ("Thanks in advance.", "Please let me know.", "Looking forward to your answer."),
    "happy": ("Otherwise I love your product.", "You have been wonderful so far.", "Great work in general!"),
}


def _ticket(rng: Random, speech: Speech) -> Facts:
    category, urgent, mood = rng.choice(list(_ISSUES)), rng.random() < 0.5, rng.choice(list(_MOODS))
    customer, code = people.full_name(rng), f"E{rng.randint(100, 999)}"
    return {
        "category": cue(rng.choice(_ISSUES[category]).format(code=code), category),
        "urgent": cue(rng.choice(_HURRY[urgent]), urgent),
        "mood": cue(rng.choice(_MOODS[mood]), mood),
        "customer": Said(customer),
        "mail": Said(things.email(rng, customer)),
        "ticket": Said(things.code(rng, "T", "CASE", "SUP")),
        "order": Said(things.code(rng, "ORD", "W")),
        "since": speech.date(a_day(rng, 2019, 2028)),
        "product": Said(things.product(rng)),
        "version": Said(f"{rng.randint(1, 12)}.{rng.randint(0, 20)}.{rng.randint(0, 9)}"),
        "device": Said(
            rng.choice(("laptop", "tablet", "phone", "desktop", "smart TV"))
            + rng.choice(("", " (Linux)", " (Windows)"))
        ),
        "affected": speech.integer(rng.randint(2, 60)),
    }


_FIELDS = (
    ask("category", "enum", "category topic issue_type", "What the request is about", labels=" ".join(_ISSUES)),
    ask("urgent", "boolean", "urgent is_urgent high_priority", "Whether the customer is in a hurry"),
    ask("mood", "enum", "sentiment mood tone", "How the customer feels", labels=" ".join(_MOODS)),
    ask("customer", "text", "customer name customer_name", "Who writes"),
    ask("mail", "email", "email customer_email", "Where to answer"),
    ask("ticket", "text", "ticket_id case_number ticket", "Number of the ticket"),
    ask("order", "text", "order_id order_number", "Order that the request is about"),
    ask("since", "date", "since first_seen started_on", "Since when the problem exists"),
    ask("product", "text", "product affected_product", "Product that the request is about"),
    ask("version", "text", "version software_version", "Version in use"),
    ask("device", "text", "device platform", "Device in use"),
    ask("affected", "integer", "affected_users users", "How many people are affected"),
)

_EN = Phrases(
    (
        "{category}.",
        "Hello, {category}.",
        "Ticket {ticket}: {category}",
        "[{ticket}] {customer} writes: {category}.",
        "{category}, and I do not know what to do.",
    ),
    (
        ("{urgent}",),
        ("{urgent}",),
        ("{mood}",),
        ("It concerns order {order}.", "Order: {order}"),
        ("This has been so since {since}.", "It started on {since}."),
        ("I use {product} version {version} on my {device}.", "Product: {product}", "Version {version}, {device}"),
        ("{affected} of my colleagues have the same trouble.", "It affects {affected} people."),
        ("Regards, {customer}", "{customer} ({mail})", "Please reply to {mail}."),
    ),
)

DOMAIN = Domain(
    "ticket",
    ("Ticket", "SupportRequest", "Triage"),
    ("A request for help", "Sort a support request"),
    _FIELDS,
    _ticket,
    {"en": _EN},
)
