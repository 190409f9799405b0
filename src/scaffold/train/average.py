"""A mean of the weights of all steps, the later the heavier: what is kept is better than any step's own weights."""

from collections.abc import Mapping

import torch
from torch import Tensor

LATENESS = 6.94
"""The mean covers the last tenth of a run or so (its standard deviation is a tenth of the steps)."""


class Average:
    """Power function mean (EDM2, arXiv:2312.02696): after t steps, the weights of step s count by `s ** lateness`.

    It widens as a run goes on, so that it covers the same share of a run of any length; the start counts for nothing.
    """

    def __init__(self, start: Mapping[str, Tensor], lateness: float = LATENESS) -> None:
        self.lateness = lateness
        self.state = {name: tensor.detach().clone() for name, tensor in start.items()}

    @torch.no_grad()
    def follow(self, now: Mapping[str, Tensor], step: int) -> None:
        """Take in the weights after `step` steps, counted from 1."""
        share = 1 - (1 - 1 / step) ** (self.lateness + 1)
        for name, tensor in self.state.items():
            if tensor.is_floating_point():
                tensor.lerp_(now[name], share)
