"""From a row to a canvas with targets."""

from random import Random

import pytest

from scaffold.layout.decisions import Decisions
from scaffold.testing import ByteTokenizer
from scaffold.train.batches import SLOT_NOISE, collate
from scaffold.train.examples import ExampleMaker, opened
from scaffold.train.synthetic import generate

MASK, NULL = 256, 257
ROW = {
    "text": "Ada Lovelace was born on 10 December 1815.",
    "schema": {
        "type": "object",
        "properties": {
            "name": {"type": "string"},
            "born": {"anyOf": [{"type": "string", "format": "date"}, {"type": "null"}]},
            "died": {"anyOf": [{"type": "string", "format": "date"}, {"type": "null"}]},
        },
        "required": ["name", "born", "died"],
        "additionalProperties": False,
    },
    "value": {"name": "Ada Lovelace", "born": "1815-12-10", "died": None},
    "spans": {"/name": [0, 12], "/born": [25, 41]},
}


def slot_texts(example):
    """Content of each slot, nulls left out, in order."""
    found = []
    for token, offset in zip(example.tokens, example.offset, strict=True):
        if offset == 0:
            found.append(b"")
        if offset >= 0 and token != NULL:
            found[-1] += bytes([token])
    return [text.decode() for text in found]


def maker(length=4096):
    return ExampleMaker(ByteTokenizer(), MASK, NULL, length)


def test_slots_hold_the_words_of_the_prompt_and_nothing_where_a_field_is_absent():
    texts = [slot_texts(maker()(ROW, Random(seed))) for seed in range(30)]
    full = [sorted(t) for t in texts if len(t) == 3 and all(len(x) in (0, 12, 16) for x in t)]
    assert full, "no seed left room for the whole texts"
    assert all(t == ["", "10 December 1815", "Ada Lovelace"] for t in full)


def test_a_row_that_does_not_fit_is_left_out():
    assert maker(length=50)(ROW, Random(0)) is None


@pytest.mark.parametrize("seed", range(20))
def test_generated_rows_give_examples_whose_slots_carry_weight(seed):
    example = maker()(dict(generate(Random(seed))), Random(seed))
    assert example is not None
    assert all((w > 0) == (o >= 0) for w, o in zip(example.weight, example.offset, strict=True))


def test_a_batch_shows_the_targets_everywhere_but_at_masked_positions():
    example = maker()(ROW, Random(3))
    batch = collate([example, example], maker(), SLOT_NOISE, Random(0))
    shown = ~batch.canvas.masked[0, : len(example.tokens)]
    assert [t for t, s in zip(example.tokens, shown, strict=True) if s] == batch.canvas.tokens[0][: len(shown)][
        shown
    ].tolist()
    assert batch.targets.tolist() == [example.tokens[column] for column in batch.columns.tolist()]
    assert abs(float(batch.weights.sum()) - 2) < 1e-5


def test_opening_up_never_claims_more_items_than_there_are():
    truth = Decisions(counts={("a",): 3, ("b",): 0})
    for seed in range(50):
        decisions = opened(truth, Random(seed))
        assert all(decisions.counts[site] <= truth.counts[site] for site in truth.counts)
        assert all(decisions.counts[site] == truth.counts[site] for site in decisions.ended)
