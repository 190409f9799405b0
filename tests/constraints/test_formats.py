import random
from datetime import date, datetime, time, timedelta
from functools import cache
from ipaddress import IPv4Address, IPv6Address
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import UUID4, AnyUrl, Base64Bytes, EmailStr, IPvAnyAddress, NaiveDatetime, TypeAdapter

from scaffold.constraints.formats import CHECKED, pattern_for
from scaffold.constraints.language import escape
from scaffold.constraints.strings import body
from scaffold.decode.formats import CHECKS
from scaffold.schema import ir

TYPES = {
    "date": date, "time": time, "date-time": datetime, "any-time": time, "any-date-time": datetime,
    "naive-time": time, "naive-date-time": NaiveDatetime, "duration": timedelta, "email": EmailStr, "uuid": UUID,
    "uuid4": UUID4, "uri": AnyUrl, "ipv4": IPv4Address, "ipv6": IPv6Address, "ipvanyaddress": IPvAnyAddress,
    "base64": Base64Bytes,
}  # fmt: skip


INTERNATIONAL = {"idn-email", "idn-hostname"}


@cache
def automaton_of(name):
    found = body(ir.String(formats=(name,)))
    assert found.widened == ()
    return found.automaton


def admits(name, text):
    return automaton_of(name).accepts(escape(text).encode())


def walked(automaton, rng):
    """A random legal text of ASCII, ended early at random."""
    state, text = 0, []
    while not (automaton.accepting[state] and (rng.random() < 0.15 or len(text) > 60)):
        ways = [b for b in range(0x20, 0x7F) if automaton.transitions[state, automaton.byte_class[b]] >= 0]
        if not ways:
            break
        text.append(rng.choice(ways))
        state = int(automaton.transitions[state, automaton.byte_class[text[-1]]])
        if len(text) > 400:
            return None
    return bytes(text).decode() if automaton.accepting[state] else None


@pytest.mark.parametrize("name", sorted(CHECKS.keys() - CHECKED))
@given(seed=st.integers(0, 2**32))
def test_every_text_of_a_format_is_one_by_its_standard(name, seed):
    text = walked(automaton_of(name), random.Random(seed))
    assert text is None or CHECKS[name](text)


@pytest.mark.parametrize("name", sorted(TYPES))
@given(seed=st.integers(0, 2**32))
def test_every_text_of_a_format_is_read_by_pydantic(name, seed):
    text = walked(automaton_of(name), random.Random(seed))
    if text is not None:
        TypeAdapter(TYPES[name]).validate_json(f'"{text}"')


@given(st.dates())
def test_every_date_is_legal(value):
    assert admits("date", value.isoformat())


@pytest.mark.parametrize("text", ["2023-02-29", "1900-02-29", "2024-04-31", "2024-13-01", "0000-01-01", "2024-00-10"])
def test_days_that_do_not_exist_are_not(text):
    assert not admits("date", text)


@given(st.datetimes(), st.sampled_from(["Z", "+00:00", "-11:30"]))
def test_every_moment_with_an_offset_is_legal(value, offset):
    assert admits("date-time", value.isoformat() + offset)
    assert admits("time", value.time().isoformat() + offset)


@given(st.uuids(version=4))
def test_every_uuid_is_legal_and_its_version_is_told_apart(value):
    assert admits("uuid", str(value))
    assert admits("uuid4", str(value))
    assert not admits("uuid1", str(value))


@given(st.ip_addresses())
def test_every_address_is_legal(value):
    assert admits(f"ipv{value.version}", str(value))
    assert admits("ipvanyaddress", str(value))


@given(st.ip_addresses(v=6))
def test_an_address_without_abbreviation_is_legal(value):
    assert admits("ipv6", value.exploded)


