r"""Patterns of the named formats, in what JSON Schema and pydantic both accept.

Where the two differ the pattern is their intersection: years 0001 to 9999, no leap second, times with an offset,
mail addresses that could be delivered. A format that is only an annotation has no pattern.
"""

_YEAR = r"(?!0000)\d{4}"
_LEAP = r"(?!0000)(?:\d\d(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)"
_DAY = r"(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\d|30)|02-(?:0[1-9]|1\d|2[0-8]))"
_DATE = rf"(?:{_YEAR}-{_DAY}|{_LEAP}-02-29)"
_OFFSET = r"(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)"
_NAIVE_TIME = r"(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,6})?"
_ANY_TIME = rf"{_NAIVE_TIME}(?:{_OFFSET})?"
_TIME = _NAIVE_TIME + _OFFSET

_N = r"\d{1,6}"
_CLOCK = rf"T(?:{_N}H(?:{_N}M(?:{_N}S)?)?|{_N}M(?:{_N}S)?|{_N}S)"
_DAYS = rf"(?:{_N}Y(?:{_N}M(?:{_N}D)?)?|{_N}M(?:{_N}D)?|{_N}D)"
_DURATION = rf"P(?:{_DAYS}(?:{_CLOCK})?|{_CLOCK}|{_N}W)"

_NO_PUNYCODE = r"(?![A-Za-z0-9]{2}--)"  # needs tables to check


def _label(longest: int) -> str:
    return rf"{_NO_PUNYCODE}[A-Za-z0-9](?:[A-Za-z0-9-]{{0,{longest - 2}}}[A-Za-z0-9])?"


def _labels(longest: int, low: int, high: int) -> str:
    """From `low` to `high` labels of a host name, each with its point."""
    return rf"(?:{_label(longest)}\.){{{low},{high}}}"


# Counting the 253 characters of a host name, or the 254 of a mail address, beside its labels takes too many states:
# few long labels, or many short ones, stay below.
_TOP = r"[A-Za-z]{2,24}"
_LAST = rf"(?![0-9]+$){_label(63)}"
_HOSTNAME = rf"(?:{_labels(63, 0, 2)}|{_labels(20, 0, 8)}){_LAST}"
# Names that deliver no mail anywhere.
_RESERVED_NAMES = ("arpa", "invalid", "local", "localhost", "onion", "test")
_RESERVED = "|".join("".join(f"[{c}{c.upper()}]" for c in name) for name in _RESERVED_NAMES)
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LOCAL = rf"(?=[^@]{{1,64}}@){_ATOM}(?:\.{_ATOM})*"
_EMAIL = rf"{_LOCAL}@(?:{_labels(63, 1, 2)}|{_labels(20, 1, 7)})(?!(?:{_RESERVED})$){_TOP}"

_BYTE = r"(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)"
_IPV4 = rf"{_BYTE}(?:\.{_BYTE}){{3}}"
_H = r"[0-9A-Fa-f]{1,4}"
_TAIL = rf"(?:{_H}:{_H}|{_IPV4})"


def _ipv6() -> str:
    """Eight groups, the last two perhaps an IPv4 address, or fewer around one `::`."""
    forms = [rf"(?:{_H}:){{6}}{_TAIL}"]
    for behind in range(7):  # groups behind "::"
        most = 6 - behind
        before = rf"(?:{_H}(?::{_H}){{0,{most}}})?"
        after = "" if not behind else _H if behind == 1 else rf"(?:{_H}:){{{behind - 2}}}{_TAIL}"
        forms.append(f"{before}::{after}")
    return f"(?:{'|'.join([*forms, rf'::(?:{_H}:){{5}}{_TAIL}'])})"


_IPV6 = _ipv6()
_HEX = r"[0-9A-Fa-f]"


def _uuid(version: str = _HEX, variant: str = _HEX) -> str:
    return rf"{_HEX}{{8}}-{_HEX}{{4}}-{version}{_HEX}{{3}}-{variant}{_HEX}{{3}}-{_HEX}{{12}}"


_UNICODE = r"\u{a0}-\u{d7ff}\u{f900}-\u{fdcf}\u{fdf0}-\u{ffef}"
_PERCENT = r"%[0-9A-Fa-f]{2}"
_PORT = r"(?::(?:6553[0-5]|655[0-2]\d|65[0-4]\d\d|6[0-4]\d{3}|[1-5]\d{4}|[1-9]\d{0,3}))?"
_WEB_LABEL = rf"{_NO_PUNYCODE}[A-Za-z0-9](?:[A-Za-z0-9_-]*[A-Za-z0-9])?"
_WEB_NAME = rf"(?:{_WEB_LABEL}\.)*{_NO_PUNYCODE}[A-Za-z](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
_WEB = rf"(?:https?|wss?|ftp)://(?:{_WEB_NAME}|{_IPV4}){_PORT}"
_SCHEME = r"(?!(?:https?|wss?|ftp|file):)[a-z][a-z0-9+.-]*:"


