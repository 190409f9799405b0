"""The size of a pattern with its repeats written out."""

import pytest

from scaffold.schema.pattern_size import MAX_SIZE, is_affordable


@pytest.mark.parametrize(
    "pattern",
    [
        "",
        "^a{1000}$",
        "(a{1000}){100}",
        "[{1000000000}]",
        "\\{1000000000}",
        "a{,5}b{x}",
        "a{0,1000000000}",
        "a)b(c{3}",
        "[a-z]{20}" * 100,
        "((((a{10}){10}){10}){10})",
        "(" * MAX_SIZE,
    ],
)
def test_an_ordinary_pattern_is_affordable(pattern):
    assert is_affordable(pattern)


@pytest.mark.parametrize(
    "pattern",
    [
        "a{1000000000}",
        "a{1000000000,}",
        "(ab){99999999999999999999}",
        "(a{1000}){1000}",
        "[a-z]{1000000}",
        "\\d{200001}",
        "((((a{100}){100}){100}){100})",
        "(?:(x|y{1000}){1000})",
    ],
)
def test_a_pattern_that_unfolds_too_far_is_not(pattern):
    assert not is_affordable(pattern)
