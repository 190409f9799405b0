"""Masked diffusion as the objective of transformers' own modules: causal models, encoders and diffusion models."""

import torch
from jaxtyping import Float
from torch import Tensor

from scaffold.models.network import Network
from scaffold.models.topology import Topology, Visible, visible
from scaffold.train.batches import Batch
from scaffold.train.learner import Learner


class MaskedLearner(Learner):
    """A network that learns to fill slots, attending as the engine will have it attend.

    Where `anneal` is set, a causal model comes to see what is behind each position little by little, over that
    share of the schedule; else at once (DiffuLLaMA, arXiv:2410.17891, has both; Dream, arXiv:2508.15487, the latter).
    A shifted network goes on predicting a token from the position before it, as it was pretrained to.
    """

    def __init__(self, network: Network, topology: Topology, mask_id: int, *, is_shifted: bool, anneal: float) -> None:
        super().__init__()
        self.network = network.module
        self.parts, self.topology, self.mask_id = network, topology, mask_id
        self.is_shifted, self.anneal = is_shifted, anneal
        self.precision: torch.dtype = network.module.get_output_embeddings().weight.dtype

    def forward(self, batch: Batch, done: float) -> Float[Tensor, " wanted"]:
        """See `Learner`; the mask itself is never predicted (MDLM, arXiv:2406.07524)."""
        canvas = batch.canvas
        places = (canvas.attend.long().cumsum(1) - 1).clamp_min(0)
        first = places.masked_fill(canvas.offset < 0, places.shape[1]).amin(1)
        stages = self.topology(places, first)
        seen = visible(stages, stages, canvas.attend)
        if self.anneal:
            seen = revealed(seen, min(1.0, done / self.anneal))
        with torch.autocast(seen.device.type, torch.bfloat16):
            hidden = self.parts.hidden(canvas.tokens, places, seen, None)
        wanted = hidden[batch.rows, batch.columns - int(self.is_shifted)]
        logits = self.parts.logits(wanted.to(self.precision)).float()
        logits = logits.index_fill(1, torch.tensor([self.mask_id], device=logits.device), -torch.inf)
        return logits.log_softmax(-1).gather(1, batch.targets[:, None])[:, 0]

    def pretrained(self) -> list[Tensor]:
        """See `Learner`: everything, unless most of it is frozen and what remains is new."""
        parameters: list[Tensor] = list(self.network.parameters())
        return parameters if all(parameter.requires_grad for parameter in parameters) else []


def revealed(seen: Visible, ratio: float) -> Visible:
    """Let each position see only a random share of what is behind it: none at 0 (causal), all at 1."""
    later = torch.ones(seen.shape[1:], dtype=torch.bool, device=seen.device).triu(1)
    return seen & ~(later & (torch.rand(seen.shape, device=seen.device) >= ratio))
