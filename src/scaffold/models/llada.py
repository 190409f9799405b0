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
    "include_qkv_bias": "attention_bias",
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


def llama_fields(fields: Fields) -> Fields:
    """Names and defaults of LLaDA's config in Llama's words."""
    named = dict(fields_named(FIELDS, fields))
    named.setdefault("rms_norm_eps", 1e-5)
    named.setdefault("rope_theta", 5e5)
    return named


def small_blocks(fields: Fields) -> Topology:
    """Blocks of four, if the checkpoint does not say otherwise."""
    return Blocks(block_length(fields, 4))


LLADA = Family(
    name="LLaDA",
    model_types=("llada",),
    network="LlamaForCausalLM",
    config=llama_fields,
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
    config=llama_fields,
    key_map=MappingProxyType(KEYS),
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
    network="LlamaForCausalLM",
    topology=small_blocks,
    checkpoints=(
        Checkpoint("ByteDance-Seed/Stable-DiffCoder-8B-Base", "see its card", "tiny replica"),
        Checkpoint("ByteDance-Seed/Stable-DiffCoder-8B-Instruct", "see its card", "tiny replica"),
    ),
)
