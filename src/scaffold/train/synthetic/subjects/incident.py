"""Made-up texts: a technical incident."""

from random import Random

from scaffold.train.synthetic import people, things
from scaffold.train.synthetic.facts import Domain, Facts, Phrases, ask
from scaffold.train.synthetic.listing import listed
from scaffold.train.synthetic.said import Said, cue
from scaffold.train.synthetic.spelling import Speech, a_day

_LEVELS = {
    "critical": ("all customers were cut off", "the whole site was down", "nobody could pay"),
    "major": ("every second request failed", "searching was impossible for many"),
    "minor": ("a few pages loaded slowly", "one report showed an old figure"),
}

_CAUSES = listed(
    "an expired certificate|a full disk|a wrong firewall rule|a bad deployment|a lost network link|a "
    "memory leak|a locked table|a typo in the configuration"
)


def _incident(rng: Random, speech: Speech) -> Facts:
    day, level = a_day(rng, 2018, 2028), rng.choice(list(_LEVELS))
    hour, minute, second, lasted = rng.randint(0, 20), rng.randint(0, 59), rng.randint(0, 59), rng.randint(4, 170)
    ended, over = divmod(hour * 60 + minute + lasted, 60)
    stamp = rng.choice(("{d}T{h:02}:{m:02}:{s:02}Z", "{d} {h:02}:{m:02}:{s:02} UTC", "{d} {h:02}:{m:02}:{s:02}Z"))
    host = f"{rng.choice(listed('web db cache mail auth queue'))}-{rng.randint(1, 40):02}"
    return {
        "begun": Said(stamp.format(d=day, h=hour, m=minute, s=second), f"{day}T{hour:02}:{minute:02}:{second:02}Z"),
        "ended": Said(stamp.format(d=day, h=ended, m=over, s=second), f"{day}T{ended:02}:{over:02}:{second:02}Z"),
        "number": Said(things.code(rng, "INC", "IR", "OPS")),
        "host": Said(host),
        "ip": Said(".".join(str(rng.randint(1, 254)) for _ in range(4))),
        "service": Said(f"{things.brand(rng)} {rng.choice(('API', 'Gateway', 'Search', 'Checkout', 'Login'))}"),
        "code": speech.integer(rng.choice((403, 404, 408, 429, 500, 502, 503, 504))),
        "level": cue(rng.choice(_LEVELS[level]), level),
        "cause": Said(rng.choice(_CAUSES)),
        "engineer": Said(people.full_name(rng)),
        "minutes": speech.integer(lasted),
        "users": speech.integer(rng.randint(30, 90000)),
        "fixed": cue("It has been fixed for good.", value=True)
        if rng.random() < 0.5
        else cue("So far there is only a workaround.", value=False),
        "systems": [
            Said(f"{rng.choice(listed('orders users stock media'))}-{rng.randint(1, 9)}")
            for _ in range(rng.randint(1, 3))
        ],
    }


_FIELDS = (
    ask("begun", "datetime", "started_at start timestamp detected_at", "When it began"),
    ask("ended", "datetime", "resolved_at end ended_at", "When it was over"),
    ask("number", "text", "incident_id number reference", "Number of the incident"),
    ask("host", "text", "host server hostname", "Machine concerned"),
    ask("ip", "text", "ip ip_address source_ip", "IP address"),
    ask("service", "text", "service affected_service component", "Service concerned"),
    ask("code", "integer", "status_code http_status error_code", "HTTP status code"),
    ask("level", "enum", "severity level impact", "How bad it was", labels=" ".join(_LEVELS)),
    ask("cause", "text", "cause root_cause reason", "What caused it"),
    ask("engineer", "text", "engineer handled_by on_call", "Who dealt with it"),
    ask("minutes", "integer", "duration_minutes minutes downtime", "How many minutes it lasted"),
    ask("users", "integer", "users_affected affected_users", "How many users noticed"),
    ask("fixed", "boolean", "permanently_fixed is_fixed", "Whether it is fixed for good"),
    ask("systems", "texts", "other_systems systems", "Other systems that were touched"),
)

_EN = Phrases(
    (
        "{begun} ERROR {host} {service} returned {code} to {ip}",
        "[{number}] From {begun} to {ended}, {level}.",
        "Incident {number}: {service}, {level}.",
        "{begun} [{host}] {service}: status {code}",
        "At {begun} {service} stopped answering on {host}; {level}.",
    ),
    (
        ("The cause was {cause}.", "Root cause: {cause}", "It turned out to be {cause}."),
        ("{begun} WARN {host} retrying", "Detected at {begun}."),
        ("Resolved at {ended} by {engineer}.", "{ended} INFO {service} recovered", "It was over at {ended}."),
        ("It lasted {minutes} minutes.", "Downtime: {minutes} min"),
        ("About {users} users were affected.", "{users} users noticed."),
        ("{fixed}",),
        ("Also touched: {systems}.", "Other systems: {systems}"),
        ("On call: {engineer}", "{engineer} took care of it."),
        ("Requests came from {ip}.", "client={ip} status={code}"),
    ),
)

DOMAIN = Domain(
    "incident",
    ("Incident", "LogEntry", "Outage"),
    ("A technical incident", "What went wrong and when"),
    _FIELDS,
    _incident,
    {"en": _EN},
)
