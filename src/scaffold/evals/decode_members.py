"""Every way to decide what is committed when, by name: what `scaffold bench decode` compares."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from scaffold.decode.votes import Vote
from scaffold.denoise.commits import (
    CommitRule,
    Constant,
    Dilated,
    Dream,
    EntropyBounded,
    Even,
    Factor,
    Hierarchical,
    Klass,
    Threshold,
)
from scaffold.denoise.constraints import BlockPaths, Masks, Off
from scaffold.denoise.lengths.daedal import Daedal
from scaffold.denoise.lengths.density import NullDensity
from scaffold.denoise.lengths.fixed import Fixed
from scaffold.denoise.lengths.search import LengthSearch
from scaffold.denoise.memory.credit import Credit
from scaffold.denoise.memory.soft_mask import SoftMask
from scaffold.denoise.options import BASELINES, DenoiseOptions, presets_of
from scaffold.denoise.predictor import BlendPredictor, MaskPredictor
from scaffold.denoise.regions.adaptive_blocks import AdaptiveBlocks
from scaffold.denoise.regions.blocks import Blocks
from scaffold.denoise.regions.slot_by_slot import SlotBySlot
from scaffold.denoise.revisits.low_confidence import LowConfidence
from scaffold.denoise.revisits.remdm import ReMDM
from scaffold.denoise.revisits.token_editing import TokenEditing
from scaffold.denoise.revisits.wino import Wino
from scaffold.denoise.row import OnOverflow
from scaffold.denoise.scores import SCORES, AnchorModulated, PositionCalibrated, Weighing
from scaffold.errors import ModelError
from scaffold.models.embedded import EmbeddedModel, token_frequencies
from scaffold.models.fitted import fitted

QUOTA = Even(4)
"""Scores and votes are compared where they matter: with many tokens a call and the number of calls held fixed."""

LONGEST = 24
"""Positions up to which lengths are searched: a search to 64 takes a third of the time of all members together."""


@dataclass(frozen=True, slots=True)
class Member:
    """One line of the table: options of a fill that differ from the default on one axis."""

    axis: str
    denoise: DenoiseOptions
    vote: Vote = "last"
    is_calibrated: bool = False
    """Thresholds are learned from another row of the data set first; its model calls are not counted."""
    on_overflow: OnOverflow = "error"
    is_watched: bool = False
    """What each step would have answered is kept, for oscillation."""


COMMITS: Mapping[str, CommitRule] = {
    "all at once": Threshold(0.0),
    "threshold 0.5": Threshold(0.5),
    "threshold 0.7": Threshold(0.7),
    "threshold 0.95": Threshold(0.95),
    "one by one": Threshold(2.0),
    "even, 2 steps": Even(2),
    "even, 4 steps": Even(4),
    "even, 8 steps": Even(8),
    "even, 16 steps": Even(16),
    "even, 32 steps": Even(32),
    "constant, 4 steps": Constant(4),
    "constant, 16 steps": Constant(16),
    "dream, 4 steps": Dream(4),
    "dream, 16 steps": Dream(16),
    "factor 0.5": Factor(0.5),
    "factor 1": Factor(1.0),
    "entropy-bounded 0.01": EntropyBounded(0.01),
    "entropy-bounded 1": EntropyBounded(1.0),
    "dilated": Dilated(0.0),
    "dilated, sure first": Dilated(0.3),
    "klass": Klass(),
    "hierarchical": Hierarchical(),
}
SETTINGS: Mapping[str, tuple[str, DenoiseOptions]] = {
    "blocks of 8": ("region", DenoiseOptions(region=Blocks(8))),
    "blocks of 32": ("region", DenoiseOptions(region=Blocks(32))),
    "adaptive blocks": ("region", DenoiseOptions(region=AdaptiveBlocks())),
    "slot by slot": ("region", DenoiseOptions(region=SlotBySlot())),
    "surest slot first": ("region", DenoiseOptions(region=SlotBySlot("certain"))),
    "credit": ("memory", DenoiseOptions(memory=Credit())),
    "soft mask": ("memory", DenoiseOptions(memory=SoftMask())),
    "low confidence again": ("revisit", DenoiseOptions(revisit=LowConfidence())),
    "remdm": ("revisit", DenoiseOptions(revisit=ReMDM())),
    "token editing": ("revisit", DenoiseOptions(commit=Threshold(0.7), revisit=TokenEditing())),
    "verify and revoke": ("revisit", DenoiseOptions(commit=Threshold(0.6), revisit=Wino())),
    "fixed length": ("length", DenoiseOptions(length=Fixed())),
    "daedal": ("length", DenoiseOptions(length=Daedal())),
    "null density": ("length", DenoiseOptions(length=NullDensity())),
    "length search": ("length", DenoiseOptions(length=LengthSearch(limit=LONGEST))),
    "speculation 4": ("speculation", DenoiseOptions(commit=Threshold(2.0), speculation=4)),
    "guidance 0.5": ("guidance", DenoiseOptions(guidance=0.5)),
    "guidance 1": ("guidance", DenoiseOptions(guidance=1.0)),
    "temperature 0.5": ("temperature", DenoiseOptions(temperature=0.5)),
    "order temperature 0.5": ("temperature", DenoiseOptions(order_temperature=0.5)),
    "no constraint": ("constraint", DenoiseOptions(constraint=Off())),
    "masks only": ("constraint", DenoiseOptions(constraint=Masks())),
    "block paths": ("constraint", DenoiseOptions(constraint=BlockPaths())),
    "no null": ("baseline", DenoiseOptions(length=Fixed(16), null_bias=float("-inf"))),
    "fixed 16": ("baseline", DenoiseOptions(length=Fixed(16))),
    **{name: ("baseline", options) for name, options in BASELINES.items()},
}
"""By name: the axis, and the options; "s3" (arXiv:2507.04504) with the model's own null in place of a prompted one.

