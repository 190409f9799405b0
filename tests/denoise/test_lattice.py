import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from small_slots import CPU, OPEN, accepts, automata, automaton, commitments, fillings, predictions, summary

from scaffold.denoise import scores
from scaffold.denoise.draws import Draw
from scaffold.denoise.lattice import lattice_of
from scaffold.denoise.posterior import constrain

SLOTS = 3
CASES = {
    "slot": automata(),
    "length": st.integers(1, 4),
    "seed": st.integers(0, 2**32 - 1),
    "share": st.sampled_from([0.0, 0.3, 0.7]),
    "forbidden": st.sampled_from([0.0, 0.2]),
}


def posed(slot, length, seed, share, forbidden):
    """A prediction and commitments for three slots of one automaton; the last one requires content."""
    vocab = len(slot.token_class)
    log_probs = predictions(SLOTS, length, vocab, seed, forbidden=forbidden)
    committed = commitments(SLOTS, length, vocab, seed, share=share)
    return log_probs, committed, torch.tensor([False, False, True])


def listed(slot, log_probs, committed, require_content):
    """The slow twin: every legal filling of each slot."""
    null_id = len(slot.token_class) - 1
    return [
        fillings(lambda w: accepts(slot, w), log_probs[i], committed[i], require_content=need, null_id=null_id)
        for i, need in enumerate(require_content.tolist())
    ]


@settings(max_examples=60)
@given(**CASES)
def test_the_best_path_is_the_most_probable_legal_filling(slot, length, seed, share, forbidden):
    question = posed(slot, length, seed, share, forbidden)
    found = constrain(lattice_of(slot, CPU), *question)
    for i, weighed in enumerate(listed(slot, *question)):
        assert bool(found.is_feasible[i]) == bool(weighed)
        if weighed:
            assert weighed[tuple(found.path[i].tolist())] == pytest.approx(max(weighed.values()), abs=1e-5)
            assert found.path_score[i].item() == pytest.approx(max(weighed.values()), abs=1e-5)
        else:
            assert found.path_score[i] == -torch.inf


@settings(max_examples=60)
@given(**CASES)
def test_masses_and_marginals_are_sums_over_all_legal_fillings(slot, length, seed, share, forbidden):
    question = posed(slot, length, seed, share, forbidden)
    vocab = len(slot.token_class)
    found = constrain(lattice_of(slot, CPU), *question)
    for i, weighed in enumerate(listed(slot, *question)):
        log_z, marginals = summary(weighed, length, vocab)
        empty = weighed.get((vocab - 1,) * length, -np.inf)
        assert found.log_z[i].item() == pytest.approx(log_z, abs=1e-5)
        np.testing.assert_allclose(found.marginals()[i].numpy(), marginals, atol=1e-5)
        assert found.null_mass[i].item() == pytest.approx(empty - log_z if weighed else -np.inf, abs=1e-5)


@settings(max_examples=50)
@given(**CASES)
def test_scores_of_a_posterior_are_the_scores_of_its_marginals(slot, length, seed, share, forbidden):
    found = constrain(lattice_of(slot, CPU), *posed(slot, length, seed, share, forbidden))
    ok = found.is_feasible
    dense = found.marginals()[ok].double()
    close = {"atol": 1e-5, "rtol": 1e-4}
    torch.testing.assert_close(found.confidence()[ok], scores.confidence(dense, found.path[ok]), **close)
    torch.testing.assert_close(found.entropy()[ok].double(), scores.entropy(dense), **close)
    torch.testing.assert_close(found.margin()[ok].double(), scores.margin(dense), **close)


@settings(max_examples=50)
@given(subset=st.integers(0, 15), temperature=st.sampled_from([0.0, 1.0]), **CASES)
def test_any_subset_of_a_path_stays_feasible_once_committed(
    slot, length, seed, share, forbidden, *, subset, temperature
):
    log_probs, committed, require_content = posed(slot, length, seed, share, forbidden)
    draw = Draw(temperature, torch.Generator().manual_seed(seed))
    lattice = lattice_of(slot, CPU)
    before = constrain(lattice, log_probs, committed, require_content, draw)
    chosen = torch.tensor([bool(subset >> k & 1) for k in range(length)])
    kept = before.path.where(chosen | (committed != OPEN), torch.tensor(OPEN))
    after = constrain(lattice, predictions(*log_probs.shape, seed + 1), kept, require_content)
    assert after.is_feasible[before.is_feasible].all()


@settings(max_examples=50)
@given(**CASES)
def test_committing_the_whole_best_path_leaves_nothing_open(slot, length, seed, share, forbidden):
    log_probs, committed, require_content = posed(slot, length, seed, share, forbidden)
    lattice = lattice_of(slot, CPU)
    found = constrain(lattice, log_probs, committed, require_content)
    again = constrain(lattice, log_probs, found.path, require_content)
    ok = found.is_feasible
    assert torch.equal(again.path[ok], found.path[ok])
    assert again.log_z[ok].eq(0).all()
    assert again.confidence()[ok].eq(1).all()


