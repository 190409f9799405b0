"""Adapting pretrained models: what they see, what is trained, what is saved, and that it loads."""

import json
import sys

import large_replicas
import pytest
import replicas
import torch
import transformers
from safetensors.torch import load_file
from typer.testing import CliRunner

import scaffold
from scaffold.cli import app
from scaffold.errors import ModelError
from scaffold.extras import optional
from scaffold.models.load import load
from scaffold.train.adapt import Adaptation, adapt, prepare
from scaffold.train.batches import Batches, Blend
from scaffold.train.loop import Trainer, TrainOptions
from scaffold.train.lora import Adapters
from scaffold.train.masked_learner import revealed
from scaffold.train.run import Material

pytestmark = pytest.mark.filterwarnings("ignore:.is_gradient_checkpointing. is deprecated:FutureWarning")  # peft's

SCHEMA = {
    "type": "object",
    "properties": {"name": {"type": ["string", "null"], "maxLength": 8}},
    "required": ["name"],
}
ROWS = tuple({"text": f"{n} sails.", "schema": SCHEMA, "value": {"name": n}} for n in ("Argo", "Vasa", "Fram", "Maud"))
FAST = TrainOptions(minutes=0.002, log_every=1, body_rate=1e-3, head_rate=1e-3)


def rows_file(folder):
    file = folder / "rows.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in ROWS))
    return Material(file, generated=0.0)


def masked(folder, kind):
    match kind:
        case "roberta" | "modernbert" | "bert":
            large_replicas.encoder(folder, kind)
        case "causal":
            large_replicas.causal(folder)
        case "Llama" | "Qwen3":  # the same words and sizes around another module
            large_replicas.causal(folder)
            config = getattr(transformers, f"{kind}Config").from_pretrained(folder)
            getattr(transformers, f"{kind}ForCausalLM")(config).save_pretrained(folder)
        case "llada":
            replicas.llada(folder)


def losses(trainer, start, steps):
    batches = iter(Batches(Blend((ROWS,), (1.0,)), start.maker(), 512, seed=0))
    return [trainer.learn(next(batches)) for _ in range(steps)]


def of_null(trainer, start):
    """Mean log-probability of the null where it is right."""
    batch = next(iter(Batches(Blend((ROWS,), (1.0,)), start.maker(), 512, seed=1)))
    with torch.no_grad():
        found = trainer.learner.eval()(batch, 1.0)
    trainer.learner.train()
    return float(found[batch.targets == start.ids.nulls[0]].mean())


def learning(tmp_path, kind, lora=0, anneal=0.0):
    """A trainer of an untrained model of the kind."""
    (tmp_path / "base").mkdir()
    masked(tmp_path / "base", kind)
    start = prepare(tmp_path / "out", Adaptation(str(tmp_path / "base"), lora=lora))
    if lora:
        Adapters(start.module, lora, start.new)
    options = TrainOptions(60.0, body_rate=3e-3, head_rate=1e-2, warm_up=0.0)
    return Trainer(start.learner(anneal), options, tmp_path / "out"), start


@pytest.mark.parametrize("kind", ["causal", "roberta", "bert", "modernbert", "llada"])
def test_the_loss_of_an_adapted_model_falls_well_below_its_start(tmp_path, kind):
    trainer, start = learning(tmp_path, kind)
    found = losses(trainer, start, 30)
    assert sum(found[-5:]) < 0.5 * sum(found[:5])


def test_a_causal_model_that_learns_through_annealing_learns_too(tmp_path):
    found = losses(*learning(tmp_path, "causal", anneal=0.5), 30)
    assert sum(found[-5:]) < 0.5 * sum(found[:5])


@pytest.mark.parametrize("kind", ["causal", "roberta", "llada"])
def test_low_rank_adapters_learn_the_null_while_everything_else_stays_as_it_was(tmp_path, kind):
    trainer, start = learning(tmp_path, kind, lora=8)
    before, kept = of_null(trainer, start), {n: p.clone() for n, p in frozen(start.module)}
    losses(trainer, start, 30)
    assert of_null(trainer, start) > before + 2.0
    assert all(torch.equal(kept[name], parameter) for name, parameter in frozen(start.module))
    free = [name for name, parameter in start.module.named_parameters() if parameter.requires_grad]
    assert all("lora" in name or "trainable_tokens" in name for name in free)
    assert trainer.learner.trained_state().keys().isdisjoint(kept)


@pytest.mark.parametrize("kind", ["causal", "llada"])
def test_adapters_learn_beside_weights_in_half_precision(tmp_path, kind):
    masked(tmp_path, kind)
    start = prepare(tmp_path / "out", Adaptation(str(tmp_path), lora=2))
    start.module.bfloat16()  # as a large model is loaded on a GPU
    Adapters(start.module, 2, start.new)
    trainer = Trainer(start.learner(0.0), TrainOptions(60.0, head_rate=1e-2, warm_up=0.0), tmp_path / "out")
    before = of_null(trainer, start)
    losses(trainer, start, 10)
    assert of_null(trainer, start) > before + 0.5


def frozen(module):
    return [(name, parameter) for name, parameter in module.named_parameters() if not parameter.requires_grad]


