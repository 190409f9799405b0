import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from small_slots import OPEN, commitments, predictions, weight

from scaffold.denoise.draws import Draw
from scaffold.denoise.quoted import Source, quoted, spans_of

VOCAB, NULL = 7, 6


@st.composite
def sources(draw):
    """Token k may also be spelled k + 3 when it comes first (only 0 and 1 have such a twin)."""
    ids = draw(st.lists(st.integers(0, 2), min_size=1, max_size=6))
    flags = st.lists(st.booleans(), min_size=len(ids), max_size=len(ids))
    twins = draw(flags)
    first = [i + 3 if t and i < 2 else i for i, t in zip(ids, twins, strict=True)]
    return Source(torch.tensor(ids), torch.tensor(first), torch.tensor(draw(flags)), torch.tensor(draw(flags)))


def texts(source, length):
    """The distinct candidates: (start, length) -> the token sequences that spell it."""
    ids, first = source.ids.tolist(), source.first_ids.tolist()
    found, seen = {}, set()
    for n in range(1, length + 1):
        for start in range(len(ids) - n + 1):
            text = (min(ids[start], first[start]), *ids[start + 1 : start + n])
            if source.starts[start] and source.stops[start + n - 1] and text not in seen:
                seen.add(text)
                found[start, n] = {(head, *ids[start + 1 : start + n]) for head in (ids[start], first[start])}
    return found


@settings(max_examples=60)
@given(
    source=sources(),
    length=st.integers(1, 4),
    seed=st.integers(0, 2**32 - 1),
    share=st.sampled_from([0.0, 0.3]),
    allow_null=st.booleans(),
)
def test_spans_are_weighed_as_if_each_were_spelled_out(source, length, seed, share, allow_null):
    log_probs = predictions(1, length, VOCAB, seed)
    committed = commitments(1, length, VOCAB, seed, share=share)
    found = quoted(spans_of(source, length, NULL), log_probs, committed, torch.tensor([allow_null]))
    spelled = texts(source, length) | ({(0, 0): {()}} if allow_null else {})
    weighed = {
        span: np.logaddexp.reduce(
            [weight(log_probs[0], committed[0], (*w, *[NULL] * (length - len(w)))) for w in words]
        )
        for span, words in spelled.items()
    }
    possible = {span: value for span, value in weighed.items() if value > -np.inf}
    assert bool(found.log_z > -torch.inf) == bool(possible)
    if not possible:
        return
    log_z = np.logaddexp.reduce(list(possible.values()))
    assert found.log_z.item() == pytest.approx(log_z, abs=1e-5)
    assert found.log_probability.item() == pytest.approx(max(possible.values()) - log_z, abs=1e-5)
    best = found.start.item(), found.length.item()
    assert possible[best] == pytest.approx(max(possible.values()), abs=1e-5)
    for (start, n), value in possible.items():
        if n:
            assert found.spans[0, start, n - 1].item() == pytest.approx(value - log_z, abs=1e-5)
    path = tuple(found.path[0].tolist())
    assert path[: best[1]] in spelled[best]
    assert set(path[best[1] :]) <= {NULL}


def source_of(ids, *, starts=None, stops=None, first_ids=None):
    every = [True] * len(ids)
    return Source(
        torch.tensor(ids),
        torch.tensor(first_ids or ids),
        torch.tensor(starts or every),
        torch.tensor(stops or every),
    )


def test_a_text_that_the_prompt_repeats_keeps_its_whole_probability():
    log_probs = torch.full((1, 2, VOCAB), -9.0)
    log_probs[0, 0, 2] = log_probs[0, 1, NULL] = 0.0
    spans = spans_of(source_of([2, 1, 2, 0, 2]), 2, NULL)
    found = quoted(spans, log_probs, torch.full((1, 2), OPEN), torch.tensor([True]))
    assert (found.start.item(), found.length.item()) == (0, 1)
    assert found.log_probability.exp().item() > 0.99


def test_only_the_first_null_counts_when_the_tail_is_a_stop_token():
    log_probs = predictions(1, 3, VOCAB, seed=1)
    spans = spans_of(source_of([0]), 3, NULL)
    found = quoted(spans, log_probs, torch.full((1, 3), OPEN), torch.tensor([True]), null_tail=0.0)
    span = log_probs[0, 0, 0] + log_probs[0, 1, NULL]
    assert found.spans[0, 0, 0].item() == pytest.approx((span - span.logaddexp(log_probs[0, 0, NULL])).item(), abs=1e-5)


def test_the_candidate_mask_narrows_the_spans():
    source = source_of([0, 1, 2])
    allowed = torch.zeros(3, 2, dtype=torch.bool)
    allowed[1, 1] = True
    spans = spans_of(source, 2, NULL, allowed)
    found = quoted(spans, predictions(1, 2, VOCAB, seed=0), torch.full((1, 2), OPEN), torch.tensor([False]))
    assert found.path.tolist() == [[1, 2]]
    assert found.log_probability.item() == 0


def test_a_temperature_draws_each_span_as_often_as_its_tempered_probability():
    spans = spans_of(source_of([0, 1, 2]), 2, NULL)
    log_probs = predictions(1, 2, VOCAB, seed=0).expand(4000, -1, -1)
    never, open_slots = torch.zeros(4000, dtype=torch.bool), torch.full((4000, 2), OPEN)
    draw = Draw(temperature=2.0, generator=torch.Generator().manual_seed(0))
    found = quoted(spans, log_probs, open_slots, never, draw=draw)
    drawn = torch.bincount(found.start * 2 + found.length - 1, minlength=6) / 4000
    expected = (found.spans[0].flatten() / 2).softmax(-1)
    assert torch.allclose(drawn, expected.float(), atol=0.03)
    for slot in range(20):
        start, length = found.start[slot], found.length[slot]
        assert found.log_probability[slot] == found.spans[slot, start, length - 1]
        assert found.path[slot, :length].tolist() == [0, 1, 2][start : start + length]


def test_a_prompt_that_quotes_the_null_token_offers_no_span_across_it():
    spans = spans_of(source_of([0, NULL, 1]), 3, NULL)
    assert spans.legal.nonzero().tolist() == [[0, 0], [2, 0]]


@pytest.mark.parametrize(("favoured", "expected"), [(1, 1), (4, 4)])
def test_the_path_spells_the_first_token_as_the_model_prefers(favoured, expected):
    log_probs = torch.zeros(1, 2, VOCAB)
    log_probs[0, 0, favoured] = 1.0
    spans = spans_of(source_of([1, 2], first_ids=[4, 2]), 2, NULL)
    found = quoted(spans, log_probs.log_softmax(-1), torch.full((1, 2), OPEN), torch.tensor([False]))
    assert found.path[0, 0].item() == expected
