"""Factor: as many positions as parallel greedy decoding can take without departing from one by one."""

from dataclasses import dataclass

from jaxtyping import Bool
from torch import Tensor

from scaffold.denoise.commits.open import Open, decisions, rank, top
from scaffold.denoise.ranges import AMOUNT, hold


@dataclass(frozen=True, slots=True)
class Factor:
    """Commit the n most confident positions, n the largest with `(n + 1) * (1 - confidence[n]) < bound`; at least one.

    Fast-dLLM (arXiv:2505.22618), the formula; its code also commits a last position that fails it. With a bound of 1
    parallel and one-by-one greedy decoding agree where the confidences are the model's true ones. The nulls of a slot
    count once in n.

    Raises:
        DenoiseError: a value is out of range.
    """

    bound: float = 1.0

    def __post_init__(self) -> None:
        """See `Factor`."""
        hold(self, bound=AMOUNT)

    def __call__(self, view: Open, step: int) -> Bool[Tensor, " positions"]:
        """See `CommitRule`."""
        del step  # the rule looks at the model, not at the clock
        candidates = decisions(view)
        count = rank(view.confidence, candidates) + 1
        is_safe = candidates & ((count + 1) * (1 - view.confidence) < self.bound)
        return is_safe | top(view, candidates, 1)
