import pytest

from scaffold.constraints import characters
from scaffold.constraints.pattern import UnsupportedPatternError, parse
from scaffold.constraints.syntax import Ahead, Characters, Choice, End, Repeat, Sequence, Start

A, B = (Characters(characters.of(letter)) for letter in "ab")


@pytest.mark.parametrize(
    ("pattern", "tree"),
    [
        ("a", A),
        ("", Sequence(())),
        ("ab", Sequence((A, B))),
        ("a|", Choice((A, Sequence(())))),
        ("^a$", Sequence((Start(), A, End()))),
        ("a*", Repeat(A, 0, None)),
        ("a+?", Repeat(A, 1, None)),
        ("a??", Repeat(A, 0, 1)),
        ("a{2}", Repeat(A, 2, 2)),
        ("a{2,}", Repeat(A, 2, None)),
        ("a{2,3}?", Repeat(A, 2, 3)),
        ("(?:a)", A),
        ("(?<name>a)", A),
        ("(?P<name>a)", A),
        ("(?=a)b", Sequence((Ahead(A, is_negative=False), B))),
        ("(?!a)b", Sequence((Ahead(A, is_negative=True), B))),
        (r"[\d\-a]", Characters(characters.of("-a"), frozenset("d"))),
        (r"[a-c]", Characters(characters.span(ord("a"), ord("c")))),
        (r"[^]", Characters(characters.NONE, is_negated=True)),
        (r"\cJ", Characters(characters.of("\n"))),
        (r"\u{1f600}", Characters(characters.of("😀"))),
        (r"\ud83d\ude00", Characters(characters.of("😀"))),
        (r"[\b]", Characters(characters.of("\b"))),
        (r"[\x20-\x7e]", Characters(characters.span(0x20, 0x7E))),
    ],
)
def test_a_pattern_parses_to_its_tree(pattern, tree):
    assert parse(pattern) == tree


@pytest.mark.parametrize(
    "pattern",
    [
        "(?<=a)b", "(?<!a)b", r"(a)\1", r"\k<a>", "(?i)a", "(?>a)", "a++", "a{,5}", "a{}", "a{3,2}", "[b-a]", "[]",
        "[", "(", ")", "*a", "a**", "^*", r"\q", r"\ud800", r"\u{110000}", r"\p{Nope}", r"\x1", "a{99999999999}",
        "a" * 20_001, "(" * 101 + ")" * 101,
    ],
)  # fmt: skip
def test_what_is_no_regular_pattern_in_all_dialects_is_refused(pattern):
    with pytest.raises(UnsupportedPatternError):
        parse(pattern)
