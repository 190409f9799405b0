"""Made-up texts: a request for a table."""

from random import Random

from scaffold.train.synthetic import people, things
from scaffold.train.synthetic.facts import Domain, Facts, Phrases, ask
from scaffold.train.synthetic.listing import listed
from scaffold.train.synthetic.said import Said, count, cue, telephone
from scaffold.train.synthetic.spelling import Speech, a_day


def _table(rng: Random, speech: Speech) -> Facts:
    outside = rng.random() < 0.5
    return {
        "place": Said(
            rng.choice(("Café {}", "{} Grill", "Trattoria {}", "The {} Kitchen", "{} Bistro")).format(things.brand(rng))
        ),
        "guest": Said(people.full_name(rng)),
        "day": speech.date(a_day(rng, 2019, 2029)),
        "time": speech.time(rng, 11, 21),
        "people": speech.integer(rng.randint(2, 16)),
        "phone": telephone(things.phone(rng)),
        "outside": cue(
            rng.choice(
                ("We want to sit on the terrace.", "Outside, please.")
                if outside
                else ("A table indoors, please.", "Not on the terrace, please.")
            ),
            outside,
        ),
        "allergies": [
            Said(one)
            for one in rng.sample(listed("nuts gluten shellfish lactose sesame soy celery mustard"), rng.randint(1, 3))
        ],
        "occasion": Said(
            rng.choice(("a birthday", "our anniversary", "a business lunch", "a farewell dinner", "a graduation"))
        ),
        "chairs": count(rng.randint(1, 3)),
    }


_FIELDS = (
    ask("place", "text", "restaurant venue place", "Restaurant"),
    ask("guest", "text", "name guest reserved_for", "Name of the booking"),
    ask("day", "date", "date day reservation_date", "Day of the visit"),
    ask("time", "time", "time at reservation_time", "Time of the visit (HH:MM)"),
    ask("people", "integer", "party_size people guests", "How many people come"),
    ask("phone", "phone", "phone callback_number", "Number to call back"),
    ask("outside", "boolean", "outdoor outside terrace", "Whether they want to sit outside"),
    ask("allergies", "texts", "allergies dietary_restrictions", "What must not be in the food"),
    ask("occasion", "text", "occasion reason", "What is celebrated"),
    ask("chairs", "integer", "high_chairs child_seats", "Number of chairs for children"),
)

_EN = Phrases(
    (
        "Hi, I'd like to book a table at {place} for {people} on {day} at {time}.",
        "Table for {people} people, {day}, {time}.",
        "Good evening, this is {guest}. Could we have a table at {place} on {day}?",
        "Booking request from {guest} for {place}",
        "Is there anything free at {place} around {time}?",
    ),
    (
        ("There will be {people} of us.", "We are {people}."),
        ("{outside}",),
        ("We cannot eat {allergies}.", "Allergies: {allergies}.", "One of us is allergic to {allergies}."),
        ("It is for {occasion}.", "We are celebrating {occasion}."),
        ("My number is {phone}.", "Please call {phone}."),
        ("We need {chairs} high chairs.", "High chairs: {chairs}"),
        ("The name is {guest}.", "Under {guest}, please."),
        ("Around {time} would be best.",),
    ),
)

DOMAIN = Domain(
    "table", ("TableRequest", "RestaurantBooking"), ("A request for a table",), _FIELDS, _table, {"en": _EN}
)
