"""Threshold: everything that the model is sure enough of."""

from dataclasses import dataclass

from jaxtyping import Bool
from torch import Tensor

from scaffold.denoise.commits.open import Open, decisions, top
from scaffold.denoise.ranges import AMOUNT, hold


@dataclass(frozen=True, slots=True)
class Threshold:
    """Commit every position of confidence `tau` or more, and always the best-scored one.

    Fast-dLLM (arXiv:2505.22618). Nulls that cross together close their slot from the first one on. A `tau` above 1
    commits one decision at a time.

    Raises:
        DenoiseError: `tau` is below 0.
    """

    tau: float = 0.9

    def __post_init__(self) -> None:
        """See `Threshold`."""
        hold(self, tau=AMOUNT)

    def __call__(self, view: Open, step: int) -> Bool[Tensor, " positions"]:
        """See `CommitRule`."""
        del step  # the rule looks at the model, not at the clock
        return (view.confidence >= self.tau) | top(view, decisions(view), 1)