@pytest.mark.parametrize("lora", [0, 4], ids=["in full", "by adapters"])
@pytest.mark.parametrize("kind", ["causal", "Llama", "Qwen3", "roberta", "llada"])
def test_an_adapted_model_loads_says_what_was_trained_and_fills(tmp_path, kind, lora):
    (tmp_path / "base").mkdir()
    masked(tmp_path / "base", kind)
    out = tmp_path / "out"
    adapt(
        out, Adaptation(str(tmp_path / "base"), lora=lora), rows_file(tmp_path), FAST, lambda _: None, batch_tokens=512
    )
    model = load(str(out), "cpu")
    assert model.ids.null_source == "trained"
    assert model.capabilities.sees_later
    assert model.traits.is_shifted == (kind in {"causal", "Llama", "Qwen3"})
    value = scaffold.Filler(model=model, preset="fast").fill(SCHEMA, "Argo sails.").value
    assert set(value) == {"name"}


@pytest.mark.parametrize("lora", [0, 4], ids=["in full", "by adapters"])
def test_what_is_saved_gives_the_logits_that_training_ended_with(tmp_path, lora):
    (tmp_path / "base").mkdir()
    masked(tmp_path / "base", "causal")
    out = tmp_path / "out"
    adapt(
        out, Adaptation(str(tmp_path / "base"), lora=lora), rows_file(tmp_path), FAST, lambda _: None, batch_tokens=512
    )
    start = prepare(tmp_path / "again", Adaptation(str(tmp_path / "base")))
    if lora:
        Adapters(start.module, lora, start.new)
    learner = start.learner(0.0).eval()
    learner.restore(torch.load(out / "checkpoint.pt", weights_only=True)["model"])
    model = load(str(out), "cpu")
    batch = next(iter(Batches(Blend((ROWS,), (1.0,)), start.maker(), 256, seed=0)))
    said = model.raw(batch.canvas, batch.rows, batch.columns)
    said[:, model.mask_id] = -torch.inf
    expected = said.log_softmax(-1).gather(1, batch.targets[:, None])[:, 0]
    torch.testing.assert_close(
        learner(batch, 1.0).detach(), expected, atol=0.05, rtol=0.02
    )  # half precision in training


def test_adapters_are_small_and_name_their_base(tmp_path):
    (tmp_path / "base").mkdir()
    masked(tmp_path / "base", "llada")
    out = tmp_path / "out"
    adapt(out, Adaptation(str(tmp_path / "base"), lora=2), rows_file(tmp_path), FAST, lambda _: None, batch_tokens=512)
    assert not (out / "model.safetensors").exists()
    names = set(load_file(out / "adapter_model.safetensors"))
    assert all("lora" in name or "token" in name for name in names)
    assert json.loads((out / "adapter_config.json").read_text())["base_model_name_or_path"] == str(tmp_path / "base")


@pytest.mark.parametrize("ratio", [0.0, 0.3, 1.0])
def test_annealing_runs_from_causal_to_full_and_never_hides_what_is_before(ratio):
    torch.manual_seed(0)
    seen = torch.ones(3, 9, 9, dtype=torch.bool)
    found = revealed(seen, ratio)
    before = torch.ones(9, 9, dtype=torch.bool).tril()
    assert found[:, before].all()
    share = found[:, ~before].float().mean()
    assert share == ratio if ratio in {0.0, 1.0} else 0 < share < 1


def test_keys_that_cannot_be_seen_are_not_revealed():
    seen = torch.ones(1, 4, 4, dtype=torch.bool)
    seen[..., 3] = False
    assert not revealed(seen, 1.0)[..., 3].any()


def test_an_encoder_has_nothing_to_anneal(tmp_path):
    large_replicas.encoder(tmp_path, "roberta")
    with pytest.raises(ModelError):
        prepare(tmp_path / "out", Adaptation(str(tmp_path), anneal=0.5))


def test_settings_out_of_range_are_refused():
    for wrong in ({"anneal": 1.5}, {"lora": -1}):
        with pytest.raises(ModelError):
            Adaptation("x", **wrong)


def on_command_line(*arguments):
    return CliRunner().invoke(app, ["train", *map(str, arguments), "--generated", "0", "--minutes", "0.001"])


def test_the_train_command_adapts_a_model_of_the_hub(tmp_path):
    (tmp_path / "base").mkdir()
    masked(tmp_path / "base", "causal")
    data = rows_file(tmp_path).data
    done = on_command_line(tmp_path / "out", "--model", tmp_path / "base", "--data", data, "--anneal", 0.5, "--lora", 2)
    assert done.exit_code == 0, done.output
    assert load(str(tmp_path / "out"), "cpu").traits.family == "adapted Qwen2"


def test_the_embedded_default_takes_no_adapters(tmp_path):
    done = on_command_line(tmp_path / "out", "--model", "default", "--data", rows_file(tmp_path).data, "--lora", 2)
    assert done.exit_code == 2


def test_without_peft_adapters_are_told_which_extra_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "peft", None)
    with pytest.raises(ModelError) as caught:
        optional("peft", "peft")
    assert "scaffold-dllm[peft]" in caught.value.hint
