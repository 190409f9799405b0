"""Made-up texts: a booked flight."""

from datetime import timedelta
from random import Random

from scaffold.train.synthetic import people, things
from scaffold.train.synthetic.facts import Domain, Facts, Phrases, ask
from scaffold.train.synthetic.said import Said, cue
from scaffold.train.synthetic.spelling import Speech, a_day

_CODES = "USD EUR GBP AUD INR CHF MXN BRL"

_CABINS = {
    "economy": ("in the back of the plane", "with a standard fare seat"),
    "business": ("with a lie-flat seat", "with access to the executive lounge"),
    "first": ("in a private suite", "in row 1 with champagne service"),
}


def _flight(rng: Random, speech: Speech) -> Facts:
    leaves, cabin = a_day(rng, 2016, 2029), rng.choice(list(_CABINS))
    return {
        "passenger": Said(people.full_name(rng, speech.language)),
        "flight": Said(f"{things.letters(rng, 2)}{rng.choice(('', ' '))}{rng.randint(10, 9999)}"),
        "airline": Said(things.brand(rng) + rng.choice((" Air", " Airways", " Airlines"))),
        "booking": Said(things.letters(rng, 3) + things.digits(rng, 3)),
        "origin": Said(things.city(rng, speech.language)),
        "destination": Said(things.city(rng, speech.language)),
        "leaves": speech.date(leaves),
        "returns": speech.date(leaves + timedelta(rng.randint(2, 40))),
        "departure": speech.time(rng, 5, 12),
        "arrival": speech.time(rng, 13, 22),
        "gate": Said(f"{rng.choice('ABCDEFG')}{rng.randint(1, 79)}"),
        "seat": Said(f"{rng.randint(1, 42)}{rng.choice('ABCDEFK')}"),
        "price": speech.money(rng.randrange(3900, 210000) / 100),
        "bags": speech.integer(rng.randint(2, 5)),
        "cabin": cue(rng.choice(_CABINS[cabin]), cabin),
    }


_FIELDS = (
    ask("passenger", "text", "passenger traveller passenger_name", "Who travels"),
    ask("flight", "text", "flight_number flight flight_no", "Flight number"),
    ask("airline", "text", "airline carrier", "Airline"),
    ask("booking", "text", "booking_reference pnr confirmation_code", "Booking reference"),
    ask("origin", "text", "origin from departure_city", "City of departure"),
    ask("destination", "text", "destination to arrival_city", "City of arrival"),
    ask("leaves", "date", "departure_date outbound_date travel_date", "Day of the outbound flight"),
    ask("returns", "date", "return_date inbound_date", "Day of the flight back"),
    ask("departure", "time", "departure_time departs_at", "Time of departure, HH:MM"),
    ask("arrival", "time", "arrival_time lands_at", "Time of arrival, HH:MM"),
    ask("gate", "text", "gate", "Gate"),
    ask("seat", "text", "seat seat_number", "Seat"),
    ask("price", "number", "price fare total_fare", "What the ticket costs"),
    ask("currency", "enum", "currency", "Currency of the fare", labels=_CODES),
    ask("bags", "integer", "bags checked_bags baggage", "Number of bags"),
    ask("cabin", "enum", "cabin travel_class cabin_class", "Class of travel", labels="economy business first"),
)

_PHRASES = {
    "en": Phrases(
        (
            "{passenger} flies from {origin} to {destination} on {leaves}.",
            "Booking {booking}: flight {flight}, {origin} – {destination}, {leaves}.",
            "Your {airline} flight {flight} to {destination} is confirmed.",
            "E-ticket for {passenger} ({booking})",
            "Hi, I need a flight from {origin} to {destination} on {leaves}, coming back on {returns}.",
        ),
        (
            (
                "Departure {departure}, arrival {arrival}.",
                "It takes off at {departure} and lands at {arrival}.",
                "Departs at {departure}.",
            ),
            ("Gate {gate}, seat {seat}.", "Seat: {seat}", "Boarding at gate {gate}."),
            ("The fare was {price}.", "Total paid: {price}", "Price {price}, {bags} bags included."),
            ("Return on {returns}.", "The flight back is on {returns}."),
            ("You travel {cabin}.", "The seat is {cabin}.", "({cabin})"),
            ("Operated by {airline}.", "Airline: {airline}"),
            ("Passenger: {passenger}",),
            ("Reference: {booking}", "Booking code {booking}."),
        ),
    ),
    "de": Phrases(
        (
            "{passenger} fliegt am {leaves} von {origin} nach {destination}.",
            "Buchung {booking}: Flug {flight} von {origin} nach {destination}",
        ),
        (
            ("Abflug {departure} Uhr, Ankunft {arrival} Uhr.",),
            ("Gate {gate}, Platz {seat}.",),
            ("Preis: {price}",),
            ("Rückflug am {returns}.",),
            ("Fluggesellschaft: {airline}",),
        ),
    ),
    "es": Phrases(
        (
            "{passenger} vuela el {leaves} de {origin} a {destination}.",
            "Reserva {booking}: vuelo {flight}, {origin} – {destination}",
        ),
        (
            ("Salida a las {departure}, llegada a las {arrival}.",),
            ("Puerta {gate}, asiento {seat}.",),
            ("Precio: {price}",),
            ("Vuelta el {returns}.",),
            ("Aerolínea: {airline}",),
        ),
    ),
}

DOMAIN = Domain(
    "flight", ("Flight", "FlightBooking", "Itinerary"), ("A booked flight", "Travel data"), _FIELDS, _flight, _PHRASES
)
