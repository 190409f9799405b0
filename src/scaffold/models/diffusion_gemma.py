"""DiffusionGemma: a canvas that starts as noise instead of masks, behind a causally encoded context."""

from dataclasses import dataclass, field
from typing import Any

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from scaffold.denoise.canvas import Canvas
from scaffold.denoise.capabilities import Capabilities
from scaffold.denoise.shapes import Logits, Positions
from scaffold.denoise.transfer import HOST, carried, sent
from scaffold.errors import ModelError
from scaffold.models.chat import Framing
from scaffold.models.family import Checkpoint, Family
from scaffold.models.hub_tokenizer import HubTokenizer
from scaffold.models.network import memory_name
from scaffold.models.nulls import NullReader
from scaffold.models.special_ids import SpecialIds

_CERTAIN = 1e4


@dataclass(frozen=True, eq=False, slots=True)
class Sight:
    """One row as the model is shown it: the context before its first slot, and the canvas from there on."""

    context: Int[Tensor, " context"]
    tokens: Int[Tensor, " canvas"]
    masked: Bool[Tensor, " canvas"]
    offset: Int[Tensor, " canvas"]


@dataclass(frozen=True, eq=False, slots=True)
class Said:
    """What the model said about the open positions of a row; the next call hears it again."""

    sight: Sight
    logits: Float[Tensor, "open vocab"]


@dataclass(eq=False)
class UniformModel:
    """A model that was trained on random tokens: open positions hold noise, fixed ones are written anew each time.

    The noise is a function of how many positions are open, so that a row says the same in every batch. What the
    model said of a position in the call before it hears again (self-conditioning); of fixed ones it hears their token.
    """

    module: Any
    tokenizer: HubTokenizer
    ids: SpecialIds
    framing: Framing
    nulls: NullReader
    max_length: int
    said: list[Said] = field(default_factory=list)
    encoded: tuple[tuple[tuple[int, ...], ...], Any] | None = None
    """Contexts of the last call, and their keys and values: the context is causal, so they stay what they are."""

    @property
    def device(self) -> torch.device:
        """Where the network is."""
        return self.module.device

    @property
    def mask_id(self) -> int:
        """See `MaskPredictor`; the model never sees it."""
        return self.ids.mask

    @property
    def null_id(self) -> int:
        """See `MaskPredictor`."""
        return self.ids.nulls[0]

    @property
    def capabilities(self) -> Capabilities:
        """What results report about the model."""
        return Capabilities(
            "DiffusionGemma",
            prefix_cache="exact",
            null_source=self.ids.null_source,
            is_calibrated=self.nulls.is_calibrated,
        )

    def prompt(self, text: str) -> tuple[tuple[int, ...], int, int]:
        """See `MaskPredictor`."""
        return self.framing.ids(text, "", self.tokenizer)

    @torch.inference_mode()
    def __call__(self, canvas: Canvas, rows: Positions, columns: Positions) -> Logits:
        """See `MaskPredictor`.

        Raises:
            ModelError: a slot stands at the first position, where there is no context.
        """
        canvas, rows, columns = canvas.to(HOST), rows.to(HOST), columns.to(HOST)
        sights = [_sight(canvas, row) for row in range(len(canvas.tokens))]
        if not all(len(sight.context) for sight in sights):
            raise ModelError((), "a slot at the first position: this model needs a context before it")
        hidden = self._hidden(sights)
        first = torch.tensor([len(sight.context) for sight in sights])
        places = canvas.attend.long().cumsum(1) - 1
        at = places[rows, columns] - first[rows]
        wanted = sent((rows, at, *(sight.masked.nonzero()[:, 0] for sight in sights)), self.device)
        logits = self._logits(hidden[wanted[0], wanted[1]])
        self.said = [
            Said(sight, self._logits(hidden[row, still]))
            for row, (sight, still) in enumerate(zip(sights, wanted[2:], strict=True))
        ]
        return self.nulls(logits, canvas, rows, columns)

    def _hidden(self, sights: list[Sight]) -> Float[Tensor, "batch canvas width"]:
        """Hidden states of all canvases: contexts padded on the left, canvases on the right."""
        left = max(len(sight.context) for sight in sights)
        right = max(len(sight.tokens) for sight in sights)
        is_there = torch.zeros(len(sights), left + right, dtype=torch.bool)
        tokens = torch.zeros(len(sights), right, dtype=torch.long)
        places = torch.zeros(len(sights), right, dtype=torch.long)
        for row, sight in enumerate(sights):
            size = len(sight.tokens)
            is_there[row, left - len(sight.context) : left + size] = True
            tokens[row, :size] = noised(sight, len(self.tokenizer.token_bytes))
            places[row] = len(sight.context) + torch.arange(right)
        heard, is_heard = self._heard(sights, right)
        decoder = self.module.model.decoder
        return decoder(
            decoder_input_ids=carried(tokens, self.device),
            **{memory_name(decoder): self._context(sights, is_there[:, :left])},
            self_conditioning_logits=heard,
            self_conditioning_mask=is_heard,
            decoder_attention_mask=carried(is_there, self.device),
            decoder_position_ids=carried(places, self.device),
        ).last_hidden_state

    def _context(self, sights: list[Sight], is_there: Bool[Tensor, "batch context"]) -> Any:
        """Keys and values of the contexts, computed once as long as the batch stays the same."""
        key = tuple(tuple(sight.context.tolist()) for sight in sights)
        if self.encoded is None or self.encoded[0] != key:
            from transformers import DynamicCache  # noqa: PLC0415  (takes seconds to import)

            tokens = torch.zeros(is_there.shape, dtype=torch.long)
            tokens[is_there] = torch.cat([sight.context for sight in sights])
            cache = DynamicCache(config=self.module.config.text_config)
            places = (is_there.long().cumsum(1) - 1).clamp_min(0)
            encoder = self.module.model.encoder
            encoder(
                input_ids=carried(tokens, self.device),
                attention_mask=carried(is_there.long(), self.device),
                position_ids=carried(places, self.device),
                **{memory_name(encoder): cache},
            )
            self.encoded = key, cache
        return self.encoded[1]

    def _heard(self, sights: list[Sight], right: int) -> tuple[Tensor | None, Tensor | None]:
        """What the model said before of the rows that it knows, and which those are."""
        before = [next((said for said in self.said if _continues(sight, said.sight)), None) for sight in sights]
        if not any(before):
            return None, None
        vocabulary = self.module.config.text_config.vocab_size
        heard = torch.zeros(len(sights), right, vocabulary, device=self.device)
        for row, (sight, said) in enumerate(zip(sights, before, strict=True)):
            if said is None:
                continue
            size = len(sight.tokens)
            heard[row, :size] = -_CERTAIN
            still = sight.masked[said.sight.masked].nonzero()[:, 0]
            tokens, still, places = sent((sight.tokens, still, sight.masked.nonzero()[:, 0]), self.device)
            heard[row, :size].scatter_(1, tokens[:, None], 0.0)
            heard[row, places] = said.logits[still]
        return heard, carried(torch.tensor([said is not None for said in before]), self.device)

    def _logits(self, hidden: Float[Tensor, "wanted width"]) -> Float[Tensor, "wanted vocab"]:
        cap = self.module.final_logit_softcapping
        return torch.tanh(self.module.lm_head(hidden).float() / cap) * cap


