"""LLaDA2.x: a mixture of experts in blocks, through a module of our own (arXiv:2512.15745)."""

from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from jaxtyping import Bool, Float
from torch import Tensor, nn

from scaffold.models.dream import wide_blocks
from scaffold.models.family import Checkpoint, Family, Fields
from scaffold.models.llada2_module import Llada2, shape_of
from scaffold.models.network import Hidden, LayerMemory, Queries


@dataclass(frozen=True, eq=False, slots=True)
class Llada2Network:
    """See `Network`."""

    module: Any

    def hidden(
        self, tokens: Queries, places: Queries, seen: Bool[Tensor, "batch queries keys"], memory: LayerMemory | None
    ) -> Hidden:
        """See `Network`."""
        return self.module.model(tokens, places, seen, memory)

    def logits(self, hidden: Float[Tensor, "wanted width"]) -> Float[Tensor, "wanted vocab"]:
        """See `Network`."""
        return self.module.lm_head(hidden)


def build(fields: Fields) -> nn.Module:
    """An empty network of the published sizes."""
    return Llada2(shape_of(fields))


LLADA2 = Family(
    name="LLaDA2",
    model_types=("llada2_moe",),
    network="Llada2",
    build=build,
    wrap=Llada2Network,
    only=MappingProxyType({"hidden_act": ("silu",), "tie_word_embeddings": (False,)}),
    topology=wide_blocks,
    mask_id=156895,
    mask_text="<|mask|>",
    null_fields=("delete_token_id",),
    expand_field="split_token_id",
    terminators=("<|role_end|>",),
    checkpoints=(
        Checkpoint("inclusionAI/LLaDA2.0-mini", "Apache-2.0", "tiny replica, own module"),
        Checkpoint("inclusionAI/LLaDA2.0-flash", "Apache-2.0", "tiny replica, own module"),
        Checkpoint("inclusionAI/LLaDA2.1-mini", "Apache-2.0", "tiny replica, own module"),
        Checkpoint("inclusionAI/LLaDA2.1-flash", "Apache-2.0", "tiny replica, own module"),
        Checkpoint("inclusionAI/LLaDA2.2-flash", "Apache-2.0", "tiny replica, own module, delete and split ids"),
    ),
)
