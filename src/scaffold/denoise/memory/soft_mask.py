"""Soft masks: an open position shows a little of what the model expected there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

from scaffold.denoise.memory.seam import Blend, Seat
from scaffold.denoise.ranges import ONE_OR_MORE, SHARE, Range, hold
from scaffold.denoise.shapes import Logits
from scaffold.layout.decisions import SlotKey


@dataclass(frozen=True, slots=True)
class SoftMask:
    """Show `(1 - share) * mask + share * (the best tokens)` at open positions, share growing as entropy falls.

    Soft-masked diffusion language models (arXiv:2510.17206): `share = scale * sigmoid(slope * (-H - centre))` with the
    entropy H in nats of the step before; `slope` and `centre` are the paper's initial values, and `best` its number of
    tokens. The first step is hard. It needs a predictor that takes blends (`BlendPredictor`) and gains where that was
    trained with them: in an untrained one `scale` is what it may bear. Fixed positions are never softened, and null is
    left out of the mixture, or a slot that may be empty would tell its neighbours so before that is decided.

    Raises:
        DenoiseError: a value is out of range.
    """

    scale: float = 0.5
    slope: float = 6.67
    centre: float = -0.75
    best: int = 3

    def __post_init__(self) -> None:
        """See `SoftMask`."""
        hold(self, scale=SHARE, slope=Range(0, is_above=True), centre=Range(-inf), best=ONE_OR_MORE)

    @property
    def softens(self) -> bool:
        """See `Memory`."""
        return True

    def blends(self, kept: Any) -> Mapping[SlotKey, Blend]:
        """See `Memory`."""
        return kept or {}

    def fuse(
        self, log_probs: Logits, seats: Sequence[Seat], kept: Any, null_id: int
    ) -> tuple[Logits, Mapping[SlotKey, Blend]]:
        """See `Memory`."""
        del kept  # only the last prediction counts
        own = log_probs.log_softmax(-1)
        best = content_best(own, self.best, null_id)
        share = self.share(torch.special.entr(own.exp()).sum(-1))[:, None]
        tokens = torch.cat([torch.full_like(best.tokens[:, :1], -1), best.tokens], -1)
        weights = torch.cat([1 - share, share * best.weights], -1)
        found = {s.key: slice(s.first, s.first + len(s.committed)) for s in seats}
        return log_probs, {key: Blend(tokens[at], weights[at]) for key, at in found.items()}

    def share(self, entropy: Float[Tensor, " wanted"]) -> Float[Tensor, " wanted"]:
        """How much of a position is not the mask any more, by its entropy."""
        return share_of(entropy, *torch.tensor([self.scale, self.slope, self.centre], dtype=entropy.dtype))


def share_of(
    entropy: Float[Tensor, " wanted"], scale: Float[Tensor, ""], slope: Float[Tensor, ""], centre: Float[Tensor, ""]
) -> Float[Tensor, " wanted"]:
    """See `SoftMask`; of tensors, so that the weights can be learned."""
    return scale * torch.sigmoid(slope * (-entropy - centre))


def content_best(log_probs: Logits, best: int, null_id: int) -> Blend:
    """The `best` tokens of each position but null, and their probabilities among each other."""
    content = log_probs.clone()
    content[:, null_id] = -torch.inf
    top = content.topk(min(best, content.shape[-1] - 1), -1)
    return Blend(top.indices, top.values.softmax(-1))
