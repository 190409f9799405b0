"""Numbers spelled in words: English in full, five other languages up to a hundred."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache

_TEENS = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
_UNITS = f"zero one two three four five six seven eight nine {_TEENS}"
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_ORDINALS = (
    "zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
    "fifteenth sixteenth seventeenth eighteenth nineteenth"
)
_SCALES = {"hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
_GERMAN_UNITS = "ein zwei drei vier fünf sechs sieben acht neun"
_GERMAN_TENS = "zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig"
_OTHERS = (  # zero to ten, eleven to twenty, then in tens to a hundred; a dash where the word says too little
    "null eins zwei drei vier fünf sechs sieben acht neun zehn "
    "elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn "
    "zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig hundert",
    "zéro - deux trois quatre cinq six sept huit neuf dix "
    "onze douze treize quatorze quinze seize dix-sept dix-huit dix-neuf "
    "vingt trente quarante cinquante soixante soixante-dix quatre-vingts quatre-vingt-dix cent",
    "cero - dos tres cuatro cinco seis siete ocho nueve diez "
    "once doce trece catorce quince dieciséis diecisiete dieciocho diecinueve "
    "veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa cien",
    "- - due tre quattro cinque sei sette otto nove dieci "
    "undici dodici tredici quattordici quindici sedici diciassette diciotto diciannove "
    "venti trenta quaranta cinquanta sessanta settanta ottanta novanta cento",
    "- - dois três quatro cinco seis sete oito nove dez "
    "onze doze treze quatorze quinze dezasseis dezassete dezoito dezanove "
    "vinte trinta quarenta cinquenta sessenta setenta oitenta noventa cem",
    "nul - twee drie vier vijf zes zeven acht negen tien "
    "elf twaalf dertien veertien vijftien zestien zeventien achttien negentien "
    "twintig dertig veertig vijftig zestig zeventig tachtig negentig honderd",
)
_VALUES = (*range(20), *range(20, 101, 10))
_WORD = re.compile(r"(?:[^\W\d_][\u0300-\u036f]*)+")
_AFTER_DIGITS = re.compile(r"\d[\s-]?\Z")
_LINK = re.compile(r"(?:\s{1,3}|-|\s{1,3}and\s{1,3})")


@cache
def _small() -> Mapping[str, int]:
    """English number words below a hundred, ordinals too."""
    table = {word: i for i, word in enumerate(_UNITS.split())}
    table |= {word: 10 * i for i, word in enumerate(_TENS.split(), 2)}
    table |= {word: i for i, word in enumerate(_ORDINALS.split())}
    table |= {word[:-1] + "ieth": 10 * i for i, word in enumerate(_TENS.split(), 2)}
    return table


@cache
def _foreign() -> tuple[re.Pattern[str], Mapping[str, int]]:
    """A pattern of the words of other languages, and their numbers."""
    table: dict[str, int] = {}
    for words in _OTHERS:
        table |= {word: value for word, value in zip(words.split(), _VALUES, strict=True) if word != "-"}
    table |= {
        f"{unit}und{tens}": 10 * i + k
        for i, tens in enumerate(_GERMAN_TENS.split(), 2)
        for k, unit in enumerate(_GERMAN_UNITS.split(), 1)
    }
    longest_first = sorted(table, key=len, reverse=True)
    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, longest_first))})(?![\w-])"), table


def number_words(text: str) -> Iterator[tuple[int, int, int]]:
    """Start, stop and value of every number in words; a longer number also gives the words it begins with."""
    words = [(match.start(), match.end(), match[0].lower()) for match in _WORD.finditer(text)]
    done = 0  # characters before it belong to numbers that were found
    for index, (start, _, word) in enumerate(words):
        is_multiplier = word in _SCALES and _AFTER_DIGITS.search(text[max(0, start - 2) : start])
        if start >= done and (word in _small() or word in _SCALES) and not is_multiplier:
            run = list(_run(text, words, index))
            done = run[-1][1]
            yield from run
    yield from _other_languages(text)


def _other_languages(text: str) -> Iterator[tuple[int, int, int]]:
    pattern, table = _foreign()
    composed = unicodedata.normalize("NFC", text)
    if len(composed) != len(text):  # offsets would move: read the text as it is
        composed = text
    lowered = composed.lower()
    for match in pattern.finditer(lowered if len(lowered) == len(text) else composed):
        yield match.start(), match.end(), table[match[0]]


def _linked(text: str, start: int, stop: int) -> bool:
    return _LINK.fullmatch(text, start, stop) is not None


def _run(text: str, words: list[tuple[int, int, str]], index: int) -> Iterator[tuple[int, int, int]]:
    """The numbers that begin with the word at `index`: each prefix that is a number."""
    start, stop, word = words[index]
    spelled: list[str] = []
    while True:
        spelled.append(word)
        value = _value(spelled)
        if value is None:
            return
        yield start, stop, value
        index += 1
        index += index < len(words) and words[index][2] == "and"
        if index >= len(words) or not _linked(text, stop, words[index][0]):
            return
        _, stop, word = words[index]


def _value(words: list[str]) -> int | None:
    """The number that English words spell, None where they do not go together."""
    total, part, last = 0, 0, 0  # `last`: the size of what was added last; the next must be smaller
    for word in words:
        scale = _SCALES.get(word)
        if scale is None:
            size = _small().get(word, -1)
            if size < 0 or (last and not _fits(last, size)):
                return None
            part, last = part + size, size or 1
        elif scale == 100:
            if part >= 100:
                return None
            part, last = (part or 1) * 100, 100
        else:
            if total and scale >= total:
                return None
            total, part, last = total + (part or 1) * scale, 0, scale
    return total + part


def _fits(last: int, size: int) -> bool:
    """Whether a word for `size` may follow one for `last`: twenty one, hundred five; never five six."""
    return last >= 100 or (last >= 20 and last % 10 == 0 and 0 < size < 10)
