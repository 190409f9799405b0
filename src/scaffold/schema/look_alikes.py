"""Members of a schema that are no keywords of its draft, though they look like one: misspelled, as a rule.

JSON Schema takes what it does not know for an annotation, so a misspelled keyword asserts nothing and nobody says so.
"""

from difflib import get_close_matches
from functools import lru_cache

from scaffold.schema.support import known_keywords

ALIKE = 0.85
"""Least `difflib` ratio: one letter in seven may be wrong."""
LEAST = 4
"""Letters of a keyword that may be misspelled: `note` is no `not`."""
MOST = 64
"""Letters of a name that is looked at."""


@lru_cache(maxsize=4096)
def look_alike(name: str, draft: int) -> str | None:
    """The keyword of a draft that `name` looks like, None where it is one or looks like none."""
    known = known_keywords(draft)
    if name in known or name.startswith("_") or len(name) > MOST:  # `_format` is a keyword that somebody took out
        return None
    spelled = {keyword.lower(): keyword for keyword in sorted(known) if len(keyword) >= LEAST}
    found = get_close_matches(name.lower(), spelled, n=1, cutoff=ALIKE)
    return spelled[found[0]] if found else None
