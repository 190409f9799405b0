import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from scaffold.denoise import scores

SEEDS = st.integers(0, 2**32 - 1)


def random_probabilities(seed, *shape):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64).softmax(-1)


@pytest.mark.parametrize("vocab", [2, 7, 1000])
def test_of_a_uniform_prediction_nothing_is_known(vocab):
    uniform = torch.full((3, vocab), 1 / vocab, dtype=torch.float64)
    best = uniform.argmax(-1)
    assert scores.confidence(uniform, best).tolist() == pytest.approx([1 / vocab] * 3)
    assert scores.entropy(uniform).tolist() == pytest.approx([math.log(vocab)] * 3)
    assert scores.margin(uniform).tolist() == [0.0] * 3


@pytest.mark.parametrize("vocab", [1, 2, 7])
def test_of_a_single_possible_token_everything_is_known(vocab):
    certain = torch.eye(vocab)[:1]
    assert scores.confidence(certain, certain.argmax(-1)).tolist() == [1.0]
    assert scores.entropy(certain).tolist() == [0.0]
    assert scores.negative_entropy(certain).tolist() == [0.0]
    assert scores.margin(certain).tolist() == [1.0]


@given(SEEDS, st.floats(-50, 50))
def test_scores_do_not_see_a_constant_that_is_added_to_the_logits(seed, constant):
    logits = torch.randn(4, 6, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)
    before, after = logits.softmax(-1), (logits + constant).softmax(-1)
    for score in (scores.negative_entropy, scores.margin, lambda p: scores.confidence(p, logits.argmax(-1))):
        torch.testing.assert_close(score(before), score(after))


@given(SEEDS)
def test_margin_is_the_gap_between_the_two_most_probable_tokens(seed):
    probabilities = random_probabilities(seed, 5, 8)
    best = probabilities.topk(2, -1).values
    torch.testing.assert_close(scores.margin(probabilities), best[:, 0] - best[:, 1])


def test_two_equally_probable_tokens_leave_no_margin():
    assert scores.margin(torch.tensor([[0.4, 0.2, 0.4]])).tolist() == [0.0]


@given(SEEDS)
def test_scores_leave_their_argument_alone(seed):
    probabilities = random_probabilities(seed, 2, 5)
    kept = probabilities.clone()
    for score in (scores.entropy, scores.negative_entropy, scores.margin):
        score(probabilities)
    scores.confidence(probabilities, probabilities.argmax(-1))
    assert torch.equal(probabilities, kept)


def test_random_scores_come_from_the_generator_alone():
    first, again, other = (
        scores.random(random_probabilities(seed, 50, 3), torch.Generator().manual_seed(drawn))
        for seed, drawn in ((0, 7), (1, 7), (0, 8))
    )
    assert torch.equal(first, again)
    assert not torch.equal(first, other)
    assert first.ge(0).all()
    assert first.lt(1).all()


@given(st.floats(0, 1), SEEDS, st.integers(2, 9))
def test_a_whole_decision_scores_as_well_as_any_prediction_that_gives_it_its_probability(chance, seed, others):
    rest = random_probabilities(seed, others) * (1 - chance)
    whole = torch.cat([torch.tensor([chance], dtype=torch.float64), rest])[None]
    alone = torch.tensor([chance], dtype=torch.float64)
    assert scores.of_whole(alone, "confidence", None) == scores.confidence(whole, torch.tensor([0]))
    if chance == whole.max():
        assert scores.of_whole(alone, "entropy", None) >= scores.negative_entropy(whole) - 1e-9
        assert scores.of_whole(alone, "margin", None) <= scores.margin(whole) + 1e-9


@pytest.mark.parametrize("score", ["confidence", "entropy", "margin"])
def test_surer_whole_decisions_have_greater_scores_and_certain_ones_the_greatest(score):
    found = scores.of_whole(torch.tensor([0.0, 0.2, 0.6, 0.9, 1.0]), score, None)
    assert found.tolist() == sorted(found.tolist())
    assert found[-1] == (0.0 if score == "entropy" else 1.0)


def test_random_scores_of_whole_decisions_come_from_the_generator_alone():
    chances = torch.linspace(0, 1, 50)
    first, again = (scores.of_whole(chances, "random", torch.Generator().manual_seed(3)) for _ in range(2))
    assert torch.equal(first, again)
    assert not torch.equal(first, first.sort().values)
