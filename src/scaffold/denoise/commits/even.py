"""Fixed N/K, LLaDA's quotas: what is left, spread evenly over the steps that are left."""

from dataclasses import dataclass

from jaxtyping import Bool
from torch import Tensor

from scaffold.denoise.commits.open import Open, decisions, top
from scaffold.denoise.ranges import ONE_OR_MORE, hold


@dataclass(frozen=True, slots=True)
class Even:
    """Spread what is left evenly over the steps that are left; after the last step, commit everything.

    LLaDA's schedule (arXiv:2502.09992; see `quotas.even_quota`), recomputed in each step because nulls and structure
    change how much is left. The quota is the row's: surer slots take more of it.

    Raises:
        DenoiseError: a value is out of range.
    """

    steps: int = 16

    def __post_init__(self) -> None:
        """See `Even`."""
        hold(self, steps=ONE_OR_MORE)

    def __call__(self, view: Open, step: int) -> Bool[Tensor, " positions"]:
        """See `CommitRule`."""
        candidates = decisions(view)
        left = max(self.steps - step, 1)
        return top(view, candidates, (candidates.sum() + left - 1) // left)
