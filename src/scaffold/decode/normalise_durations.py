"""Lengths of time in a text, read as ISO 8601 durations; weeks become days."""

import re
from collections.abc import Mapping
from decimal import Decimal

from scaffold.decode.candidate import Candidate, in_order
from scaffold.decode.normalise_numbers import numbers

_NAMES: Mapping[str, str] = {
    "Y": "year years yr yrs Jahr Jahre Jahren an ans année années año años anno anni ano anos jaar",
    "M": "month months Monat Monate Monaten mois mes meses mese mesi mês maand maanden",
    "W": "week weeks wk wks Woche Wochen semaine semaines semana semanas settimana settimane weken",
    "D": "day days d Tag Tage Tagen jour jours día días giorno giorni dia dias dag dagen",
    "TH": "hour hours hr hrs h Stunde Stunden Std heure heures hora horas ora ore uur",
    "TM": "minute minutes min mins m Minute Minuten Min minuto minutos minuti minuut minuten",
    "TS": "second seconds sec secs s Sekunde Sekunden Sek seconde secondes segundo segundos secondo secondi",
}
_ORDER = ("Y", "M", "D", "TH", "TM", "TS")
_UNITS = {name.lower(): unit for unit, names in _NAMES.items() for name in names.split()}
_UNIT = re.compile(r"[\s\u00a0-]?(?P<name>[^\W\d_]+)\.?(?!\w)")
_LINK = re.compile(r"\s{0,3}(?:,|and|und|et|y|e|en)?\s{0,3}", re.IGNORECASE)
_LEAST_MIXED = 2
_GLUED = re.compile(r"(?<![\w.,:])(?P<hours>\d{1,3})\s?h\s?(?P<minutes>[0-5]\d)(?!\w)")
_WRITTEN = re.compile(r"(?<!\w)P(?=\d|T\d)(?:\d+Y)?(?:\d+M)?(?:\d+D)?(?:T(?=\d)(?:\d+H)?(?:\d+M)?(?:\d+S)?)?(?!\w)")


def durations(text: str) -> tuple[Candidate, ...]:
    """All spans that name a length of time (2 hours 30 minutes), the parts of mixed ones too."""
    parts = _parts(text)
    found = [Candidate(start, _end(text, stop), _iso(((unit, value),))) for start, stop, unit, value in parts]
    for index in range(len(parts)):
        chain = _chain(text, parts, index)
        if len(chain) >= _LEAST_MIXED:
            found.append(
                Candidate(
                    chain[0][0], _end(text, chain[-1][1]), _iso(tuple((unit, value) for _, _, unit, value in chain))
                )
            )
    found += [Candidate(*m.span(), f"PT{int(m['hours'])}H{int(m['minutes'])}M") for m in _GLUED.finditer(text)]
    found += [Candidate(*m.span(), m[0]) for m in _WRITTEN.finditer(text)]
    return in_order(found)


def _end(text: str, stop: int) -> int:
    """The end without a point, which may as well be the sentence's."""
    return stop - (text[stop - 1] == ".")


Part = tuple[int, int, str, Decimal]


def _parts(text: str) -> list[Part]:
    """Numbers with the unit of time after them."""
    found = []
    for one in numbers(text):
        match = _UNIT.match(text, one.stop)
        unit = match and _UNITS.get(match["name"].lower())
        value = Decimal(one.value_text)
        if (
            match
            and unit
            and value >= 0
            and one.rank == 0
            and (value == int(value) or unit in {"TS", "TM", "TH", "D", "W"})
        ):
            found.append((one.start, match.end(), *_whole(unit, value)))
    return found


def _whole(unit: str, value: Decimal) -> tuple[str, Decimal]:
    """The same length in a unit that holds a whole number of it, where there is one."""
    for larger, smaller, count in (("W", "D", 7), ("D", "TH", 24), ("TH", "TM", 60), ("TM", "TS", 60)):
        if unit == larger and (larger == "W" or value != int(value)):
            unit, value = smaller, value * count
    return unit, value


def _chain(text: str, parts: list[Part], index: int) -> list[Part]:
    """The parts from `index` on that follow each other from larger to smaller units."""
    chain = [parts[index]]
    for part in parts[index + 1 :]:
        last = chain[-1]
        follows = part[0] >= last[1] and _LINK.fullmatch(text, last[1], part[0])
        if follows and _ORDER.index(part[2]) > _ORDER.index(last[2]):
            chain.append(part)
        elif part[0] >= last[1]:
            break
    return chain


def _iso(parts: tuple[tuple[str, Decimal], ...]) -> str:
    """P1DT2H30M."""
    days = "".join(f"{value:f}{unit}" for unit, value in _trimmed(parts) if len(unit) == 1)
    clock = "".join(f"{value:f}{unit[1]}" for unit, value in _trimmed(parts) if len(unit) > 1)
    return f"P{days}" + (f"T{clock}" if clock else "")


def _trimmed(parts: tuple[tuple[str, Decimal], ...]) -> list[tuple[str, Decimal]]:
    """Values without zeros behind the point."""
    return [(unit, Decimal(int(value)) if value == int(value) else value.normalize()) for unit, value in parts]
