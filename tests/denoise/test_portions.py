"""Batches that are shown to a model in portions: which rows go together, and that it changes nothing."""

from functools import partial

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import scaffold
from scaffold.denoise.frame import portions
from scaffold.denoise.predictor import PortionedPredictor
from scaffold.models.load import load

SCHEMA = {
    "type": "object",
    "properties": {"name": {"type": "string"}, "tags": {"type": "array", "items": {"type": "string"}}},
    "required": ["name", "tags"],
}
TEXTS = ["Ada", "Grace Hopper wrote compilers. " * 9, "Emmy Noether, algebra", "Sofia and Maria", "?"]


@given(st.lists(st.tuples(st.integers(1, 4), st.integers(1, 30)), min_size=1, max_size=9), st.integers(1, 80))
def test_portions_hold_every_frame_once_in_order_and_only_single_ones_are_too_large(sizes, tokens):
    found = list(portions(sizes, tokens))
    assert [index for one in found for index in range(len(sizes))[one]] == list(range(len(sizes)))
    for one in found:
        rows, lengths = zip(*sizes[one], strict=True)
        assert one.stop - one.start == 1 or sum(rows) * max(lengths) <= tokens


def test_a_portion_is_not_begun_while_there_is_room():
    assert list(portions([(1, 4)] * 5, 8)) == [slice(0, 2), slice(2, 4), slice(4, 5)]


@pytest.mark.parametrize(("portion", "threads"), [(1, 1), (200, 1), (1, 2)])
def test_portions_do_not_change_what_is_filled(portion, threads, request):
    request.addfinalizer(partial(torch.set_num_threads, torch.get_num_threads()))
    torch.set_num_threads(threads)
    model = load("default", "cpu")
    assert isinstance(model, PortionedPredictor)
    fills = []
    for model.portion in (portion, 1 << 30):
        fills.append(list(scaffold.Filler(model=model).fill_many(SCHEMA, TEXTS)))
    for one, other in zip(*fills, strict=True):
        assert one.text == other.text
        assert one.fields.keys() == other.fields.keys()
        for place, field in one.fields.items():
            assert field.confidence == pytest.approx(other.fields[place].confidence, abs=0.02)
