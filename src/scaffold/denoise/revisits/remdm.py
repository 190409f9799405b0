"""ReMDM: opening committed tokens again at random, by a schedule."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp
from typing import Literal

import torch

from scaffold.denoise.ranges import COUNT, ONE_OR_MORE, SHARE, hold
from scaffold.denoise.revisits.seam import Places, Standing
from scaffold.errors import DenoiseError

Schedule = Literal["cap", "rescale", "conf", "loop"]
SCHEDULES: tuple[Schedule, ...] = ("cap", "rescale", "conf", "loop")


@dataclass(frozen=True, slots=True)
class ReMDM:
    """Open each committed token again with a probability that falls with time, over `steps` steps.

    ReMDM (arXiv:2503.00307). With a = the share that a plain schedule has committed by then (linear in time) and `most
    = min(1, (1 - a_next) / a_now)` the probabilities are `cap`: min(eta, most); `rescale`: eta * most; `conf`: most
    times the softmax of minus the confidences over what is committed; `loop`: min(eta, most) between the times `window`
    (shares of the steps) with a held as at the beginning of the window, else 0. On slots: fixed text is never opened,
    nor what this step has just committed; a null takes all nulls of its slot along; a quotation is one decision. After
    `steps` steps nothing is opened, nor is a slot more than `rounds` times.

    Raises:
        DenoiseError: a value is out of range.
    """

    schedule: Schedule = "cap"
    eta: float = 0.1
    steps: int = 16
    window: tuple[float, float] = (0.5, 0.8)
    rounds: int = 8

    def __post_init__(self) -> None:
        """See `ReMDM`."""
        begin, end = self.window
        if self.schedule not in SCHEDULES:
            raise DenoiseError((), f"there is no schedule {self.schedule!r}", f"use one of {', '.join(SCHEDULES)}")
        if not 0 < begin <= end <= 1:
            raise DenoiseError((), f"ReMDM(window={self.window!r}) is out of range", "use shares of the steps in order")
        hold(self, eta=SHARE, steps=ONE_OR_MORE, rounds=COUNT)

    def checks(self, slots: Sequence[Standing]) -> Places:
        """See `Revisit`."""
        del slots
        return {}

    def __call__(self, slots: Sequence[Standing], step: int, generator: torch.Generator) -> Places:
        """See `Revisit`."""
        able = [slot for slot in slots if slot.times < self.rounds]
        standing = {(s.key, k): sure for s in able for k, sure in _decisions(s).items()}
        chances = self.chances(list(standing.values()), step)
        drawn = torch.rand(len(chances), generator=generator, dtype=torch.float64).tolist()
        chosen = [at for at, chance, u in zip(standing, chances, drawn, strict=True) if u < chance]
        return {key: frozenset(k for at, k in chosen if at == key) for key, _ in chosen}

    def chances(self, sure: Sequence[float], step: int) -> list[float]:
        """Probability of being opened again, for tokens of these confidences, after a step."""
        if not sure or step + 1 >= self.steps:
            return [0.0] * len(sure)
        match self.schedule:
            case "cap":
                return [min(self.eta, self.most(step))] * len(sure)
            case "rescale":
                return [self.eta * self.most(step)] * len(sure)
            case "conf":
                weights = [exp(-value) for value in sure]
                return [self.most(step) * weight / sum(weights) for weight in weights]
            case "loop":
                begin, end = self.window
                is_inside = begin <= (step + 1) / self.steps <= end
                return [min(self.eta, (1 - begin) / begin) if is_inside else 0.0] * len(sure)

    def most(self, step: int) -> float:
        """The greatest probability that keeps the schedule's marginals, after a step."""
        now, following = (step + 1) / self.steps, (step + 2) / self.steps
        return min(1.0, max(0.0, 1 - following) / now)


def _decisions(slot: Standing) -> Mapping[int, float]:
    """The places to draw for: one for a quotation, and none that the step has just committed."""
    old = {k: sure for k, sure in slot.sure.items() if k not in slot.fresh}
    return dict(list(old.items())[:1]) if slot.is_quoted else old
