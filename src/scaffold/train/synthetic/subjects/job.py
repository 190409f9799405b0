"""Made-up texts: a vacancy."""

from datetime import timedelta
from random import Random

from scaffold.train.synthetic import people, things
from scaffold.train.synthetic.facts import Domain, Facts, Phrases, ask
from scaffold.train.synthetic.listing import listed
from scaffold.train.synthetic.said import Said, cue
from scaffold.train.synthetic.spelling import Speech, a_day

_CODES = "USD EUR GBP AUD INR CHF MXN BRL"

_SKILLS = listed(
    "Python|SQL|Excel|forklift licence|welding|project planning|German|French|first aid|CAD|customer "
    "care|double-entry bookkeeping|Kubernetes|Figma|negotiation|night shifts|technical drawing|"
    "public speaking"
)

_HOURS = {
    "full_time": ("40 hours a week", "a full week's work"),
    "part_time": ("20 hours a week", "three mornings a week"),
    "internship": ("for students, six months", "to learn the trade as an intern"),
    "freelance": ("on invoice, project by project", "as a self-employed contractor"),
}


def _job(rng: Random, speech: Speech) -> Facts:
    low, hours, remote = rng.randrange(28, 110) * 1000.0, rng.choice(list(_HOURS)), rng.random() < 0.5
    begins = a_day(rng, 2019, 2029)
    contact = people.full_name(rng, speech.language)
    return {
        "title": Said(rng.choice(people.JOBS)),
        "company": Said(things.company(rng, speech.language)),
        "city": Said(things.city(rng, speech.language)),
        "low": speech.money(low, is_round=True),
        "high": speech.money(low + rng.randrange(3, 30) * 1000, is_round=True),
        "begins": speech.date(begins),
        "deadline": speech.date(begins - timedelta(rng.randint(10, 90))),
        "years": speech.integer(rng.randint(2, 10)),
        "skills": [Said(one) for one in rng.sample(_SKILLS, rng.randint(2, 5))],
        "perks": [
            Said(one)
            for one in rng.sample(
                listed("free lunch|gym pass|company bike|childcare|pension plan|training budget|32 days of leave"),
                rng.randint(1, 3),
            )
        ],
        "contact": Said(contact),
        "mail": Said(things.email(rng, contact)),
        "code": Said(things.code(rng, "JOB", "REQ", "V")),
        "remote": cue(
            rng.choice(
                ("You can work from anywhere.", "Home office all week.")
                if remote
                else ("Presence in the office is required.", "This cannot be done from home.")
            ),
            remote,
        ),
        "hours": cue(rng.choice(_HOURS[hours]), hours),
    }


_FIELDS = (
    ask("title", "text", "title job_title position role", "Title of the job"),
    ask("company", "text", "company employer hiring_company", "Who offers the job"),
    ask("city", "text", "location city place_of_work", "Where the work is"),
    ask("low", "number", "min from lower", "Lowest yearly pay", group="salary"),
    ask("high", "number", "max to upper", "Highest yearly pay", group="salary"),
    ask("currency", "enum", "currency", "Currency of the pay", labels=_CODES),
    ask("begins", "date", "start_date begins starting", "First day of work"),
    ask("deadline", "date", "application_deadline apply_by closes", "Last day to apply"),
    ask("years", "integer", "years_of_experience experience_years", "Years of experience wanted"),
    ask("skills", "texts", "skills requirements", "What one must be able to do"),
    ask("perks", "texts", "benefits perks", "What is offered besides pay"),
    ask("contact", "text", "contact recruiter contact_person", "Who answers questions"),
    ask("mail", "email", "email contact_email apply_to", "Where to send the application"),
    ask("code", "text", "job_id reference requisition", "Reference number"),
    ask("remote", "boolean", "remote is_remote work_from_home", "Whether one may work from home"),
    ask("hours", "enum", "employment_type contract_type", "Kind of employment", labels=" ".join(_HOURS)),
)

_PHRASES = {
    "en": Phrases(
        (
            "{company} is looking for a {title} in {city}.",
            "{title} ({city})",
            "Job {code}: {title} at {company}",
            "Join {company} as {title}!",
            "We are hiring: {title}, starting {begins}.",
        ),
        (
            ("You bring {skills}.", "Requirements: {skills}", "What you need: {skills}."),
            ("At least {years} years of experience.", "{years}+ years in a similar role."),
            ("We pay {low} to {high} a year.", "Salary: {low} - {high}", "Pay starts at {low}."),
            ("{remote}",),
            ("The job is {hours}.", "Hours: {hours}."),
            ("We offer {perks}.", "Benefits: {perks}"),
            ("Apply by {deadline}: {mail}", "Applications close on {deadline}.", "Send your CV to {mail}."),
            ("Questions? Ask {contact}.", "Contact: {contact}"),
            ("Start: {begins}", "You start on {begins}."),
            ("Reference {code}",),
            ("Workplace: {city}",),
        ),
    ),
    "de": Phrases(
        ("{company} sucht: {title} in {city}.", "{title} (m/w/d), {city}"),
        (
            ("Sie bringen mit: {skills}.",),
            ("Mindestens {years} Jahre Erfahrung.",),
            ("Gehalt: {low} bis {high}",),
            ("Wir bieten {perks}.",),
            ("Bewerbung bis {deadline} an {mail}.",),
            ("Beginn: {begins}",),
            ("Fragen beantwortet {contact}.",),
        ),
    ),
}

DOMAIN = Domain(
    "job", ("JobAd", "Vacancy", "JobPosting"), ("A vacancy", "What a job advert says"), _FIELDS, _job, _PHRASES
)
