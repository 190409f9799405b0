import re
from datetime import date, timedelta
from ipaddress import IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from scaffold.decode.formats import CHECKS
from scaffold.evals.soundness import PROMPTS
from scaffold.pipeline import Filler
from scaffold.testing import AdversarialPredictor, RandomPredictor

RIGHT = {
    "date": ["2024-02-29", "2000-02-29", "0000-02-29", "9999-12-31"],
    "time": ["12:00:00Z", "23:59:60Z", "00:29:60+00:30", "08:00:00.123456789-12:30", "12:00:00z"],
    "date-time": ["1985-04-12T23:20:50.52Z", "1996-12-19t16:39:57-08:00", "1998-12-31T15:59:60-08:00"],
    "duration": ["P4Y", "P1Y2M3DT4H5M6S", "PT36H", "P2W", "P0D", "P1M", "PT1M"],
    "email": ["a.b+c@example.com", '"joe bloggs"@example.com', "a@[127.0.0.1]", "a@[IPv6:::1]", "te~st@x-1.org"],
    "uuid": ["2EB8AA08-aa98-11ea-b4aa-73b441d16380", "00000000-0000-0000-0000-000000000000"],
    "uri": ["http://a.b/c?d=e#f", "urn:oasis:names", "mailto:a@b.c", "http://[::1]:80/", "ftp://x/%20", "a:"],
    "uri-reference": ["", "/a", "a/b", "?q", "#f", "//host/x", "http://a"],
    "iri": ["http://ƒøø.ßår/?∂éœ=πîx", "http://a/?\ue000"],
    "iri-reference": ["/âππ", "#ƒrag"],
    "hostname": ["a", "www.example.com", "xn--4gbwdl.xn--wgbh1c", "1host", "a" * 63],
    "idn-hostname": ["실례.테스트", "xn--ihqwcrb4cv8a8dqg056pqjye", "a.b", "faß.de", "・あ", "a0.א", "א.ב"],
    "idn-email": ["실례@실례.테스트", "a.b@c.de", '"a b"@c.de', "ü@例え.jp", '"δο κι"@a.de', "user@cafe\u0301.com"],
    "uri-template": ["", "/a/{b:3}{?c,d*}", "{+x}/{#y}", "http://a/{b.c}%20", "é{x}"],
    "ipv4": ["0.0.0.0", "255.255.255.255", "87.10.0.1"],
    "ipv6": ["::", "::1", "1:2:3:4:5:6:7:8", "::ffff:1.2.3.4"],
    "json-pointer": ["", "/", "/a~1b/~0/0", "/é"],
    "relative-json-pointer": ["0", "1/a", "2#", "10/a~0"],
    "regex": ["", "^a|b$", "(?<x>a)\\k<x>", "\\p{L}", "[^]", "\\u{1F600}"],
}
WRONG = {
    "date": ["2023-02-29", "1900-02-29", "2024-13-01", "2024-00-01", "2024-1-01", "২০২৪-01-01", "2024-01-01\n"],
    "time": ["12:00:00", "24:00:00Z", "12:60:00Z", "22:59:60Z", "12:00:61Z", "12:00:00+24:00", "12:00:00.Z"],
    "date-time": ["1985-04-12 23:20:50Z", "1985-04-12T23:20:50", "2023-02-29T00:00:00Z", "1985-04-12"],
    "duration": ["P", "PT", "P1", "P1YT", "P2D1Y", "P1Y2W", "PT1D", "P1.5D", "1D", "p1d", "PT1H2S"],
    "email": ["a", "@b", "a@", ".a@b", "a..b@c", "a.@b", "a b@c", "a@b..c", "a@[1.2.3]", "é@b.c", "a@b@c"],
    "uuid": [
        "2eb8aa08aa9811eab4aa73b441d16380",
        "2eb8aa08-aa98-11ea-b4aa-73b441d1638",
        "ⅰeb8aa08-aa98-11ea-b4aa-73b441d16380",
    ],
    "uri": ["/a", "//a", "http://a b", "http://é", "http://[1]/", "1a:b", "http://a/%2", "http://a/\\", "", ":a"],
    "uri-reference": ["a b", "\\a", "#a#b", "1:2", "é"],
    "iri": ["/â", "http://a b", "http://a/\ue000", "âππ"],
    "iri-reference": ["\\é", "#a#b"],
    "hostname": ["", "-a", "a-", "a..b", ".a", "a.", "a_b", "é", "a" * 64, ".".join(["abcd"] * 51)],
    "idn-hostname": ["", "〮실례.테스트", "-> $1.00 <--", "xn--X", "a..b", "-a", "a.", "a。", "0a.א", "א.0a"],
    "idn-email": ["2962", "user＠example.com", "a b@c.de", "a@〮", "@c.de", ".a@c.de", "user@\u0301cafe.com"],
    "uri-template": ["{", "}", "{}", "{a,,b}", "{v:0}", "{v:10000}", "{a b}", "a b", "%2", "<", "{a{b}}"],
    "ipv4": ["256.0.0.1", "1.2.3", "01.2.3.4", "1.2.3.4.5", "0x7f.0.0.1", "1.2.3.4\n", "١.2.3.4"],
    "ipv6": ["", ":", "1:2:3:4:5:6:7", "::1%eth0", ":::", "12345::", "1::2::3", "::1.2.3"],
    "json-pointer": ["a", "/~", "/~2", "#/a"],
    "relative-json-pointer": ["", "/a", "01/a", "-1/a", "1##", "1a"],
    "regex": ["(", "[a", "a{2,1}", "\\Z", "(?P<x>a)", "*"],
}


