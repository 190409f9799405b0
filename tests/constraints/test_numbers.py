import json
from fractions import Fraction
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scaffold.constraints.language import slot_language
from scaffold.constraints.numbers import common_multiple
from scaffold.errors import UnsatisfiableSchemaError
from scaffold.layout.pieces import Slot
from scaffold.schema import ir

ANY, INTEGER = ir.Number(), ir.Number(is_integer=True)
F = Fraction


@cache
def language_of(node):
    return slot_language(Slot(node))


def admits(node, text):
    return language_of(node).automaton.accepts(text.encode())


def is_within(node, value):
    return (
        (node.minimum is None or value >= node.minimum)
        and (node.maximum is None or value <= node.maximum)
        and (node.exclusive_minimum is None or value > node.exclusive_minimum)
        and (node.exclusive_maximum is None or value < node.exclusive_maximum)
        and all((value / multiple).denominator == 1 for multiple in node.multiples)
    )


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_float_is_a_number_in_its_canonical_spelling(value):
    assert admits(ANY, json.dumps(value))


@given(st.integers(-(10**20) + 1, 10**20 - 1))
def test_every_integer_of_twenty_digits_is_a_number_and_an_integer(value):
    assert admits(ANY, str(value))
    assert admits(INTEGER, str(value))


NUMERALS = st.from_regex(r"-?[0-9]{1,3}(\.[0-9]{1,3})?(e[+-][0-9]{1,3})?", fullmatch=True) | st.text(
    "0123.-+eE ", max_size=7
)


@given(NUMERALS)
def test_every_legal_spelling_is_a_finite_json_number(text):
    if admits(ANY, text):
        assert abs(json.loads(text)) < float("inf")


@pytest.mark.parametrize(
    "text", ["", "-", "01", "-01", "1.", ".5", "+1", "1e5", "1E+20", "--1", "1.5.2", "1e400", "NaN"]
)
def test_what_is_no_canonical_number_is_not_legal(text):
    assert not admits(ANY, text)


@pytest.mark.parametrize("text", ["-0", "1.0", "1e+20", "00", ""])
def test_what_is_no_canonical_integer_is_not_legal(text):
    assert not admits(INTEGER, text)


SMALL = st.integers(-25, 125)
INTEGERS = st.builds(
    ir.Number,
    st.just(True),
    st.none() | SMALL.map(F) | st.just(F(5, 2)),
    st.none() | SMALL.map(F) | st.just(F(-5, 2)),
    st.none() | SMALL.map(F),
    st.none() | SMALL.map(F),
    st.lists(st.sampled_from([F(1), F(2), F(3), F(7), F(1, 2), F(3, 2), F(100)]), max_size=2).map(tuple),
)


@given(INTEGERS)
def test_integers_between_bounds_are_exactly_those_that_arithmetic_admits(node):
    wanted = {n for n in range(-130, 131) if is_within(node, F(n))}
    if not wanted and node.minimum is not None and node.maximum is not None:
        return
    try:
        found = {n for n in range(-130, 131) if admits(node, str(n))}
    except UnsatisfiableSchemaError:
        found = set()
    assert found == wanted


CENTS = st.integers(-1250, 1250).map(lambda n: F(n, 100))
DECIMALS = st.builds(
    ir.Number,
    st.just(False),
    st.none() | CENTS,
    st.none() | CENTS,
    multiples=st.lists(st.sampled_from([F(1, 100), F(1, 2), F(1, 4), F(3), F(3, 10)]), max_size=2).map(tuple),
)


@given(DECIMALS, st.lists(st.integers(-13_000, 13_000), min_size=1, max_size=40))
def test_decimals_between_bounds_are_exactly_those_that_arithmetic_admits(node, thousandths):
    for n in thousandths:
        value = F(n, 1000)
        sign = "-" if n < 0 else ""
        text = f"{sign}{abs(n) // 1000}.{abs(n) % 1000:03}".rstrip("0")
        text = text + "0" if text.endswith(".") else text
        try:
            assert admits(node, text) == is_within(node, value) or text == "-0.0"
        except UnsatisfiableSchemaError:
            assert not is_within(node, value)


BOUNDS = [
    ir.Number(minimum=F(0)),
    ir.Number(exclusive_minimum=F(0)),
    ir.Number(exclusive_minimum=F(0), exclusive_maximum=F(1)),
    ir.Number(minimum=F(-90), maximum=F(90)),
    ir.Number(minimum=F("1e-7"), maximum=F("2.5e22")),
    ir.Number(minimum=F("-3e-6"), exclusive_maximum=F("-1e-9")),
    ir.Number(minimum=F("1.5e18"), maximum=F("1.6e18")),
]
FLOATS = (
    st.floats(allow_nan=False, allow_infinity=False)
    | st.floats(-100, 100)
    | st.floats(-1e-5, 1e-5)
    | st.floats(1e17, 1e23)
)


@pytest.mark.parametrize("node", BOUNDS)
@given(value=FLOATS)
def test_floats_between_bounds_are_legal_however_small_or_large_and_no_others(node, value):
    if value == 0 and json.dumps(value).startswith("-"):
        return
    assert admits(node, json.dumps(value)) == is_within(node, F(json.dumps(value)))


@pytest.mark.parametrize("node", BOUNDS)
@given(digits=st.from_regex(r"-?(0|[1-9][0-9]?)\.(0|9|00|99|999){0,8}[0-9]{1,3}", fullmatch=True))
def test_a_text_that_is_rounded_to_a_float_is_still_within_open_bounds(node, digits):
    if admits(node, digits):
        assert is_within(node, F(json.loads(digits)))


def test_bounds_of_any_size_keep_their_digits():
    node = ir.Number(is_integer=True, minimum=F(10**30), maximum=F(10**30 + 5))
    assert language_of(node).literals == tuple(str(10**30 + n).encode() for n in range(6))


@pytest.mark.parametrize(
    ("node", "keyword"),
    [
        (ir.Number(multiples=(F(99_991, 10),)), "multipleOf"),
        (ir.Number(is_integer=True, multiples=(F(99_991),)), "multipleOf"),
        (ir.Number(multiples=(F(1, 3),)), "multipleOf"),
        (ir.Number(is_integer=True, minimum=F(10**500)), "bounds"),
    ],
)
def test_what_is_too_large_to_be_counted_is_named(node, keyword):
    assert [reason.partition(":")[0] for reason in language_of(node).widened] == [keyword]


@given(st.lists(st.fractions(F(1, 50), 50, max_denominator=60), min_size=1, max_size=3), st.integers(1, 2000))
def test_a_common_multiple_stands_for_all_of_them(multiples, factor):
    common = common_multiple(tuple(multiples))
    value = common * F(factor, 4)
    assert all((value / m).denominator == 1 for m in multiples) == ((value / common).denominator == 1)


@pytest.mark.parametrize(
    "node",
    [
        ir.Number(minimum=F(2), maximum=F(1)),
        ir.Number(is_integer=True, exclusive_minimum=F(1), exclusive_maximum=F(2)),
        ir.Number(is_integer=True, minimum=F(1), maximum=F(6), multiples=(F(7),)),
    ],
)
def test_bounds_that_no_number_meets_are_an_error(node):
    with pytest.raises(UnsatisfiableSchemaError):
        slot_language(Slot(node))
