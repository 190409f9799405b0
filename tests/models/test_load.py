"""Loading is checked: ids, weights, visibility; what does not fit is refused with a reason."""

import json

import pytest
import replicas
import torch
from canvases import asked, canvas_of
from replicas import changed
from safetensors.torch import load_file, save_file

import scaffold
from scaffold.errors import ModelError
from scaffold.models.devices import best_device, device_of, precision_for
from scaffold.models.family import Checkpoint, Family
from scaffold.models.hub_tokenizer import read_tokenizer
from scaffold.models.load import LoadOptions, load
from scaffold.models.registry import FAMILIES, family_of
from scaffold.models.topology import Everything
from scaffold.models.weights import renamed

SHARD = "model-00001-of-00002.safetensors"


def test_a_folder_of_no_known_family_names_the_families_there_are(tmp_path):
    replicas.dream(tmp_path, "something_new")
    with pytest.raises(ModelError) as caught:
        load(str(tmp_path), "cpu")
    assert "Dream" in caught.value.hint


def test_a_family_can_be_named_and_a_family_of_ones_own_takes_ten_lines(tmp_path):
    reference = replicas.dream(tmp_path, "something_new")
    own = Family(
        name="Ours",
        model_types=("something_new",),
        network="Qwen2ForCausalLM",
        is_shifted=True,
        mask_text="<|mask|>",
        checkpoints=(Checkpoint("us/ours", "MIT", "by hand"),),
    )
    named = load(str(tmp_path), "cpu", LoadOptions(family="Dream"))
    registered = load(str(tmp_path), "cpu", LoadOptions(registry={**FAMILIES, "Ours": own}))
    canvas = canvas_of(named)
    rows, columns = asked(canvas)
    both = [model(canvas, rows, columns)[:, :256] for model in (named, registered)]
    torch.testing.assert_close(*both)
    expected = reference.logits(canvas.tokens[0], torch.ones(40, 40, dtype=torch.bool))[columns - 1]
    torch.testing.assert_close(
        registered(canvas, rows, columns)[:, :256].double(), expected[:, :256], atol=1e-5, rtol=0
    )
    assert registered.capabilities.family == "Ours"


def test_no_model_type_belongs_to_two_families_unless_a_field_tells_them_apart():
    seen = {}
    for family in FAMILIES.values():
        for model_type in family.model_types:
            seen.setdefault(model_type, []).append(family)
    shared = {name: found for name, found in seen.items() if len(found) > 1}
    assert all(sum(family.needs_field is None for family in found) == 1 for found in shared.values())
    assert family_of({"model_type": "llada", "num_experts": 8}).name == "LLaDA-MoE"
    assert family_of({"model_type": "llada"}).name == "LLaDA"
    assert family_of({"model_type": "llama"}).role == "causal"


@pytest.mark.parametrize(
    "change",
    [
        lambda made: {name: x for name, x in made.items() if "q_proj" not in name},
        lambda made: made | {"model.layers.0.self_attn.extra.weight": torch.zeros(2)},
        lambda made: {name: x[:32] if "embed" in name else x for name, x in made.items()},
    ],
    ids=["missing", "left over", "of another shape"],
)
def test_weights_that_do_not_fit_are_refused(tmp_path, change):
    replicas.a2d(tmp_path, "llama")
    for shard in tmp_path.glob("model-*.safetensors"):
        made = load_file(shard)
        kept = change(made)
        save_file(kept, shard, metadata={"format": "pt"})
    names = {n: s.name for s in tmp_path.glob("model-*.safetensors") for n in load_file(s)}
    changed(tmp_path, "model.safetensors.index.json", weight_map=names)
    with pytest.raises(ModelError):
        load(str(tmp_path), "cpu")


def test_a_weight_that_was_not_loaded_as_it_is_stored_is_noticed(tmp_path):
    from scaffold.models.weights import check_weights

    replicas.llada_moe(tmp_path)
    model = load(str(tmp_path), "cpu")
    module, family = model.engine.network.module, FAMILIES["LLaDA-MoE"]
    check_weights(module, tmp_path, family)
    for name in ("model.layers.1.mlp.experts.gate_up_proj", "model.layers.0.input_layernorm.weight", "lm_head.weight"):
        whole = module.state_dict()[name]
        before = whole.clone()
        whole[-1].mul_(1.5)
        with pytest.raises(ModelError):
            check_weights(module, tmp_path, family)
        whole.copy_(before)
    check_weights(module, tmp_path, family)


def test_a_key_map_leaves_no_published_name_of_llada_behind():
    names = [replicas.llada_names(part, layer) + ".weight" for layer in (0, 31) for part in ("norm1", "norm2", *"qkvo")]
    names += [replicas.llada_names(part, 11) + ".weight" for part in ("gate", "up", "down")]
    names += [replicas.llada_names(part, None) + ".weight" for part in ("embed", "norm", "head")]
    found = [renamed(name, FAMILIES["LLaDA"].key_map) for name in names]
    assert len(set(found)) == len(names)
    assert not [name for name in found if "transformer" in name]


