"""The options of the denoise loop, one field per axis, and the presets that are values of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import inf
from sys import float_info

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
from scaffold.denoise.constraints import BlockPaths, Constraint, Lattice, Off
from scaffold.denoise.lengths.daedal import Daedal
from scaffold.denoise.lengths.fixed import Fixed
from scaffold.denoise.lengths.null_growth import NullGrowth
from scaffold.denoise.lengths.seam import Length
from scaffold.denoise.lengths.search import LengthSearch
from scaffold.denoise.memory.seam import Memory
from scaffold.denoise.ranges import AMOUNT, COUNT, ONE_OR_MORE, SHARE, WHOLE, Range, hold
from scaffold.denoise.regions.extent import Region
from scaffold.denoise.regions.whole import Whole
from scaffold.denoise.revisits.remdm import ReMDM
from scaffold.denoise.revisits.seam import Revisit
from scaffold.denoise.revisits.token_editing import TokenEditing
from scaffold.denoise.scores import SCORES, Score, Weighing
from scaffold.errors import DenoiseError

_HUGE = float_info.max
_BLIND_TO_ENTROPY = (Threshold, Even, Constant, Dream, Factor, Dilated, Klass, Hierarchical, DynamicThresholds)
_BLIND_TO_DRIFT = (Threshold, Even, Constant, Dream, Factor, Dilated, Hierarchical, EntropyBounded, DynamicThresholds)


@dataclass(frozen=True, slots=True)
class DenoiseOptions:
    """How slots are filled; each field means the same whatever the others are.

    Raises:
        DenoiseError: a value is outside its range, or two of them contradict each other.
    """

    score: Score | Weighing = "confidence"
    commit: CommitRule = field(default_factory=Threshold)
    region: Region = field(default_factory=Whole)
    memory: Memory | None = None
    revisit: Revisit | TokenEditing | None = None
    length: Length = field(default_factory=NullGrowth)
    constraint: Constraint = field(default_factory=Lattice)
    guidance: float = 0.0
    """How far to move away from what the template alone suggests: see `guidance`; 0 is off, 0.5 to 1 is usual."""
    speculation: int = 0
    """Steps to draft ahead and to verify in one batch: see `speculate`; 0 is off."""
    temperature: float = 0.0
    order_temperature: float = 0.0
    """Positions are drawn by their score rather than taken from the best on; 0 takes the best."""
    seed: int = 0
    certainty: float = 0.9
    """A group waits for other commits while its posterior is below this; 0.5 decides all at first sight."""
    null_bias: float = 0.0
    null_tail: float = 0.0
    """Weight of the nulls behind the first one as evidence that a slot is empty."""
    max_steps: int = 64
    """Steps after which the loop closes: it takes the least structure and commits everything at first sight.

    So a fill may take more model calls than this, for what it has just laid out is not seen yet: one for the branches
    that the model picked in the last of these steps, and one for each choice nested in the shallowest spelling of
    those. Repair fills again, and counts anew.
    """
    max_slot: int = 2048
    """Positions beyond which no slot grows; its start size, if 0."""

    def __post_init__(self) -> None:
        """See `DenoiseOptions`."""
        for name in ("commit", "region", "memory", "revisit", "length", "constraint"):
            self._check_member(name)
        if self.base_score not in SCORES:
            raise DenoiseError((), f"{self.score!r} is not a score", f"use one of {', '.join(SCORES)}")
        hold(self, certainty=SHARE, null_tail=SHARE, temperature=AMOUNT, order_temperature=AMOUNT)
        hold(self, guidance=Range(0, _HUGE), null_bias=Range(-inf, _HUGE))
        hold(self, speculation=COUNT, seed=WHOLE, max_steps=ONE_OR_MORE, max_slot=COUNT)
        for is_refused, what, why in self._contradictions():
            if is_refused:
                raise DenoiseError((), what, why)

    def _check_member(self, name: str) -> None:
        """Members of an axis are values of their own, not their names."""
        value, is_optional = getattr(self, name), name in {"memory", "revisit"}
        if isinstance(value, str | type | int | float | Mapping) or (value is None and not is_optional):
            hint = "give an instance, as in commit=Threshold(0.9) or region=Whole()"
            raise DenoiseError((), f"{name}={value!r} is no member of its axis", hint)

    @property
    def base_score(self) -> Score:
        """The score of a position on its own: what a `Weighing` starts from is confidence."""
        return "confidence" if isinstance(self.score, Weighing) else self.score

    @property
    def reads_entropy(self) -> bool:
        """Whether entropies are looked at: they are the one score that costs time."""
        return self.base_score == "entropy" or not isinstance(self.commit, _BLIND_TO_ENTROPY)

    @property
    def reads_drift(self) -> bool:
        """Whether the commit rule may compare successive predictions: only then are they kept."""
        return not isinstance(self.commit, _BLIND_TO_DRIFT)

    @property
    def is_sound(self) -> bool:
        """Whether the constraint alone makes every slot legal."""
        return isinstance(self.constraint, Lattice | BlockPaths)

    @property
    def is_drawn(self) -> bool:
        """Whether looking at a slot takes random numbers."""
        return self.temperature > 0 or self.base_score == "random"

    @property
    def is_random(self) -> bool:
        """Whether another seed may give another fill."""
        return self.is_drawn or self.order_temperature > 0 or isinstance(self.revisit, ReMDM)

    def _contradictions(self) -> tuple[tuple[bool, str, str], ...]:
        """What is refused, and why."""
        drafts, draws = self.speculation > 0, self.is_drawn or self.order_temperature > 0
        return (
            (drafts and draws, "speculation with random draws", "a draft is verified against the one greedy way"),
            (
                drafts and self.memory is not None,
                "speculation with a memory",
                "a draft does not know what it will hold",
            ),
            (drafts and self.revisit is not None, "speculation with a revisit", "a draft is never opened again"),
            (
                drafts and isinstance(self.length, LengthSearch),
                "speculation with a length search",
                "the search has no one next state to draft",
            ),
            (
                isinstance(self.revisit, TokenEditing) and not isinstance(self.constraint, Lattice),
                "token editing with a weaker constraint",
                "what is written is taken from the best legal text of the whole slot",
            ),
            (
                isinstance(self.constraint, BlockPaths) and self.temperature > 0,
                "BlockPaths with a temperature",
                "it is a search for the best path: what weighs nothing cannot be drawn",
            ),
        )


PRESETS: Mapping[str, DenoiseOptions] = {
    "fast": DenoiseOptions(commit=Threshold(0.0), certainty=0.5),
    "balanced": DenoiseOptions(),
    "quality": DenoiseOptions(commit=Threshold(0.7), length=Daedal()),
}
"""Chosen by `scaffold bench decode` on the embedded default; the README has their figures."""


def presets_of(model: object) -> Mapping[str, DenoiseOptions]:
    """The presets as a model reads them: its attribute `presets` where it has one, else `PRESETS`."""
    found: Mapping[str, DenoiseOptions] = getattr(model, "presets", PRESETS)
    return found


BASELINES: Mapping[str, DenoiseOptions] = {
    "s3": DenoiseOptions(commit=Constant(16), length=Fixed(16), constraint=Off(), null_tail=1.0),
}
"""Published methods as values of the same options, for comparison.

`s3`: S3 (arXiv:2507.04504): 16 masks per free field, the same number of commits in each of 16 steps, the best token of
every position whatever is legal. It goes with `strings="free"` and `on_overflow="cut"`. Its null is a word that the
prompt asks for; here it is the predictor's null, which is that word only for a model whose `null_source` says so.
"""
