"""Hierarchical: divide and conquer over the runs of open positions."""

from dataclasses import dataclass

import torch
from jaxtyping import Bool, Int
from torch import Tensor

from scaffold.denoise.commits.open import Open, best_of_each, decisions, top
from scaffold.denoise.ranges import AMOUNT, hold


@dataclass(frozen=True, slots=True)
class Hierarchical:
    """Commit the best position of every run where it is surer than `low`, all of `tau` or more, and the best of all.

    dInfer's `HierarchyDecoder` (arXiv:2510.08666). A run is a stretch of open positions without a committed one
    between them; every slot begins as one.

    Raises:
        DenoiseError: a value is out of range.
    """

    tau: float = 0.9
    low: float = 0.4

    def __post_init__(self) -> None:
        """See `Hierarchical`."""
        hold(self, tau=AMOUNT, low=AMOUNT)

    def __call__(self, view: Open, step: int) -> Bool[Tensor, " positions"]:
        """See `CommitRule`."""
        del step  # the rule looks at the model, not at the clock
        candidates = decisions(view)
        leaders = best_of_each(view, candidates, runs(view)) & (view.confidence > self.low)
        return leaders | (view.confidence >= self.tau) | top(view, candidates, 1)


def runs(view: Open) -> Int[Tensor, " positions"]:
    """Number of the run that each position belongs to; positions stand slot by slot, in order."""
    begins = torch.ones_like(view.is_null)
    begins[1:] = (view.slot[1:] != view.slot[:-1]) | (view.offset[1:] != view.offset[:-1] + 1)
    return begins.cumsum(0)
