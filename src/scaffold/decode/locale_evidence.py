"""What a text reveals about the customs of its writer: month first or day first, point or comma."""

import re
from functools import lru_cache

_WORD = re.compile(r"[^\W\d_]+")
_OF_ENGLISH = "the of and to is was for with on at by from this that it are be you we"
_OF_THE_CONTINENT = (
    "der die das und ist für mit von vom am im den dem des ein eine zu auf bis oder nicht "
    "le la les du et est une pour avec au aux dans sur par que qui "
    "el los las y es del al por con para en il lo gli e di della dal dei nel per non che "
    "o os as do da dos das um uma em no na com não het een van voor met op niet"
)
_ENGLISH = frozenset(_OF_ENGLISH.split())
_CONTINENTAL = frozenset(_OF_THE_CONTINENT.split())


@lru_cache(maxsize=256)
def is_continental(text: str) -> bool:
    """Whether the text's small words are mostly German, French, Spanish, Italian, Portuguese or Dutch."""
    words = [word.casefold() for word in _WORD.findall(text[:20_000])]
    english = sum(word in _ENGLISH for word in words)
    return sum(word in _CONTINENTAL for word in words) > english
