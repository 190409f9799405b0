"""Which open positions to commit in a step: one small file for each published rule."""

from scaffold.denoise.commits.constant import Constant
from scaffold.denoise.commits.dilated import Dilated
from scaffold.denoise.commits.dream import Dream
from scaffold.denoise.commits.dynamic_thresholds import DynamicThresholds, Recipe
from scaffold.denoise.commits.entropy_bounded import EntropyBounded
from scaffold.denoise.commits.even import Even
from scaffold.denoise.commits.factor import Factor
from scaffold.denoise.commits.hierarchical import Hierarchical
from scaffold.denoise.commits.klass import Klass
from scaffold.denoise.commits.open import CommitRule, Open
from scaffold.denoise.commits.threshold import Threshold

__all__ = [
    "CommitRule",
    "Constant",
    "Dilated",
    "Dream",
    "DynamicThresholds",
    "EntropyBounded",
    "Even",
    "Factor",
    "Hierarchical",
    "Klass",
    "Open",
    "Recipe",
    "Threshold",
]
