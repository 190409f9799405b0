"""Autoregressive models trained on into diffusion models: A2D's, Nemotron-Labs-Diffusion, and those of our own."""

from types import MappingProxyType

from scaffold.models.family import NAME, Checkpoint, Family, Fields, block_length
from scaffold.models.special_ids import NULL_FIELD
from scaffold.models.topology import Blocks, CausalThenBlocks, Everything, Topology


def blocks_if_named(fields: Fields) -> Topology:
    """BD3-LM variants see blocks, of 32 if the config says no length; only their name tells them from the others."""
    length = block_length(fields, 32 if "bd3lm" in str(fields.get(NAME)).lower() else 0)
    return Blocks(length) if length else Everything()


def blocks_behind_prompt(fields: Fields) -> Topology:
    """Nemotron reads what is finished causally and writes blocks of 32 behind it."""
    return CausalThenBlocks(block_length(fields, 32))


def ministral_fields(fields: Fields) -> Fields:
    """Nemotron's config in Ministral 3's words, whose default rotary positions are scaled and Nemotron's are not."""
    window = fields["max_position_embeddings"]
    plain = {"rope_type": "default", "llama_4_scaling_beta": 0.0, "original_max_position_embeddings": window}
    rope = fields.get("rope_parameters") or fields.get("rope_scaling") or plain
    named = {name: value for name, value in fields.items() if name not in {"rope_scaling", "rope_theta"}}
    return {**named, "rope_parameters": {"rope_theta": fields.get("rope_theta") or 1e6, **rope}}


A2D_QWEN3 = Family(
    name="A2D (Qwen3)",
    model_types=("a2d-qwen3",),
    network="Qwen3ForCausalLM",
    topology=blocks_if_named,
    mask_text="<|mask|>",
    terminators=("<|im_end|>",),
    checkpoints=(
        Checkpoint("dllm-hub/Qwen3-0.6B-diffusion-mdlm-v0.1", "Apache-2.0", "tiny replica, original keys"),
        Checkpoint("dllm-hub/Qwen3-0.6B-diffusion-bd3lm-v0.1", "Apache-2.0", "tiny replica, original keys"),
    ),
)
A2D_QWEN2 = Family(
    name="A2D (Qwen2)",
    model_types=("a2d-qwen2",),
    network="Qwen2ForCausalLM",
    topology=blocks_if_named,
    mask_text="<|mask|>",
    terminators=("<|im_end|>",),
    checkpoints=(Checkpoint("dllm-hub/Qwen2.5-Coder-0.5B-Instruct-diffusion-mdlm-v0.1", "Apache-2.0", "tiny replica"),),
)
A2D_LLAMA = Family(
    name="A2D (Llama)",
    model_types=("a2d-llama",),
    network="LlamaForCausalLM",
    topology=blocks_if_named,
    mask_text="<|mask|>",
)
NEMOTRON = Family(
    name="Nemotron-Labs-Diffusion",
    model_types=("nemotron_labs_diffusion", "ministral_dlm"),
    network="Ministral3ForCausalLM",
    config=ministral_fields,
    only=MappingProxyType(
        {
            "dlm_type": ("llada",),
            "dlm_paradigm": ("bidirectional", "block_diff", "sbd_block_diff"),
            "dlm_arch": ("encoder",),
            "attention_bias": (False,),
            "mlp_bias": (False,),
        }
    ),
    key_map=MappingProxyType({r"^encoder\.": "model.", r"^diffusion_head\.": "lm_head."}),
    topology=blocks_behind_prompt,
    mask_id=100,
    checkpoints=(
        Checkpoint("nvidia/Nemotron-Labs-Diffusion-3B", "NVIDIA Nemotron open model licence", "tiny replica"),
        Checkpoint("nvidia/Nemotron-Labs-Diffusion-8B", "NVIDIA Nemotron open model licence", "tiny replica"),
        Checkpoint("nvidia/Nemotron-Labs-Diffusion-14B", "NVIDIA Nemotron open model licence", "tiny replica"),
    ),
)


def _ours(name: str, model_type: str) -> Family:
    """As `scaffold train` adapts a causal model: full attention, outputs shifted as they were, a trained null."""
    return Family(
        name=f"adapted {name}",
        model_types=(f"scaffold-{model_type}",),
        network=f"{name}ForCausalLM",
        is_shifted=True,
        mask_text="<|mask|>",
        null_fields=(NULL_FIELD,),
    )


OURS = tuple(
    _ours(name, model_type) for name, model_type in (("Llama", "llama"), ("Qwen2", "qwen2"), ("Qwen3", "qwen3"))
)
