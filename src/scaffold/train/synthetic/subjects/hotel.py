"""Made-up texts: a stay at a hotel."""

from datetime import timedelta
from random import Random

from scaffold.train.synthetic import people, things
from scaffold.train.synthetic.facts import Domain, Facts, Phrases, ask
from scaffold.train.synthetic.said import Said, cue, telephone
from scaffold.train.synthetic.spelling import Speech, a_day

_CODES = "USD EUR GBP AUD INR CHF MXN BRL"


def _hotel(rng: Random, speech: Speech) -> Facts:
    arrives, nights = a_day(rng, 2016, 2029), rng.randint(2, 12)
    breakfast, night = rng.random() < 0.5, rng.randrange(3900, 45000) / 100
    inn = rng.choice(("Hotel {}", "{} Inn", "The {} House", "{} Suites", "Pension {}", "{} Lodge")).format(
        things.brand(rng)
    )
    return {
        "hotel": Said(inn),
        "city": Said(things.city(rng, speech.language)),
        "guest": Said(people.full_name(rng, speech.language)),
        "arrives": speech.date(arrives),
        "leaves": speech.date(arrives + timedelta(nights)),
        "nights": speech.integer(nights),
        "guests": speech.integer(rng.randint(2, 6)),
        "room": Said(str(rng.randint(101, 999))),
        "night": speech.money(night),
        "total": speech.money(round(night * nights, 2)),
        "confirmation": Said(things.code(rng, "H", "RES", "CNF")),
        "check_in": speech.time(rng, 13, 17),
        "breakfast": cue(
            {"en": "Breakfast is included.", "de": "Frühstück inklusive.", "it": "Colazione inclusa."}[speech.language]
            if breakfast
            else {"en": "Room only, no meals.", "de": "Ohne Frühstück.", "it": "Senza colazione."}[speech.language],
            breakfast,
        ),
        "phone": telephone(things.phone(rng)),
    }


_FIELDS = (
    ask("hotel", "text", "hotel hotel_name property", "Name of the hotel"),
    ask("city", "text", "city location", "City of the hotel"),
    ask("guest", "text", "guest guest_name booked_by", "Who booked"),
    ask("arrives", "date", "check_in_date arrival checkin from_date", "Day of arrival"),
    ask("leaves", "date", "check_out_date departure checkout to_date", "Day of departure"),
    ask("nights", "integer", "nights number_of_nights", "How many nights"),
    ask("guests", "integer", "guests number_of_guests party_size", "How many people"),
    ask("room", "text", "room room_number", "Room number"),
    ask("night", "number", "price_per_night nightly_rate", "Price of one night", group="price"),
    ask("total", "number", "total total_price", "Price of the whole stay", group="price"),
    ask("currency", "enum", "currency", "Currency code", labels=_CODES),
    ask("confirmation", "text", "confirmation_number reservation_id", "Number of the reservation"),
    ask("check_in", "time", "check_in_time checkin_from", "Earliest time of arrival (HH:MM)"),
    ask("breakfast", "boolean", "breakfast_included has_breakfast", "Whether breakfast is included"),
    ask("phone", "phone", "phone hotel_phone", "Telephone number of the hotel"),
)

_PHRASES = {
    "en": Phrases(
        (
            "{guest} stays at {hotel} in {city} from {arrives} to {leaves}.",
            "Reservation {confirmation} at {hotel}, {city}.",
            "Dear {guest}, we confirm your stay at {hotel}.",
            "{hotel}: {nights} nights from {arrives}",
            "We would like a room at {hotel} for {guests} people, {arrives} until {leaves}.",
        ),
        (
            (
                "The rate is {night} per night, {total} in all.",
                "Total: {total}",
                "{night} a night.",
                "{nights} nights at {night} each come to {total}.",
            ),
            ("Check-in from {check_in}.", "You can check in after {check_in}."),
            ("{breakfast}",),
            ("Room {room} is reserved for you.", "Your room: {room}"),
            ("Party of {guests}.", "The booking is for {guests} guests."),
            ("Questions? Call {phone}.", "Phone {phone}"),
            ("Arrival {arrives}, departure {leaves}.", "You leave on {leaves}."),
            ("Confirmation: {confirmation}",),
        ),
    ),
    "de": Phrases(
        (
            "{guest} wohnt vom {arrives} bis {leaves} im {hotel} in {city}.",
            "Reservierung {confirmation}: {hotel}, {city}",
        ),
        (
            ("Preis pro Nacht {night}, gesamt {total}.",),
            ("Anreise ab {check_in} Uhr.",),
            ("{breakfast}",),
            ("Zimmer {room} für {guests} Personen, {nights} Nächte.",),
            ("Telefon {phone}",),
        ),
    ),
    "it": Phrases(
        (
            "{guest} soggiorna presso {hotel} a {city} dal {arrives} al {leaves}.",
            "Prenotazione {confirmation}: {hotel}, {city}",
        ),
        (
            ("Prezzo per notte {night}, totale {total}.",),
            ("Check-in dalle {check_in}.",),
            ("{breakfast}",),
            ("Camera {room}, {guests} persone, {nights} notti.",),
        ),
    ),
}

DOMAIN = Domain("hotel", ("HotelBooking", "Stay", "Reservation"), ("A stay at a hotel",), _FIELDS, _hotel, _PHRASES)
