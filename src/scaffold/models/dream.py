"""Dream and what was trained from it: Qwen2 with full attention and shifted outputs (arXiv:2508.15487)."""

from scaffold.models.family import Checkpoint, Family, Fields, block_length
from scaffold.models.topology import Blocks, Topology

_REPLICA = "tiny replica, original keys"


def wide_blocks(fields: Fields) -> Topology:
    """Blocks of 32, if the checkpoint does not say otherwise."""
    return Blocks(block_length(fields, 32, "bd_size"))


DREAM = Family(
    name="Dream",
    model_types=("Dream", "dream"),
    network="Qwen2ForCausalLM",
    is_shifted=True,
    mask_id=151666,
    mask_text="<|mask|>",
    null_fields=("delete_token_id",),
    terminators=("<|im_end|>",),
    checkpoints=(
        Checkpoint("Dream-org/Dream-v0-Base-7B", "Apache-2.0", _REPLICA),
        Checkpoint("Dream-org/Dream-v0-Instruct-7B", "Apache-2.0", _REPLICA),
        Checkpoint("Dream-org/Dream-Coder-v0-Base-7B", "Apache-2.0", _REPLICA),
        Checkpoint("Dream-org/Dream-Coder-v0-Instruct-7B", "Apache-2.0", _REPLICA),
        Checkpoint("Dream-org/DreamOn-v0-7B", "Apache-2.0", _REPLICA + ", expand and delete ids"),
        Checkpoint("apple/DiffuCoder-7B-Instruct", "apple-amlr (research only)", _REPLICA),
    ),
)
FAST_DLLM = Family(
    name="Fast_dLLM_v2",
    model_types=("Fast_dLLM_Qwen", "fast_dllm_qwen"),
    network="Qwen2ForCausalLM",
    topology=wide_blocks,
    is_shifted=True,
    mask_id=151665,
    mask_text="|<MASK>|",
    terminators=("<|im_end|>",),
    checkpoints=(
        Checkpoint("Efficient-Large-Model/Fast_dLLM_v2_1.5B", "Apache-2.0", "tiny replica"),
        Checkpoint("Efficient-Large-Model/Fast_dLLM_v2_7B", "Apache-2.0", "tiny replica"),
    ),
)
