"""An autoregressive model as a predictor: one open token at a time, from left to right."""

from dataclasses import dataclass, replace

import torch
from jaxtyping import Int
from torch import Tensor

from scaffold.denoise.canvas import Canvas
from scaffold.denoise.shapes import Logits, Positions
from scaffold.denoise.transfer import HOST, sent
from scaffold.models.family import Family, Fields
from scaffold.models.topology import Causal, Topology
from scaffold.models.wrapping_model import WrappingModel


@dataclass(frozen=True, eq=False)
class CausalModel(WrappingModel):
    """Speaks about the first open position of a row, and has no opinion on later ones; see `MaskPredictor`.

    Nulls are not shown to the model: the text before a position is what it would have written itself. Where a
    constraint leaves one token, later positions are sure all the same, so fixed text costs no model call.
    """

    @torch.inference_mode()
    def __call__(self, canvas: Canvas, rows: Positions, columns: Positions) -> Logits:
        """See `MaskPredictor`; the logits of positions behind the first open one are all alike."""
        canvas, rows, columns = canvas.to(HOST), rows.to(HOST), columns.to(HOST)
        first = _first_open(canvas)
        is_first = columns == first[rows]
        found = torch.zeros(len(rows), len(self.tokenizer.token_bytes), device=self.device)
        said = self.inner.raw(self._written(canvas, first), rows[is_first], columns[is_first])
        here, later = sent([is_first.nonzero()[:, 0], (~is_first).nonzero()[:, 0]], self.device)
        found[here, : said.shape[1]] = said[:, : found.shape[1]]
        found = self.inner.nulls(found, canvas, rows, columns)
        # Before nulls are summed up, "no opinion" is a zero for each; afterwards it is one for their sum.
        found[later, self.null_id] = 0.0
        return found

    def _written(self, canvas: Canvas, first: Int[Tensor, " batch"]) -> Canvas:
        """The text up to the first open position, nulls left out."""
        places = torch.arange(canvas.tokens.shape[1])
        is_null = (canvas.offset >= 0) & ~canvas.masked & (canvas.tokens == self.null_id)
        return replace(canvas, attend=canvas.attend & (places <= first[:, None]) & ~is_null)


def _first_open(canvas: Canvas) -> Int[Tensor, " batch"]:
    """Column of the first open position of each row; 0 where nothing is open."""
    return (canvas.masked & canvas.attend).long().argmax(1)


def causal(fields: Fields) -> Topology:
    """Each position sees those before it."""
    del fields  # nothing in the config changes it
    return Causal()


def _causal_family(name: str, model_type: str, network: str) -> Family:
    return Family(
        name=name, model_types=(model_type,), network=network, role="causal", topology=causal, is_shifted=True
    )


LLAMA = _causal_family("Llama (causal)", "llama", "LlamaForCausalLM")
QWEN2 = _causal_family("Qwen2 (causal)", "qwen2", "Qwen2ForCausalLM")
QWEN3 = _causal_family("Qwen3 (causal)", "qwen3", "Qwen3ForCausalLM")
