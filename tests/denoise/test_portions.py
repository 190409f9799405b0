"""Batches that are shown to a model in portions: which rows go together, and that it changes nothing."""

from functools import partial

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import scaffold
from scaffold.denoise.frame import expected, frame, portions
from scaffold.denoise.options import DenoiseOptions
from scaffold.denoise.predictor import PortionedPredictor
from scaffold.models.load import load
from scaffold.pipeline.request import RequestOptions, request_row
from scaffold.testing import RandomPredictor

SCHEMA = {
    "type": "object",
    "properties": {"name": {"type": "string"}, "tags": {"type": "array", "items": {"type": "string"}}},
    "required": ["name", "tags"],
}
TEXTS = ["Ada", "Grace Hopper wrote compilers. " * 9, "Emmy Noether, algebra", "Sofia and Maria", "?"]


frames = st.lists(st.tuples(st.integers(1, 4), st.integers(1, 30)), min_size=1, max_size=9)


@given(frames, st.integers(1, 80), st.integers(1, 4))
def test_portions_hold_every_frame_once_and_exceed_their_share_by_less_than_a_frame(sizes, tokens, at_once):
    found = portions(sizes, tokens, at_once)
    assert sorted(index for one in found for index in one) == list(range(len(sizes)))
    work = [rows * length for rows, length in sizes]
    share = max(tokens, sum(work) / len(work))  # more portions than frames there are not
    for one in found:
        assert one
        assert sum(work[index] for index in one) <= share + max(work)


@given(frames, st.integers(1, 80), st.integers(1, 4))
def test_frames_of_like_length_go_together(sizes, tokens, at_once):
    lengths = [sizes[index][1] for one in portions(sizes, tokens, at_once) for index in one]
    assert lengths == sorted(lengths)


def test_portions_are_as_many_as_are_computed_side_by_side_and_of_like_work():
    assert [len(one) for one in portions([(1, 4)] * 10, 12, 2)] == [2, 3, 2, 3]
    assert [len(one) for one in portions([(1, 4)] * 2, 1000, 2)] == [1, 1]
    assert portions([(1, 9), (1, 3), (1, 9), (1, 3)], 18, 1) == [[1, 3, 0], [2]]
    assert portions([(1, 4)], 1, 4) == [[0]]


def test_what_a_frame_takes_is_foreseen_before_it_is_laid_out():
    branches = [
        {"type": "object", "properties": {name: {"type": kind}}, "required": [name], "additionalProperties": False}
        for name, kind in (("name", "string"), ("age", "integer"))
    ]
    row = request_row(scaffold.compile({"anyOf": branches}), RandomPredictor(), "Ada", RequestOptions(DenoiseOptions()))
    laid = frame(row)
    assert expected([row]) == (len(laid.variants), len(row.request.prompt) + len(row.template.token_ids))
    assert expected([row, row])[0] == 2 * len(laid.variants) == 4


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
