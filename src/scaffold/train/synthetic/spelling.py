"""How dates, times, numbers and money are spelled in twelve languages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from scaffold.train.synthetic import scripts
from scaffold.train.synthetic.said import Said

MONTHS = {
    "en": "January February March April May June July August September October November December",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    **scripts.MONTHS,
}
SHORT = {
    "en": "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
    "de": "Jan. Feb. März Apr. Mai Juni Juli Aug. Sept. Okt. Nov. Dez.",
}
WORDS = {
    "en": "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen",
    "de": "eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf",
    "fr": "un deux trois quatre cinq six sept huit neuf dix onze douze",
    "es": "uno dos tres cuatro cinco seis siete ocho nueve diez once doce",
    "it": "uno due tre quattro cinque sei sette otto nove dieci undici dodici",
    "pt": "um dois três quatro cinco seis sete oito nove dez onze doze",
}
DATES = {
    "en": (
        "{d} {month} {y}",
        "{month} {d}, {y}",
        "{month} {d}, {y}",
        "{d} {month} {y}",
        "{d} {mon} {y}",
        "{mon} {d}, {y}",
        "{mon}. {d}, {y}",
        "{th} {month} {y}",
        "the {th} of {month} {y}",
        "{month} {th}, {y}",
        "{y}-{mm}-{dd}",
        "{dd}-{mon}-{y}",
        "{mm}/{dd}/{y}",
        "{dd}/{mm}/{y}",
        "{dd}.{mm}.{y}",
        "{y}/{mm}/{dd}",
        "{mon} {d} {y}",
    ),
    "de": ("{d}. {month} {y}", "{d}. {month} {y}", "{dd}.{mm}.{y}", "{d}.{m}.{y}", "{d}. {mon} {y}", "{y}-{mm}-{dd}"),
    "fr": ("{d} {month} {y}", "{d} {month} {y}", "{dd}/{mm}/{y}", "{y}-{mm}-{dd}"),
    "es": ("{d} de {month} de {y}", "{d} de {month} de {y}", "{dd}/{mm}/{y}", "{dd}-{mm}-{y}"),
    "it": ("{d} {month} {y}", "{d} {month} {y}", "{dd}/{mm}/{y}", "{dd}.{mm}.{y}"),
    "pt": ("{d} de {month} de {y}", "{d} de {month} de {y}", "{dd}/{mm}/{y}"),
    **scripts.DATES,
}
WEEKDAYS = {
    "en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
    "de": "Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag",
    "fr": "lundi mardi mercredi jeudi vendredi samedi dimanche",
    "es": "lunes martes miércoles jueves viernes sábado domingo",
}
TIME_UNITS = {  # of one and of several: days, hours, minutes
    "en": (("day", "days"), ("hour", "hours"), ("minute", "minutes")),
    "de": (("Tag", "Tagen"), ("Stunde", "Stunden"), ("Minute", "Minuten")),
}
MILLIONS = {"en": ("million", "million", "m", "mn"), "de": ("Millionen", "Mio.")}
GROUPING = {  # thousands and decimal marks in use
    "en": ((",", "."), (",", "."), ("", "."), ("", ".")),
    "de": ((".", ","), (".", ","), ("", ","), ("’", ".")),
    "fr": ((" ", ","), ("\u202f", ","), ("", ",")),
    "es": ((".", ","), ("", ",")),
    "it": ((".", ","), ("", ",")),
    "pt": ((".", ","), ("", ",")),
    **scripts.GROUPING,
}
CURRENCIES = {
    "en": (
        ("$", "USD"),
        ("$", "USD"),
        ("£", "GBP"),
        ("€", "EUR"),
        ("A$", "AUD"),
        ("₹", "INR"),
        ("USD", "USD"),
        ("GBP", "GBP"),
    ),
    "de": (("€", "EUR"), ("EUR", "EUR"), ("CHF", "CHF"), ("Euro", "EUR")),
    "fr": (("€", "EUR"), ("EUR", "EUR"), ("euros", "EUR"), ("CHF", "CHF")),
    "es": (("€", "EUR"), ("euros", "EUR"), ("MXN", "MXN"), ("EUR", "EUR")),
    "it": (("€", "EUR"), ("EUR", "EUR"), ("euro", "EUR")),
    "pt": (("R$", "BRL"), ("€", "EUR"), ("EUR", "EUR"), ("euros", "EUR")),
    **scripts.CURRENCIES,
}
AND = {"en": "and", "de": "und", "fr": "et", "es": "y", "it": "e", "pt": "e", **scripts.AND}
_MONTHS = {language: names.split() for language, names in MONTHS.items()}
_SHORT = {language: SHORT.get(language, names).split() for language, names in MONTHS.items()}
_WORDS = {language: names.split() for language, names in WORDS.items()}


def a_day(rng: Random, first: int = 1990, last: int = 2029) -> date:
    """Any day of the years `first` to `last`."""
    return date(first, 1, 1) + timedelta(rng.randrange((last - first + 1) * 365))


@dataclass(frozen=True, slots=True)
class Speech:
    """The habits of one writer: language, date styles, digit grouping, currency."""

    language: str
    date_style: str
    grouping: tuple[str, str]
    currency: tuple[str, str]
    is_sign_first: bool
    is_wordy: bool
    is_12_hour: bool
    names_weekday: bool

    def date(self, day: date) -> Said:
        """A day as this writer spells it; a numeric spelling is never ambiguous in its language."""
        style = self.date_style
        if style in {"{mm}/{dd}/{y}", "{dd}/{mm}/{y}"} and self.language == "en" and day.day <= 12:
            style = "{d} {month} {y}"
        raw = style.format(
            d=day.day,
            dd=f"{day.day:02}",
            th=ordinal(day.day),
            m=day.month,
            mm=f"{day.month:02}",
            y=day.year,
            month=_MONTHS[self.language][day.month - 1],
            mon=_SHORT[self.language][day.month - 1],
        )
        weekday = WEEKDAYS.get(self.language, "").split()[day.weekday() :][:1] if self.names_weekday else []
        before, after = "".join(f"{name}, " for name in weekday), scripts.YEAR if raw.endswith(scripts.YEAR) else ""
        return Said(raw.removesuffix(after).replace("May.", "May"), day.isoformat(), before, after)

    def time(self, rng: Random, first: int = 7, last: int = 21) -> Said:
        """A time of day at a five-minute mark; the value is HH:MM."""
        hour, minute = rng.randint(first, last), rng.choice((0, 0, 30, 15, 45, 5 * rng.randrange(12)))
        value = f"{hour:02}:{minute:02}"
        if self.language != "en" or not self.is_12_hour:
            return Said({"de": f"{hour}.{minute:02}", "fr": f"{hour}h{minute:02}"}.get(self.language, value), value)
        half = rng.choice((" am", " a.m.", "am", " AM")) if hour < 12 else rng.choice((" pm", " p.m.", "pm", " PM"))
        clock = hour - 12 if hour > 12 else hour
        return Said(f"{clock}{half}" if not minute else f"{clock}:{minute:02}{half}", value)

    def integer(self, value: int) -> Said:
        """A count: a word when small and the writer likes words, grouped digits when large."""
        words = _WORDS.get(self.language, [])
        if self.is_wordy and 1 < value <= len(words):
            return Said(words[value - 1], value)
        return Said(f"{value:,}".replace(",", self.grouping[0]), value)

    def number(self, value: float, places: int = 2) -> Said:
        """A decimal number; zero decimals are left out."""
        thousands, mark = self.grouping
        shown = f"{value:,.{places}f}"
        raw = shown.replace(",", "\0").replace(".", mark).replace("\0", thousands)
        return Said(raw, _plain(round(value, places)))

    def money(self, value: float, *, is_round: bool = False, unit: str = "currency") -> Said:
        """An amount with the writer's currency sign, which spells the fact `unit`."""
        number = self.number(value, 0 if is_round and value == int(value) else 2)
        sign = self.currency[0]
        if self.is_sign_first and (self.language == "en" or sign.isupper() or sign == "R$"):
            return Said(number.raw, number.value, before=sign + (" " if sign[-1].isalpha() else ""), unit=unit)
        return Said(number.raw, number.value, after=" " + sign, unit=unit)

    def millions(self, rng: Random, *, unit: str) -> Said:
        """A sum of which only millions and a digit behind the point are told."""
        told = rng.randint(11, 995) / 10
        number, word = self.number(told, 1), rng.choice(MILLIONS[self.language])
        raw = f"{number.raw}{'' if len(word) < 3 else ' '}{word}"
        sign = self.currency[0]
        value = round(told * 1_000_000)
        if self.is_sign_first and self.language == "en" and not sign[-1].isalpha():
            return Said(raw, value, before=sign, unit=unit)
        return Said(raw, value, after=" " + sign, unit=unit)

    def duration(self, minutes: int) -> Said:
        """Hours and minutes in words or letters; the value is ISO 8601."""
        hours, rest = divmod(minutes, 60)
        (_, (hour, several_hours), (minute, several)) = TIME_UNITS[self.language]
        value = "PT" + (f"{hours}H" if hours else "") + (f"{rest}M" if rest else "")
        if not self.is_wordy:
            return (
                Said(f"{hours} h {rest:02} min", value) if hours and rest else Said(f"{minutes} min", f"PT{minutes}M")
            )
        parts = [f"{hours} {hour if hours == 1 else several_hours}"] if hours else []
        parts += [f"{rest} {minute if rest == 1 else several}"] if rest else []
        return Said(f" {AND[self.language]} ".join(parts), value)

    def days(self, number: int) -> Said:
        """A number of days; the value is ISO 8601."""
        return Said(f"{number} {TIME_UNITS[self.language][0][number > 1]}", f"P{number}D")

    def joins(self, rng: Random) -> tuple[str, str]:
        """Separators of a list: between its items, and before its last one."""
        word = f" {AND[self.language]} "
        return rng.choice(
            (
                (", ", word),
                (", ", word),
                (", ", ", "),
                ("; ", "; "),
                (", ", "," + word) if self.language == "en" else (", ", word),
            )
        )


def _plain(value: float) -> int | float:
    """An integer where nothing stands behind the decimal point."""
    return int(value) if value == int(value) else value


def ordinal(number: int) -> str:
    """An English ordinal in digits: 1st, 22nd, 13th."""
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{'th' if number // 10 == 1 else ending}"


def speak(rng: Random, languages: Sequence[str]) -> Speech:
    """A writer of one of `languages`."""
    language = rng.choice(languages)
    return Speech(
        language,
        rng.choice(DATES[language]),
        rng.choice(GROUPING[language]),
        rng.choice(CURRENCIES[language]),
        rng.random() < 0.75,
        rng.random() < 0.4,
        rng.random() < 0.5,
        rng.random() < 0.1,
    )
