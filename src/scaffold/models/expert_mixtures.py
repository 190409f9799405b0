"""Diffusion models with experts in the shape of Qwen3-MoE: LLaDA-MoE (arXiv:2509.24389) and RND1."""

from types import MappingProxyType

from scaffold.models.family import Checkpoint, Family, Fields


def llada_moe_fields(fields: Fields) -> Fields:
    """LLaDA-MoE's config in Qwen3-MoE's words: the weights of the chosen experts are not normalised again."""
    heads = fields["num_attention_heads"]
    defaults = {
        "moe_intermediate_size": fields.get("expert_intermediate_size") or fields.get("intermediate_size"),
        "intermediate_size": fields.get("dense_intermediate_size") or 8192,
        "num_key_value_heads": heads,
        "rms_norm_eps": 1e-5,
        "max_position_embeddings": 4096,
    }
    # The published code does not ask its config for these.
    fixed = {"norm_topk_prob": False, "head_dim": fields["hidden_size"] // heads, "decoder_sparse_step": 1}
    dense = [layer for layer, is_mixture in enumerate(fields.get("moe_layer_freq") or ()) if not is_mixture]
    named = {name: value for name, value in fields.items() if value is not None}
    return defaults | named | fixed | {"mlp_only_layers": dense}


def rnd1_fields(fields: Fields) -> Fields:
    """RND1's own defaults, which are not those of Qwen3-MoE; `False` stands for none in it."""
    defaults = {"norm_topk_prob": True, "head_dim": 128, "rope_theta": 1e6}
    absent = {name: None for name in ("rope_scaling", "sliding_window") if fields.get(name) is False}
    # The published code makes every layer a mixture.
    return defaults | dict(fields) | absent | {"decoder_sparse_step": 1, "mlp_only_layers": []}


LLADA_MOE = Family(
    name="LLaDA-MoE",
    model_types=("llada", "llada_moe", "lladamoe"),
    needs_field="num_experts",
    network="Qwen3MoeForCausalLM",
    config=llada_moe_fields,
    only=MappingProxyType(
        {
            "clip_qkv": (),
            "qk_layernorm": (True,),
            "moe_router_enable_expert_bias": (False,),
            "shared_expert_intermediate_size": (),
            "partial_rotary_factor": (1.0,),
        }
    ),
    mask_id=156895,
    mask_text="<|mask|>",
    terminators=("<|role_end|>",),
    checkpoints=(
        Checkpoint("inclusionAI/LLaDA-MoE-7B-A1B-Base", "Apache-2.0", "tiny replica, original keys"),
        Checkpoint("inclusionAI/LLaDA-MoE-7B-A1B-Instruct", "Apache-2.0", "tiny replica, original keys"),
    ),
)
RND1 = Family(
    name="RND1",
    model_types=("rnd1",),
    network="Qwen3MoeForCausalLM",
    config=rnd1_fields,
    is_shifted=True,  # its sampling.py: position i predicts token i + 1
    mask_id=151669,
    terminators=("<|im_end|>",),
    checkpoints=(Checkpoint("radicalnumerics/RND1-Base-0910", "Apache-2.0", "tiny replica"),),
)
