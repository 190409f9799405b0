import re
import string
from functools import cache
from typing import Annotated

import interegular
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError
from pydantic.types import StringConstraints

from scaffold.constraints.language import escape
from scaffold.constraints.strings import MAX_COUNTED, body
from scaffold.schema import ir

PATTERNS = [
    r"^[A-Z]{3}-\d{4}$",
    r"^-?(0|[1-9]\d*)(\.\d+)?$",
    r"foo|ba[rz]",
    r"^(foo|ba[rz])*$",
    r"a{2,3}b?c+",
    r"^a*?b+?(c|d){0,2}$",
    r"^[^a-c\s]+$",
    r"^[\w.-]+@[\w-]+\.\w{2,}$",
    r"^(?:a|b(?:c|d){2})+$",
    r"^\x61\u0062[\x63-\u0065]$",
    r"^(?=.*\d)(?=.*[a-z]).{3,6}$",
    r"^(?!.*--)[a-z-]+$",
    r"^(?!ab|b)[abc]*$",
    r"^(?:(?!ab)[abc])*$",
    r"^a(?=b)[bc]{2}$",
    r"^(?:a(?=b)|b)*$",
    r"(?:^|,)a(?:,|$)",
    r"^\.\*\[\]\(\)\{\}\|\\\/\^\$$",
    r"^[-a]?[a-]?[\]\-^]$",
    r"\bab\b",
    r"^a\Bb",
    r"^(?!.*\bfab\b)[a-f-]+$",
    r"^(?!ab\b)[ab -]+$",
    r"^.*\b-?$",
    r"^(?:a|-|b-)*\B(?:a|-)$",
    r"^[a-]{1,3}\b.\B",
    r"^(?=.*\Bb)[ab -]*$",
    r"^(a?){3}a{3}$",
    r"",
    r"^$",
    r"^.{2}$",
    r"^\S+\W\D$",
]
NOT_ASCII = "éßλ漢🙂\u2028"
SHORT_TEXTS = st.text(st.sampled_from('abcdefo012.-,@ "\\\n\tA/^' + NOT_ASCII), max_size=8)


compiled = cache(body)


def admits(node, text):
    return compiled(node).automaton.accepts(escape(text).encode())


@pytest.mark.parametrize("pattern", PATTERNS)
@given(data=st.data())
def test_every_text_that_a_pattern_allows_is_found_by_re(pattern, data):
    text = data.draw(SHORT_TEXTS | st.from_regex(pattern))
    if admits(ir.String(patterns=(pattern,)), text):
        assert re.search(pattern, text)


@pytest.mark.parametrize("pattern", PATTERNS)
@given(data=st.data())
def test_every_ascii_text_without_line_ends_that_re_finds_is_allowed(pattern, data):
    # Elsewhere the dialects of validators differ, and what is allowed is their intersection.
    text = data.draw(SHORT_TEXTS | st.from_regex(pattern, alphabet=st.characters(codec="ascii")))
    if text.isascii() and text.isprintable():
        assert admits(ir.String(patterns=(pattern,)), text) == bool(re.search(pattern, text))


@pytest.mark.parametrize(
    "pattern", [p for p in PATTERNS if "(?" not in p.replace("(?:", "") and r"\b" not in p.lower()]
)
@given(data=st.data())
def test_every_text_that_a_pattern_allows_is_accepted_by_rust_regex(pattern, data):
    adapter = TypeAdapter(Annotated[str, StringConstraints(pattern=pattern)])
    text = data.draw(SHORT_TEXTS | st.from_regex(pattern))
    if admits(ir.String(patterns=(pattern,)), text):
        assert adapter.validate_python(text) == text


ANCHORED = ["^[A-C]{2}-[0-2]{2}$", "^(foo|ba[rz])*$", "^a{2,3}b?c+$", "^(?:a|b(?:c|d){2})+$", "^(a?){3}a{3}$"]


@pytest.mark.parametrize("pattern", ANCHORED)
@given(text=st.text("ABCabcdforz012-", max_size=9))
def test_the_language_of_an_anchored_pattern_is_that_of_interegular(pattern, text):
    oracle = interegular.parse_pattern(pattern[1:-1]).to_fsm()
    assert admits(ir.String(patterns=(pattern,)), text) == oracle.accepts(text)


@given(st.text(max_size=12))
def test_free_text_allows_every_text(text):
    assert admits(ir.String(), text)


@given(st.binary(max_size=6))
def test_free_text_allows_only_bytes_that_are_a_json_string_in_its_shortest_spelling(raw):
    automaton = body(ir.String()).automaton
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        assert not automaton.accepts(raw)
        return
    is_plain = not set(text) & {'"', "\\"} and min(text, default=" ") >= " "
    if "\\" not in text:
        assert automaton.accepts(raw) == is_plain


@pytest.mark.parametrize("raw", [rb"\n", rb"\"", rb"\\", rb"\u0000", rb"\u001f", rb"\b"])
def test_the_short_escapes_are_legal(raw):
    assert body(ir.String()).automaton.accepts(raw)


@pytest.mark.parametrize(
    "raw", [rb"\/", rb"\u0041", rb"\u000A", rb"\u000a", rb"\u001F", rb"\ud83d\ude00", rb"\x", b"\\"]
)
def test_other_escapes_are_not(raw):
    assert not body(ir.String()).automaton.accepts(raw)


