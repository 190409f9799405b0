"""Training and fine-tuning from one call, and what is held out."""

import json
from pathlib import Path

import pytest
import torch

from scaffold.errors import ModelError
from scaffold.models.embedded import embedded_folder, load_embedded, save_embedded
from scaffold.testing import ByteTokenizer
from scaffold.tokenizer import BytePairTokenizer
from scaffold.train.batches import Batches, Blend
from scaffold.train.corpora import schema_split
from scaffold.train.examples import ExampleMaker
from scaffold.train.initialise import from_scratch
from scaffold.train.loop import TrainOptions
from scaffold.train.picture import draw
from scaffold.train.run import Material, Origin, blends, train


def row(name, value):
    schema = {"type": "object", "properties": {name: {"type": "string"}}, "required": [name]}
    return {"text": f"It says {value}.", "schema": schema, "value": {name: value}}


def test_whole_schemas_are_held_out():
    rows = [row(name, value) for name in "abcde" for value in ("x", "y")]
    kept, held = schema_split(rows, 0.4, seed=0)
    names = [{next(iter(one["value"])) for one in part} for part in (kept, held)]
    assert (len(kept), len(held)) == (6, 4)
    assert not names[0] & names[1]


def test_single_rows_are_held_out_where_there_is_one_schema():
    rows = [row("a", str(k)) for k in range(10)]
    kept, held = schema_split(rows, 0.2, seed=0)
    assert (len(kept), len(held)) == (8, 2)
    assert {one["value"]["a"] for one in (*kept, *held)} == {str(k) for k in range(10)}


def test_training_starts_from_one_thing():
    for wrong in (
        {},
        {"model": "default", "tokenizer": Path("t")},
        {"model": "default", "encoder": Path("e")},
        {"tokenizer": Path("t"), "beside": ("default",)},
    ):
        with pytest.raises(ModelError):
            Origin(**wrong)


def test_rows_that_teach_nothing_are_an_error_and_no_endless_search():
    unfit = Blend(((row("a", "b") | {"value": {"a": 7}},),), (1.0,))
    with pytest.raises(ModelError):
        next(iter(Batches(unfit, ExampleMaker(ByteTokenizer(), 256, 257), 512, seed=0)))


def test_a_file_of_rows_is_blended_with_generated_ones(tmp_path):
    file = tmp_path / "rows.jsonl"
    file.write_text("".join(json.dumps(row("a", str(k))) + "\n" for k in range(10)))
    learned, held_out = blends(Material(file, generated=0.25, held_out=0.2), seed=0)
    assert learned.weights == pytest.approx((0.25, 0.75))
    assert len(learned.sources[1]) == 8
    assert held_out is not None
    assert len(held_out.sources[0]) == 2


def test_fine_tuning_the_default_writes_a_model_that_loads(tmp_path):
    file = tmp_path / "rows.jsonl"
    file.write_text("".join(json.dumps(row("a", str(k))) + "\n" for k in range(20)))
    options = TrainOptions(minutes=0.001, log_every=1)
    train(tmp_path / "out", Origin("default"), Material(file, generated=0.0), options, lambda _: None, batch_tokens=128)
    tuned = load_embedded(tmp_path / "out", torch.device("cpu"))
    first = load_embedded(embedded_folder("default"), torch.device("cpu"))
    moved = (tuned.network.gate.weight - first.network.gate.weight).abs().max()
    assert 0 < moved < 0.1


TOKENIZER = embedded_folder("default") / "tokenizer.json"


def saved(folder, seed, width=32):
    torch.manual_seed(seed)
    save_embedded(from_scratch(BytePairTokenizer(str(TOKENIZER)), width, layers=1), TOKENIZER, folder)
    return load_embedded(folder, torch.device("cpu")).network.state_dict()


def test_training_starts_from_the_mean_of_several_models(tmp_path):
    first, second = (saved(tmp_path / name, seed) for seed, name in enumerate("ab"))
    start = (
        Origin(str(tmp_path / "a"), beside=(str(tmp_path / "b"),))
        .network(BytePairTokenizer(str(TOKENIZER)))
        .state_dict()
    )
    learned = [name for name, weights in start.items() if weights.is_floating_point()]
    assert all(torch.allclose(start[name], (first[name] + second[name]) / 2, atol=1e-7) for name in learned)
    assert not torch.equal(start["gate.weight"], first["gate.weight"])


def test_no_time_at_all_saves_the_start(tmp_path):
    first, second = (saved(tmp_path / name, seed) for seed, name in enumerate("ab"))
    start = Origin(str(tmp_path / "a"), beside=(str(tmp_path / "b"),))
    file = tmp_path / "rows.jsonl"
    file.write_text(json.dumps(row("a", "b")) + "\n")
    train(tmp_path / "out", start, Material(file, generated=0.0), TrainOptions(minutes=0.0), lambda _: None)
    written = load_embedded(tmp_path / "out", torch.device("cpu")).network.state_dict()
    mean = (first["gate.weight"] + second["gate.weight"]) / 2
    assert torch.allclose(written["gate.weight"], mean, atol=5e-4)  # weights are stored in 8 bits


def test_models_of_different_makes_have_no_mean(tmp_path):
    saved(tmp_path / "a", 0)
    saved(tmp_path / "b", 0, width=64)
    with pytest.raises(ModelError, match="different makes"):
        Origin(str(tmp_path / "a"), beside=(str(tmp_path / "b"),)).network(BytePairTokenizer(str(TOKENIZER)))


def test_the_learning_curve_is_drawn(tmp_path):
    curve = tmp_path / "curve.jsonl"
    curve.write_text(
        '{"examples": 1, "loss": 2.0}\n{"examples": 2, "held_out_loss": 1.5}\n{"examples": 3, "loss": 1.0}\n'
    )
    draw(curve, tmp_path / "curve.svg")
    drawn = (tmp_path / "curve.svg").read_text("utf-8")
    assert drawn.count("<svg") == 1


@pytest.mark.parametrize("name", ["generated", "held_out", "variation"])
@pytest.mark.parametrize("share", [-0.1, 3.0])
def test_a_share_is_between_nothing_and_all(name, share):
    with pytest.raises(ModelError) as caught:
        Material(**{name: share})
    assert name in str(caught.value)
