"""Hidden states and logits of transformers' modules, whatever they call their parts."""

import inspect
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeAlias, runtime_checkable

from jaxtyping import Bool, Float, Int
from torch import Tensor

Queries: TypeAlias = Int[Tensor, "batch queries"]
Hidden: TypeAlias = Float[Tensor, "batch queries width"]


@runtime_checkable
class LayerMemory(Protocol):
    """Receives keys and values layer by layer, and gives those that queries may look at."""

    def update(
        self, keys: Tensor, values: Tensor, layer: int, *ignored: Any, **also_ignored: Any
    ) -> tuple[Tensor, Tensor]:
        """Called by every attention layer of transformers."""


@runtime_checkable
class Network(Protocol):
    """A body that gives hidden states, and a head that turns them into logits."""

    @property
    def module(self) -> Any:
        """The module of transformers that holds all weights."""

    def hidden(
        self, tokens: Queries, places: Queries, seen: Bool[Tensor, "batch queries keys"], memory: LayerMemory | None
    ) -> Hidden:
        """Hidden states of `tokens` at `places`; `seen` says which keys each of them attends to."""

    def logits(self, hidden: Float[Tensor, "wanted width"]) -> Float[Tensor, "wanted vocab"]:
        """Scores of the vocabulary."""


def memory_name(body: Any) -> str:
    """What a body of transformers calls the argument for keys and values: `cache` since 5.24."""
    return "cache" if "cache" in inspect.signature(body.forward).parameters else "past_key_values"


@dataclass(frozen=True, eq=False, slots=True)
class Decoder:
    """A causal language model's module, shown a mask of our own; reads and writes keys and values."""

    module: Any
    memory_name: str = field(init=False)

    def __post_init__(self) -> None:
        """Looked up once: a compiled call must not ask."""
        object.__setattr__(self, "memory_name", memory_name(self.module.model))

    def hidden(
        self, tokens: Queries, places: Queries, seen: Bool[Tensor, "batch queries keys"], memory: LayerMemory | None
    ) -> Hidden:
        """See `Network`."""
        return self.module.model(
            input_ids=tokens,
            position_ids=places,
            attention_mask=seen[:, None],
            use_cache=False,
            **{self.memory_name: memory},
        ).last_hidden_state

    def logits(self, hidden: Float[Tensor, "wanted width"]) -> Float[Tensor, "wanted vocab"]:
        """See `Network`."""
        return self.module.lm_head(hidden)


@dataclass(frozen=True, eq=False, slots=True)
class Encoder:
    """A masked language model's module: has no use for keys of earlier calls, knows padding only."""

    module: Any

    def hidden(
        self, tokens: Queries, places: Queries, seen: Bool[Tensor, "batch queries keys"], memory: LayerMemory | None
    ) -> Hidden:
        """See `Network`."""
        assert memory is None, "an encoder reads the whole canvas at once"
        # Not a mask of our own: layers with a sliding window narrow it by themselves. The last query is never
        # a stranger to any key but padding.
        is_key = seen.any(1)
        body = getattr(self.module, self.module.base_model_prefix)
        first = self.module.config.pad_token_id + 1 if self.module.config.model_type == "roberta" else 0
        return body(input_ids=tokens, attention_mask=is_key.long(), position_ids=places + first).last_hidden_state

    def logits(self, hidden: Float[Tensor, "wanted width"]) -> Float[Tensor, "wanted vocab"]:
        """See `Network`."""
        match self.module.config.model_type:
            case "bert":
                return self.module.cls(hidden)
            case "modernbert":
                return self.module.decoder(self.module.head(hidden))
            case _:
                return self.module.lm_head(hidden)
