"""The workload of the engine benchmark: one object of 104 tokens, and models of random weights to write it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from string import ascii_lowercase
from time import perf_counter
from types import MappingProxyType
from typing import Any

import torch

from scaffold.denoise.canvas import Canvas
from scaffold.denoise.shapes import Logits, Positions
from scaffold.evals.synthetic_vocabulary import SyntheticTokenizer
from scaffold.models.engine import Engine
from scaffold.models.masked_model import MaskedModel, Traits
from scaffold.models.network import Decoder
from scaffold.models.nulls import NullReader
from scaffold.models.reuse import Reuse
from scaffold.models.special_ids import SpecialIds
from scaffold.models.topology import Everything

NAMES = ("vendor_", "client_", "number_", "status", "branch")
CONTENT = 8
"""Tokens of each value; with the syntax around them, 104 in all."""
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {name: {"type": "string", "pattern": f"^[a-z]{{{CONTENT}}}$"} for name in NAMES},
    "required": list(NAMES),
    "additionalProperties": False,
}


@dataclass(frozen=True, slots=True)
class Size:
    """Sizes of a Llama-shaped network."""

    layers: int
    width: int
    heads: int
    key_heads: int
    inner: int
    vocabulary: int

    @property
    def key_width(self) -> int:
        """Numbers that one layer keeps of one token, as keys or as values."""
        return self.width // self.heads * self.key_heads

    @property
    def core(self) -> int:
        """Weights of all layers."""
        return self.layers * self.width * (2 * self.width + 2 * self.key_width + 3 * self.inner)

    @property
    def head(self) -> int:
        """Weights of the output."""
        return self.width * self.vocabulary


SIZES: Mapping[str, Size] = MappingProxyType(
    {"tiny": Size(2, 64, 4, 2, 128, 2000), "8b": Size(32, 4096, 32, 8, 14336, 126_464)}
)


def random_network(size: Size, device: torch.device, dtype: torch.dtype) -> Decoder:
    """A network whose values do not matter: they do not change how fast it is."""
    from transformers import LlamaConfig, LlamaForCausalLM  # noqa: PLC0415  (takes seconds to import)

    config = LlamaConfig(
        vocab_size=size.vocabulary,
        hidden_size=size.width,
        intermediate_size=size.inner,
        num_hidden_layers=size.layers,
        num_attention_heads=size.heads,
        num_key_value_heads=size.key_heads,
        max_position_embeddings=8192,
        attn_implementation="sdpa",
    )
    torch.manual_seed(0)
    with torch.device(device):
        module = LlamaForCausalLM(config).to(dtype)
    return Decoder(module.eval())


def target_text() -> tuple[str, list[bool]]:
    """An object that the schema allows, and which of its characters are content."""
    random = Random(0)
    parts = [(text, False) for text in ("{",)]
    for place, name in enumerate(NAMES):
        parts += [("," * bool(place) + f'"{name}":"', False)]
        parts += [("".join(random.choices(ascii_lowercase, k=CONTENT)), True), ('"', False)]
    parts.append(("}", False))
    text = "".join(part for part, _ in parts)
    return text, [is_content for part, is_content in parts for _ in part]


def prompt_text(length: int, seed: int = 0) -> str:
    """Words of `length` characters in all, one token each."""
    random = Random(seed)
    words = ("".join(random.choices(ascii_lowercase, k=random.randint(2, 9))) for _ in range(length))
    return " ".join(words)[:length]


@dataclass(eq=False)
class BenchModel:
    """A predictor that keeps the time that the network takes, and knows no text but bytes; see `MaskPredictor`."""

    network: Decoder
    tokenizer: SyntheticTokenizer
    device: torch.device
    reuse: Reuse = "none"
    max_length: int = 8192
    seconds: float = 0.0
    calls: int = 0
    inner: Any = field(init=False)

    def __post_init__(self) -> None:
        """Put the engine together."""
        ids = SpecialIds(self.mask_id, (self.null_id,), "trained")
        self.inner = MaskedModel(
            Engine(self.network, self.device, self.reuse),
            self.tokenizer,
            ids,
            Traits("random", Everything(), is_shifted=False, max_length=self.max_length),
            None,
            NullReader(self.tokenizer.token_bytes, ids),
        )

    @property
    def mask_id(self) -> int:
        """See `MaskPredictor`."""
        return self.tokenizer.size - 2

    @property
    def null_id(self) -> int:
        """See `MaskPredictor`."""
        return self.tokenizer.size - 1

    def restart(self) -> None:
        """Forget what earlier fills computed."""
        self.inner.engine.entries.clear()
        self.seconds, self.calls, self.inner.engine.computed = 0.0, 0, 0

    def prompt(self, text: str) -> tuple[tuple[int, ...], int, int]:
        """See `MaskPredictor`."""
        ids = self.tokenizer.encode(text)
        return ids, 0, len(ids)

    def __call__(self, canvas: Canvas, rows: Positions, columns: Positions) -> Logits:
        """See `MaskPredictor`."""
        settle(self.device)
        start = perf_counter()
        found = self.inner(canvas, rows, columns)
        settle(self.device)
        self.seconds += perf_counter() - start
        self.calls += 1
        return found


def settle(device: torch.device) -> None:
    """Wait until the device has done what it was given."""
    if device.type == "cuda":
        torch.cuda.synchronize(device)
