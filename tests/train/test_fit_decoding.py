"""Soft masks and the length bias fitted to a frozen model: what is learned, what stays, where it is kept."""

import json
from dataclasses import replace

import pytest
import torch

from scaffold.denoise.lengths.search import LengthSearch
from scaffold.denoise.memory.soft_mask import SoftMask
from scaffold.errors import ModelError
from scaffold.models.embedded import EmbeddedModel
from scaffold.models.fitted import DECODING, Fitted, fitted
from scaffold.models.slot_filler import SlotFiller, SlotFillerConfig
from scaffold.testing import ByteTokenizer, RandomPredictor
from scaffold.train.fit_decoding import FitPlan, fit_decoding
from scaffold.train.fit_length_bias import LENGTHS, fit_length_bias

PLAN = FitPlan(rows=9, steps=12, searched=2)


def model(seed=0):
    """A tiny network over bytes; `ByteTokenizer` has the ids of mask and null behind them."""
    torch.manual_seed(seed)
    config = SlotFillerConfig(
        vocab_size=258, hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=2,
        copy_size=16, max_position_embeddings=640,
    )  # fmt: skip
    return Bare(SlotFiller(config))


class Bare(EmbeddedModel):
    """An embedded model over bytes."""

    def __init__(self, network):
        self.network, self.device = network.eval(), torch.device("cpu")
        self.tokenizer, self.mask_id, self.null_id, self.max_length = ByteTokenizer(), 256, 257, 640


def row(number):
    schema = {
        "type": "object",
        "properties": {"name": {"type": "string"}, "year": {"type": "integer", "minimum": 0, "maximum": 99}},
        "required": ["name", "year"],
    }
    name = "Ada Lovelace"[: 3 + number]
    return {"text": f"{name}, {number + 10}.", "schema": schema, "value": {"name": name, "year": number + 10}}


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "people").mkdir()
    (tmp_path / "people" / "dev.jsonl").write_text("".join(json.dumps(row(k)) + "\n" for k in range(9)) * 30)
    return tmp_path


def test_the_weights_of_soft_masks_are_learned_and_the_network_is_not(folder):
    one = model()
    before = {name: tensor.clone() for name, tensor in one.network.state_dict().items()}
    found = fit_decoding(one, folder, replace(PLAN, rows=60))
    assert all(torch.equal(tensor, before[name]) for name, tensor in one.network.state_dict().items())
    assert found.soft_mask.memory != SoftMask()
    assert 0 < found.soft_mask.memory.scale < 1
    assert found.soft_mask.memory.slope > 0
    assert found.soft_mask.memory.best == SoftMask().best
    assert min(found.soft_mask.hard, found.soft_mask.before, found.soft_mask.after) > 0


def test_a_bias_is_fitted_closer_to_what_was_measured_than_the_published_one():
    found = fit_length_bias(RandomPredictor(0, max_length=640), [row(k) for k in range(3)])
    assert set(found.measured) == set(LENGTHS) - {4}  # the names have 3 to 5 letters
    assert found.after < found.before
    assert found.search == replace(LengthSearch(), bias=found.search.bias)
    for length, value in found.measured.items():
        assert abs(found.search.expected(length) - value) <= len(found.measured) ** 0.5 * found.after + 1e-9


def test_lengths_near_the_true_one_are_left_out():
    one = {**row(0), "schema": {"type": "string"}, "value": "abcdef", "text": "abcdef"}
    found = fit_length_bias(RandomPredictor(0, max_length=640), [one])
    assert set(found.measured) == set(LENGTHS) - {6}


def test_rows_without_free_texts_are_an_error():
    plain = {"text": "7", "schema": {"type": "integer", "minimum": 0, "maximum": 9}, "value": 7}
    with pytest.raises(ModelError):
        fit_length_bias(RandomPredictor(0), [plain])


def test_what_was_fitted_is_kept_for_the_same_weights_alone(tmp_path):
    one, other = model(0), model(1)
    with pytest.raises(ModelError):
        fitted(one, str(tmp_path))
    kept = Fitted(one.fingerprint, SoftMask(0.3), LengthSearch(bias=(0.1, 1.0, 0.2, 0.1, 0.3)))
    kept.write(tmp_path / DECODING)
    assert fitted(one, str(tmp_path)) == kept
    with pytest.raises(ModelError):
        fitted(other, str(tmp_path))


def test_another_kind_of_model_and_an_unknown_set_are_refused(folder):
    with pytest.raises(ModelError):
        fit_decoding(RandomPredictor(0), folder)
    with pytest.raises(ModelError):
        fit_decoding(model(), folder, replace(PLAN, sets=("none",)))
