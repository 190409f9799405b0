import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scaffold.decode.oscillation import field_entropies, histories, oscillation
from scaffold.decode.trace import Step
from scaffold.decode.votes import VOTES, elect, semantic_entropy, step_weights

ANSWERS = st.lists(st.none() | st.sampled_from("abc"), min_size=1, max_size=9)


def winner(answers, weights):
    step = elect(answers, weights)
    return None if step is None else answers[step]


def last_said(answers):
    return next((answer for answer in reversed(answers) if answer is not None), None)


@pytest.mark.parametrize("vote", VOTES)
@given(answers=ANSWERS)
def test_what_all_steps_answer_is_elected_and_silence_is_no_answer(vote, answers):
    same = [answer and "a" for answer in answers]
    assert winner(same, step_weights(vote, len(same))) == last_said(same)


@given(answers=ANSWERS)
def test_uniform_weights_elect_the_most_frequent_answer(answers):
    found = winner(answers, step_weights("uniform", len(answers)))
    assert answers.count(found) == max(
        (answers.count(a) for a in answers if a is not None), default=answers.count(None)
    )


@given(answers=ANSWERS)
def test_exponential_weights_lie_between_uniform_and_the_last_answer(answers):
    steps = len(answers)
    assert step_weights("exponential", steps, alpha=0.0) == step_weights("uniform", steps)
    assert winner(answers, step_weights("exponential", steps, alpha=1e6)) == last_said(answers)


@given(answers=ANSWERS)
def test_without_a_vote_the_last_answer_stands(answers):
    assert winner(answers, step_weights("last", len(answers))) == last_said(answers)


@pytest.mark.parametrize("vote", VOTES)
@given(steps=st.integers(1, 30))
def test_weights_never_fall_and_the_last_is_one(vote, steps):
    weights = step_weights(vote, steps)
    assert list(weights) == sorted(weights)
    assert weights[-1] == 1.0


def test_of_answers_of_equal_weight_the_latest_is_elected():
    assert elect(["a", "b", None], (1.0, 1.0, 1.0)) == 1


def test_the_elected_step_is_the_last_that_gave_the_answer():
    assert elect(["a", "b", "a", "b", "a", "c"], (1.0,) * 6) == 4


@given(answers=ANSWERS)
def test_agreement_has_no_entropy(answers):
    assert semantic_entropy([answer and "a" for answer in answers]) == 0.0
    assert 0.0 <= semantic_entropy(answers) <= math.log(3) + 1e-12


@given(clusters=st.integers(1, 9), each=st.integers(1, 4))
def test_equal_clusters_have_the_entropy_of_their_number(clusters, each):
    answers = [str(k) for k in range(clusters)] * each
    assert semantic_entropy(answers) == pytest.approx(math.log(clusters))


def test_weights_count_in_the_entropy():
    assert semantic_entropy(["a", "b"], (1.0, 0.0)) == 0.0


@given(st.lists(st.lists(st.booleans(), max_size=6), max_size=9))
def test_what_is_right_at_the_end_was_right_at_some_step(items):
    found = oscillation(items)
    assert found.items == sum(map(bool, items))
    assert 0.0 <= found.full_pass <= found.ever_pass <= 1.0
    assert found.oscillation == found.ever_pass - found.full_pass


def test_shares_count_items():
    found = oscillation([[False, True, False], [False, True], [False, False], []])
    assert (found.ever_pass, found.full_pass) == (pytest.approx(2 / 3), pytest.approx(1 / 3))


def test_histories_are_the_guesses_of_each_field_over_the_steps():
    trace = (Step(1, guess={"/a": "1"}), Step(2, guess={"/a": "2", "/b": '"x"'}))
    assert histories(trace) == {"/a": ("1", "2"), "/b": (None, '"x"')}
    assert field_entropies(trace) == {"/a": pytest.approx(math.log(2)), "/b": 0.0}
