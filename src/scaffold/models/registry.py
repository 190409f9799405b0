"""The model families that load natively, and how a checkpoint's family is found."""

from collections.abc import Mapping
from types import MappingProxyType

from scaffold.errors import ModelError
from scaffold.models.adapted import A2D_LLAMA, A2D_QWEN2, A2D_QWEN3, NEMOTRON, OURS
from scaffold.models.causal_model import LLAMA, QWEN2, QWEN3
from scaffold.models.diffusion_gemma import DIFFUSION_GEMMA
from scaffold.models.dream import DREAM, FAST_DLLM
from scaffold.models.expert_mixtures import LLADA_MOE, RND1
from scaffold.models.family import Family, Fields
from scaffold.models.llada import ILLADA, LLADA, STABLE_DIFFCODER
from scaffold.models.llada2 import LLADA2
from scaffold.models.masked_encoders import BERT, MODERN_BERT, ROBERTA
from scaffold.models.sdar import DREAM_REASONER, SDAR, SDAR_MOE

Registry = Mapping[str, Family]

FAMILIES: Registry = MappingProxyType(
    {
        family.name: family
        for family in (
            LLADA_MOE, LLADA, ILLADA, LLADA2, STABLE_DIFFCODER, DREAM_REASONER, DREAM, FAST_DLLM, SDAR, SDAR_MOE,
            RND1, A2D_QWEN3, A2D_QWEN2, A2D_LLAMA, *OURS, NEMOTRON, DIFFUSION_GEMMA, MODERN_BERT, BERT, ROBERTA,
            LLAMA, QWEN2, QWEN3,
        )
    }
)  # fmt: skip


def family_of(fields: Fields, registry: Registry = FAMILIES) -> Family:
    """The first family of `registry` that a published config belongs to.

    Raises:
        ModelError: it belongs to none.
    """
    model_type = fields.get("model_type")
    found = next((family for family in registry.values() if _belongs(fields, family)), None)
    if found is None:
        message = f"no family is registered for the model type {model_type!r}"
        raise ModelError(
            (),
            message,
            f"pass one with LoadOptions(family=...): {', '.join(registry)}, or one of your own; or let its own code run"
            " with LoadOptions(allow_remote_code=True, mask_id=...)",
        )
    return found


def belongs_to_any(fields: Fields, registry: Registry) -> bool:
    """Whether some family knows the config."""
    return any(_belongs(fields, family) for family in registry.values())


def _belongs(fields: Fields, family: Family) -> bool:
    if fields.get("model_type") not in family.model_types:
        return False
    is_common = family.needs_field is None and not family.architectures
    has_field = family.needs_field is not None and fields.get(family.needs_field) is not None
    return is_common or has_field or bool(set(family.architectures) & set(fields.get("architectures") or ()))