def _sight(canvas: Canvas, row: int) -> Sight:
    kept = canvas.attend[row]
    tokens, offset, masked = (x[row][kept] for x in (canvas.tokens, canvas.offset, canvas.masked))
    first = int((offset >= 0).long().argmax())
    return Sight(tokens[:first], tokens[first:], masked[first:], offset[first:])


def noised(sight: Sight, vocabulary: int) -> Int[Tensor, " canvas"]:
    """Random tokens at the open positions, what is written at all others."""
    generator = torch.Generator().manual_seed(int(sight.masked.sum()))
    noise = torch.randint(0, vocabulary, sight.tokens.shape, generator=generator)
    return noise.where(sight.masked, sight.tokens)


def _continues(sight: Sight, before: Sight) -> bool:
    """Whether nothing but open positions of `before` was written since."""
    is_same_form = torch.equal(sight.offset, before.offset) and torch.equal(sight.context, before.context)
    if not is_same_form or bool((sight.masked & ~before.masked).any()):
        return False
    return torch.equal(sight.tokens[~before.masked], before.tokens[~before.masked])


DIFFUSION_GEMMA = Family(
    name="DiffusionGemma",
    model_types=("diffusion_gemma",),
    network="DiffusionGemmaForBlockDiffusion",
    role="uniform",
    checkpoints=(
        Checkpoint("google/diffusiongemma-26B-A4B-it", "Apache-2.0", "tiny replica, transformers' own forward"),
    ),
)
