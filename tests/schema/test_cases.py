from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scaffold.schema import ir
from scaffold.schema.cases import merge_numbers, merge_strings, number_gap
from scaffold.schema.literals import allows_number, allows_text
from scaffold.schema.names import matches

BOUND = st.none() | st.integers(-6, 6).map(lambda n: Fraction(n, 2))
STEPS = st.lists(st.sampled_from([Fraction(1, 2), Fraction(3, 4), Fraction(2), Fraction(3)]), max_size=2).map(tuple)
NUMBERS = st.builds(ir.Number, st.booleans(), BOUND, BOUND, BOUND, BOUND, STEPS)
STRINGS = st.builds(
    ir.String,
    st.integers(0, 3),
    st.none() | st.integers(0, 3),
    st.lists(st.sampled_from(["^a", "b$"]), max_size=2).map(tuple),
    st.just(()),
    st.lists(st.sampled_from(["^a", "b$"]), max_size=1).map(tuple),
    st.lists(st.sampled_from(["a", "ab"]), max_size=1).map(tuple),
)
GRID = [n / 4 for n in range(-40, 41)]


@given(NUMBERS)
def test_bounds_with_no_number_between_them_are_recognised(number):
    known = [value for value in GRID if allows_number(number, value)]
    if known and not number.is_integer:
        assert not number_gap(number, is_integer=False)
    if any(value.is_integer() for value in known):
        assert not number_gap(number, is_integer=True)


@given(NUMBERS)
def test_a_gap_is_seen_where_the_bounds_are_closed(number):
    lows = [b for b in (number.minimum, number.exclusive_minimum) if b is not None]
    highs = [b for b in (number.maximum, number.exclusive_maximum) if b is not None]
    if lows and highs:
        known = any(allows_number(number, value) and value.is_integer() for value in GRID)
        assert number_gap(number, is_integer=True) != known


@given(NUMBERS, NUMBERS, st.sampled_from(GRID))
def test_merged_numbers_are_what_both_allow(left, right, value):
    both = allows_number(left, value) and allows_number(right, value)
    assert allows_number(merge_numbers(left, right), value) == both


@given(STRINGS, STRINGS, st.text("ab", max_size=4))
def test_merged_strings_are_what_both_allow(left, right, text):
    both = allows_text(left, text) and allows_text(right, text)
    assert allows_text(merge_strings(left, right), text) == both


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("^a$", "a", True),
        ("^a$", "a\n", False),
        (r"^\d$", "١", False),
        (r"^\w$", "é", False),
        (r"^[\d_]$", "7", True),
        (r"^[^\s]$", "\ufeff", False),
        (r"^[[a]$", "[", True),
        (r"^\p{L}+$", "é", True),
        ("b", "abc", True),
        ("(", "(", None),
    ],
)
def test_a_pattern_means_what_ecma_262_says(pattern, text, expected):
    assert matches(pattern, text) is expected
