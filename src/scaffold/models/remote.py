"""Models whose own code has to be run: only if the caller says so, one row at a time, whatever they do with masks."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from scaffold.errors import ModelError
from scaffold.models.family import Family, Fields
from scaffold.models.network import Hidden, LayerMemory, Queries

_CLASSES = ("AutoModelForMaskedLM", "AutoModelForCausalLM", "AutoModel")


@dataclass(frozen=True, eq=False, slots=True)
class RemoteNetwork:
    """Logits in the place of hidden states: nothing is known of the inside."""

    module: Any

    def hidden(
        self, tokens: Queries, places: Queries, seen: Bool[Tensor, "batch queries keys"], memory: LayerMemory | None
    ) -> Hidden:
        """See `Network`; rows are shown without padding, since such code may ignore its mask."""
        del places
        assert memory is None, "nothing is known of the inside"
        lengths = seen.any(1).sum(-1).tolist()
        rows = [self._row(row[:length]) for row, length in zip(tokens, lengths, strict=True)]
        return torch.nn.utils.rnn.pad_sequence(rows, batch_first=True)

    def logits(self, hidden: Float[Tensor, "wanted width"]) -> Float[Tensor, "wanted vocab"]:
        """See `Network`."""
        return hidden

    def _row(self, tokens: Tensor) -> Tensor:
        found = self.module(input_ids=tokens[None])
        return (found[0] if isinstance(found, tuple) else found.logits)[0]


def remote_module(folder: Path, fields: Fields, dtype: torch.dtype) -> Any:
    """Run the code that lies beside the weights.

    Raises:
        ModelError: the folder names no class for it.
    """
    import transformers  # noqa: PLC0415  (takes seconds to import)

    named = next((name for name in _CLASSES if name in fields.get("auto_map", {})), None)
    if named is None:
        raise ModelError((), f"{folder.name} names no model class of its own (auto_map)")
    kind = getattr(transformers, named)
    return kind.from_pretrained(folder, trust_remote_code=True, dtype=dtype, use_safetensors=True).eval()


REMOTE = Family(name="remote code", model_types=(), network="", wrap=RemoteNetwork, has_memory=False)
