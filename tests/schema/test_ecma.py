import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scaffold.constraints.language import slot_language
from scaffold.errors import DecodeError
from scaffold.layout.pieces import Slot
from scaffold.schema import ir
from scaffold.schema.ecma import SECONDS, is_found, is_pattern


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ("b", "abc", True),
        ("^b", "abc", False),
        ("^a$", "a\n", False),
        ("^\\d$", "١", False),
        ("^\\D$", "١", True),
        ("^\\w$", "é", False),
        ("^[\\w-]$", "-", True),
        ("^[^\\w]$", "é", True),
        ("^\\s$", "\ufeff", True),
        ("^\\S$", "\u2003", False),
        ("^[\\s\\S]$", "\n", True),
        ("^.$", "\u2028", False),
        ("^.$", "😀", True),
        ("^[^]$", "\n", True),
        ("a[]", "a", False),
        ("^[[&&b||]$", "[", True),
        ("^[[&&b||]$", "&", True),
        ("^[[]$", "[", True),
        ("^[a\\]]$", "]", True),
        ("^\\u00e9\\x41\\cJ$", "éA\n", True),
        ("^\\u{1F600}$", "😀", True),
        ("^\\ud83d\\ude00$", "😀", True),
        ("^\\p{Lu}\\P{L}$", "É1", True),
        ("^\\p{Lu}$", "é", False),
        ("(?<x>a|b)\\k<x>", "ab bb", True),
        ("^(?!ab)a", "ab", False),
        ("\\bfoo\\b", "a foo.", True),
        ("^\\Bo", "o", False),
        ("^[\\b]$", "\b", True),
        ("^\\/\\.\\-$", "/.-", True),
        ("^a{2,3}?$", "aaa", True),
    ],
)
def test_patterns_mean_what_ecma_262_says(pattern, text, found):
    assert is_found(pattern, text) is found


CLASSES = (
    r"[\w-z]",
    r"[\w-.]",
    r"[\w-\.]",
    "[0-0-0-0----9]",
    r"[\d-x]",
    "[a-c-e]",
    "[^a-c-]",
    r"[a\-c]",
    "[+--]",
    "[&&^~~]",
    r"[(?P-x]",
)


@pytest.mark.parametrize("pattern", CLASSES)
def test_a_line_in_a_class_is_a_range_between_two_characters_and_itself_beside_a_set(pattern):
    language = slot_language(Slot(ir.String(patterns=(f"^{pattern}$",)))).automaton
    for code in range(32, 127):
        character = chr(code)
        legal = json.dumps(character)[1:-1].encode()
        assert is_found(f"^{pattern}$", character) == language.accepts(legal), character


@pytest.mark.parametrize("pattern", ["(", "[a", "*", "\\Z", "\\A", "(?P<x>a)", "(?i)a", "\\a", "a{3,2}", "[z-a]"])
def test_what_is_no_ecma_pattern_is_refused(pattern):
    assert not is_pattern(pattern)
    with pytest.raises(DecodeError):
        is_found(pattern, "a")


@given(st.text(max_size=6), st.text(max_size=6))
def test_an_escaped_text_is_found_exactly_where_it_stands(needle, text):
    escaped = "".join(f"\\u{{{ord(character):x}}}" for character in needle)
    assert is_found(f"^{escaped}$", text) == (needle == text)
    assert is_found(f"{escaped}", text) == (needle in text)


@given(st.sets(st.characters(codec="ascii"), min_size=1, max_size=5), st.characters(codec="ascii"))
def test_a_class_holds_its_members_and_no_others(members, character):
    spelled = "".join("\\" + m if m in "\\]^-" else m for m in sorted(members))
    assert is_found(f"^[{spelled}]$", character) == (character in members)
    assert is_found(f"^[^{spelled}]$", character) == (character not in members)


@pytest.mark.parametrize("pattern", ["^(a+)+$", "^(a|aa)+$", "^(a|a?)+$", "(x+x+)+y"])
def test_a_hostile_pattern_ends_in_an_answer_or_an_error_soon(pattern):
    begun = time.perf_counter()
    try:
        found = is_found(pattern, "ax" * 5 + "a" * 40 + "!")
    except DecodeError:
        found = False
    assert not found
    assert time.perf_counter() - begun < SECONDS + 5  # generous: the machine may be busy
