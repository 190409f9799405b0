import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from scaffold.constraints.automaton import longest
from scaffold.constraints.byte_automaton import of_literals, quoted, union
from scaffold.constraints.strings import body
from scaffold.schema import ir

WORDS = st.lists(st.binary(max_size=5) | st.text("ab", max_size=5).map(str.encode), max_size=12).map(tuple)


def residuals(automaton):
    """What each state reads, as labels refined until they no longer split."""
    labels = automaton.accepting.tolist()
    for _ in labels:
        rows = [tuple(-1 if t < 0 else labels[t] for t in row) for row in automaton.transitions]
        labels = [hash((label, row)) for label, row in zip(labels, rows, strict=True)]
    return labels


@given(WORDS, st.binary(max_size=5) | st.text("ab", max_size=5).map(str.encode))
def test_literals_are_accepted_and_nothing_else(words, other):
    automaton = of_literals(words)
    assert all(map(automaton.accepts, words))
    assert automaton.accepts(other) == (other in words)


@given(WORDS)
def test_the_texts_of_literals_are_the_literals_by_length(words):
    assert of_literals(words).texts(12) == tuple(sorted(set(words), key=lambda word: (len(word), word)))


@given(WORDS)
def test_an_automaton_of_literals_is_minimal(words):
    labels = residuals(of_literals(words))
    assert len(set(labels)) == len(labels)


@given(WORDS, WORDS)
def test_a_union_is_that_of_the_texts(first, second):
    together = union(of_literals(first), of_literals(second))
    assert set(together.texts(24)) == {*first, *second}
    labels = residuals(together)
    assert len(set(labels)) == len(labels)


def is_plain(text):
    return not set(text) & set('"\\') and len(text) <= 4 and min(text, default=" ") >= " "


@given(st.text(max_size=6))
@example('""')
@example('"a"')
def test_quoting_adds_the_two_quotes_and_nothing_else(text):
    automaton = quoted(body(ir.String(max_length=4, not_patterns=('["\\\\]',))).automaton)
    assert automaton.accepts(f'"{text}"'.encode()) == is_plain(text)
    is_quoted = len(text) >= 2 and text[0] == text[-1] == '"' and is_plain(text[1:-1])
    assert automaton.accepts(text.encode()) == is_quoted


@given(WORDS.filter(bool))
def test_the_shortest_text_is_legal_and_none_is_shorter(words):
    shortest = of_literals(words).shortest()
    assert shortest in words
    assert len(shortest) == min(map(len, words))


@pytest.mark.parametrize(
    ("node", "is_finite"),
    [
        (ir.String(), False),
        (ir.String(max_length=3), True),
        (ir.String(patterns=("^a*b$",)), False),
        (ir.String(patterns=("^(a|bc){2,3}$",)), True),
    ],
)
def test_a_language_is_finite_when_it_has_a_longest_text(node, is_finite):
    found = body(node).automaton
    assert (longest(found.transitions, found.accepting) is not None) == is_finite


@pytest.mark.parametrize(
    "node",
    [ir.String(), ir.String(2, 5), ir.String(patterns=(r"^[\né]\w$",)), ir.String(patterns=("^(\n|n|an)*$",))],
)
def test_a_spelled_automaton_is_minimal_and_each_state_can_end(node):
    automaton = body(node).automaton
    labels = residuals(automaton)
    assert len(set(labels)) == len(labels)
    alive = automaton.accepting.copy()
    for _ in alive:
        alive |= (alive[automaton.transitions] & (automaton.transitions >= 0)).any(1)
    assert alive.all()


def test_the_empty_language_is_empty():
    assert of_literals(()).is_empty
    assert body(ir.String(3, 2)).automaton.is_empty
    assert not of_literals((b"",)).is_empty


def test_a_finite_language_larger_than_asked_for_is_not_listed():
    assert body(ir.String(max_length=1)).automaton.texts(512) is None
    assert body(ir.String(patterns=("^[ab]{3}$",))).automaton.texts(8) is not None
    assert body(ir.String(patterns=("^[ab]{3}$",))).automaton.texts(7) is None


@given(WORDS, st.integers(0, 14))
def test_texts_are_written_down_unless_they_are_too_many(words, limit):
    found = of_literals(words).texts(limit)
    assert (found is None) == (len(set(words)) > limit)


@pytest.mark.parametrize("pattern", ["^a*$", "^a{500}b*$", "^(ab)*c$"])
def test_endless_texts_are_never_written_down(pattern):
    assert body(ir.String(patterns=(pattern,))).automaton.texts(10**6) is None
