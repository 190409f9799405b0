"""Low-rank adapters and rows of new tokens as all that is trained of a large model (LoRA, arXiv:2106.09685)."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from scaffold.extras import optional


class Adapters:
    """Freezes `module`, except for adapters in all of its linear layers and the table rows of `tokens`.

    Raises:
        ModelError: peft is not installed.
    """

    def __init__(self, module: Any, rank: int, tokens: Sequence[int]) -> None:
        peft = optional("peft", "peft")
        config = peft.LoraConfig(
            r=rank,
            lora_alpha=2 * rank,
            target_modules="all-linear",
            trainable_token_indices={name: list(tokens) for name in _tables(module)},
        )
        self._model: Any = peft.get_peft_model(module, config)  # changes `module` itself

    def save(self, folder: Path, base: str) -> None:
        """Write what was trained, and the name of the model that it belongs to."""
        for config in self._model.peft_config.values():
            config.base_model_name_or_path = base
        self._model.save_pretrained(folder, save_embedding_layers=False)


def _tables(module: Any) -> list[str]:
    """Names of the tables with a row per token: the embeddings, and the head where it has rows of its own."""
    tables = [module.get_input_embeddings()]
    head = module.get_output_embeddings()
    if head is not None and head.weight is not tables[0].weight:
        tables.append(head)
    return [name for table in tables for name, part in module.named_modules() if part is table]
