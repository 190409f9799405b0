"""Numbers in a text, in digits and in words, read as JSON numbers.

Marks are read as the digits around them allow: 1.299,00 and 1,299.00 are one number. Three digits after a single mark
(1.299) leave two readings; the likelier comes first: the custom that another number of the text proves, else that of
its language. A number also stands with what belongs to it: a currency, a per cent sign, a multiplier (1.5 million).
"""

import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache

from scaffold.decode.candidate import Candidate, in_order
from scaffold.decode.locale_evidence import is_continental
from scaffold.decode.number_words import number_words

_SPACES = " \u00a0\u202f\u2009"
_SIGN = r"(?P<sign>(?:(?<![\w)/.,\]-])[-+\u2212])?)"
_POWER = r"(?P<power>[eE][-+]?\d{1,4}(?!\d)|\s?[×x]\s?10\^?[-\u2212]?\d{1,4}(?!\d))?"
_BODY = rf"(?P<body>\d{{1,3}}(?:[{_SPACES}]\d{{3}}(?!\d))+(?:[.,]\d+)?|\d+(?:[.,'’_]\d+)*|(?<![\w.,])\.\d+)"
_GROUPED = re.compile(rf"(?<![^\W\d_])(?<!\d){_SIGN}{_BODY}{_POWER}")
_CURRENCY = r"(?:US\$|A\$|C\$|R\$|HK\$|[$€£¥₹₽₩₺₪₫฿]|USD|EUR|GBP|CHF|JPY|AUD|CAD|INR|BRL|MXN|SEK|NOK|DKK|PLN|CZK)"
_UNIT_BEFORE = re.compile(rf"{_CURRENCY}\s?\Z")
_MINUS = re.compile(r"(?:\A|[\s(])[-\u2212]\Z")
_UNIT_AFTER = re.compile(
    rf"[{_SPACES}]?(?:%|‰|percent\b|per\scent\b|Prozent\b|{_CURRENCY}(?!\w)|euros?\b|dollars?\b|pounds?\b|[Ee]uro\b)"
)
_MULTIPLIER = re.compile(
    rf"[{_SPACES}-]?(?:(?P<kilo>k(?!\w)|K(?!\w)|thousand\b|tausend\b|Tsd\.?|mille?\b|mila\b|mil\b)"
    r"|(?P<mega>millions?\b|Millionen\b|Million\b|Mio\.?|mio\b|mln\b|mn\b|millones\b|millón\b|milioni\b|milione\b|milhões\b|milhão\b)"
    r"|(?P<giga>billions?\b|bn\b|Milliarden?\b|Mrd\.?|milliards?\b|miliardi\b)|(?P<money>[mM](?!\w)))"
)
_SCALES = {"kilo": 3, "mega": 6, "giga": 9, "money": 6}
_ORDINAL = re.compile(r"(?:st|nd|rd|th|er|ère|e|º|ª)(?!\w)")
_FRACTION = re.compile(
    r"(?<![\w/.,])(?:(?P<whole>\d{1,6})\s)?(?P<over>\d{1,3})[/\u2044](?P<under>\d{1,3})(?![\w/]|[.,]\d)"
)
_VULGAR = re.compile(r"(?:(?<!\d)(?P<whole>\d{1,6})\s?)?(?P<part>[¼½¾⅐-⅞])")
_PROOF = re.compile(r"\d(?P<mark>[.,])\d{1,2}(?!\d|[.,]\d)")
_LONGEST = 40
_LARGEST_POWER = 300


def numbers(text: str) -> tuple[Candidate, ...]:
    """All spans that spell a number, as JSON spells it, its decimals as they are stated."""
    found = [
        one for match in _GROUPED.finditer(text) if len(match["body"]) <= _LONGEST for one in _in_digits(text, match)
    ]
    found += [*_fractions(text), *_words(text)]
    return in_order(one for one in found if one.stop - one.start <= _LONGEST)


def integers(text: str) -> tuple[Candidate, ...]:
    """All spans that spell a whole number (1,299.00 too), as digits."""
    found = []
    for one in numbers(text):
        value = Decimal(one.value_text)
        if value == value.to_integral_value() and (digits := _plain(value.to_integral_value())).lstrip("-").isdigit():
            found.append(Candidate(one.start, one.stop, digits, one.rank))
    return in_order(found)


def _plain(value: Decimal) -> str:
    """A number without exponent while that is short; never minus zero."""
    shown = format(value.copy_abs() if value == 0 else value, "f")
    return shown if len(shown) <= _LONGEST else str(value).lower()


def _shifted(value: Decimal, places: int) -> Decimal:
    """`value` times ten to the power of `places`, exactly, however many digits it has."""
    sign, digits, exponent = value.as_tuple()
    assert isinstance(exponent, int), "a number read from digits is finite"
    return Decimal((sign, digits, exponent + places))


def _words(text: str) -> Iterator[Candidate]:
    for start, stop, value in number_words(text):
        yield Candidate(start, stop, str(value))
        if match := re.search(r"\bminus\s\Z", text[max(0, start - 6) : start], re.IGNORECASE):
            yield Candidate(start - len(match[0]), stop, str(-value))


