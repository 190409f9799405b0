"""What the members of the axes are made with: numbers of their range, and nothing else."""

from dataclasses import fields
from math import inf, nan

import pytest

from scaffold.denoise import commits
from scaffold.denoise.commits import Klass, Threshold
from scaffold.denoise.commits.dynamic_thresholds import DynamicThresholds, Recipe
from scaffold.denoise.constraints import BlockPaths
from scaffold.denoise.lengths.daedal import Daedal
from scaffold.denoise.lengths.density import NullDensity
from scaffold.denoise.lengths.expand import Expand
from scaffold.denoise.lengths.fixed import Fixed
from scaffold.denoise.lengths.search import LengthSearch
from scaffold.denoise.memory.credit import Credit
from scaffold.denoise.memory.soft_mask import SoftMask
from scaffold.denoise.options import DenoiseOptions
from scaffold.denoise.ranges import AMOUNT, COUNT, ONE_OR_MORE, SHARE, WHOLE, Range
from scaffold.denoise.regions.adaptive_blocks import AdaptiveBlocks
from scaffold.denoise.regions.blocks import Blocks
from scaffold.denoise.revisits.low_confidence import LowConfidence
from scaffold.denoise.revisits.remdm import ReMDM
from scaffold.denoise.revisits.token_editing import TokenEditing
from scaffold.denoise.revisits.wino import Wino
from scaffold.denoise.scores.anchor_modulated import AnchorModulated
from scaffold.denoise.scores.position_calibrated import PositionCalibrated, TokenFrequencies
from scaffold.errors import DenoiseError

FREQUENCIES = TokenFrequencies("", (1,))
COMMITS = [commits.Constant, commits.Dilated, commits.Dream, commits.EntropyBounded, commits.Even, commits.Factor]
COMMITS += [commits.Hierarchical, Klass, Threshold, Recipe, lambda **given: DynamicThresholds("", (), **given)]
LENGTHS = [Daedal, NullDensity, Expand, Fixed, LengthSearch]
OTHERS = [Credit, SoftMask, AdaptiveBlocks, Blocks, LowConfidence, ReMDM, TokenEditing, Wino, BlockPaths]
OTHERS += [AnchorModulated, lambda **given: PositionCalibrated(FREQUENCIES, **given), DenoiseOptions]


ANY_NUMBER = {"null_bias", "centre", "seed"}


def numbers(member, kind):
    """The fields of a member whose default is of that kind."""
    return [(member, one.name) for one in fields(member()) if type(one.default) is kind and one.name not in ANY_NUMBER]


MEMBERS = COMMITS + LENGTHS + OTHERS
SHARES_AND_AMOUNTS = [pair for member in MEMBERS for pair in numbers(member, float)]
COUNTS = [pair for member in MEMBERS for pair in numbers(member, int)]


@pytest.mark.parametrize("wrong", [nan, -inf, -1.5], ids=repr)
@pytest.mark.parametrize(("member", "name"), SHARES_AND_AMOUNTS)
def test_an_amount_outside_its_range_is_refused_by_name(member, name, wrong):
    with pytest.raises(DenoiseError, match=rf"{name}={wrong!r}\) is out of range.*use a number"):
        member(**{name: wrong})


@pytest.mark.parametrize(("member", "name"), COUNTS)
def test_a_count_below_nothing_is_refused_by_name(member, name):
    with pytest.raises(DenoiseError, match=rf"{name}=-1\) is out of range.*use a whole number"):
        member(**{name: -1})


def test_all_numbers_were_found():
    assert len(SHARES_AND_AMOUNTS) > 30
    assert len(COUNTS) > 20


@pytest.mark.parametrize(
    ("allowed", "inside", "outside", "said"),
    [
        (SHARE, (0, 1, 0.5), (-1e-9, 1.1), "a number from 0 up to 1"),
        (AMOUNT, (0, inf), (-1,), "a number from 0"),
        (COUNT, (0, 7), (-1, 0.5, 1.0), "a whole number from 0"),
        (ONE_OR_MORE, (1,), (0,), "a whole number from 1"),
        (WHOLE, (-5, 10**30), (0.5,), "a whole number"),
        (Range(0, 1, is_above=True), (1, 0.1), (0, 1.5), "a number above 0 up to 1"),
    ],
)
def test_a_range_holds_its_ends(allowed, inside, outside, said):
    assert all(map(allowed.holds, inside))
    assert not any(map(allowed.holds, (*outside, nan, True, "1", None)))
    assert str(allowed) == said
