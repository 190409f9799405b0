"""SDAR and what was trained from it: Qwen3 in blocks (arXiv:2510.06303)."""

from scaffold.models.dream import wide_blocks
from scaffold.models.family import Checkpoint, Family, Fields
from scaffold.models.llada import small_blocks


def with_head_size(fields: Fields) -> Fields:
    """Where DreamReasoner's config says nothing of the size of heads, they share the width."""
    return {**fields, "head_dim": fields.get("head_dim") or fields["hidden_size"] // fields["num_attention_heads"]}


SDAR = Family(
    name="SDAR",
    model_types=("sdar",),
    network="Qwen3ForCausalLM",
    topology=small_blocks,
    mask_id=151669,
    mask_text="<|MASK|>",
    terminators=("<|im_end|>",),
    checkpoints=(
        Checkpoint("JetLM/SDAR-1.7B-Chat", "Apache-2.0", "tiny replica, original keys"),
        Checkpoint("JetLM/SDAR-4B-Chat", "Apache-2.0", "tiny replica, original keys"),
        Checkpoint("JetLM/SDAR-8B-Chat", "Apache-2.0", "tiny replica, original keys"),
        Checkpoint("Gen-Verse/TraDo-4B-Instruct", "MIT", "tiny replica"),
        Checkpoint("Gen-Verse/TraDo-8B-Instruct", "MIT", "tiny replica"),
    ),
)
SDAR_MOE = Family(
    name="SDAR-MoE",
    model_types=("sdar_moe",),
    network="Qwen3MoeForCausalLM",
    topology=small_blocks,
    mask_id=151669,
    mask_text="<|MASK|>",
    terminators=("<|im_end|>",),
    checkpoints=(Checkpoint("JetLM/SDAR-30B-A3B-Chat", "Apache-2.0", "tiny replica"),),
)
DREAM_REASONER = Family(
    name="DreamReasoner",
    model_types=("Dream", "dream"),
    needs_field="block_size",
    architectures=("DreamForCausalLM",),
    network="Qwen3ForCausalLM",
    config=with_head_size,
    topology=wide_blocks,
    mask_id=151669,
    mask_text="<|MASK|>",
    terminators=("<|im_end|>",),
    checkpoints=(Checkpoint("Dream-org/DreamReasoner-8B", "see its card", "tiny replica"),),
)
