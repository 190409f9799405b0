import unicodedata

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scaffold.constraints import characters

POINT_SETS = st.sets(st.integers(0, 40)).map(lambda points: characters.of("".join(map(chr, points))))
ALL = np.arange(60)


def members(points):
    return set(np.flatnonzero(characters.contains(points, ALL)).tolist())


@given(POINT_SETS, POINT_SETS)
def test_set_operations_are_those_of_sets(first, second):
    assert members(characters.union(first, second)) == members(first) | members(second)
    assert members(characters.difference(first, second)) == members(first) - members(second)
    assert members(characters.complement(first)) == set(ALL.tolist()) - members(first)


@given(POINT_SETS)
def test_borders_ascend_so_that_equal_sets_are_equal(points):
    assert list(points) == sorted(set(points))


def test_no_set_holds_a_surrogate():
    points = np.array([0xD7FF, 0xD800, 0xDFFF, 0xE000])
    assert characters.contains(characters.complement(characters.NONE), points).tolist() == [True, False, False, True]
    assert characters.contains(characters.span(0xD000, 0xE000), points).tolist() == [True, False, False, True]


@pytest.mark.parametrize("code", ["L", "Lu", "Nd", "Zs", "Cn"])
@given(character=st.characters())
def test_a_category_holds_the_characters_that_unicode_puts_there(code, character):
    inside = characters.contains(characters.category(code), np.array([ord(character)]))
    assert bool(inside[0]) == unicodedata.category(character).startswith(code)


def test_a_property_of_an_unassigned_character_is_left_open():
    sure, possible = characters.unicode_property("L")
    unassigned = np.array([0x378])
    assert not characters.contains(sure, unassigned).any()
    assert characters.contains(possible, unassigned).all()


def test_long_names_of_properties_are_known():
    assert characters.unicode_property("General_Category=Uppercase_Letter") == characters.unicode_property("Lu")
    assert characters.unicode_property("Script=Greek") is None
