"""The one table of assertion keywords: how each is enforced, and which formats are."""

from dataclasses import dataclass
from functools import cache

from scaffold.schema.ir import How

BY_CONSTRUCTION: How = "by construction"
CHECKED: How = "checked and repaired"
REFUSED: How = "refused"


@dataclass(frozen=True, slots=True)
class Support:
    """How one keyword is enforced; `note` says where that is not the whole story.

    `since` and `until` are the first and the last draft that know the keyword.
    """

    keyword: str
    how: How = BY_CONSTRUCTION
    note: str = ""
    since: int = 4
    until: int = 2020


KEYWORDS: tuple[Support, ...] = (
    Support("type"),
    Support("enum", note="literals that a sibling keyword forbids are left out"),
    Support("const", since=6),
    Support("minLength", note="up to 256 characters; beyond, counted in text without other constraints, and checked"),
    Support("maxLength", note="up to 256 characters; beyond, counted in text without other constraints, and checked"),
    Support("pattern", note="checked where the pattern is not regular or too large"),
    Support("format", note="see the formats below"),
    Support("minimum"),
    Support("maximum"),
    Support("exclusiveMinimum"),
    Support("exclusiveMaximum"),
    Support("multipleOf"),
    Support("properties"),
    Support("required"),
    Support("additionalProperties"),
    Support("patternProperties", note="checked where more than three patterns can match one name"),
    Support("propertyNames", since=6, note="checked where it is more than text and literals"),
    Support("minProperties"),
    Support("maxProperties"),
    Support("dependentRequired", since=2019, note="checked where there are more than three"),
    Support("dependentSchemas", since=2019, note="checked where there are more than three"),
    Support("dependencies", note="checked where there are more than three"),
    Support("prefixItems", since=2020),
    Support("items"),
    Support("additionalItems", until=2019),
    Support("minItems"),
    Support("maxItems"),
    Support("uniqueItems", CHECKED),
    Support("contains", CHECKED, "the least number of items is by construction", since=6),
    Support("minContains", CHECKED, since=2019),
    Support("maxContains", CHECKED, since=2019),
    Support("allOf"),
    Support("anyOf", note="checked where the choices multiply beyond the cap"),
    Support(
        "oneOf",
        note="that only one branch holds is checked, unless branches exclude each other or are few scalars",
    ),
    Support("not", note="checked where the complement cannot be written down"),
    Support("if", since=7, note="checked where the complement cannot be written down"),
    Support("then", since=7),
    Support("else", since=7),
    Support("$ref", note="refused where it leads out of the document and the registry given"),
    Support("$dynamicRef", since=2020),
    Support("$recursiveRef", since=2019, until=2019),
    Support("unevaluatedProperties", CHECKED, "by construction without anyOf and additional names", since=2019),
    Support("unevaluatedItems", CHECKED, "by construction without anyOf and contains", since=2019),
)

SUPPORT = {support.keyword: support for support in KEYWORDS}

FORMATS: tuple[str, ...] = (
    "date",
    "time",
    "date-time",
    "duration",
    "email",
    "uuid",
    "uri",
    "uri-reference",
    "iri",
    "iri-reference",
    "uri-template",
    "hostname",
    "ipv4",
    "ipv6",
    "json-pointer",
    "relative-json-pointer",
)
"""Formats that a slot enforces by construction."""

PYTHON_FORMATS: tuple[str, ...] = ("any-date-time", "naive-date-time", "any-time", "naive-time")
"""Formats that the JSON Schema of a Python type is given here: a time with or without, or without an offset."""

CHECKED_FORMATS: tuple[str, ...] = ("idn-email", "idn-hostname", "regex")
"""Formats that are checked and repaired; every other one is an annotation."""


@cache
def known_keywords(draft: int) -> frozenset[str]:
    """Assertion keywords of one draft (4, 6, 7, 2019 or 2020)."""
    return frozenset(s.keyword for s in KEYWORDS if s.since <= draft <= s.until)


def markdown_table() -> str:
    """The table as README shows it, formats below."""
    rows = [f"| `{s.keyword}` | {s.how} | {s.note} |" for s in KEYWORDS]
    built, checked = (", ".join(f"`{name}`" for name in names) for names in (FORMATS, CHECKED_FORMATS))
    formats = f"Formats by construction: {built}. Checked and repaired: {checked}. Any other is an annotation."
    return "\n".join(["| keyword | enforced | note |", "| --- | --- | --- |", *rows, "", formats])
