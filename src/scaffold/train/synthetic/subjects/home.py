"""Made-up texts: a place to rent."""

from random import Random

from scaffold.train.synthetic import people, things
from scaffold.train.synthetic.facts import Domain, Facts, Phrases, ask
from scaffold.train.synthetic.listing import listed
from scaffold.train.synthetic.said import Said, count, cue, telephone
from scaffold.train.synthetic.spelling import Speech, a_day

_CODES = "USD EUR GBP AUD INR CHF MXN BRL"

_KINDS = {
    "apartment": ("on the third floor of a block", "with neighbours above and below"),
    "house": ("standing alone in its own garden", "with a roof of its own and a cellar"),
    "office": ("with desks for a small team", "ready for your business"),
    "studio": ("one room for everything", "a single room with a kitchenette"),
}


def _home(rng: Random, speech: Speech) -> Facts:
    kind, pets, language = rng.choice(list(_KINDS)), rng.random() < 0.5, speech.language
    agent = people.full_name(rng, language)
    return {
        "street": Said(things.street(rng, language)),
        "postcode": Said(things.digits(rng, 5)),
        "city": Said(things.city(rng, language)),
        "rooms": speech.integer(rng.randint(2, 8)),
        "area": speech.number(rng.randint(180, 3200) / 10, 1),
        "rent": speech.money(float(rng.randint(300, 4200)), is_round=True),
        "deposit": speech.money(float(rng.randint(4300, 9900)), is_round=True),
        "free": speech.date(a_day(rng, 2019, 2029)),
        "built": count(rng.randint(1880, 2026)),
        "agent": Said(agent),
        "phone": telephone(things.phone(rng)),
        "floor": speech.integer(rng.randint(2, 12)),
        "kind": cue(rng.choice(_KINDS[kind]), kind),
        "pets": cue(
            rng.choice(
                ("Cats and dogs are welcome.", "Your pets may come too.")
                if pets
                else ("No animals, please.", "Sorry, no pets.")
            ),
            pets,
        ),
        "extras": [
            Said(one)
            for one in rng.sample(
                listed("balcony|fitted kitchen|cellar|underground parking|lift|garden|fireplace|sauna|bicycle room"),
                rng.randint(1, 4),
            )
        ],
    }


_FIELDS = (
    ask("street", "text", "street address_line street_address", "Street and number", group="address"),
    ask("postcode", "text", "postal_code zip", "Postal code", group="address"),
    ask("city", "text", "city town", "City", group="address"),
    ask("rooms", "integer", "rooms number_of_rooms", "Number of rooms"),
    ask("area", "number", "area_sqm floor_area size", "Floor area in square metres"),
    ask("rent", "number", "rent monthly_rent price", "Rent of one month"),
    ask("deposit", "number", "deposit security_deposit", "Deposit"),
    ask("currency", "enum", "currency", "Currency of the rent", labels=_CODES),
    ask("free", "date", "available_from free_from move_in_date", "First day one can move in"),
    ask("built", "integer", "year_built built_in", "Year it was built"),
    ask("agent", "text", "agent contact landlord", "Who shows the place"),
    ask("phone", "phone", "phone contact_phone", "Number to call"),
    ask("floor", "integer", "floor storey", "On which floor it is"),
    ask("kind", "enum", "property_type kind", "Kind of place", labels=" ".join(_KINDS)),
    ask("pets", "boolean", "pets_allowed pets", "Whether animals are allowed"),
    ask("extras", "texts", "features amenities extras", "What comes with it"),
)

_PHRASES = {
    "en": Phrases(
        (
            "To let: {rooms} rooms, {area} sqm, {rent} a month.",
            "{street}, {city}: {rooms} rooms for {rent}",
            "Bright place in {city}, {kind}.",
            "New on the market: {street}, {postcode} {city}",
            "{agent} offers {rooms} rooms in {city}.",
        ),
        (
            ("It is {kind}.",),
            ("{area} m² on floor {floor}.", "Floor area: {area} m²", "Floor {floor}."),
            ("Rent {rent}, deposit {deposit}.", "The deposit is {deposit}.", "Monthly rent: {rent}"),
            ("Free from {free}.", "Available {free}.", "You can move in on {free}."),
            ("Built in {built}.", "Year of construction: {built}"),
            ("{pets}",),
            ("With {extras}.", "Features: {extras}"),
            ("Viewings: {agent}, {phone}", "Call {agent} on {phone}.", "Contact {agent}."),
            ("Address: {street}, {city}",),
        ),
    ),
    "de": Phrases(
        ("Zu vermieten: {rooms} Zimmer, {area} m², {rent}.", "{street}, {postcode} {city}: {rooms} Zimmer"),
        (
            ("Kaltmiete {rent}, Kaution {deposit}.",),
            ("Frei ab {free}.",),
            ("Baujahr {built}.",),
            ("Kontakt: {agent}, {phone}",),
            ("{floor}. Etage, {area} m².",),
        ),
    ),
    "es": Phrases(
        ("Se alquila piso de {rooms} habitaciones en {city}.", "{street}, {postcode} {city}: {area} m²"),
        (
            ("Alquiler {rent}, fianza {deposit}.",),
            ("Disponible desde el {free}.",),
            ("Construido en {built}.",),
            ("Contacto: {agent}, {phone}",),
        ),
    ),
}

DOMAIN = Domain("home", ("Property", "RentalListing", "Apartment"), ("A place to rent",), _FIELDS, _home, _PHRASES)
