"""Names, addresses, towns and companies of some fifty countries, in their own order and script, as Faker knows them."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from random import Random
from typing import Any

from scaffold.extras import optional
from scaffold.train.synthetic.listing import listed

LOCALES = listed(
    "az_AZ cs_CZ da_DK de_AT de_CH de_DE el_GR en_AU en_CA en_GB en_IE en_IN en_NZ en_US es_AR es_CO es_ES es_MX fi_FI "
    "fr_CA fr_CH fr_FR he_IL hi_IN hr_HR hu_HU hy_AM id_ID it_IT ka_GE mk_MK ne_NP nl_BE nl_NL no_NO pl_PL pt_BR pt_PT "
    "ro_RO ru_RU sk_SK sl_SI sv_SE ta_IN th_TH uk_UA zu_ZA"
)
"""Countries whose addresses have a form of their own there, and whose names are written with spaces."""
_NAME = {"first_name": "given", "middle_name": "middle", "last_name": "family", "prefix": "honorific"}
_ADDRESS = {
    "building_number": "number",
    "street_name": "road",
    "city": "city",
    "city_name": "city",
    "postcode": "postcode",
    "postalcode": "postcode",
    "state": "region",
    "state_abbr": "region",
    "province": "region",
    "province_abbr": "region",
    "estado_sigla": "region",
    "bairro": "district",
    "district": "district",
    "secondary_address": "unit",
}
_HOLE = re.compile(r"\{\{(\w+?)(?:_male|_female|_nonbinary|_unisex)?\}\}")
_TOUCHING = re.compile(r"\}\{|\w\{|\}\w| \{honorific\}")
"""Parts that no border divides; a prefix within a name is no form of address but a particle."""
_DEPTH = 4
ABROAD = 0.15
"""Share of names, towns and companies that are drawn from here wherever one is told."""


@dataclass(frozen=True, slots=True)
class Writing:
    """How one country writes something: forms with parts in braces, and Faker's name for each of the parts."""

    forms: tuple[str, ...]
    kinds: Mapping[str, str]


def drawn(rng: Random, kind: str, locale: str = "") -> str:
    """What Faker calls `kind` (`name`, `company`, `city`), of any country if none is named."""
    source = _source(locale or rng.choice(LOCALES))
    source.random = rng
    return " ".join(str(getattr(source, kind)()).split())


@cache
def names(locale: str) -> Writing:
    """The names of people; parts are given, middle, family and honorific."""
    formats = getattr(_provider(locale, "person"), "formats", ())
    return _writing(formats, _NAME)


@cache
def addresses(locale: str) -> Writing:
    """Postal addresses; parts are number, road, city, postcode, region, district and unit."""
    return _writing(_spelled_out("{{address}}", _provider(locale, "address")), _ADDRESS)


def _writing(formats: Iterable[str], parts: Mapping[str, str]) -> Writing:
    """The formats that are made of known parts alone, each once and apart from the next."""
    kinds: dict[str, str] = {}
    forms: dict[str, None] = {}
    for one in formats:
        found = {parts.get(kind, ""): kind for kind in _HOLE.findall(one)}
        form = _HOLE.sub(lambda hole: "{" + parts.get(hole[1], "") + "}", one)
        is_known = "" not in found and len(found) == len(_HOLE.findall(one)) > 1
        is_same = all(kinds.get(part, kind) == kind for part, kind in found.items())
        if is_known and is_same and not _TOUCHING.search(form):
            kinds |= found
            forms[form] = None
    return Writing(tuple(forms), kinds)


def _spelled_out(text: str, provider: Any, depth: int = 0) -> list[str]:
    """`text` with every part that has formats of its own written out, in every way."""
    for hole in _HOLE.finditer(text):
        formats = () if hole[1] in _ADDRESS else getattr(provider, f"{hole[1]}_formats", ())
        if formats and depth < _DEPTH:
            each = (text[: hole.start()] + one + text[hole.end() :] for one in formats)
            return [found for one in each for found in _spelled_out(one, provider, depth + 1)]
    return [text]


@cache
def _source(locale: str) -> Any:
    return optional("faker", "train").Factory.create(locale)


def _provider(locale: str, topic: str) -> Any:
    return next(one for one in _source(locale).get_providers() if f".{topic}" in type(one).__module__)
