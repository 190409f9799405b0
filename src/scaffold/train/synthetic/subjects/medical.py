"""Made-up texts: a doctor's note."""

from datetime import timedelta
from random import Random

from scaffold.train.synthetic import people
from scaffold.train.synthetic.facts import Domain, Facts, Phrases, ask, ask_records
from scaffold.train.synthetic.listing import listed
from scaffold.train.synthetic.said import Said, count, cue
from scaffold.train.synthetic.spelling import Speech, a_day

_COMPLAINTS = listed(
    "headache|sore throat|lower back pain|dizziness|shortness of breath|itchy rash|knee pain|dry "
    "cough|nausea|blurred vision|chest tightness|fatigue|ear pain|swollen ankle|heartburn|insomnia"
)

_DRUGS = listed(
    "Lumoxal Ferindol Betrazine Olvapril Cordazem Nuvestin Pilocet Sanaprex Trevalin Zolmidex Aquilor Modafen"
)


def _medical(rng: Random, speech: Speech) -> Facts:
    seen = a_day(rng, 2005, 2028)
    smoker, is_allergic, years = rng.random() < 0.4, rng.random() < 0.5, rng.randint(2, 94)
    allergen = Said(rng.choice(("latex", "peanuts", "iodine", "penicillin", "bee venom")))
    drugs = rng.sample(_DRUGS, rng.randint(1, 3))
    return {
        "patient": Said(people.full_name(rng)),
        "age": speech.integer(years),
        "seen": speech.date(seen),
        "follow_up": speech.date(seen + timedelta(rng.randint(7, 90))),
        "born": speech.date(seen - timedelta(days=365 * years + rng.randint(30, 300))),
        "complaints": [Said(one) for one in rng.sample(_COMPLAINTS, rng.randint(1, 3))],
        "doctor": Said("Dr " + people.family_name(rng)),
        "temperature": speech.number(rng.randint(360, 405) / 10, 1),
        "pulse": count(rng.randint(48, 130)),
        "smoker": cue(
            rng.choice(
                ("Smokes a pack a day.", "Long-time smoker.", "Still smoking.")
                if smoker
                else ("Never smoked.", "Non-smoker.", "Denies tobacco use.")
            ),
            smoker,
        ),
        "drugs": [
            {
                "drug": Said(drug),
                "dose": Said(f"{rng.choice((5, 10, 20, 50, 100, 250, 500))} mg"),
                "often": Said(rng.choice(("once daily", "twice daily", "every 8 hours", "at night", "as needed"))),
            }
            for drug in drugs
        ],
        "allergy" if is_allergic else "_no_allergy": allergen
        if is_allergic
        else cue("No known allergies.", value=False),
    }


_FIELDS = (
    ask("patient", "text", "patient patient_name name", "Name of the patient"),
    ask("age", "integer", "age age_years patient_age", "Age in years"),
    ask("born", "date", "date_of_birth birth_date dob", "The patient's date of birth"),
    ask("seen", "date", "visit_date seen_on encounter_date", "Day of the visit"),
    ask("follow_up", "date", "follow_up next_visit review_date", "Day of the next appointment"),
    ask("complaints", "texts", "symptoms complaints reasons", "What the patient complains of"),
    ask("doctor", "text", "doctor physician seen_by", "Who saw the patient"),
    ask("temperature", "number", "temperature temperature_c temp", "Body temperature in degrees Celsius"),
    ask("pulse", "integer", "pulse heart_rate pulse_bpm", "Heart beats per minute"),
    ask("smoker", "boolean", "smoker is_smoker smokes", "Whether the patient smokes"),
    ask("allergy", "text", "allergy allergic_to", "What the patient is allergic to"),
    ask_records(
        "drugs",
        "medications prescriptions drugs",
        "Drugs prescribed",
        ask("drug", "text", "name drug medication", "Name of the drug"),
        ask("dose", "text", "dose strength", "Dose"),
        ask("often", "text", "frequency schedule", "How often it is taken"),
    ),
)

_EN = Phrases(
    (
        "{patient}, {age} years old, seen by {doctor} on {seen}.",
        "Patient: {patient} (DOB {born}). Visit on {seen}.",
        "{patient} (age {age}) came in with {complaints}.",
        "{seen}: {patient}, {complaints}. {doctor}",
    ),
    (
        ("Reports {complaints}.", "Complains of {complaints}."),
        (
            "Temp {temperature} °C, pulse {pulse}.",
            "T {temperature}, HR {pulse} bpm.",
            "Pulse {pulse}/min.",
            "Temperature was {temperature} °C.",
        ),
        ("{smoker}",),
        ("Allergic to {allergy}.", "Allergy: {allergy}.", "{_no_allergy}"),
        ("Prescribed {drugs}.", "Plan: {drugs}.", "Rx\n{drugs}"),
        ("Follow-up on {follow_up}.", "To be seen again {follow_up}.", "Next visit: {follow_up}."),
    ),
    {
        "drugs": (
            ("{drug} {dose} {often}", "; "),
            ("{drug} ({dose}, {often})", ", "),
            ("{drug} {dose}", " and "),
            ("- {drug}, {often}", "\n"),
        )
    },
)

DOMAIN = Domain(
    "medical",
    ("Visit", "ClinicalNote", "Encounter"),
    ("A doctor's note", "Facts of one visit"),
    _FIELDS,
    _medical,
    {"en": _EN},
)
