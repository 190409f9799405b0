from dataclasses import dataclass
from itertools import product

import pytest
import torch
from fills import filled, options, texts
from hypothesis import given
from hypothesis import strategies as st
from small_slots import CPU, accepts, commitments, fillings, predictions, whole_automata

from scaffold.denoise.constraints import BlockPaths, Masks, Off, block_path, position_masked, unconstrained
from scaffold.denoise.draws import GREEDY
from scaffold.denoise.lattice import lattice_of
from scaffold.denoise.posterior import constrain
from scaffold.errors import DecodeError, DenoiseError
from scaffold.testing import ScriptedPredictor

DATE = {
    "type": "object",
    "properties": {"when": {"type": "string", "format": "date"}},
    "required": ["when"],
    "additionalProperties": False,
}


@st.composite
def slots(draw):
    """A language, a prediction, and tokens of a legal filling committed here and there; null is the last id."""
    language, length = draw(whole_automata()), draw(st.integers(1, 4))
    vocab = len(language.token_class)
    log_probs = predictions(1, length, vocab, draw(st.integers(0, 999)))
    free = commitments(1, length, vocab, 0, share=0.0)
    words = fillings(
        lambda word: accepts(language, word), log_probs[0], free[0], require_content=True, null_id=vocab - 1
    )
    if words:
        word = draw(st.sampled_from(sorted(words)))
        held = draw(st.lists(st.booleans(), min_size=length, max_size=length))
        free[0] = torch.tensor([t if is_held else -1 for t, is_held in zip(word, held, strict=True)])
    legal = fillings(
        lambda word: accepts(language, word), log_probs[0], free[0], require_content=True, null_id=vocab - 1
    )
    return language, log_probs, free, legal


@given(slots())
def test_without_a_constraint_each_position_has_its_best_token(case):
    _, log_probs, committed, _ = case
    null_id = log_probs.shape[-1] - 1
    found = unconstrained(log_probs, committed, null_id, GREEDY)
    is_behind = False
    for k, token in enumerate(found.path[0].tolist()):
        own = log_probs[0, k].clone()
        own[null_id] = -torch.inf if k == 0 else own[null_id]
        if committed[0, k] >= 0:
            assert token == committed[0, k]
            continue
        is_behind = is_behind or bool(own.argmax() == null_id)
        assert token == (null_id if is_behind else own.argmax())
        assert found.confidence()[0, k].item() == pytest.approx(log_probs[0, k, token].exp().item(), abs=1e-5)


@given(slots())
def test_a_mask_allows_at_each_position_what_some_legal_filling_has_there(case):
    language, log_probs, committed, legal = case
    null_id = log_probs.shape[-1] - 1
    found = position_masked(lattice_of(language, CPU), log_probs, committed, null_id, GREEDY)
    assert (found.log_z > -torch.inf).tolist() == [bool(legal)]
    for k in (committed[0] < 0).nonzero().flatten().tolist() if legal else ():
        support = {word[k] for word in legal}
        allowed = {t for t in range(null_id + 1) if found.log_probs[0, k, t] > -torch.inf}
        assert allowed == support


@given(slots(), st.integers(1, 5))
def test_the_path_of_a_block_is_the_best_there_and_can_go_on(case, end):
    language, log_probs, committed, legal = case
    null_id = log_probs.shape[-1] - 1
    ends = torch.tensor([end])
    found = block_path(lattice_of(language, CPU), log_probs, committed, null_id, ends)
    assert (found.log_z > -torch.inf).tolist() == [bool(legal)]
    if not legal:
        return

    def weight(word):
        places = [k for k in range(min(end, len(word))) if committed[0, k] < 0]
        return sum(log_probs[0, k, word[k]].item() for k in places)

    path = tuple(found.path[0].tolist())
    assert path in legal
    assert weight(path) == pytest.approx(max(map(weight, legal)), abs=1e-5)


@given(slots())
def test_a_block_as_long_as_the_slot_has_the_path_of_the_lattice(case):
    language, log_probs, committed, legal = case
    if not legal:
        return
    lattice, null_id = lattice_of(language, CPU), log_probs.shape[-1] - 1
    whole = constrain(lattice, log_probs, committed, torch.ones(1, dtype=torch.bool))
    block = block_path(lattice, log_probs, committed, null_id, torch.tensor([log_probs.shape[1]]))
    assert block.path_score.item() == pytest.approx(whole.path_score.item(), abs=1e-5)


@dataclass(frozen=True)
class Sloppy(ScriptedPredictor):
    """Means the one text and writes the other a little more."""

    def __call__(self, canvas, rows, columns):
        wrong = ScriptedPredictor({"when": "2024-99-40"})(canvas, rows, columns)
        return super().__call__(canvas, rows, columns) * 0.4 + wrong * 0.5


@pytest.mark.parametrize("constraint", [Off(), Masks()])
def test_an_illegal_text_is_an_error_where_the_constraint_does_not_prevent_it(constraint):
    found, _ = filled(Sloppy({"when": "2024-02-29"}), options(constraint=constraint), DATE)
    assert isinstance(found.error, DecodeError) or texts(found)["/when"] != "2024-99-40"
    if isinstance(constraint, Off):
        assert found.error.path == ("when",)


@pytest.mark.parametrize("constraint", [Off(), Masks(), BlockPaths(3)])
def test_a_model_that_writes_legal_text_needs_no_constraint(constraint):
    found, _ = filled(ScriptedPredictor({"when": "2024-02-29"}), options(constraint=constraint), DATE)
    assert texts(found) == {"/when": "2024-02-29"}


def test_block_paths_and_a_temperature_contradict_each_other():
    with pytest.raises(DenoiseError):
        options(constraint=BlockPaths(), temperature=1.0)
    with pytest.raises(DenoiseError):
        BlockPaths(0)


@given(whole_automata(), st.integers(1, 4), st.integers(0, 999))
def test_a_beginning_in_any_order_completes_if_and_only_if_some_filling_agrees(language, length, seed):
    vocab = len(language.token_class)
    (committed,) = commitments(1, length, vocab, seed, share=0.5).tolist()
    words = product(range(vocab), repeat=length)
    agreeing = [
        w for w in words if all(a in {-1, b} for a, b in zip(committed, w, strict=True)) and language.accepts(w)
    ]
    assert language.completes(tuple(committed)) == bool(agreeing)
