"""How sure the model is of a position: simple scores of its probabilities, and rules that weigh them."""

from scaffold.denoise.scores.anchor_modulated import AnchorModulated
from scaffold.denoise.scores.position_calibrated import PositionCalibrated, TokenFrequencies
from scaffold.denoise.scores.simple import (
    SCORES,
    Score,
    confidence,
    entropy,
    margin,
    negative_entropy,
    of_whole,
    random,
)
from scaffold.denoise.scores.weighing import Weighing

__all__ = [
    "SCORES",
    "AnchorModulated",
    "PositionCalibrated",
    "Score",
    "TokenFrequencies",
    "Weighing",
    "confidence",
    "entropy",
    "margin",
    "negative_entropy",
    "of_whole",
    "random",
]