@pytest.mark.parametrize("predictor", [RandomPredictor, AdversarialPredictor])
@pytest.mark.parametrize("name", sorted(CHECKS.keys() - {"regex"}))  # the stock check is Python's, not ECMA-262's
def test_what_is_filled_has_its_format_by_the_checks_of_other_people_too(name, predictor):
    assert name in Draft202012Validator.FORMAT_CHECKER.checkers
    for seed in range(4):
        found = Filler(predictor(seed=seed)).fill({"type": "string", "format": name}, PROMPTS[seed % len(PROMPTS)])
        Draft202012Validator.FORMAT_CHECKER.check(found.value, name)


@pytest.mark.parametrize(("name", "text"), [(name, text) for name, texts in RIGHT.items() for text in texts])
def test_a_text_of_the_format_is_recognised(name, text):
    assert CHECKS[name](text)


@pytest.mark.parametrize(("name", "text"), [(name, text) for name, texts in WRONG.items() for text in texts])
def test_any_other_text_is_not(name, text):
    assert not CHECKS[name](text)


def test_every_format_has_cases_of_both_kinds():
    assert set(RIGHT) == set(WRONG) == set(CHECKS)


@given(st.integers(1, 9999), st.integers(0, 13), st.integers(0, 32))
def test_a_date_exists_if_python_can_build_it(year, month, day):
    try:
        date(year, month, day)
        exists = True
    except ValueError:
        exists = False
    assert CHECKS["date"](f"{year:04}-{month:02}-{day:02}") == exists


@given(st.dates(date(1, 1, 2), date(9999, 12, 30)), st.integers(-1439, 1439))
def test_a_leap_second_stands_at_the_end_of_a_day_in_utc(day, shift):
    minute = (23 * 60 + 59 + shift) % 1440
    offset = f"{'+' if shift >= 0 else '-'}{abs(shift) // 60:02}:{abs(shift) % 60:02}"
    for other in (minute, (minute + 1) % 1440):
        text = f"{day + timedelta(0)}T{other // 60:02}:{other % 60:02}:60{offset}"
        assert CHECKS["date-time"](text) == (other == minute)


@given(st.integers(0, 2**128 - 1))
def test_both_spellings_of_an_ipv6_address_are_recognised(number):
    assert CHECKS["ipv6"](IPv6Address(number).compressed)
    assert CHECKS["ipv6"](IPv6Address(number).exploded)


@given(st.text(max_size=12))
def test_a_text_without_scheme_is_no_uri(text):
    assert not (CHECKS["uri"](text) and not re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", text))
    assert CHECKS["iri"](text) >= CHECKS["uri"](text)
    assert CHECKS["iri-reference"](text) >= CHECKS["uri-reference"](text)
