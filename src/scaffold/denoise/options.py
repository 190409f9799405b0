"""The options of the denoise loop, one field per axis, and the presets that are values of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from scaffold.denoise.commits import (
    CommitRule,
    Constant,
    Dilated,
    Dream,
    DynamicThresholds,
    EntropyBounded,
    Even,
    Factor,
    Hierarchical,
    Klass,
    Threshold,
)
from scaffold.denoise.scores import Weighing
from scaffold.errors import DenoiseError

Score = Literal["confidence", "entropy", "margin", "random"]
SCORES: tuple[Score, ...] = ("confidence", "entropy", "margin", "random")
_BLIND_TO_ENTROPY = (Threshold, Even, Constant, Dream, Factor, Dilated, Klass, Hierarchical, DynamicThresholds)


@dataclass(frozen=True, slots=True)
class DenoiseOptions:
    """How slots are filled; each field means the same whatever the others are.

    Raises:
        DenoiseError: a value is outside its range.
    """

    score: Score | Weighing = "confidence"
    commit: CommitRule = field(default_factory=Threshold)
    certainty: float = 0.9
    """A group waits for other commits while its posterior is below this; 0.5 decides all at first sight."""
    null_bias: float = 0.0
    null_tail: float = 0.3
    """Weight of the nulls behind the first one as evidence that a slot is empty."""
    temperature: float = 0.0
    seed: int = 0
    max_steps: int = 64
    """Model calls after which structure grows no more and everything open is committed at first sight."""
    max_slot: int = 1024
    """Positions beyond which no slot grows; its start size, if 0."""

    def __post_init__(self) -> None:
        """See `DenoiseOptions`."""
        if self.base_score not in SCORES:
            raise DenoiseError((), f"{self.score!r} is not a score", f"use one of {', '.join(SCORES)}")
        wrong = [name for name, is_right in self._ranges() if not is_right]
        if wrong:
            raise DenoiseError((), f"out of range: {', '.join(wrong)}", "see DenoiseOptions")

    @property
    def base_score(self) -> Score:
        """The score of a position on its own: what a `Weighing` starts from is confidence."""
        return "confidence" if isinstance(self.score, Weighing) else self.score

    @property
    def reads_entropy(self) -> bool:
        """Whether entropies are looked at: they are the one score that costs time."""
        return self.base_score == "entropy" or not isinstance(self.commit, _BLIND_TO_ENTROPY)

    def _ranges(self) -> tuple[tuple[str, bool], ...]:
        return (
            ("certainty", 0 <= self.certainty <= 1),
            ("null_bias", self.null_bias < float("inf")),
            ("null_tail", 0 <= self.null_tail <= 1),
            ("temperature", self.temperature >= 0),
            ("max_steps", self.max_steps >= 1),
            ("max_slot", self.max_slot >= 0),
        )


PRESETS: Mapping[str, DenoiseOptions] = {
    "fast": DenoiseOptions(commit=Threshold(0.0), certainty=0.5),
    "balanced": DenoiseOptions(),
    "quality": DenoiseOptions(commit=EntropyBounded(0.1)),
}
