"""Made-up texts: a contract."""

from datetime import timedelta
from random import Random

from scaffold.train.synthetic import people, things, words
from scaffold.train.synthetic.facts import Domain, Facts, Phrases, ask, ask_records
from scaffold.train.synthetic.said import Said, cue
from scaffold.train.synthetic.spelling import Speech, a_day

_CODES = "USD EUR GBP AUD INR CHF MXN BRL"


def _contract(rng: Random, speech: Speech) -> Facts:
    signed = a_day(rng, 2005, 2028)
    renews = rng.random() < 0.5
    return {
        "first": Said(things.company(rng)),
        "second": Said(things.company(rng)),
        "signed": speech.date(signed),
        "from": speech.date(signed + timedelta(rng.randint(1, 60))),
        "until": speech.date(signed + timedelta(rng.randint(365, 3000))),
        "notice": speech.integer(rng.randint(2, 12)),
        "fee": speech.money(float(rng.randrange(500, 250000)), is_round=True),
        "subject": Said(
            rng.choice(
                (
                    "the lease of machines",
                    "cleaning of offices",
                    "maintenance of lifts",
                    "delivery of paper",
                    "translation services",
                    "use of software",
                )
            )
        ),
        "law": Said(words.country(rng)),
        "number": Said(things.code(rng, "C", "AGR", "V")),
        "renews": cue(
            rng.choice(
                ("It is prolonged by itself unless terminated.", "It renews automatically.")
                if renews
                else ("It ends without notice.", "There is no automatic renewal.")
            ),
            renews,
        ),
        "people": [
            {"who": Said(people.full_name(rng)), "role": Said(role)}
            for role in rng.sample(
                ("director", "chairwoman", "procurement officer", "managing partner", "treasurer", "witness"),
                rng.randint(1, 3),
            )
        ],
    }


_FIELDS = (
    ask("first", "text", "provider supplier party_a", "Party that provides the service"),
    ask("second", "text", "client customer party_b", "Party that receives the service"),
    ask("signed", "date", "signed_on signature_date date", "Day it was signed"),
    ask("from", "date", "effective_date valid_from starts", "First day it is in force"),
    ask("until", "date", "end_date valid_until expires", "Last day it is in force"),
    ask("notice", "integer", "notice_weeks notice_period", "Weeks of notice"),
    ask("fee", "number", "fee annual_fee amount", "Yearly fee"),
    ask("currency", "enum", "currency", "Currency of the fee", labels=_CODES),
    ask("subject", "text", "subject purpose scope", "What the contract is about"),
    ask("law", "text", "governing_law law jurisdiction", "Country whose law applies"),
    ask("number", "text", "contract_number agreement_id", "Number of the contract"),
    ask("renews", "boolean", "auto_renews automatic_renewal", "Whether it goes on by itself"),
    ask_records(
        "people",
        "signatories signers",
        "Who signed",
        ask("who", "text", "name signer", "Name"),
        ask("role", "text", "role function capacity", "Function"),
    ),
)

_EN = Phrases(
    (
        "This agreement of {signed} is between {first} (provider) and {second} (client).",
        "Contract {number}: {first} supplies {second}.",
        "AGREEMENT {number}\nProvider: {first}\nClient: {second}",
        "{second}, the client, and {first}, the provider, agree on {subject}.",
    ),
    (
        ("Its subject is {subject}.", "Purpose: {subject}"),
        ("It takes effect on {from} and ends on {until}.", "Valid from {from}.", "Term: {from} to {until}"),
        ("Either side may leave with {notice} weeks' notice.", "Notice: {notice} weeks"),
        ("The yearly fee is {fee}.", "Fee: {fee} per year"),
        ("The law of {law} applies.", "Governing law: {law}"),
        ("{renews}",),
        ("Signed by {people}.", "Signatures:\n{people}"),
        ("Signed on {signed}.",),
    ),
    {"people": (("{who}, {role}", "; "), ("{who} ({role})", " and "), ("{role}: {who}", "\n"))},
)

DOMAIN = Domain("contract", ("Contract", "Agreement"), ("A contract", "Key terms"), _FIELDS, _contract, {"en": _EN})