@given(st.integers(0, 5), st.integers(0, 5), st.text(max_size=8))
def test_lengths_count_characters_not_bytes(low, extra, text):
    assert admits(ir.String(low, low + extra), text) == (low <= len(text) <= low + extra)


@given(st.text("ab1é", max_size=5))
def test_several_constraints_hold_at_once(text):
    node = ir.String(1, 4, (r"^[ab\d]*$", "a"), (), (r"\d\d", "^b"), ("a", "ab"))
    wanted = (
        1 <= len(text) <= 4
        and bool(re.fullmatch(r"[ab1]*", text))
        and "a" in text
        and "11" not in text
        and not text.startswith("b")
        and text not in ("a", "ab")
    )
    assert admits(node, text) == wanted


@given(st.text(st.sampled_from("a1٣é\n "), max_size=4))
def test_what_a_forbidden_pattern_leaves_is_found_by_no_dialect(text):
    for pattern in (r"^\d+$", r"\W", r"^\w$", r"\s", "^a.?$", r"\ba\b", r"a\B", r".\b.\B", r"^a?\b"):
        if admits(ir.String(not_patterns=(pattern,)), text):
            assert not re.search(pattern, text)
            assert not re.search(pattern, text, re.ASCII)


@given(st.lists(st.text("abcd", max_size=4), max_size=6), st.text("abcd", max_size=4))
def test_excluded_texts_are_excluded_and_no_others(excluded, text):
    assert admits(ir.String(excluded=tuple(excluded)), text) == (text not in excluded)


@pytest.mark.parametrize(
    ("node", "keywords"),
    [
        (ir.String(patterns=("(a{1000}){1000}",)), ["pattern"]),
        (ir.String(patterns=("[ab]*a[ab]{20}",)), ["pattern"]),
        (ir.String(patterns=(r"(?<=a)b",)), ["pattern"]),
        (ir.String(patterns=(r"(a)\1",)), ["pattern"]),
        (ir.String(patterns=("(" * 200 + "a" + ")" * 200,)), ["pattern"]),
        (ir.String(patterns=("^((((a(?=b)|b)b){60}){60}){60}$",)), ["pattern"]),
        (ir.String(not_patterns=("(.)\\1",)), ["not"]),
        (ir.String(max_length=MAX_COUNTED + 1), ["maxLength"]),
        (ir.String(min_length=MAX_COUNTED + 1), ["minLength"]),
        (ir.String(formats=("regex",)), ["format"]),
        (ir.String(patterns=("^a{3}$",), max_length=1000), []),
        (ir.String(formats=("something-else",)), []),
        (ir.String(patterns=("^[ab]*$",), max_length=MAX_COUNTED), []),
    ],
)
def test_what_cannot_be_afforded_is_named_and_nothing_else(node, keywords):
    assert [reason.partition(":")[0] for reason in body(node).widened] == keywords


def test_a_part_that_is_too_big_leaves_the_others_in_force():
    node = ir.String(max_length=3, patterns=("[ab]*a[ab]{20}", "^[abc]*$"))
    assert admits(node, "cab")
    assert not admits(node, "cabc")
    assert not admits(node, "x")


@pytest.mark.parametrize("node", [ir.String(), ir.String(patterns=("",)), ir.String(not_patterns=("a(?=b)c",))])
def test_text_without_effective_constraints_is_free(node):
    assert body(node).lengths == (0, None)


def test_text_that_is_free_but_for_its_length_says_so():
    assert body(ir.String(1)).lengths == (1, None)
    assert body(ir.String(max_length=9)).lengths == (0, 9)
    assert body(ir.String(0, 0)).lengths == (0, 0)
    assert body(ir.String(300, 10**9)).lengths == (300, 10**9)
    assert body(ir.String(10**9)).lengths == (0, None)


@pytest.mark.parametrize("node", [ir.String(patterns=("a",)), ir.String(1, 9, formats=("date",))])
def test_constrained_text_is_not_free(node):
    assert body(node).lengths is None


def test_unicode_properties_tell_letters_from_digits():
    node = ir.String(patterns=(r"^\p{Lu}\p{Ll}+\P{L}$",))
    assert admits(node, "Éa1")
    assert admits(node, "Ωλ!")
    assert not admits(node, "éa1")
    assert not admits(node, "Éaa")


@given(st.characters(codec="utf-8"))
def test_classes_that_dialects_read_differently_allow_only_what_all_match(character):
    for letter in "dDwWsS":
        if admits(ir.String(patterns=(rf"^\{letter}$",)), character):
            assert re.fullmatch(rf"\{letter}", character)
            assert re.fullmatch(rf"\{letter}", character, re.ASCII) or letter == "s"
            try:
                TypeAdapter(Annotated[str, StringConstraints(pattern=rf"^\{letter}$")]).validate_python(character)
            except ValidationError:
                pytest.fail(f"rust-regex refuses {character!r} for {letter}")


@pytest.mark.parametrize("letter", string.punctuation)
def test_an_escaped_mark_is_itself(letter):
    node = ir.String(patterns=(rf"^\{letter}[\{letter}]$",))
    assert body(node).widened == ()
    assert admits(node, letter * 2)


@pytest.mark.parametrize("letter", "WD")
def test_a_character_that_only_newer_versions_of_unicode_know_is_in_no_complement(letter):
    pattern = rf"^\{letter}$"
    assert not admits(ir.String(patterns=(pattern,)), "\U0003fffd")
    assert admits(ir.String(patterns=(pattern,)), "€")
