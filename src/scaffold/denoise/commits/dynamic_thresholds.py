"""One-shot dynamic thresholds: how sure the model tends to be of each slot of a template, learned from a few fills."""

import json
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from statistics import mean, median, quantiles
from typing import Literal, NamedTuple

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from scaffold.denoise.commits.open import CommitRule, Open, decisions, top
from scaffold.denoise.commits.threshold import Threshold
from scaffold.denoise.ranges import AMOUNT, SHARE, hold
from scaffold.errors import DenoiseError

Metric = Literal["mean", "median", "quartile"]


def lower_quartile(values: Sequence[float]) -> float:
    """A quarter of the values is below; of a single value, it."""
    return quantiles(values, n=4, method="inclusive")[0] if len(values) > 1 else values[0]


METRICS: Mapping[Metric, Callable[[Sequence[float]], float]] = {
    "mean": mean,
    "median": median,
    "quartile": lower_quartile,
}


class Commitment(NamedTuple):
    """One decision that was committed: in which slot, whether for null, and how sure the model was."""

    name: str
    is_null: bool
    confidence: float


@dataclass(frozen=True, eq=False, slots=True)
class Recorded:
    """A rule that also notes down what it commits."""

    rule: CommitRule
    kept: list[Commitment] = field(default_factory=list)

    def __call__(self, view: Open, step: int) -> Bool[Tensor, " positions"]:
        """See `CommitRule`."""
        chosen = self.rule(view, step)
        taken = chosen & decisions(view)
        columns = (column[taken].tolist() for column in (view.slot, view.is_null, view.confidence))
        self.kept.extend(Commitment(view.names[slot], null, sure) for slot, null, sure in zip(*columns, strict=True))
        return chosen


@dataclass(frozen=True, slots=True)
class Recipe:
    """How thresholds are made: `min(metric of the confidences, cap) * (1 - slack)`, as OSDT's abstract puts it.

    `cap` and `slack` are our guesses: the paper's values are not known to us. Calibration fills with `Threshold(tau)`,
    which stays the threshold of slots that it did not see.
    """

    tau: float = 0.9
    cap: float = 0.9
    slack: float = 0.1
    metric: Metric = "mean"

    def __post_init__(self) -> None:
        """See `Recipe`.

        Raises:
            DenoiseError: a value is out of range.
        """
        if self.metric not in METRICS:
            raise DenoiseError((), f"there is no metric {self.metric!r}", f"use one of {', '.join(METRICS)}")
        hold(self, tau=AMOUNT, cap=SHARE, slack=SHARE)


class Level(NamedTuple):
    """The threshold of a slot, for content or for null."""

    name: str
    is_null: bool
    tau: float


@dataclass(frozen=True, slots=True)
class DynamicThresholds:
    """Commit what is as sure as positions of its slot usually are, and always the best-scored one.

    OSDT (arXiv:2511.02077): the confidences of one task follow one curve, so a threshold of its own for each part
    of it, taken from a calibration. The parts are slots, items of a list together, content and null apart.

    Raises:
        DenoiseError: a value is out of range.
    """

    signature: str
    """Of the template and the model that it was calibrated with; a fill of anything else refuses it."""
    levels: tuple[Level, ...]
    tau: float = 0.9

    def __post_init__(self) -> None:
        """See `DynamicThresholds`."""
        hold(self, tau=AMOUNT)

    def __call__(self, view: Open, step: int) -> Bool[Tensor, " positions"]:
        """See `CommitRule`."""
        del step  # the rule looks at the model, not at the clock
        return (view.confidence >= self.thresholds(view)) | top(view, decisions(view), 1)

    def thresholds(self, view: Open) -> Float[Tensor, " positions"]:
        """The threshold of each open position."""
        known = {(level.name, level.is_null): level.tau for level in self.levels}
        wanted = [
            known.get((view.names[slot] if view.names else "", null), self.tau)
            for slot, null in zip(view.slot.tolist(), view.is_null.tolist(), strict=True)
        ]
        return torch.tensor(wanted, dtype=view.confidence.dtype, device=view.confidence.device)

    def check(self, signature: str) -> None:
        """Hold the signature of a fill against this one.

        Raises:
            DenoiseError: they differ.
        """
        if signature != self.signature:
            message = "these thresholds were calibrated with another type or another model"
            raise DenoiseError((), message, "calibrate them anew for this one")

    def to_json(self) -> str:
        """The rule as JSON text."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> "DynamicThresholds":
        """Read what `to_json` wrote.

        Raises:
            DenoiseError: it is something else.
        """
        try:
            found = json.loads(text)
            levels = tuple(Level(str(name), bool(null), float(tau)) for name, null, tau in found["levels"])
            return cls(found["signature"], levels, found["tau"])
        except (ValueError, KeyError, TypeError) as error:
            raise DenoiseError((), "this is no set of thresholds", "write one with `to_json`") from error


def learned(kept: Sequence[Commitment], signature: str, recipe: Recipe) -> DynamicThresholds:
    """The thresholds that the commitments of a calibration come to."""
    groups: dict[tuple[str, bool], list[float]] = defaultdict(list)
    for one in kept:
        groups[one.name, one.is_null].append(one.confidence)
    measure = METRICS[recipe.metric]
    levels = (
        Level(name, null, min(measure(found), recipe.cap) * (1 - recipe.slack))
        for (name, null), found in sorted(groups.items())
    )
    return DynamicThresholds(signature, tuple(levels), recipe.tau)


def recording(recipe: Recipe) -> Recorded:
    """The rule of a calibration's fills."""
    return Recorded(Threshold(recipe.tau))
