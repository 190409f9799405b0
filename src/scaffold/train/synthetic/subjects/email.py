"""Made-up texts: a message."""

from datetime import timedelta
from random import Random

from scaffold.train.synthetic import people, things
from scaffold.train.synthetic.facts import Domain, Facts, Phrases, ask, ask_records
from scaffold.train.synthetic.listing import listed
from scaffold.train.synthetic.said import Said, telephone
from scaffold.train.synthetic.spelling import Speech, a_day

_MATTERS = listed(
    "Contract renewal|Visit next month|Draft of the report|Missing attachment|Keys for the storage "
    "room|Change of address|Holiday cover|Price list|Photos from the workshop|Feedback on chapter "
    "two|Parking permits|Broken projector"
)

_TASKS = listed(
    "send the signed copy|book the large room|check the figures|call the landlord|order new labels|"
    "update the price list|invite the suppliers|print the badges|renew the licence|prepare the "
    "slides|return the loan car|collect the parcels"
)
_FILES = listed("report offer minutes plan list scan")
_ENDINGS = listed("pdf docx xlsx png zip")


def _email(rng: Random, speech: Speech) -> Facts:
    sender, receiver = people.full_name(rng, speech.language), people.full_name(rng, speech.language)
    day = a_day(rng, 2012, 2029)
    return {
        "sender": Said(sender),
        "sender_mail": Said(things.email(rng, sender)),
        "receiver": Said(receiver),
        "receiver_mail": Said(things.email(rng, receiver)),
        "subject": Said(rng.choice(_MATTERS)),
        "sent": speech.date(day),
        "deadline": speech.date(day + timedelta(rng.randint(2, 40))),
        "copies": [Said(people.full_name(rng)) for _ in range(rng.randint(1, 3))],
        "tasks": [
            {
                "task": Said(task),
                "who": Said(people.given_name(rng)),
                "by": speech.date(day + timedelta(rng.randint(1, 30))),
            }
            for task in rng.sample(_TASKS, rng.randint(1, 3))
        ],
        "file": Said(f"{rng.choice(_FILES)}_{rng.randint(1, 99)}.{rng.choice(_ENDINGS)}"),
        "phone": telephone(things.phone(rng)),
        "firm": Said(things.company(rng, speech.language)),
    }


_FIELDS = (
    ask("sender", "text", "name", "Who wrote the message", group="sender"),
    ask("sender_mail", "email", "email address", "E-mail address of the sender", group="sender"),
    ask("receiver", "text", "name", "Whom the message is for", group="recipient"),
    ask("receiver_mail", "email", "email address", "E-mail address of the recipient", group="recipient"),
    ask("subject", "text", "subject topic", "Subject line"),
    ask("sent", "date", "date sent_on sent", "Day it was sent"),
    ask("deadline", "date", "deadline reply_by due", "Day by which an answer is wanted"),
    ask("copies", "texts", "cc copied copies_to", "Who gets a copy"),
    ask_records(
        "tasks",
        "tasks action_items todos",
        "What somebody must do",
        ask("task", "text", "task action what", "What to do"),
        ask("who", "text", "assignee who owner", "Who does it"),
        ask("by", "date", "due by deadline", "By which day"),
    ),
    ask("file", "text", "attachment file_name", "Attached file"),
    ask("phone", "phone", "phone callback", "Number of the sender"),
    ask("firm", "text", "company sender_company", "Company of the sender"),
)

_TASK_LINES = (
    ("{who} will {task} by {by}", "; "),
    ("- {task} ({who}, {by})", "\n"),
    ("{task} – {who}", "\n"),
    ("please {task} until {by}", ", "),
)

_PHRASES = {
    "en": Phrases(
        (
            "From: {sender} <{sender_mail}>\nTo: {receiver} <{receiver_mail}>\nSubject: {subject}",
            "From: {sender_mail}\nTo: {receiver_mail}\nDate: {sent}\nSubject: {subject}",
            "Subject: {subject}\n\nDear {receiver},",
            "Hi {receiver},",
            "On {sent}, {sender} wrote to {receiver}:",
        ),
        (
            ("Cc: {copies}", "({copies} in copy)"),
            ("this is about {subject}.", "I hope this finds you well."),
            ("To do:\n{tasks}", "{tasks}.", "Next steps: {tasks}."),
            ("I attach {file}.", "Attachment: {file}", "See {file}."),
            ("Please answer by {deadline}.", "I need your reply no later than {deadline}."),
            (
                "Best regards\n{sender}\n{firm}\n{phone}",
                "Cheers,\n{sender}",
                "{sender}, {firm}",
                "Kind regards, {sender} ({phone})",
            ),
        ),
        {"tasks": _TASK_LINES},
        ("\n", "\n\n", "\n\n"),
        is_ordered=True,
    ),
    "de": Phrases(
        (
            "Von: {sender} <{sender_mail}>\nAn: {receiver} <{receiver_mail}>\nBetreff: {subject}",
            "Guten Tag {receiver},",
        ),
        (
            ("Kopie an {copies}",),
            ("anbei {file}.",),
            ("Bitte antworten Sie bis {deadline}.",),
            ("Viele Grüße\n{sender}\n{firm}", "Mit freundlichen Grüßen\n{sender}\nTel. {phone}"),
        ),
        {"tasks": _TASK_LINES},
        ("\n", "\n\n"),
        is_ordered=True,
    ),
    "fr": Phrases(
        ("De : {sender} <{sender_mail}>\nÀ : {receiver}\nObjet : {subject}", "Bonjour {receiver},"),
        (
            ("Copie : {copies}",),
            ("ci-joint {file}.",),
            ("Merci de répondre avant le {deadline}.",),
            ("Cordialement,\n{sender}\n{firm}",),
        ),
        {"tasks": _TASK_LINES},
        ("\n", "\n\n"),
        is_ordered=True,
    ),
}

DOMAIN = Domain(
    "email", ("Email", "Message", "MailSummary"), ("A message", "Facts of an e-mail"), _FIELDS, _email, _PHRASES
)
