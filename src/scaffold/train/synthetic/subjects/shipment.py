"""Made-up texts: a shipment."""

from datetime import timedelta
from random import Random

from scaffold.train.synthetic import people, things
from scaffold.train.synthetic.facts import Domain, Facts, Phrases, ask
from scaffold.train.synthetic.said import Said, cue
from scaffold.train.synthetic.spelling import Speech, a_day

_STATES = {
    "in_transit": ("is on its way", "has left our depot"),
    "delivered": ("was handed over", "arrived safely"),
    "delayed": ("is held up", "will be later than planned"),
    "returned": ("was sent back", "went back to the sender"),
}


def _shipment(rng: Random, speech: Speech) -> Facts:
    sent = a_day(rng, 2015, 2029)
    state = rng.choice(list(_STATES))
    return {
        "tracking": Said(
            f"{things.letters(rng, 2)}{things.digits(rng, 9)}{things.letters(rng, 2)}"
            if rng.random() < 0.5
            else things.digits(rng, rng.randint(10, 18))
        ),
        "order": Said(things.code(rng, "ORD", "PO", "W", "SO")),
        "carrier": Said(things.brand(rng) + rng.choice((" Express", " Parcel", " Logistics", " Freight", ""))),
        "sender": Said(things.company(rng)),
        "recipient": Said(people.full_name(rng)),
        "origin": Said(things.city(rng)),
        "destination": Said(things.city(rng)),
        "sent": speech.date(sent),
        "expected": speech.date(sent + timedelta(rng.randint(1, 25))),
        "weight": speech.number(rng.randint(2, 600) / 10, 1),
        "parcels": speech.integer(rng.randint(2, 14)),
        "status": cue(rng.choice(_STATES[state]), state),
        "cost": speech.money(rng.randint(390, 9900) / 100),
        "signature": cue("A signature is required.", value=True)
        if rng.random() < 0.5
        else cue("It may be left at the door.", value=False),
    }


_FIELDS = (
    ask("tracking", "text", "tracking_number tracking_id tracking", "Number to follow the parcel"),
    ask("order", "text", "order_id order_number order", "Number of the order"),
    ask("carrier", "text", "carrier shipped_with courier", "Who transports it"),
    ask("sender", "text", "sender from shipper", "Who sends it"),
    ask("recipient", "text", "recipient to consignee", "Who receives it"),
    ask("origin", "text", "origin origin_city ship_from", "City it comes from"),
    ask("destination", "text", "destination destination_city ship_to", "City it goes to"),
    ask("sent", "date", "ship_date sent_on dispatched", "Day it was sent"),
    ask("expected", "date", "expected_delivery eta arrival_date", "Day it should arrive"),
    ask("weight", "number", "weight_kg weight", "Weight in kilograms"),
    ask("parcels", "integer", "parcels package_count pieces", "Number of parcels"),
    ask("status", "enum", "status state", "Where the shipment stands", labels="in_transit delivered delayed returned"),
    ask("cost", "number", "shipping_cost postage freight", "Cost of shipping"),
    ask("signature", "boolean", "signature_required needs_signature", "Whether somebody must sign"),
)

_EN = Phrases(
    (
        "Your order {order} {status}.",
        "Shipment {tracking} {status}.",
        "Good news from {carrier}: parcel {tracking} {status}.",
        "{sender} has sent you {parcels} parcels with {carrier}.",
        "Tracking {tracking}, order {order}",
    ),
    (
        (
            "Sent from {origin} on {sent}.",
            "It left {origin} on {sent} and goes to {destination}.",
            "Route: {origin} -> {destination}",
        ),
        ("Expected on {expected}.", "ETA: {expected}", "Should arrive by {expected}."),
        ("Recipient: {recipient}, {destination}.", "Addressed to {recipient}."),
        ("Weight {weight} kg in {parcels} parcels.", "Total weight: {weight} kg"),
        ("Shipping cost {cost}.", "Postage: {cost}"),
        ("{signature}",),
        ("Carrier: {carrier}", "Handled by {carrier}."),
        ("Tracking no. {tracking}", "Track it with {tracking}."),
    ),
)

DOMAIN = Domain(
    "shipment",
    ("Shipment", "Parcel", "Delivery"),
    ("A shipment", "Facts about a parcel"),
    _FIELDS,
    _shipment,
    {"en": _EN},
)
