"""Anchor-proximity modulation: less trust in positions that touch fixed text, while their slot is still open."""

from dataclasses import dataclass, replace

from jaxtyping import Float
from torch import Tensor

from scaffold.denoise.commits.open import Open
from scaffold.denoise.ranges import SHARE, Range, hold


@dataclass(frozen=True, slots=True)
class AnchorModulated:
    """Multiply confidence by `1 - strength * (1 - progress) * exp(-distance / reach)`.

    After Park et al. (arXiv:2605.28181), who saw that positions next to a closing anchor are decided too early; the
    formula is ours, theirs is not published in code. `distance` is to the end of the slot, 1 at its last position,
    where null wins first; `progress` is the committed share of the slot. Thresholds see the damped confidence.

    Raises:
        DenoiseError: a value is out of range.
    """

    strength: float = 0.5
    reach: float = 2.0

    def __post_init__(self) -> None:
        """See `AnchorModulated`."""
        hold(self, strength=SHARE, reach=Range(0, is_above=True))

    def __call__(self, view: Open) -> Open:
        """See `Weighing`."""
        damped = view.confidence * self.factor(view).to(view.confidence)
        return replace(view, scores=damped, confidence=damped)

    def factor(self, view: Open) -> Float[Tensor, " positions"]:
        """What is left of each position's confidence, in [0, 1]."""
        distance = (view.size - view.offset).double()
        still_open = (view.slot[:, None] == view.slot).sum(1) / view.size
        return 1 - self.strength * still_open * (-distance / self.reach).exp()
