"""Threshold: everything that the model is sure enough of."""

from dataclasses import dataclass

from jaxtyping import Bool
from torch import Tensor

from scaffold.denoise.commits.open import Open, decisions, top


@dataclass(frozen=True, slots=True)
class Threshold:
    """Commit every position of confidence `tau` or more, and always the best-scored one.

    Fast-dLLM (arXiv:2505.22618). Nulls that cross together close their slot from the first one on.
    """

    tau: float = 0.9

    def __call__(self, view: Open, step: int) -> Bool[Tensor, " positions"]:
        """See `CommitRule`."""
        del step  # the rule looks at the model, not at the clock
        return (view.confidence >= self.tau) | top(view, decisions(view), 1)