"no null" is a scaffold of 16 positions a text that all have to be filled, and "fixed 16" the same with a null.
"""
VOTED: tuple[Vote, ...] = ("last", "uniform", "linear", "exponential")


def members(model: MaskPredictor) -> dict[str, Member]:
    """All members that the model can be filled with: soft masks and position calibration ask more of it."""
    found = {f"preset {name}": Member("preset", options) for name, options in presets_of(model).items()}
    found |= {name: Member("commit", DenoiseOptions(commit=rule)) for name, rule in COMMITS.items()}
    found["one-shot thresholds"] = Member("commit", DenoiseOptions(), is_calibrated=True)
    for name, (axis, options) in SETTINGS.items():
        if options.memory is None or not options.memory.softens or isinstance(model, BlendPredictor):
            found[name] = Member(axis, options, on_overflow="cut" if axis == "baseline" else "error")
    for name, options in _fitted(model).items():
        found[f"{name}, fitted"] = Member(SETTINGS[name][0], options)
    for name in SCORES:
        found[f"score {name}"] = Member("score", DenoiseOptions(score=name, commit=QUOTA))
    for words, weighing in _weighings(model).items():
        found[f"score {words}"] = Member("score", DenoiseOptions(score=weighing, commit=QUOTA))
    for vote in VOTED:
        found[f"vote {vote}"] = Member("vote", DenoiseOptions(commit=QUOTA), vote, is_watched=True)
    return found


def _weighings(model: MaskPredictor) -> dict[str, Weighing]:
    found: dict[str, Weighing] = {"anchor-modulated": AnchorModulated()}
    if isinstance(model, EmbeddedModel):
        found["position-calibrated"] = PositionCalibrated(token_frequencies(model))
    return found


def _fitted(model: MaskPredictor) -> dict[str, DenoiseOptions]:
    """Members whose weights were fitted to this very model."""
    if not isinstance(model, EmbeddedModel):
        return {}
    try:
        own = fitted(model)
    except ModelError:
        return {}
    return {
        "soft mask": DenoiseOptions(memory=own.soft_mask),
        "length search": DenoiseOptions(length=replace(own.length_search, limit=LONGEST)),
    }
