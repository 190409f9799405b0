"""Published configs: each field that changes what is computed is carried out, or refused by name."""

from dataclasses import replace

import large_replicas
import pytest
import replicas
import torch
from canvases import asked, canvas_of
from reference_forward import causal_then_blocks, everything, in_blocks
from replicas import INNER, LLADA, WIDTH, changed

import scaffold
from scaffold.denoise.lengths.expand import Expand
from scaffold.denoise.options import DenoiseOptions
from scaffold.denoise.predictor import ExpandingPredictor
from scaffold.errors import ModelError
from scaffold.models.family import Family
from scaffold.models.llada2_module import shape_of
from scaffold.models.load import LoadOptions, load
from scaffold.models.registry import family_of
from scaffold.models.topology import Blocks, Everything

DERIVED_FROM_OLMO = {
    "block_type": "sequential", "block_group_size": 2, "layer_norm_type": "default", "layer_norm_with_affine": False,
    "bias_for_layer_norm": True, "include_bias": True, "include_qkv_bias": True, "attention_layer_norm": True,
    "input_emb_norm": True, "scale_logits": True, "rope": False, "alibi": True, "activation_type": "swiglu",
}  # fmt: skip
REFUSED = [
    *((replicas.llada, name, value) for name, value in DERIVED_FROM_OLMO.items()),
    (replicas.illada, "layer_norm_eps", 1e-5),
    (replicas.llada_moe, "clip_qkv", 8.0),
    (replicas.llada_moe, "qk_layernorm", False),
    (replicas.llada_moe, "moe_router_enable_expert_bias", True),
    (replicas.llada_moe, "shared_expert_intermediate_size", 32),
    (replicas.llada_moe, "partial_rotary_factor", 0.5),
    (replicas.nemotron, "dlm_type", "dream"),
    (replicas.nemotron, "dlm_paradigm", "autoregressive"),
    (replicas.nemotron, "mlp_bias", True),
    (large_replicas.llada2, "hidden_act", "gelu"),
    (large_replicas.llada2, "tie_word_embeddings", True),
    (lambda folder: large_replicas.encoder(folder, "bert"), "is_decoder", True),
]


def says_what_the_reference_says(folder, reference, sees=everything, shift=0):
    model = load(str(folder), "cpu")
    canvas = canvas_of(model)
    rows, columns = asked(canvas)
    expected = reference.logits(canvas.tokens[0], sees(40))[columns - shift]
    text = torch.tensor([bool(piece) for piece in model.tokenizer.token_bytes])
    found = model(canvas, rows, columns)[:, text].double()
    torch.testing.assert_close(found, expected[:, text], atol=1e-5, rtol=0)


@pytest.mark.parametrize(("write", "name", "value"), REFUSED, ids=lambda x: x if isinstance(x, str) else "")
def test_a_field_that_asks_for_something_else_is_refused_by_name(write, name, value, tmp_path):
    write(tmp_path)
    changed(tmp_path, "config.json", **{name: value})
    with pytest.raises(ModelError) as caught:
        load(str(tmp_path), "cpu")
    assert name in caught.value.message
    assert caught.value.hint


@pytest.mark.parametrize(
    ("shape", "fields"),
    [
        (LLADA, {"mlp_hidden_size": None, "mlp_ratio": INNER / WIDTH}),
        (replace(LLADA, key_heads=1), {"n_kv_heads": None, "multi_query_attention": True}),
        (LLADA, {"n_kv_heads": None}),
        (replace(LLADA, activation=torch.nn.functional.gelu), {"activation_type": "gelu"}),
        (LLADA, {"embedding_size": None, "vocab_size": replicas.VOCABULARY}),
    ],
)
def test_llada_reads_what_its_config_leaves_to_other_fields(shape, fields, tmp_path):
    says_what_the_reference_says(tmp_path, replicas.llada(tmp_path, shape, **fields))


def test_llada_moe_never_normalises_the_weights_of_chosen_experts(tmp_path):
    reference = replicas.llada_moe(tmp_path, norm_topk_prob=True, head_dim=32, num_key_value_heads=None)
    says_what_the_reference_says(tmp_path, reference)


def test_every_layer_of_rnd1_is_a_mixture(tmp_path):
    reference = replicas.rnd1(tmp_path)
    changed(tmp_path, "config.json", mlp_only_layers=[0], decoder_sparse_step=2)
    says_what_the_reference_says(tmp_path, reference, shift=1)


@pytest.mark.parametrize("fields", [{"rope_theta": 1e6, "rope_parameters": None}, {"rope_parameters": None}])
def test_nemotron_turns_positions_plainly_where_its_config_does_not_scale_them(fields, tmp_path):
    reference = replicas.nemotron(tmp_path)
    changed(tmp_path, "config.json", **fields)
    says_what_the_reference_says(tmp_path, reference, lambda n: causal_then_blocks(n, 8, 32))


