"""LLaDA and its successors: Llama with full attention, under names of its own (arXiv:2502.09992)."""

from types import MappingProxyType

from scaffold.models.family import Checkpoint, Family, Fields, block_length, fields_named
from scaffold.models.topology import Blocks, Topology

FIELDS = {
    "d_model": "hidden_size",
    "mlp_hidden_size": "intermediate_size",
    "n_layers": "num_hidden_layers",
    "n_heads": "num_attention_heads",
    "n_kv_heads": "num_key_value_heads",
    "max_sequence_length": "max_position_embeddings",
    "weight_tying": "tie_word_embeddings",
    "activation_type": "hidden_act",
    "embedding_size": "vocab_size",  # last: the table is longer than the vocabulary
}

_BLOCK = r"^model\.transformer\.blocks\.(\d+)\."
_LAYER = r"model.layers.\1."
_IN_BLOCK = {
    "attn_norm": "input_layernorm",
    "ff_norm": "post_attention_layernorm",
    "q_proj": "self_attn.q_proj",
    "k_proj": "self_attn.k_proj",
    "v_proj": "self_attn.v_proj",
    "attn_out": "self_attn.o_proj",
    "ff_proj": "mlp.gate_proj",
    "up_proj": "mlp.up_proj",
    "ff_out": "mlp.down_proj",
}
KEYS = {_BLOCK + rf"{old}\.": _LAYER + f"{new}." for old, new in _IN_BLOCK.items()} | {
    r"^model\.transformer\.wte\.": "model.embed_tokens.",
    r"^model\.transformer\.ln_f\.": "model.norm.",
    r"^model\.transformer\.ff_out\.": "lm_head.",
}


# What the published code can do besides, as it is derived from OLMo's, and no checkpoint does.
ONLY = {
    "block_type": ("llama",), "block_group_size": (1,), "activation_type": ("silu", "gelu", "relu"),
    "layer_norm_type": ("rms",), "layer_norm_with_affine": (True,), "bias_for_layer_norm": (False,),
    "include_bias": (False,), "include_qkv_bias": (False,), "attention_layer_norm": (False,),
    "input_emb_norm": (False,), "scale_logits": (False,), "rope": (True,), "alibi": (False,),
}  # fmt: skip


def llama_fields(fields: Fields) -> Fields:
    """Names and defaults of LLaDA's config in Llama's words."""
    defaults = {"rms_norm_eps": 1e-5, "rope_theta": 1e4, "tie_word_embeddings": True}
    if fields.get("mlp_hidden_size") is None:
        defaults["intermediate_size"] = int(fields.get("mlp_ratio", 4) * fields["d_model"])
    if fields.get("n_kv_heads") is None and fields.get("multi_query_attention"):
        defaults["num_key_value_heads"] = 1
    return defaults | dict(fields_named(FIELDS, fields))


def tied_fields(fields: Fields) -> Fields:
    """Llama's words, to which iLLaDA keeps; head and embedding are one unless its config says otherwise."""
    return {"tie_word_embeddings": True} | dict(fields)


def small_blocks(fields: Fields) -> Topology:
    """Blocks of four, if the checkpoint does not say otherwise."""
    return Blocks(block_length(fields, 4))


LLADA = Family(
    name="LLaDA",
    model_types=("llada",),
    network="LlamaForCausalLM",
    config=llama_fields,
    only=MappingProxyType(ONLY),
    key_map=MappingProxyType(KEYS),
    mask_id=126336,
    mask_text="<|mdm_mask|>",
    terminators=("<|eot_id|>",),
    checkpoints=(
        Checkpoint("GSAI-ML/LLaDA-8B-Base", "MIT", "tiny replica, original keys"),
        Checkpoint("GSAI-ML/LLaDA-8B-Instruct", "MIT", "tiny replica, original keys"),
        Checkpoint("GSAI-ML/LLaDA-1.5", "MIT", "tiny replica, original keys"),
    ),
)
ILLADA = Family(
    name="iLLaDA",
    model_types=("illada",),
    network="LlamaForCausalLM",
    config=tied_fields,
    only=MappingProxyType({"layer_norm_eps": ()}),
    mask_id=5,
    mask_text="<[MASK]>",
    checkpoints=(
        Checkpoint("GSAI-ML/iLLaDA-8B-Base", "Apache-2.0", "tiny replica"),
        Checkpoint("GSAI-ML/iLLaDA-8B-Instruct", "Apache-2.0", "tiny replica"),
    ),
)
STABLE_DIFFCODER = Family(
    name="Stable-DiffCoder",
    model_types=("llama",),
    needs_field="mask_token_id",
    architectures=("StableDiffcoderForCausalLM",),
    network="LlamaForCausalLM",
    topology=small_blocks,
    mask_id=5,
    mask_text="<[MASK]>",
    checkpoints=(
        Checkpoint("ByteDance-Seed/Stable-DiffCoder-8B-Base", "MIT", "tiny replica"),
        Checkpoint("ByteDance-Seed/Stable-DiffCoder-8B-Instruct", "MIT", "tiny replica"),
    ),
)
