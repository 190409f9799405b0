"""Whether a text has a format that JSON Schema names: yes if and only if its own standard says so."""

import re
from calendar import monthrange
from collections.abc import Callable, Mapping
from ipaddress import AddressValueError, IPv6Address
from unicodedata import bidirectional, normalize

import idna

from scaffold.schema.ecma import is_pattern

_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_TIME = re.compile(
    r"([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.[0-9]+)?(?:[Zz]|([+-])([0-9]{2}):([0-9]{2}))",
)
_SECONDS = r"[0-9]+S"
_MINUTES = rf"[0-9]+M(?:{_SECONDS})?"
_CLOCK = rf"T(?:[0-9]+H(?:{_MINUTES})?|{_MINUTES}|{_SECONDS})"
_DAYS = r"[0-9]+D"
_MONTHS = rf"[0-9]+M(?:{_DAYS})?"
_DURATION = re.compile(rf"P(?:[0-9]+W|(?:[0-9]+Y(?:{_MONTHS})?|{_MONTHS}|{_DAYS})(?:{_CLOCK})?|{_CLOCK})")
_UUID = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_HOSTNAME = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LOCAL = re.compile(rf'{_ATOM}(?:\.{_ATOM})*|"(?:[ !#-\[\]-~]|\\[ -~])*"')
_IDN_ATOM = r"[^\x00-\x20\x7f\"(),.:;<>@\[\\\]]+"
_IDN_LOCAL = re.compile(rf'{_IDN_ATOM}(?:\.{_IDN_ATOM})*|"(?:[^\x00-\x1f\x7f"\\]|\\[ -~])*"')
_RIGHT_TO_LEFT = frozenset({"R", "AL", "AN"})
_OCTET = r"(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_IPV4 = re.compile(rf"{_OCTET}(?:\.{_OCTET}){{3}}")
_POINTER = re.compile(r"(?:/(?:[^~/]|~[01])*)*")
_RELATIVE_POINTER = re.compile(r"(?:0|[1-9][0-9]*)(?:#|(?:/(?:[^~/]|~[01])*)*)")
_BEYOND = (
    "\u00a0-\ud7ff\uf900-\ufdcf\ufdf0-\uffef"
    + "".join(f"{chr(plane << 16)}-{chr((plane << 16) + 0xFFFD)}" for plane in range(1, 14))
    + "\U000e1000-\U000efffd"
)
_VARIABLE = r"(?:[A-Za-z0-9_]|%[0-9A-Fa-f]{2})(?:\.?(?:[A-Za-z0-9_]|%[0-9A-Fa-f]{2}))*(?::[1-9][0-9]{0,3}|\*)?"
_EXPRESSION = rf"\{{[+#./;?&=,!@|]?{_VARIABLE}(?:,{_VARIABLE})*\}}"
_PRIVATE = "\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd"


