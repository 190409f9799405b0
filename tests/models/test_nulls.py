"""Null without training: read from all its signs, weighed by a calibration that is kept with the model."""

import json
import math

import large_replicas
import pytest
import replicas
import torch
from canvases import asked, canvas_of
from typer.testing import CliRunner

import scaffold
from scaffold.cli import app
from scaffold.errors import ModelError
from scaffold.models.calibrate import calibrate_null, save_calibration
from scaffold.models.load import load
from scaffold.models.nulls import NullReader
from scaffold.models.special_ids import SpecialIds

PIECES = (b"a", b'"', b'",', b",", b"}", b"b ", b"", b"", b"")
IDS = SpecialIds(6, (7, 8), "end of text")
NULL = 7


def reader(**options):
    return NullReader(PIECES, IDS, **options)


def one_slot(after):
    """A slot of two positions before one fixed token."""
    from scaffold.denoise.canvas import Canvas

    tokens = torch.tensor([[0, 6, 6, after]])
    offset = torch.tensor([[-1, 0, 1, -1]])
    masked = offset >= 0
    return Canvas(tokens, masked, torch.ones_like(masked), offset, ~masked), torch.tensor([0, 0]), torch.tensor([1, 2])


@pytest.mark.parametrize(("after", "closers"), [(1, {1, 2}), (2, {1, 2}), (3, {3, 4}), (4, {3, 4}), (0, set())])
def test_null_has_the_mass_of_its_ids_and_of_what_closes_the_slot(after, closers):
    logits = torch.randn(2, 9, generator=torch.Generator().manual_seed(0))
    found = reader()(logits, *one_slot(after))
    expected = logits[:, sorted({7, 8} | closers)].logsumexp(-1)
    torch.testing.assert_close(found[:, NULL], expected)
    torch.testing.assert_close(found[:, :6], logits[:, :6])


def test_ids_without_text_are_impossible_but_for_null():
    found = reader()(torch.zeros(2, 12), *one_slot(0))
    assert found.shape == (2, 9)
    assert (found[:, [6, 8]] < -1000).all()
    assert (found[:, NULL] > 0).all()


def test_a_weight_is_added_to_null_alone():
    logits = torch.randn(2, 9, generator=torch.Generator().manual_seed(1))
    plain, heavy = reader()(logits, *one_slot(1)), reader(weight=2.5)(logits, *one_slot(1))
    torch.testing.assert_close(heavy[:, NULL], plain[:, NULL] + 2.5)
    torch.testing.assert_close(heavy[:, :6], plain[:, :6])


TEXTS = ("Ada Lovelace was born in London.", "The invoice 17 amounts to 20 euros.")


def test_a_calibrated_weight_puts_null_and_content_at_even_odds_in_the_middle(tmp_path):
    replicas.llada(tmp_path)
    found = calibrate_null(load(str(tmp_path), "cpu"), TEXTS)
    assert found.slots == 16
    assert found.weight == pytest.approx(-(found.empty + found.asked) / 2)
    save_calibration(tmp_path, load(str(tmp_path), "cpu"), found)
    model = load(str(tmp_path), "cpu")
    assert model.nulls.weight == pytest.approx(found.weight)
    assert model.capabilities.is_calibrated
    again = calibrate_null(model, TEXTS)
    assert again.weight == pytest.approx(found.weight, abs=1e-4)


def test_a_calibration_for_other_null_ids_is_not_used(tmp_path):
    replicas.llada(tmp_path)
    model = load(str(tmp_path), "cpu")
    path = save_calibration(tmp_path, model, calibrate_null(model, TEXTS))
    path.write_text(json.dumps(json.loads(path.read_text()) | {"nulls": [3]}))
    assert load(str(tmp_path), "cpu").nulls.weight == 0
    assert not load(str(tmp_path), "cpu").capabilities.is_calibrated


def test_the_command_stores_the_calibration_with_the_model(tmp_path):
    (tmp_path / "model").mkdir()
    replicas.llada(tmp_path / "model")
    (tmp_path / "prompts.txt").write_text("\n".join(TEXTS))
    run = CliRunner().invoke(
        app, ["calibrate", str(tmp_path / "model"), str(tmp_path / "prompts.txt"), "--device", "cpu"]
    )
    assert run.exit_code == 0
    assert math.isfinite(load(str(tmp_path / "model"), "cpu").nulls.weight)
    assert load(str(tmp_path / "model"), "cpu").nulls.is_calibrated


@pytest.mark.parametrize("prompts", [[], ["  "]])
def test_a_calibration_without_prompts_is_refused(tmp_path, prompts):
    replicas.llada(tmp_path)
    with pytest.raises(ModelError):
        calibrate_null(load(str(tmp_path), "cpu"), prompts)


def test_a_model_with_a_null_of_its_own_is_not_calibrated():
    with pytest.raises(ModelError):
        calibrate_null(scaffold.testing.RandomPredictor(), TEXTS)


def test_an_end_of_text_inside_a_value_ends_it_and_is_no_padding(tmp_path):
    replicas.llada(tmp_path)
    model = load(str(tmp_path), "cpu")
    canvas = canvas_of(model)
    written = torch.zeros_like(canvas.masked).index_fill(1, torch.tensor([10, 11]), True) & canvas.masked
    ended = canvas.commit(written, torch.full_like(canvas.tokens, model.null_id))
    rows, columns = asked(ended)
    other = canvas.commit(written, torch.full_like(canvas.tokens, 65))
    assert ended.attend.all()
    assert not torch.equal(model(ended, rows, columns), model(other, rows, columns))


def test_expand_and_delete_of_dreamon_are_offered_to_the_loop(tmp_path):
    from scaffold.denoise.predictor import ExpandingPredictor

    replicas.dream(tmp_path)
    plain = load(str(tmp_path), "cpu")
    expand, delete = (plain.tokenizer.special_id(text) for text in ("<|im_start|>", "<|endoftext|>"))
    replicas.changed(tmp_path, "generation_config.json", expand_token_id=expand, delete_token_id=delete)
    model = load(str(tmp_path), "cpu")
    assert isinstance(model, ExpandingPredictor)
    assert not isinstance(plain, ExpandingPredictor)
    assert (model.expand_id, model.null_id) == (expand, delete)
    assert model.capabilities.null_source == "trained"
    canvas = canvas_of(model)
    rows, columns = asked(canvas)
    torch.testing.assert_close(model(canvas, rows, columns)[:, expand], plain.raw(canvas, rows, columns)[:, expand])


def test_a_causal_model_is_calibrated_through_what_it_wraps(tmp_path):
    large_replicas.causal(tmp_path)
    assert math.isfinite(calibrate_null(load(str(tmp_path), "cpu"), TEXTS).weight)
