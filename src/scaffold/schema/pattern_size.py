"""How large a pattern becomes when its repeats are written out, as matchers that are not ours do."""

import re

MAX_SIZE = 200_000
_PART = re.compile(r"\\.|\[(?:\\.|[^\]\\])*\]?|\{(\d+)(?:,\d*)?\}|.", re.DOTALL)


def is_affordable(pattern: str) -> bool:
    """Whether a pattern stays below `MAX_SIZE` characters when each part is repeated as often as it must be."""
    totals, last = [0], 0
    for part in _PART.finditer(pattern):
        match part[0][0]:
            case "{" if part[1] is not None:
                totals[-1] += last * (_count(part[1]) - 1)
                last *= _count(part[1])
            case "(":
                totals.append(0)
                last = 0
            case ")" if len(totals) > 1:
                last = totals.pop()
                totals[-1] += last
            case _:
                last = 1
                totals[-1] += 1
    return sum(totals) <= MAX_SIZE


def _count(digits: str) -> int:
    """A repeat; beyond a few digits it is too many anyway."""
    return max(1, int(digits)) if len(digits) < len(str(MAX_SIZE)) + 1 else MAX_SIZE + 1
