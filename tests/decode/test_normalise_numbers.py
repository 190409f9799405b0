import json
import time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scaffold.decode.normalise import candidates

KINDS = ("date", "time", "date-time", "integer", "number", "duration")


def read(text, kind="number"):
    """What stands in the text and what it is read as, likeliest readings only."""
    return [(text[one.start : one.stop], one.value_text) for one in candidates(text, kind) if not one.rank]


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("42", "42"),
        ("007", "7"),
        ("3.5", "3.5"),
        ("3,5", "3.5"),
        ("12,50", "12.50"),
        ("0.125", "0.125"),
        ("1,299.00", "1299.00"),
        ("1.299,00", "1299.00"),
        ("1’299.00", "1299.00"),
        ("1'299.00", "1299.00"),
        ("1 299,00", "1299.00"),
        ("1\u202f299,00", "1299.00"),
        ("1\u00a0299,00", "1299.00"),
        ("12 000", "12000"),
        ("1.000.000", "1000000"),
        ("1,000,000", "1000000"),
        ("1,00,000", "100000"),
        ("-5", "-5"),
        ("−3.5", "-3.5"),
        ("+5", "5"),
        ("1.5e-3", "0.0015"),
        ("3E+02", "300"),
        ("6.02×10^23", "602000000000000000000000"),
        ("1.299,00 €", "1299.00"),
        ("€5", "5"),
        ("-$5", "-5"),
        ("R$ 1.788,24", "1788.24"),
        ("EUR 117", "117"),
        ("5 %", "5"),
        ("5%", "5"),
        ("1.5 million", "1500000"),
        ("92,9 Millionen", "92900000"),
        ("$3.2m", "3200000"),
        ("5k", "5000"),
        ("2 bn", "2000000000"),
        ("½", "0.5"),
        ("1 1/2", "1.5"),
        ("1½", "1.5"),
        ("2 1⁄2", "2.5"),
        (".25", "0.25"),
        ("57,0 milhões", "57000000"),
        ("1st", "1"),
        ("22nd", "22"),
        ("two hundred", "200"),
        ("two hundred and five", "205"),
        ("twenty-one", "21"),
        ("twenty-first", "21"),
        ("two thousand and twelve", "2012"),
        ("one million two hundred thousand", "1200000"),
        ("minus five", "-5"),
        ("vierundzwanzig", "24"),
        ("zwölf", "12"),
        ("quinze", "15"),
        ("dieciséis", "16"),
        ("vinte", "20"),
        ("12345678901234567890123456789012345", "12345678901234567890123456789012345"),
        ("٣٤", "34"),
    ],
)
def test_a_spelled_number_is_read_where_it_stands(words, value):
    assert read(words)[0] == (words, value)
    assert (words, value) in read(f"We saw {words} there")


@pytest.mark.parametrize("text", ["A320", "x86", "none", "", "¹", "MP3-player", "weight", "tension"])
def test_what_is_part_of_a_name_is_no_number(text):
    assert candidates(text, "number") == ()


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        ("1.299", ["1.299", "1299"]),
        ("1,299", ["1299", "1.299"]),
        ("1.299 and 12,50", ["1299", "1.299"]),
        ("1,299 und 12,50", ["1.299", "1299"]),
        ("1.299 Stück für die Kunden und das Lager", ["1299", "1.299"]),
        ("0.299", ["0.299"]),
        ("1.2990", ["1.2990"]),
    ],
)
def test_three_digits_after_a_mark_give_both_readings_and_the_evidence_orders_them(text, readings):
    end = text.split(" ", maxsplit=1)[0]
    first = [one for one in candidates(text, "number") if (one.start, one.stop) == (0, len(end))]
    assert [one.value_text for one in first] == readings


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("10 December 1815", ["10", "1815"]),
        ("2-3 people", ["2", "3"]),
        ("2021-03-04", ["2021", "3", "4"]),
        ("between two and five", ["2", "5"]),
        ("one two three", ["1", "2", "3"]),
        ("192.168.1.7", ["192", "168", "1", "7"]),
        ("in 2020 300 people", ["2020", "300"]),
        ("INV-2020", ["2020"]),
        ("CHF 35,43 602 pages", ["35.43", "35.43", "602"]),
        ("5km, then 3x", ["5", "3"]),
    ],
)
def test_neighbours_are_numbers_of_their_own(text, values):
    assert [value for _, value in read(text)] == values


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10 December 1815", [("10", "10"), ("1815", "1815")]),
        ("1,299.00", [("1,299.00", "1299")]),
        ("3.5", []),
        ("1e300", [("1", "1")]),
        ("1.5 million", [("1.5 million", "1500000")]),
    ],
)
def test_integers_are_the_numbers_without_a_fraction(text, expected):
    assert read(text, "integer") == expected


@given(st.integers(-(10**15), 10**15), st.sampled_from([",", ".", " ", "’", "\u202f", ""]))
def test_grouped_digits_give_the_number_back(value, mark):
    words = f"{value:,}".replace(",", mark)
    values = {one.value_text for one in candidates(words, "integer") if one.start == 0 and one.stop == len(words)}
    assert str(value) in values


@given(st.decimals(0, 10**9, places=2), st.sampled_from([(",", "."), (".", ","), (" ", ","), ("’", "."), ("", ",")]))
def test_amounts_with_cents_have_one_reading_in_every_custom(value, marks):
    words = f"{value:,.2f}".replace(",", "\0").replace(".", marks[1]).replace("\0", marks[0])
    values = [one.value_text for one in candidates(f"{words} €", "number") if (one.start, one.stop) == (0, len(words))]
    assert values == [f"{value:.2f}"]


@given(
    st.text(alphabet="0123456789.,'’ -+eE€$%kmx½/\u202f€twohundred", max_size=50),
    st.sampled_from(["integer", "number"]),
)
def test_any_text_gives_json_numbers_in_order_inside_it(text, kind):
    found = candidates(text, kind)
    for one in found:
        assert 0 <= one.start < one.stop <= len(text)
        assert Decimal(json.loads(one.value_text, parse_int=Decimal, parse_float=Decimal)).is_finite()
    assert list(found) == sorted(found, key=lambda one: (one.start, -one.stop, one.rank, one.value_text))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "text",
    [
        "1" + " " * 9_000 + "May",
        "1" * 9_000,
        "a" * 9_000,
        "1." * 4_500,
        "1 May " * 1_500,
        "two " * 2_000,
        "1 000" * 1_800,
    ],
    ids=["spaces", "digits", "letters", "points", "months", "words", "groups"],
)
def test_hostile_texts_take_no_more_than_linear_time(text, kind):
    begun = time.process_time()
    candidates(text, kind)
    assert time.process_time() - begun < 2
