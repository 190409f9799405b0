"""Masked language models of the BERT line: small, real, and predictors of masks by training."""

from types import MappingProxyType

from scaffold.models.family import Checkpoint, Family
from scaffold.models.network import Encoder

_ONLY = MappingProxyType({"is_decoder": (False,), "position_embedding_type": ("absolute",)})
_POOLED = (r"\.pooler\.", r"^cls\.seq_relationship\.", r"position_ids$")

BERT = Family(
    name="BERT",
    model_types=("bert",),
    network="BertForMaskedLM",
    only=_ONLY,
    wrap=Encoder,
    has_memory=False,
    unused=_POOLED,
)
ROBERTA = Family(
    name="RoBERTa",
    model_types=("roberta",),
    network="RobertaForMaskedLM",
    only=_ONLY,
    wrap=Encoder,
    has_memory=False,
    lost_places=2,
    unused=_POOLED,
    checkpoints=(Checkpoint("FacebookAI/roberta-base", "MIT", "tiny replica"),),
)
MODERN_BERT = Family(
    name="ModernBERT",
    model_types=("modernbert",),
    network="ModernBertForMaskedLM",
    wrap=Encoder,
    has_memory=False,
    terminators=("[/Answer]",),
    checkpoints=(
        Checkpoint("answerdotai/ModernBERT-base", "Apache-2.0", "tiny replica"),
        Checkpoint("dllm-hub/ModernBERT-base-chat-v0.1", "Apache-2.0", "tiny replica"),
        Checkpoint("dllm-hub/ModernBERT-large-chat-v0.1", "Apache-2.0", "tiny replica"),
    ),
)