def _in_digits(text: str, match: re.Match[str]) -> Iterator[Candidate]:
    """Every reading of one run of digits and marks."""
    body, at = match["body"], match.start("body")
    readings = list(dict.fromkeys(_readings(body, _decimal_mark(text))))
    is_negative = match["sign"] in {"-", "\u2212"}
    for rank, reading in enumerate(readings):
        value = reading.copy_negate() if is_negative else reading
        yield from _dressed(text, (match.start(), match.end("body")), value, rank)
        if match["power"] and abs(power := _power(match["power"])) <= _LARGEST_POWER:
            yield Candidate(match.start(), match.end(), _plain(_shifted(value, power)), rank)
    if not readings or any(space in body for space in _SPACES):
        for part in re.finditer(r"\d+(?:[.,]\d+)?" if readings else r"\d+", body):
            if part.span() != (0, len(body)):
                for rank, value in enumerate(_readings(part[0], _decimal_mark(text))):
                    yield from _dressed(text, (at + part.start(), at + part.end()), value, rank)


def _power(written: str) -> int:
    """The exponent of `e-3` or `×10^-3`."""
    digits = re.sub(r"^\s?[×x]\s?10\^?|^[eE]", "", written)
    return int(digits.replace("\u2212", "-"))


def _readings(body: str, decimal_mark: str) -> Iterator[Decimal]:
    """What digits with marks may mean, the likeliest first."""
    marks = "".join(dict.fromkeys(re.sub(r"\d", "", body)))
    head, *tail = re.split(r"\D", body)
    match marks:
        case "":
            yield Decimal(body)
        case "." if not head:
            yield Decimal(f"0{body}")
        case "." | "," if len(tail) == 1:
            as_decimal, as_whole = Decimal(f"{head}.{tail[0]}"), Decimal(head + tail[0])
            is_open = len(tail[0]) == 3 and len(head) <= 3 and head[0] != "0"
            if is_open and marks != decimal_mark:
                yield as_whole
            yield as_decimal
            if is_open and marks == decimal_mark:
                yield as_whole
        case _ if _is_grouped([head, *tail]) and len(marks) == 1:
            yield Decimal(head + "".join(tail))
        case _ if (
            len(marks) == 2 and marks[1] in ".," and body.count(marks[1]) == 1 and _is_grouped([head, *tail[:-1]])
        ):
            yield Decimal(f"{head}{''.join(tail[:-1])}.{tail[-1]}")


def _is_grouped(groups: list[str]) -> bool:
    """Whether groups are of three digits (or of two before the last one, as in India)."""
    head, *middle, last = groups
    return (
        len(head) <= 3
        and len(last) == 3
        and (all(len(one) == 3 for one in middle) or all(len(one) == 2 for one in middle))
    )


@lru_cache(maxsize=256)
def _decimal_mark(text: str) -> str:
    """The decimal mark that the text's other numbers prove, else its language's."""
    marks = [match["mark"] for match in _PROOF.finditer(text)]
    if marks.count(",") != marks.count("."):
        return "," if marks.count(",") > marks.count(".") else "."
    return "," if is_continental(text) else "."


def _dressed(text: str, span: tuple[int, int], value: Decimal, rank: int) -> Iterator[Candidate]:
    """The number alone, with its unit or ordinal ending, and multiplied."""
    start, stop = span
    shown = _plain(value)
    yield Candidate(start, stop, shown, rank)
    if text[start:stop].isdecimal() and (ending := _ORDINAL.match(text, stop)):
        yield Candidate(start, ending.end(), shown, rank)
    before = _UNIT_BEFORE.search(text[max(0, start - 5) : start])
    first = start - len(before[0]) if before else start
    yield from _with_unit(text, (start, first, stop), shown, rank)
    if many := _MULTIPLIER.match(text, stop):
        scale = many.lastgroup or "kilo"
        if scale != "money" or before:
            product = _plain(_shifted(value, _SCALES[scale]))
            yield Candidate(start, many.end(), product, rank)
            yield from _with_unit(text, (start, first, many.end()), product, rank)


def _with_unit(text: str, place: tuple[int, int, int], shown: str, rank: int) -> Iterator[Candidate]:
    """The number with the unit before it, or after it; `place` is start, start with the unit, stop."""
    start, first, stop = place
    if first < start:
        yield Candidate(first, stop, shown, rank)
        if _MINUS.search(text[max(0, first - 2) : first]):
            yield Candidate(first - 1, stop, f"-{shown}", rank)
    if after := _UNIT_AFTER.match(text, stop):
        yield Candidate(start, after.end(), shown, rank)


def _fractions(text: str) -> Iterator[Candidate]:
    """1/2, 1 1/2 and ½ where the quotient has few decimals."""
    for match in _FRACTION.finditer(text):
        under = int(match["under"])
        if under and (value := Decimal(int(match["over"])) / under + int(match["whole"] or 0)) == round(value, 6):
            yield Candidate(*match.span(), _plain(value))
    for match in _VULGAR.finditer(text):
        value = Decimal(str(unicodedata.numeric(match["part"]))) + int(match["whole"] or 0)
        if value == round(value, 6):
            yield Candidate(*match.span(), _plain(value))