def test_nemotron_reads_a_block_causally_once_it_is_written(tmp_path):
    reference = replicas.nemotron(tmp_path)
    model = load(str(tmp_path), "cpu")
    canvas = canvas_of(model, 90, slots=((8, 14), (20, 29), (50, 60)))
    model(canvas, *asked(canvas))
    before = canvas.masked & (torch.arange(90) < 40)
    canvas = canvas.commit(before, torch.full_like(canvas.tokens, 70))
    found = model(canvas, *asked(canvas))
    expected = reference.logits(canvas.tokens[0], causal_then_blocks(90, 40, 32))[asked(canvas)[1]]
    text = torch.tensor([bool(piece) for piece in model.tokenizer.token_bytes])
    torch.testing.assert_close(found[:, text].double(), expected[:, text], atol=1e-5, rtol=0)
    model.engine.computed = 0
    model(canvas, *asked(canvas))
    assert model.engine.computed == 50, "what is finished is kept"


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"model_type": "Dream", "architectures": ["DreamModel"]}, "Dream"),
        ({"model_type": "Dream"}, "Dream"),
        ({"model_type": "Dream", "architectures": ["DreamForCausalLM"]}, "DreamReasoner"),
        ({"model_type": "Dream", "block_size": 32}, "DreamReasoner"),
        ({"model_type": "llama", "architectures": ["LlamaForCausalLM"]}, "Llama (causal)"),
        ({"model_type": "llama", "architectures": ["StableDiffcoderForCausalLM"]}, "Stable-DiffCoder"),
        ({"model_type": "llada", "num_experts": 64}, "LLaDA-MoE"),
        ({"model_type": "llada", "architectures": None}, "LLaDA"),
        ({"model_type": "illada"}, "iLLaDA"),
    ],
)
def test_a_model_type_that_several_families_have_is_told_by_class_or_field(fields, name):
    assert family_of(fields).name == name


def test_an_unknown_model_type_is_an_error_that_says_what_to_do():
    with pytest.raises(ModelError) as caught:
        family_of({"model_type": "nobody_knows"})
    assert "nobody_knows" in caught.value.message
    assert "LoadOptions(family=...)" in caught.value.hint
    assert "LLaDA2" in caught.value.hint
    assert "allow_remote_code" in caught.value.hint


def test_fast_dllm_knows_its_mask_by_text(tmp_path):
    replicas.dream(tmp_path, "Fast_dLLM_Qwen", "|<MASK>|", bd_size=8)
    changed(tmp_path, "config.json", mask_token_id=None)
    model = load(str(tmp_path), "cpu")
    assert model.tokenizer.text_of(model.mask_id) == "|<MASK>|"


def test_llada2_has_the_defaults_of_its_published_config():
    sizes = {
        "vocab_size": 9, "hidden_size": 64, "intermediate_size": 9, "moe_intermediate_size": 9, "num_hidden_layers": 1,
        "num_attention_heads": 4, "num_key_value_heads": 2, "num_experts": 8, "num_experts_per_tok": 2,
        "num_shared_experts": None, "head_dim": None,
    }  # fmt: skip
    shape = shape_of(sizes)
    assert (shape.use_bias, shape.rms_norm_eps, shape.rope_theta, shape.head_dim) == (False, 1e-5, 1e4, 16)
    together = {"rope_type": "default", "rope_theta": 6e5, "partial_rotary_factor": 0.25}
    newer = shape_of(sizes | {"rope_parameters": together})
    assert (newer.rope_theta, newer.rotary_size) == (6e5, 4)
    for name in ("rope_parameters", "rope_scaling"):
        with pytest.raises(ModelError):
            shape_of(sizes | {name: {"type": "yarn", "factor": 4.0}})


def test_llada2_loads_without_the_fields_that_its_published_config_leaves_out(tmp_path):
    reference = large_replicas.llada2(tmp_path)
    silent = dict.fromkeys(("use_bias", "use_qkv_bias", "use_qk_norm"))
    said = {"score_function": "sigmoid", "norm_topk_prob": True, "norm_head": False, "rope_scaling": None}
    changed(tmp_path, "config.json", **silent, **said, moe_router_enable_expert_bias=True, rotary_dim=8)
    says_what_the_reference_says(tmp_path, reference, lambda n: in_blocks(n, 32))


def test_a_family_of_ones_own_may_refuse_fields_too(tmp_path):
    replicas.dream(tmp_path, softcap=30.0)
    mine = Family("mine", ("Dream",), "Qwen2ForCausalLM", only={"softcap": ()}, is_shifted=True)
    with pytest.raises(ModelError) as caught:
        load(str(tmp_path), "cpu", LoadOptions(family=mine))
    assert "softcap=30.0" in caught.value.message


def test_llada2_2_has_a_token_for_nothing_and_one_for_two_masks(tmp_path):
    words = {"delete_token_id": "<|delete|>", "split_token_id": "<|split|>"}
    large_replicas.llada2(tmp_path, tuple(words.values()), **words)
    model = load(str(tmp_path), "cpu")
    assert isinstance(model, ExpandingPredictor)
    assert model.tokenizer.text_of(model.expand_id) == "<|split|>"
    assert model.tokenizer.text_of(model.null_id) == "<|delete|>"
    assert model.capabilities.null_source == "trained"
    options = DenoiseOptions(length=Expand(begin=2, limit=6))
    found = scaffold.Filler(model=model, device="cpu").fill({"type": "string", "maxLength": 6}, "Ada.", denoise=options)
    assert len(found.value) <= 6


@pytest.mark.parametrize(("name", "topology"), [("Qwen3-bd3lm-v0.1", Blocks(32)), ("Qwen3-mdlm-v0.1", Everything())])
def test_only_its_name_tells_a_bd3lm_whose_config_is_that_of_any_a2d(name, topology, tmp_path):
    folder = tmp_path / name
    folder.mkdir()
    replicas.a2d(folder, "qwen3")
    assert load(str(folder), "cpu").traits.topology == topology
    assert load(str(folder), "cpu", LoadOptions(block_length=4)).traits.topology == Blocks(4)


def test_a_sliding_window_is_not_slid_as_the_published_code_does_not(tmp_path):
    reference = replicas.dream(tmp_path)
    changed(tmp_path, "config.json", use_sliding_window=True, sliding_window=4, max_window_layers=0)
    says_what_the_reference_says(tmp_path, reference, shift=1)
