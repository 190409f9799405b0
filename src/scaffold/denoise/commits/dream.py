"""Fixed N/K, Dream's quota: the share of what is left by which time falls."""

from dataclasses import dataclass

from jaxtyping import Bool
from torch import Tensor

from scaffold.denoise.commits.open import Open, decisions, top
from scaffold.denoise.quotas import dream_share
from scaffold.denoise.ranges import ONE_OR_MORE, Range, hold


@dataclass(frozen=True, slots=True)
class Dream:
    """Commit the share of what is left by which time falls, rounded down, but at least one; all in the last step.

    Dream (arXiv:2508.15487; `quotas.dream_quota`, whose early steps may commit nothing: here every call makes
    progress). The quota is the row's: surer slots take more of it.

    Raises:
        DenoiseError: a value is out of range.
    """

    steps: int = 16
    end: float = 1e-3

    def __post_init__(self) -> None:
        """See `Dream`."""
        hold(self, steps=ONE_OR_MORE, end=Range(0, 0.999999))

    def __call__(self, view: Open, step: int) -> Bool[Tensor, " positions"]:
        """See `CommitRule`."""
        candidates = decisions(view)
        share = dream_share(min(step, self.steps - 1), self.steps, self.end)
        return top(view, candidates, max(int(int(candidates.sum()) * share), 1))