_LETTERS = r"A-Za-z0-9\u{b7}-\u{2fff}\u{3005}-\u{d7ff}\u{f900}-\u{fdcf}\u{ff10}-\u{ffdc}"
"""Of every script, and some that are none: which ones a label may hold takes tables to check."""
_IDN_LABEL = rf"[{_LETTERS}](?:[{_LETTERS}-]*[{_LETTERS}])?"


def _reference(extra: str, *, is_relative: bool) -> str:
    """RFC 3986: a link with a scheme, or also one without; `extra` are characters beyond ASCII."""
    plain = rf"A-Za-z0-9._~!$&'()*+,;=@{extra}\-"
    path = rf"(?:[{plain}:/]|{_PERCENT})"
    query = rf"(?:\?(?:[{plain}:/?]|{_PERCENT})*)?(?:#(?:[{plain}:/?]|{_PERCENT})*)?"
    rooted = f"(?:/{path}*)?"
    web = rf"(?:{_WEB}|https?://(?:{_IDN_LABEL}\.)+{_IDN_LABEL}{_PORT})" if extra else _WEB
    absolute = rf"(?:{web}{rooted}|file:///{path}*|{_SCHEME}(?:(?!//){path}+|//{_WEB_NAME}{_PORT}{rooted})){query}"
    path_only = rf"(?!//)(?:(?:[{plain}]|{_PERCENT})+)?{rooted}"
    relative = rf"(?:{path_only}|//{_WEB_NAME}{_PORT}{rooted}){query}"
    return f"(?:{absolute}|{relative})" if is_relative else absolute


_IDN_HOSTNAME = rf"(?:{_IDN_LABEL}\.)*{_IDN_LABEL}"
_IDN_ATOM = rf"[{_LETTERS}!#$%&'*+/=?^_`{{|}}~-]+"
_POINTER = r"(?:/(?:[^~/]|~[01])*)*"
_NAME = rf"(?:[A-Za-z0-9_]|{_PERCENT})(?:\.?(?:[A-Za-z0-9_]|{_PERCENT}))*(?::[1-9]\d{{0,3}}|\*)?"
_LITERAL = rf"(?:[!#$&()*+,\-./0-:;=?-Z\[\]_a-z~{_UNICODE}]|{_PERCENT})"
_TEMPLATE = rf"(?:{_LITERAL}|\{{[+#./;?&]?{_NAME}(?:,{_NAME})*\}})*"

_PATTERNS = {
    "date": _DATE,
    "time": _TIME,
    "date-time": f"{_DATE}T{_TIME}",
    "any-time": _ANY_TIME,
    "any-date-time": f"{_DATE}T{_ANY_TIME}",
    "naive-time": _NAIVE_TIME,
    "naive-date-time": f"{_DATE}T{_NAIVE_TIME}",
    "duration": _DURATION,
    "email": _EMAIL,
    "idn-email": rf"{_IDN_ATOM}(?:\.{_IDN_ATOM})*@{_IDN_HOSTNAME}",
    "idn-hostname": _IDN_HOSTNAME,
    "hostname": _HOSTNAME,
    "ipv4": _IPV4,
    "ipv6": _IPV6,
    "ipvanyaddress": f"(?:{_IPV4}|{_IPV6})",
    "ipv4interface": rf"{_IPV4}/(?:[12]?\d|3[0-2])",
    "ipv6interface": rf"{_IPV6}/(?:[1-9]?\d|1[01]\d|12[0-8])",
    "uuid": _uuid(),
    **{f"uuid{n}": _uuid(str(n), "[89abAB]") for n in range(1, 9)},
    "uri": _reference("", is_relative=False),
    "uri-reference": _reference("", is_relative=True),
    "iri": _reference(_UNICODE, is_relative=False),
    "iri-reference": _reference(_UNICODE, is_relative=True),
    "uri-template": _TEMPLATE,
    "json-pointer": _POINTER,
    "relative-json-pointer": rf"(?:0|[1-9]\d*)(?:#|{_POINTER})",
    "base64": r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/][AQgw]==|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=)?",
    "base64url": r"(?:[A-Za-z0-9_-]{4})*(?:[A-Za-z0-9_-][AQgw]==|[A-Za-z0-9_-]{2}[AEIMQUYcgkosw048]=)?",
}
CHECKED = frozenset({"regex", "idn-hostname", "idn-email", "json-string", "ipv4network", "ipv6network", "ipvanynetwork",
                     "ipvanyinterface", "file-path", "directory-path", "path-exists"})  # fmt: skip
"""Formats that constrain texts in a way that no pattern here says, or not to the end."""


def pattern_for(name: str) -> str | None:
    """The anchored pattern of a format; None where it is an annotation, or no pattern says anything about it."""
    found = _PATTERNS.get(name)
    return None if found is None else f"^{found}$"
