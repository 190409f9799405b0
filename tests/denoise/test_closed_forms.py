import numpy as np
import torch
from hypothesis import given
from hypothesis import strategies as st
from small_slots import CPU, automaton, commitments, predictions

from scaffold.denoise.closed_forms import Finite, FreeText, closed_form, finite, free_text
from scaffold.denoise.draws import Draw
from scaffold.denoise.lattice import lattice_of
from scaffold.denoise.posterior import constrain

VOCAB, NULL = 5, 4
CASES = {
    "length": st.integers(1, 5),
    "seed": st.integers(0, 2**32 - 1),
    "share": st.sampled_from([0.0, 0.4]),
}


def posed(length, seed, share):
    log_probs = predictions(4, length, VOCAB, seed, forbidden=0.1)
    committed = commitments(4, length, VOCAB, seed, share=share)
    return log_probs, committed, torch.tensor([False, False, True, True])


def assert_same(found, expected):
    ok = expected.is_feasible
    assert torch.equal(found.is_feasible, ok)
    for name in ("log_z", "null_mass", "path_score"):
        torch.testing.assert_close(getattr(found, name), getattr(expected, name))
    assert torch.equal(found.path[ok], expected.path[ok])
    torch.testing.assert_close(found.marginals(), expected.marginals())


@given(**CASES)
def test_free_text_is_the_one_state_automaton(length, seed, share):
    question = posed(length, seed, share)
    is_content = np.array([True, True, False, True, True])
    expected = constrain(lattice_of(automaton([[0]], [0, 0, -1, 0, 1], [True]), CPU), *question)
    assert_same(constrain(free_text(is_content, NULL, CPU), *question), expected)


LITERALS = ((), (0,), (1,), (0, 1), (0, 2, 1), (1, 1, 1, 3))


def trie(literals):
    """An automaton of exactly these words, one class per content token."""
    prefixes = sorted({w[:k] for w in literals for k in range(len(w) + 1)})
    number = {prefix: state for state, prefix in enumerate(prefixes)}
    transitions = [[number.get((*prefix, token), -1) for token in range(NULL)] for prefix in prefixes]
    return automaton(transitions, [0, 1, 2, 3, NULL], [prefix in literals for prefix in prefixes])


@given(literals=st.sets(st.sampled_from(LITERALS), min_size=1).filter(lambda x: min(map(len, x)) <= 1), **CASES)
def test_a_finite_language_is_the_automaton_of_its_literals(literals, length, seed, share):
    question = posed(length, seed, share)
    expected = constrain(lattice_of(trie(literals), CPU), *question)
    assert_same(constrain(finite(tuple(literals), length, NULL, CPU), *question), expected)


def test_an_enum_slot_takes_the_literal_of_greatest_log_probability():
    log_probs = predictions(1, 3, VOCAB, seed=4)
    spelled = {w: (*w, *[NULL] * (3 - len(w))) for w in LITERALS if len(w) <= 3}
    scores = {w: sum(log_probs[0, k, t].item() for k, t in enumerate(full)) for w, full in spelled.items()}
    found = constrain(finite(LITERALS, 3, NULL, CPU), log_probs, torch.full((1, 3), -1), torch.tensor([False]))
    assert tuple(found.path[0].tolist()) == spelled[max(scores, key=scores.__getitem__)]


@given(seed=CASES["seed"])
def test_drawn_fillings_belong_to_the_language(seed):
    draw = Draw(1.5, torch.Generator().manual_seed(seed))
    question = predictions(4, 3, VOCAB, seed), torch.full((4, 3), -1), torch.tensor([False, False, True, True])
    words = constrain(finite(LITERALS, 3, NULL, CPU), *question, draw).path.tolist()
    legal = {(*w, *[NULL] * (3 - len(w))) for w in LITERALS if len(w) <= 3}
    assert set(map(tuple, words)) <= legal
    assert (NULL,) * 3 not in map(tuple, words[2:])


