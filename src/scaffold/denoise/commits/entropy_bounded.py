"""Entropy-bounded: as many positions as a budget of ignored mutual information allows."""

from dataclasses import dataclass

from jaxtyping import Bool
from torch import Tensor

from scaffold.denoise.commits.open import Open, decisions, rank
from scaffold.denoise.ranges import AMOUNT, hold


@dataclass(frozen=True, slots=True)
class EntropyBounded:
    """In each slot, commit the best-scored positions whose entropies, without the largest, add up to `gamma` nats.

    EB-Sampler (arXiv:2505.24857). The sum bounds the mutual information that is lost by deciding them at once. The
    largest is free, so every slot commits at least one position. The budget is per slot, not per canvas: positions of
    different slots depend less on each other.

    Raises:
        DenoiseError: a value is out of range.
    """

    gamma: float = 0.1

    def __post_init__(self) -> None:
        """See `EntropyBounded`."""
        hold(self, gamma=AMOUNT)

    def __call__(self, view: Open, step: int) -> Bool[Tensor, " positions"]:
        """See `CommitRule`."""
        del step  # the rule looks at the model, not at the clock
        candidates = decisions(view)
        place = rank(view.scores, candidates)
        is_taken = (place[:, None] >= place) & (view.slot[:, None] == view.slot) & candidates
        taken = view.entropy.expand(is_taken.shape).masked_fill(~is_taken, 0.0)
        return candidates & (taken.sum(1) - taken.amax(1) <= self.gamma)