def test_a_model_that_sees_what_its_family_does_not_is_refused(tmp_path):
    replicas.sdar(tmp_path)
    model = load(str(tmp_path), "cpu")
    hidden = type(model.engine.network).hidden

    def sees_all(self, tokens, places, seen, memory):
        return hidden(self, tokens, places, torch.ones_like(seen), memory)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(type(model.engine.network), "hidden", sees_all)
        with pytest.raises(ModelError):
            load(str(tmp_path), "cpu")
        assert load(str(tmp_path), "cpu", LoadOptions(is_probed=False)).mask_id == model.mask_id


@pytest.mark.parametrize("broken", ["padding", "places"])
def test_a_model_that_ignores_padding_or_places_is_refused(tmp_path, broken, monkeypatch):
    replicas.llada(tmp_path)
    model = load(str(tmp_path), "cpu")
    hidden = type(model.engine.network).hidden

    def wrong(self, tokens, places, seen, memory):
        if broken == "padding":
            return hidden(self, tokens, places, torch.ones_like(seen), memory)
        return self.module.model.embed_tokens(tokens).mean(1, keepdim=True).expand(-1, tokens.shape[1], -1)

    monkeypatch.setattr(type(model.engine.network), "hidden", wrong)
    with pytest.raises(ModelError):
        load(str(tmp_path), "cpu")


def test_pickles_and_missing_shards_are_refused(tmp_path):
    replicas.dream(tmp_path)
    (tmp_path / SHARD).rename(tmp_path / "elsewhere.bin")
    with pytest.raises(ModelError):
        load(str(tmp_path), "cpu")


@pytest.mark.parametrize("name", ["no/such folder here", "/no/such/folder"])
def test_a_name_that_leads_nowhere_is_an_error(name, monkeypatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(ModelError):
        load(name, "cpu")


def test_a_family_that_is_not_registered_is_refused(tmp_path):
    replicas.dream(tmp_path)
    with pytest.raises(ModelError):
        load(str(tmp_path), "cpu", LoadOptions(family="Nobody"))


def test_precision_is_as_asked_and_full_on_a_processor(tmp_path):
    replicas.dream(tmp_path)
    half = load(str(tmp_path), "cpu", LoadOptions(dtype=torch.bfloat16))
    assert half.engine.network.module.dtype == torch.bfloat16
    assert precision_for(torch.device("cpu")) == torch.float32
    canvas = canvas_of(half)
    assert half(canvas, *asked(canvas)).dtype == torch.float32


def test_the_device_is_said_once_and_only_if_it_was_chosen(capsys):
    device_of("cpu")
    assert capsys.readouterr().err == ""
    best_device.cache_clear()
    device_of(None)
    device_of(None)
    assert capsys.readouterr().err.count("running on") == 1


def test_the_block_length_of_the_checkpoint_holds_unless_another_is_asked_for(tmp_path):
    replicas.sdar(tmp_path, block_size=8)
    assert load(str(tmp_path), "cpu").traits.topology.block_length == 8
    assert load(str(tmp_path), "cpu", LoadOptions(block_length=16)).traits.topology.block_length == 16


def test_an_older_tokenizer_in_two_files_spells_the_same(tmp_path):
    replicas.dream(tmp_path)
    whole = read_tokenizer(tmp_path, 320)
    made = json.loads((tmp_path / "tokenizer.json").read_text())
    replicas.write_json(tmp_path / "vocab.json", made["model"]["vocab"])
    merges = [merge if isinstance(merge, str) else " ".join(merge) for merge in made["model"]["merges"]]
    (tmp_path / "merges.txt").write_text("#version: 0.2\n" + "\n".join(merges))
    added = {str(token["id"]): {"content": token["content"]} for token in made["added_tokens"]}
    changed(tmp_path, "tokenizer_config.json", added_tokens_decoder=added)
    (tmp_path / "tokenizer.json").unlink()
    older = read_tokenizer(tmp_path, 320)
    assert older.token_bytes == whole.token_bytes
    assert older.special_id("<|mask|>") == whole.special_id("<|mask|>")


def test_a_tokenizer_that_changes_texts_is_refused(tmp_path):
    replicas.dream(tmp_path)
    made = json.loads((tmp_path / "tokenizer.json").read_text())
    vocabulary = {"[UNK]": 0, "a": 1, "##b": 2}
    made["model"] = {"type": "WordPiece", "unk_token": "[UNK]", "vocab": vocabulary, "continuing_subword_prefix": "##",
                     "max_input_chars_per_word": 9}  # fmt: skip
    replicas.write_json(tmp_path / "tokenizer.json", made)
    with pytest.raises(ModelError):
        read_tokenizer(tmp_path, 320)


def test_capabilities_are_reported_with_every_result(tmp_path):
    replicas.sdar(tmp_path)
    schema = {"type": "object", "properties": {"ok": {"type": "boolean"}}, "required": ["ok"]}
    found = scaffold.Filler(model=str(tmp_path), device="cpu", preset="fast").fill(schema, "Yes.")
    assert found.model["family"] == "SDAR"
    assert found.model["prefix_cache"] == "exact"
    assert found.model["sees_later"] is False
    assert found.to_dict()["model"] == dict(found.model)
    replicas.llada(tmp_path)
    assert load(str(tmp_path), "cpu").traits.topology == Everything()
