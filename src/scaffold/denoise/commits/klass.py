"""KLASS: what the model is sure of, and stays sure of from one look to the next."""

from dataclasses import dataclass

from jaxtyping import Bool
from torch import Tensor

from scaffold.denoise.commits.open import Open, decisions, top
from scaffold.denoise.ranges import AMOUNT, ONE_OR_MORE, hold


@dataclass(frozen=True, slots=True)
class Klass:
    """Commit every position surer than `tau` whose prediction moved less than `kappa` nats, else the best `fallback`.

    KLASS (arXiv:2511.05664): the Kullback-Leibler divergence between successive predictions, here between successive
    posteriors of the slot. It needs two divergences, so in the first two looks at a slot only the fallback commits:
    the rule is for longer texts, and filters nulls that come too early.

    Raises:
        DenoiseError: a value is out of range.
    """

    tau: float = 0.9
    kappa: float = 0.01
    fallback: int = 1

    def __post_init__(self) -> None:
        """See `Klass`."""
        hold(self, tau=AMOUNT, kappa=AMOUNT, fallback=ONE_OR_MORE)

    def __call__(self, view: Open, step: int) -> Bool[Tensor, " positions"]:
        """See `CommitRule`."""
        del step  # the rule looks at the model, not at the clock
        if view.drift is None:
            return top(view, decisions(view), self.fallback)
        is_stable = (view.confidence > self.tau) & (view.drift < self.kappa)
        return is_stable if bool(is_stable.any()) else top(view, decisions(view), self.fallback)