def _reference(beyond: str, private: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """The grammars of RFC 3986 (or, with characters beyond ASCII, RFC 3987): absolute, and reference."""
    plain = rf"A-Za-z0-9._~\-{beyond}"
    escaped, marks = r"%[0-9A-Fa-f]{2}", r"!$&'()*+,;="
    step = rf"(?:[{plain}{marks}:@]|{escaped})"
    user = rf"(?:(?:[{plain}{marks}:]|{escaped})*@)?"
    host = rf"(?:\[(?P<six>[^\]]*)\]|(?:[{plain}{marks}]|{escaped})*)"
    authority = rf"//{user}{host}(?::[0-9]*)?(?:/{step}*)*"
    rooted, rootless = rf"/(?:{step}+(?:/{step}*)*)?", rf"{step}+(?:/{step}*)*"
    no_colon = rf"(?:[{plain}{marks}@]|{escaped})+(?:/{step}*)*"
    tail = rf"(?:\?(?:{step}|[/?{private}])*)?(?:#(?:{step}|[/?])*)?"
    scheme = r"[A-Za-z][A-Za-z0-9+.-]*:"
    absolute = rf"{scheme}(?:{authority}|{rooted}|{rootless}|){tail}"
    relative = rf"(?:{authority}|{rooted}|{no_colon}|){tail}"
    return re.compile(absolute), re.compile(relative)


_LITERAL = rf"[!#$&()*+,\-./0-:;=?-Z\[\]_a-z~{_BEYOND}{_PRIVATE}]|%[0-9A-Fa-f]{{2}}"
_TEMPLATE = re.compile(rf"(?:{_LITERAL}|{_EXPRESSION})*")
_URI, _RELATIVE_URI = _reference("", "")
_IRI, _RELATIVE_IRI = _reference(_BEYOND, _PRIVATE)


def _matches(*patterns: re.Pattern[str]) -> Callable[[str], bool]:
    """A check that the text is one of these forms, and that an address in brackets is one."""

    def check(text: str) -> bool:
        found = next((m for m in (pattern.fullmatch(text) for pattern in patterns) if m), None)
        return found is not None and _is_literal_host(found.groupdict().get("six"))

    return check


def _is_literal_host(text: str | None) -> bool:
    if text is None:
        return True
    future = re.fullmatch(r"[vV][0-9A-Fa-f]+\.[A-Za-z0-9._~!$&'()*+,;=:-]+", text)
    return future is not None or is_ipv6(text)


def is_date(text: str) -> bool:
    """RFC 3339 `full-date`: a day that exists."""
    found = _DATE.fullmatch(text)
    if not found:
        return False
    year, month, day = (int(part) for part in found.groups())
    # Year 0 is legal there and a leap year, as is every fourth century.
    return 1 <= month <= 12 and 1 <= day <= monthrange(year or 2000, month)[1]


def is_time(text: str) -> bool:
    """RFC 3339 `full-time`: with an offset; a leap second only at the end of a day in UTC."""
    found = _TIME.fullmatch(text)
    if not found:
        return False
    hour, minute, second = int(found[1]), int(found[2]), int(found[3])
    offset_hour, offset_minute = int(found[5] or 0), int(found[6] or 0)
    if hour > 23 or minute > 59 or second > 60 or offset_hour > 23 or offset_minute > 59:
        return False
    shift = (offset_hour * 60 + offset_minute) * (-1 if found[4] == "+" else 1)
    return second < 60 or (hour * 60 + minute + shift) % 1440 == 1439


def is_date_time(text: str) -> bool:
    """RFC 3339 `date-time`."""
    return len(text) > 10 and text[10] in "Tt" and is_date(text[:10]) and is_time(text[11:])


def is_hostname(text: str) -> bool:
    """RFC 1123: labels of at most 63 letters, digits and inner hyphens, 253 characters together."""
    return len(text) <= 253 and _HOSTNAME.fullmatch(text) is not None


def is_ipv6(text: str) -> bool:
    """RFC 4291 section 2.2, without a zone."""
    try:
        IPv6Address(text)
    except AddressValueError:
        return False
    return "%" not in text and text.isascii()


def is_email(text: str) -> bool:
    """RFC 5321 `Mailbox`."""
    local, _, domain = text.rpartition("@")
    if len(local) > 64 or not _LOCAL.fullmatch(local):
        return False
    if domain.startswith("[") and domain.endswith("]"):
        address = domain[1:-1]
        return _IPV4.fullmatch(address) is not None or (address[:5].lower() == "ipv6:" and is_ipv6(address[5:]))
    return is_hostname(domain)


def is_idn_hostname(text: str) -> bool:
    """RFC 5890: labels that are, or have, an A-label; between them any of the four full stops of IDNA 2003.

    Where one label is written from right to left, RFC 5893 asks its rule of all of them.
    """
    if not text or text[-1] in ".。．｡":
        return False
    try:
        encoded = idna.encode(text, std3_rules=True)
        labels = [idna.ulabel(label) for label in encoded.split(b".")]
        if any(bidirectional(character) in _RIGHT_TO_LEFT for label in labels for character in label):
            return len(encoded) <= 253 and all(idna.check_bidi(label, check_ltr=True) for label in labels)
    except (idna.IDNAError, UnicodeError):
        return False
    return len(encoded) <= 253


def is_idn_email(text: str) -> bool:
    """RFC 6531 `Mailbox`: as `is_email`, with letters of every script; a domain is composed when it is looked up."""
    local, _, domain = text.rpartition("@")
    return is_email(text) or (_IDN_LOCAL.fullmatch(local) is not None and is_idn_hostname(normalize("NFC", domain)))


CHECKS: Mapping[str, Callable[[str], bool]] = {
    "date": is_date,
    "time": is_time,
    "date-time": is_date_time,
    "duration": _matches(_DURATION),
    "email": is_email,
    "uuid": _matches(_UUID),
    "uri": _matches(_URI),
    "uri-reference": _matches(_URI, _RELATIVE_URI),
    "iri": _matches(_IRI),
    "iri-reference": _matches(_IRI, _RELATIVE_IRI),
    "hostname": is_hostname,
    "idn-hostname": is_idn_hostname,
    "idn-email": is_idn_email,
    "uri-template": _matches(_TEMPLATE),
    "ipv4": _matches(_IPV4),
    "ipv6": is_ipv6,
    "json-pointer": _matches(_POINTER),
    "relative-json-pointer": _matches(_RELATIVE_POINTER),
    "regex": is_pattern,
}
"""The formats that are asserted; any other is an annotation."""