def test_draws_follow_the_constrained_distribution_at_the_given_temperature():
    slot = automaton([[1, 0], [-1, 0]], [0, 0, 1, 2], [True, True])
    temperature, draws, length = 0.7, 20_000, 3
    log_probs = predictions(1, length, 4, seed=5, sharpness=1.0)
    committed = torch.full((1, length), OPEN)
    weighed = fillings(lambda w: accepts(slot, w), log_probs[0] / temperature, committed[0])
    log_z, _ = summary(weighed, length, 4)
    found = constrain(
        lattice_of(slot, CPU),
        log_probs.expand(draws, -1, -1),
        committed.expand(draws, -1),
        torch.zeros(draws, dtype=torch.bool),
        Draw(temperature, torch.Generator().manual_seed(11)),
    )
    words, counts = found.path.unique(dim=0, return_counts=True)
    observed = dict(zip(map(tuple, words.tolist()), counts.tolist(), strict=True))
    assert set(observed) <= set(weighed)
    expected = {word: draws * np.exp(value - log_z) for word, value in weighed.items()}
    chi_square = sum((observed.get(w, 0) - n) ** 2 / n for w, n in expected.items())
    free = len(expected) - 1
    assert chi_square < free + 4 * np.sqrt(2 * free)


def test_a_draw_at_a_low_temperature_is_the_best_path():
    slot = automaton([[1, 0], [-1, 0]], [0, 0, 1, 2], [True, True])
    log_probs = predictions(8, 4, 4, seed=2)
    question = log_probs, torch.full((8, 4), OPEN), torch.zeros(8, dtype=torch.bool)
    drawn = constrain(lattice_of(slot, CPU), *question, Draw(1e-3, torch.Generator().manual_seed(0)))
    best = constrain(lattice_of(slot, CPU), *question)
    assert torch.equal(drawn.path, best.path)
    assert torch.equal(drawn.class_marginals, best.class_marginals)


def test_a_forced_position_has_confidence_one_entropy_zero_and_margin_one():
    slot = automaton([[1, -1], [-1, 2], [-1, -1]], [0, 1, 2], [False, False, True])
    log_probs = torch.full((1, 3, 3), -50.0)  # the model wants none of it
    found = constrain(lattice_of(slot, CPU), log_probs, torch.full((1, 3), OPEN), torch.tensor([False]))
    assert found.path.tolist() == [[0, 1, 2]]
    assert found.confidence().eq(1).all()
    assert found.entropy().eq(0).all()
    assert found.margin().eq(1).all()


@pytest.mark.parametrize("scale", [1e2, 1e4])
def test_a_sure_model_that_wants_something_illegal_gives_exact_marginals_without_nan(scale):
    slot = automaton([[0, -1]], [0, 0, 1, 2], [True])
    log_probs = (scale * torch.tensor([[[0.0, 0.0, 5.0, -3.0]] * 3])).log_softmax(-1)
    found = constrain(lattice_of(slot, CPU), log_probs, torch.full((1, 3), OPEN), torch.tensor([False]))
    torch.testing.assert_close(found.marginals()[0], torch.tensor([[0.5, 0.5, 0.0, 0.0]] * 3), atol=2e-3, rtol=0)
    assert found.entropy()[0].tolist() == pytest.approx([np.log(2)] * 3, abs=5e-3)


def test_a_token_beyond_the_tokenizer_is_never_legal():
    slot = automaton([[0]], [0, 1], [True])
    log_probs = torch.tensor([[[-5.0, -5.0, 0.0]]])  # the model's vocabulary is padded
    question = torch.tensor([[OPEN]]), torch.tensor([False])
    found = constrain(lattice_of(slot, CPU), log_probs, *question)
    assert found.marginals()[0, 0, 2] == 0
    assert not constrain(lattice_of(slot, CPU), log_probs, torch.tensor([[2]]), question[1]).is_feasible


def test_a_lattice_is_built_once_per_automaton_and_device():
    slot = automaton([[0]], [0, 1], [True])
    assert lattice_of(slot, CPU) is lattice_of(slot, CPU)


def test_a_class_that_leads_nowhere_is_as_illegal_as_no_class():
    dead = automaton([[-1, 0]], [0, 1, 1, 2], [True])
    none = automaton([[-1, 0]], [-1, 1, 1, 2], [True])
    question = predictions(2, 3, 4, seed=0), torch.full((2, 3), OPEN), torch.tensor([False, True])
    found, expected = (constrain(lattice_of(slot, CPU), *question) for slot in (dead, none))
    assert torch.equal(found.marginals(), expected.marginals())
    assert found.emissions.classes.table[0] == found.emissions.classes.count