def test_draws_of_free_text_follow_its_marginals():
    draws = 20_000
    log_probs = predictions(1, 3, VOCAB, seed=9, sharpness=1.0).expand(draws, -1, -1)
    language = free_text(np.array([True, True, False, True, False]), NULL, CPU)
    draw = Draw(1.0, torch.Generator().manual_seed(3))
    found = constrain(language, log_probs, torch.full((draws, 3), -1), torch.zeros(draws, dtype=torch.bool), draw)
    observed = torch.nn.functional.one_hot(found.path, VOCAB).float().mean(0)
    assert (observed - found.marginals()[0]).abs().max() < 4 * 0.5 / np.sqrt(draws)


def test_an_automaton_has_a_closed_form_when_it_is_free_text_or_a_list_that_fits():
    plain = automaton([[0, 1], [1, -1]], [0, 0, 1, 2], [True, False])
    text = automaton(
        [[0, 1], [1, -1]], [0, 0, 1, 2], [True, False], lengths=(0, None), characters=np.array([1, 1, -1, -1])
    )
    listed = automaton([[0, 1], [1, -1]], [0, 0, 1, 2], [True, False], literals=((0, 1), (2, 2, 2)))
    assert closed_form(plain, 2, CPU) is None
    assert isinstance(closed_form(text, 2, CPU), FreeText)
    assert isinstance(closed_form(listed, 2, CPU), Finite)
    assert closed_form(listed, 1, CPU) is None


def test_free_text_takes_only_the_tokens_that_are_whole_characters():
    text = automaton(
        [[0, 1], [1, -1]], [0, 0, 1, 2], [True, False], lengths=(0, None), characters=np.array([1, 1, -1, -1])
    )
    log_probs = torch.tensor([[[-9.0, -9.0, 0.0, -9.0]] * 2])  # the model wants the third token, half a character
    question = log_probs, torch.full((1, 2), -1), torch.tensor([True])
    assert constrain(closed_form(text, 2, CPU), *question).marginals()[..., 2].eq(0).all()


def test_a_list_knows_each_literal_in_one_spelling_only():
    listed = automaton([[1, 1], [1, -1]], [0, 0, 1, 2], [False, True], literals=((0, 1),))
    log_probs = predictions(1, 2, 4, seed=0)
    question = log_probs, torch.full((1, 2), -1), torch.tensor([False])
    assert constrain(closed_form(listed, 2, CPU), *question).path.tolist() == [[0, 1]]
    assert constrain(lattice_of(listed, CPU), *question).log_z > log_probs[0, 0, 0] + log_probs[0, 1, 1]


CHARACTERS = (1, 2, 3, -1)
"""Of the tokens below; the fourth is never whole, and the last one is null."""


def counting(least, most):
    """Text of `least` to `most` characters as an automaton that counts every one of them, step by step."""
    end = least if most is None else most
    states = range(end + 1)
    rows = [
        [min(state + n, end) if most is None else state + n if state + n <= end else -1 for n in CHARACTERS[:3]]
        for state in states
    ]
    bounds = {"lengths": (least, most), "characters": np.array([*CHARACTERS, -1], np.int32)}
    return automaton(rows, [0, 1, 2, -1, 3], [state >= least for state in states], **bounds)


@given(least=st.integers(0, 6), room=st.one_of(st.none(), st.integers(0, 8)), **CASES)
def test_counted_text_is_the_automaton_that_counts(least, room, length, seed, share):
    whole = counting(least, None if room is None else least + room)
    found = closed_form(whole, length, CPU)
    question = posed(length, seed, share)
    expected = constrain(lattice_of(whole, CPU), *question)
    if found is None:
        assert not expected.is_feasible.any()
        return
    assert_same(constrain(found, *question), expected)


def test_what_the_longest_tokens_cannot_exceed_is_not_counted():
    assert isinstance(closed_form(counting(0, 9), 3, CPU), FreeText)
    assert isinstance(closed_form(counting(1, None), 3, CPU), FreeText)
    assert not closed_form(counting(1, 9), 3, CPU).is_empty_legal
    assert not isinstance(closed_form(counting(0, 8), 3, CPU), FreeText)
    assert not isinstance(closed_form(counting(2, None), 3, CPU), FreeText)


def test_counting_that_would_cost_too_much_is_left_to_the_automaton():
    bounds = {"lengths": (0, 10**6), "characters": np.array([1, 10**6, -1, -1], np.int32)}
    assert closed_form(automaton([[0, 1], [1, -1]], [0, 0, 1, 2], [True, False], **bounds), 64, CPU) is None
