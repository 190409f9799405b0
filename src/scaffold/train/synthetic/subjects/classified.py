"""Made-up texts: a private advertisement."""

from random import Random

from scaffold.train.synthetic import people, things
from scaffold.train.synthetic.facts import Domain, Facts, Phrases, ask
from scaffold.train.synthetic.said import Said, count, cue, telephone
from scaffold.train.synthetic.spelling import Speech, a_day

_CODES = "USD EUR GBP AUD INR CHF MXN BRL"

_CONDITIONS = {
    "new": ("never used", "brand new, still in the box", "unopened"),
    "like_new": ("as good as new", "used only once"),
    "used": ("signs of wear", "well used but works", "some scratches"),
    "defective": ("does not switch on", "for spare parts", "broken, for tinkerers"),
}


_FLEXIBLE = ("Price negotiable.", "or best offer", "Make me an offer!")
_FIRM = ("Fixed price.", "No haggling.", "Price is firm.")


def _classified(rng: Random, speech: Speech) -> Facts:
    condition = rng.choice(list(_CONDITIONS))
    negotiable, seller = rng.random() < 0.5, people.full_name(rng)
    return {
        "item": Said(things.goods(rng)),
        "price": speech.money(float(rng.randint(5, 2500)), is_round=True),
        "city": Said(things.city(rng)),
        "seller": Said(seller),
        "phone": telephone(things.phone(rng)),
        "mail": Said(things.email(rng, seller)),
        "condition": cue(rng.choice(_CONDITIONS[condition]), condition),
        "haggle": cue(rng.choice(_FLEXIBLE if negotiable else _FIRM), negotiable),
        "until": speech.date(a_day(rng, 2018, 2029)),
        "bought": count(rng.randint(1985, 2024)),
        "reason": Said(
            rng.choice(("moving abroad", "no space left", "got a newer one", "downsizing", "a present I cannot use"))
        ),
    }


_FIELDS = (
    ask("item", "text", "item object title for_sale", "What is offered"),
    ask("price", "number", "price asking_price", "Price asked"),
    ask("currency", "enum", "currency", "Currency code", labels=_CODES),
    ask("city", "text", "location city place", "Where it can be picked up"),
    ask("seller", "text", "seller contact name", "Who sells it"),
    ask("phone", "phone", "phone telephone call", "Number to call"),
    ask("mail", "email", "email mail", "Address to write to"),
    ask("condition", "enum", "condition state", "State of the thing", labels="new like_new used defective"),
    ask("haggle", "boolean", "negotiable is_negotiable", "Whether the price can be discussed"),
    ask("until", "date", "available_until offer_ends", "Last day of the offer"),
    ask("bought", "integer", "year_bought purchase_year", "Year it was bought"),
    ask("reason", "text", "reason reason_for_sale", "Why it is sold"),
)

_EN = Phrases(
    ("For sale: {item}, {price}.", "Selling my {item} for {price}", "{item} in {city}, asking {price}", "WTS {item}"),
    (
        ("Condition: {condition}.", "It is {condition}.", "({condition})"),
        ("{haggle}",),
        ("Pick up in {city}.", "Located in {city}."),
        ("Call {seller}, {phone}.", "Ask for {seller}: {phone}", "Mail {mail}", "Text {phone}"),
        ("Bought in {bought}.", "I got it back in {bought}."),
        ("Reason: {reason}.", "Selling because: {reason}."),
        ("Offer stands until {until}.", "Must be gone by {until}."),
    ),
)

DOMAIN = Domain(
    "classified", ("ClassifiedAd", "Listing"), ("A private advertisement",), _FIELDS, _classified, {"en": _EN}
)
