"""Fixed N/K, S3's quota: the same number in each step."""

from dataclasses import dataclass

from jaxtyping import Bool
from torch import Tensor

from scaffold.denoise.commits.open import Open, decisions, top
from scaffold.denoise.ranges import ONE_OR_MORE, hold


@dataclass(frozen=True, slots=True)
class Constant:
    """Commit `ceil(masked_total / steps)` positions in every step (S3, arXiv:2507.04504; `quotas.constant_quota`).

    Fewer steps than asked for are taken where nulls close slots.

    Raises:
        DenoiseError: a value is out of range.
    """

    steps: int = 16

    def __post_init__(self) -> None:
        """See `Constant`."""
        hold(self, steps=ONE_OR_MORE)

    def __call__(self, view: Open, step: int) -> Bool[Tensor, " positions"]:
        """See `CommitRule`."""
        del step  # the same number in each
        return top(view, decisions(view), max(-(-view.masked_total // self.steps), 1))
