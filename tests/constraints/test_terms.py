import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scaffold.constraints.automaton import MAX_STATES, explore
from scaffold.constraints.terms import Terms, TooBigError

WORDS = st.lists(st.integers(0, 1), max_size=6).map(tuple)
SHAPES = st.recursive(
    st.integers(0, 3).map(lambda mask: ("of", mask)),
    lambda inner: st.one_of(
        st.tuples(st.just("then"), inner, inner),
        st.tuples(st.just("either"), inner, inner),
        st.tuples(st.just("both"), inner, inner),
        st.tuples(st.just("negate"), inner),
        st.tuples(st.just("repeat"), inner, st.integers(0, 2), st.none() | st.integers(2, 3)),
    ),
    max_leaves=6,
)


def built(terms, shape):
    match shape:
        case ("of", mask):
            return terms.of(mask)
        case ("then", first, second):
            return terms.then(built(terms, first), built(terms, second))
        case ("either", first, second):
            return terms.either((built(terms, first), built(terms, second)))
        case ("both", first, second):
            return terms.both((built(terms, first), built(terms, second)))
        case ("negate", inner):
            return terms.negate(built(terms, inner))
        case ("repeat", inner, low, high):
            return terms.repeat(built(terms, inner), low, high)


def holds(shape, word):
    """What the shape means, by definition."""
    match shape:
        case ("of", mask):
            return len(word) == 1 and bool(mask >> word[0] & 1)
        case ("then", first, second):
            return any(holds(first, word[:i]) and holds(second, word[i:]) for i in range(len(word) + 1))
        case ("either", first, second):
            return holds(first, word) or holds(second, word)
        case ("both", first, second):
            return holds(first, word) and holds(second, word)
        case ("negate", inner):
            return not holds(inner, word)
        case ("repeat", inner, low, high):
            return repeated(inner, low, high, word)


def repeated(inner, low, high, word):
    if low == 0 and not word:
        return True
    if high == 0:
        return False
    if low > 0 and not word:
        return holds(inner, ())
    rest = None if high is None else high - 1
    starts = range(0 if low else 1, len(word) + 1)
    return any(holds(inner, word[:i]) and repeated(inner, max(low - 1, 0), rest, word[i:]) for i in starts)


def runs(automaton, word):
    state = 0
    for symbol in word:
        state = automaton.transitions[state, symbol]
        if state < 0:
            return False
    return bool(automaton.accepting[state])


@given(SHAPES, st.lists(WORDS, min_size=1, max_size=5))
def test_the_automaton_of_a_term_accepts_what_the_term_means(shape, words):
    terms = Terms(2)
    automaton = explore(terms, built(terms, shape))
    for word in words:
        assert runs(automaton, word) == holds(shape, word)


@given(SHAPES)
def test_an_explored_automaton_is_minimal(shape):
    terms = Terms(2)
    automaton = explore(terms, built(terms, shape))
    states = len(automaton.accepting)
    assert len(set(residuals(automaton, states))) == states


def residuals(automaton, states):
    """States told apart by refinement, the slow way."""
    labels = automaton.accepting.tolist()
    for _ in range(states):
        rows = [tuple(-1 if t < 0 else labels[t] for t in row) for row in automaton.transitions]
        labels = [hash((label, row)) for label, row in zip(labels, rows, strict=True)]
    return labels


def test_a_loop_reads_rounds_until_its_end():
    terms = Terms(2)
    end = terms.of(0b10)
    loop = terms.loop(end)
    terms.define(loop, terms.either((end, terms.then(terms.of(0b01), loop))))
    automaton = explore(terms, loop)
    for text in ("1", "001", "0", "11", ""):
        assert runs(automaton, tuple(map(int, text))) == bool(re.fullmatch("0*1", text))


def test_a_term_with_too_many_states_is_refused_soon():
    terms = Terms(2)
    anything, one = terms.of(0b11), terms.of(0b10)
    tail = terms.repeat(anything, 20, 20)
    with pytest.raises(TooBigError):
        explore(terms, terms.then(terms.repeat(anything, 0, None), terms.then(one, tail)))


def test_a_long_chain_within_the_cap_is_explored():
    terms = Terms(1)
    automaton = explore(terms, terms.repeat(terms.any_symbol, 0, MAX_STATES - 1))
    assert len(automaton.accepting) == MAX_STATES


@given(SHAPES)
def test_symbols_that_are_alike_are_followed_by_the_same(shape):
    terms = Terms(2)
    term = built(terms, shape)
    for symbols in terms.alike(term):
        assert len({terms.derive(term, symbol) for symbol in (0, 1) if symbols >> symbol & 1}) == 1


@given(SHAPES)
def test_every_symbol_is_among_those_that_are_alike_once(shape):
    terms = Terms(2)
    assert terms.alike(built(terms, shape)) in ({0b11}, {0b01, 0b10})
