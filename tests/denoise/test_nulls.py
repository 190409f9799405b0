import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from small_slots import predictions

from scaffold.denoise.nulls import close_suffix, leads_tail, length_scores, null_bias

SEEDS = st.integers(0, 2**32 - 1)
NULL = 2


@st.composite
def rows(draw):
    """Open positions of a row, shuffled: each slot proposes content, then nulls; some positions are chosen."""
    lengths = draw(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=4))
    positions = [
        (slot, offset, offset >= content)
        for slot, (content, nulls) in enumerate(lengths)
        for offset in range(content + nulls)
    ]
    positions = draw(st.permutations(positions or [(0, 0, True)]))
    chosen = draw(st.lists(st.booleans(), min_size=len(positions), max_size=len(positions)))
    slot, offset, is_null = (torch.tensor(x) for x in zip(*positions, strict=True))
    return torch.tensor(chosen), is_null, slot, offset


@given(rows())
def test_a_committed_null_closes_its_slot_to_the_end_and_nothing_else(row):
    chosen, is_null, slot, offset = row
    closed = close_suffix(*row)
    for i in range(len(slot)):
        leads = (chosen & is_null & (slot == slot[i]) & (offset <= offset[i])).any()
        assert closed[i] == (chosen[i] | leads)
    assert not (closed & ~chosen & ~is_null).any()  # what is added was proposed as null


@given(rows())
def test_closing_a_suffix_twice_changes_nothing(row):
    chosen, *rest = row
    closed = close_suffix(chosen, *rest)
    assert torch.equal(close_suffix(closed, *rest), closed)


@given(rows())
def test_each_slot_with_a_null_has_one_that_closes_it(row):
    _, is_null, slot, offset = row
    leaders = leads_tail(is_null, slot, offset)
    assert torch.equal(slot[leaders].sort().values, slot[is_null].unique())
    assert torch.equal(close_suffix(leaders, is_null, slot, offset), is_null)


@given(SEEDS, st.integers(1, 6))
def test_length_scores_equal_the_sums_written_out(seed, length):
    content, null = predictions(2, length, 3, seed, forbidden=0.2)[..., :2].unbind(-1)
    found = length_scores(content, null)
    for j in range(length + 1):
        torch.testing.assert_close(found[:, j], content[:, :j].sum(-1) + null[:, j:].sum(-1))


@pytest.mark.parametrize(("bias", "best"), [(1e6, 0), (-torch.inf, 5)])
def test_an_extreme_null_empties_or_fills_the_slot(bias, best):
    content = predictions(3, 5, 4, seed=0)[..., 0]
    assert length_scores(content, torch.zeros(3, 5) + bias).argmax(-1).tolist() == [best] * 3


@given(SEEDS, st.floats(-20, 20))
def test_null_bias_moves_the_odds_of_null_alone(seed, bias):
    logits = torch.randn(4, 5, generator=torch.Generator().manual_seed(seed))
    kept = logits.clone()
    biased = null_bias(logits, NULL, bias)
    assert torch.equal(logits, kept)
    others = [i for i in range(5) if i != NULL]
    assert torch.equal(biased[:, others], logits[:, others])
    torch.testing.assert_close(biased[:, NULL], logits[:, NULL] + bias)


def test_a_forbidden_null_is_never_predicted():
    logits = torch.full((1, 4), -30.0)
    logits[0, NULL] = 30.0
    assert null_bias(logits, NULL, -torch.inf).softmax(-1)[0, NULL] == 0
