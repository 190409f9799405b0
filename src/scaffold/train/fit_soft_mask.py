"""Fit how much of its own prediction a frozen model may be shown: the three weights of soft masks."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from scaffold.denoise.canvas import SoftTokens
from scaffold.denoise.memory.seam import Blend
from scaffold.denoise.memory.soft_mask import SoftMask, content_best, share_of
from scaffold.models.embedded import EmbeddedModel
from scaffold.train.batches import Batch

RATE = 0.05
"""Step of Adam for three weights of about 1 each."""


@dataclass(frozen=True, slots=True)
class SoftMaskFit:
    """What was fitted, and losses on batches that it was not fitted to, in weighted nats per slot position."""

    memory: SoftMask
    hard: float
    """Without soft masks."""
    before: float
    """With the weights that the fit began from."""
    after: float
    steps: int


@dataclass(frozen=True, eq=False, slots=True)
class _Seen:
    """A batch, and what the model expects of its masked positions when they are hard masks."""

    batch: Batch
    best: Blend
    """Tokens, and their weights among each other."""
    entropy: Float[Tensor, " wanted"]


def fit_soft_mask(
    model: EmbeddedModel, batches: Sequence[Batch], held_out: Sequence[Batch], begin: SoftMask | None = None,
    steps: int = 100,
) -> SoftMaskFit:  # fmt: skip
    """Two passes over each batch, the second with soft masks made from the first, and Adam on their three weights.

    The training of arXiv:2510.17206 with the network frozen: what the weights of a network that was never shown soft
    masks can gain from them. The gradient flows through the mixture only, as the paper's does.
    """
    begin = begin or SoftMask()
    seen, apart = ([_seen(model, batch, begin.best) for batch in each] for each in (batches, held_out))
    odds = torch.tensor([begin.scale, begin.slope, begin.centre], dtype=torch.float64)
    free = torch.stack([torch.logit(odds[0], eps=1e-3), odds[1].log(), odds[2]]).float().requires_grad_()
    for parameter in model.network.parameters():
        parameter.requires_grad_(requires_grad=False)
    optimiser = torch.optim.Adam([free], RATE)
    for step in range(steps):
        loss = _loss(model, seen[step % len(seen)], _weights(free))
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    scale, slope, centre = (float(one) for one in _weights(free.detach()))
    found = SoftMask(scale, slope, centre, begin.best)
    with torch.no_grad():
        hard, before, after = (
            _mean(model, apart, torch.tensor(weights))
            for weights in ((0.0, 1.0, 0.0), (begin.scale, begin.slope, begin.centre), (scale, slope, centre))
        )
    return SoftMaskFit(found, hard, before, after, steps)


def _weights(free: Float[Tensor, "3"]) -> Float[Tensor, "3"]:
    """Scale in (0, 1), slope above 0, centre as it is."""
    return torch.stack([free[0].sigmoid(), free[1].exp(), free[2]])


@torch.no_grad()
def _seen(model: EmbeddedModel, batch: Batch, best: int) -> _Seen:
    batch = batch.to(model.device)
    own = model(batch.canvas, batch.rows, batch.columns).log_softmax(-1)
    entropy = torch.special.entr(own.exp()).sum(-1)
    return _Seen(batch, content_best(own, best, model.null_id), entropy)


def _mean(model: EmbeddedModel, seen: Sequence[_Seen], weights: Float[Tensor, "3"]) -> float:
    return sum(float(_loss(model, one, weights)) for one in seen) / len(seen)


def _loss(model: EmbeddedModel, seen: _Seen, weights: Float[Tensor, "3"]) -> Tensor:
    """As in training, with soft masks of these weights at every masked position."""
    batch, share = seen.batch, share_of(seen.entropy, *weights)[:, None]
    masks = torch.full_like(seen.best.tokens[:, :1], model.mask_id)
    soft = SoftTokens(
        batch.rows, batch.columns, torch.cat([masks, seen.best.tokens], -1),
        torch.cat([1 - share, share * seen.best.weights], -1),
    )  # fmt: skip
    hidden = model.network.encode(batch.canvas, soft)
    found = model.network.target_log_probs(hidden, batch.canvas, batch.rows, batch.columns, batch.targets)
    return -(found * batch.weights).sum() / len(batch.canvas.tokens)