LEGAL = {
    "email": ["jane.doe+tag@example.co.uk", "a@b-c.io", "x_1%y@9gag.com"],
    "hostname": ["localhost", "a.b-c.example", "x" * 63 + ".de"],
    "uri": [
        "https://example.com", "http://example.com:8080/a/b?c=d&e#f", "https://127.0.0.1/x%20y",
        "mailto:jane@example.com",
        "urn:isbn:0451450523", "file:///etc/hosts", "ftp://ftp.example.org/a;b", "postgres://db.local:5432/name",
    ],
    "uri-reference": ["", "/a/b", "a/b?c", "#top", "../x", "https://example.com", "?q=1"],
    "iri": ["https://example.com/Überraschung?größe=5"],
    "iri-reference": ["/straße", "#größe"],
    "duration": ["P3Y6M4DT12H30M5S", "PT0S", "P2W", "P1D", "PT36H"],
    "json-pointer": ["", "/a~1b/~0/0"],
    "relative-json-pointer": ["0", "1/a", "2#"],
    "uri-template": ["https://x.org/{user}/{?q,lang*}{#frag:3}", "plain"],
    "base64": ["", "aGk=", "aGVsbG8h"],
    "ipv4interface": ["10.0.0.1/8"],
    "ipv6interface": ["::1/128"],
}  # fmt: skip


@pytest.mark.parametrize(("name", "text"), [(name, text) for name, texts in LEGAL.items() for text in texts])
def test_usual_texts_of_a_format_are_legal(name, text):
    assert admits(name, text)


ILLEGAL = {
    "email": ["jane", "@b.de", "a@b", "a..b@c.de", "a@-b.de", "a@b.local", "a@ab--c.de", "é@b.de"],
    "hostname": ["", "-a", "a-", "a..b", "x" * 64, "a_b"],
    "uri": ["example.com", "http://", "https:///x", "http://a b", "http://x.org/%zz", "http://1.2.3.999/"],
    "duration": ["P", "PT", "P1Y2D3M", "1D", "P1H"],
    "time": ["12:00:00", "24:00:00Z", "12:60:00Z", "12:00:60Z", "12:00Z"],
    "ipv4": ["1.2.3", "01.2.3.4", "256.1.1.1"],
    "ipv6": ["1::2::3", ":::", "1:2:3:4:5:6:7", "g::", "::1%eth0", "1:2:3:4:5:6:7:8:9"],
    "json-pointer": ["a", "/~2"],
    "base64": ["aGk", "aG==k", "aGl="],
}  # fmt: skip


@pytest.mark.parametrize(("name", "text"), [(name, text) for name, texts in ILLEGAL.items() for text in texts])
def test_texts_that_only_look_like_a_format_are_not_legal(name, text):
    assert not admits(name, text)


@pytest.mark.parametrize("name", ["password", "binary", "byte", "no-such-format", *sorted(CHECKED - INTERNATIONAL)])
def test_a_format_that_is_no_pattern_has_none(name):
    assert pattern_for(name) is None


@given(st.datetimes(), st.sampled_from(["", "Z", "-11:30"]))
def test_python_moments_may_be_without_an_offset(value, offset):
    moment = value.isoformat() + offset
    assert admits("any-date-time", moment)
    assert admits("naive-date-time", moment) == (not offset)
    assert admits("any-time", value.time().isoformat() + offset)
    assert admits("naive-time", value.time().isoformat() + offset) == (not offset)


@pytest.mark.parametrize("name", sorted(INTERNATIONAL))
@pytest.mark.parametrize("host", ["실례.테스트", "faß.de", "a.b", "例え.jp"])
def test_names_of_every_script_are_legal_and_the_rest_is_checked(name, host):
    found = body(ir.String(formats=(name,)))
    assert found.widened == (f"format: {name} is no regular language",)
    text = host if name == "idn-hostname" else f"ü.x@{host}"
    assert found.automaton.accepts(text.encode())
    assert not found.automaton.accepts(b"a b")


@pytest.mark.parametrize("text", ["https://ä.com", "http://例え.jp/パス?x=é#ß", "https://a.b/"])
def test_a_link_may_lead_to_a_name_of_any_script(text):
    assert admits("iri", text)
    assert admits("iri-reference", text)
