"""What holds for every member of every axis, and for any two of them together."""

from itertools import combinations

import pytest
import torch
from fills import PROMPT, SCHEMA, Watched, committed, document, filled, options

import scaffold
from scaffold.denoise.commits import (
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
from scaffold.denoise.commits.dynamic_thresholds import Level
from scaffold.denoise.constraints import BlockPaths, Lattice, Masks, Off
from scaffold.denoise.lengths.daedal import Daedal
from scaffold.denoise.lengths.density import NullDensity
from scaffold.denoise.lengths.expand import Expand
from scaffold.denoise.lengths.fixed import Fixed
from scaffold.denoise.lengths.null_growth import NullGrowth
from scaffold.denoise.lengths.search import LengthSearch
from scaffold.denoise.memory.credit import Credit
from scaffold.denoise.memory.soft_mask import SoftMask
from scaffold.denoise.options import DenoiseOptions
from scaffold.denoise.regions.adaptive_blocks import AdaptiveBlocks
from scaffold.denoise.regions.blocks import Blocks
from scaffold.denoise.regions.field_order import FieldOrder
from scaffold.denoise.regions.slot_by_slot import SlotBySlot
from scaffold.denoise.regions.whole import Whole
from scaffold.denoise.revisits.low_confidence import LowConfidence
from scaffold.denoise.revisits.remdm import ReMDM
from scaffold.denoise.revisits.token_editing import TokenEditing
from scaffold.denoise.revisits.wino import Wino
from scaffold.denoise.row import OPEN
from scaffold.denoise.scores import AnchorModulated, PositionCalibrated, TokenFrequencies
from scaffold.errors import DecodeError, DenoiseError, ScaffoldError
from scaffold.evals.soundness import rejected
from scaffold.pipeline.signature import signature
from scaffold.testing import AdversarialPredictor, ByteTokenizer, RandomPredictor


class Able(RandomPredictor):
    """A random predictor that can be shown soft masks, and asks for more positions now and then."""

    @property
    def expand_id(self):
        return 5

    def soften(self, canvas, soft, rows, columns):
        assert torch.allclose(soft.weights.sum(-1), torch.ones(len(soft.rows)), atol=1e-4)
        assert canvas.masked[soft.rows, soft.columns].all()
        return self(canvas, rows, columns)


class Hostile(AdversarialPredictor, Able):
    """The same, and it likes what breaks a document."""


LATER = 4
"""Model calls after the last step: the schema's choices are not nested deeper."""
CALIBRATED = PositionCalibrated(
    TokenFrequencies(ByteTokenizer().fingerprint, tuple(range(len(ByteTokenizer().token_bytes))))
)
LEVELS = (Level("/name", False, 0.2), Level("/name", True, 0.1), Level("/jobs/*/role", False, 0.9))
LEARNED = DynamicThresholds(signature(scaffold.compile(SCHEMA), Watched(Able(0))), LEVELS, tau=0.5)
AXES = {
    "score": ["confidence", "entropy", "margin", "random", AnchorModulated(), CALIBRATED],
    "commit": [
        Threshold(),
        Threshold(0.0),
        Even(6),
        Constant(6),
        Dream(6),
        Factor(),
        EntropyBounded(),
        Dilated(),
        Hierarchical(),
        Klass(),
        LEARNED,
    ],
    "region": [Whole(), Blocks(5), AdaptiveBlocks(4), SlotBySlot(), SlotBySlot("certain"), FieldOrder("/jobs/*/role")],
    "memory": [None, Credit(), SoftMask()],
    "revisit": [
        None,
        LowConfidence(),
        *(ReMDM(name, 0.3, steps=12) for name in ("cap", "rescale", "conf", "loop")),
        Wino(),
        TokenEditing(0.0),
    ],
    "length": [NullGrowth(), Fixed(9), Daedal(), NullDensity(), LengthSearch(limit=20), Expand(limit=20)],
    "constraint": [Lattice(), Off(), Masks(), BlockPaths(4)],
    "guidance": [0.0, 1.0],
    "speculation": [0, 3],
    "temperature": [0.0, 0.8],
    "order_temperature": [0.0, 0.5],
}
MEMBERS = [(axis, value) for axis, values in AXES.items() for value in values]


def refused(fields):
    try:
        DenoiseOptions(**fields)
    except DenoiseError:
        return True
    return False


def pairwise():
    """Few option sets in which every legal pair of members occurs; greedy, and the same in every run."""
    pairs = {
        frozenset([a, b])
        for a, b in combinations(range(len(MEMBERS)), 2)
        if MEMBERS[a][0] != MEMBERS[b][0] and not refused(dict([MEMBERS[a], MEMBERS[b]]))
    }
    sets = []
    while pairs:
        first = min(tuple(sorted(pair)) for pair in pairs)
        chosen = {MEMBERS[index][0]: index for index in first}
        for axis in AXES:
            if axis in chosen:
                continue
            able = [
                index
                for index, (name, _) in enumerate(MEMBERS)
                if name == axis and not refused(dict(MEMBERS[i] for i in (*chosen.values(), index)))
            ]
            chosen[axis] = max(able, key=lambda i: (sum(frozenset([i, j]) in pairs for j in chosen.values()), -i))
        pairs -= {frozenset(pair) for pair in combinations(chosen.values(), 2)}
        sets.append({axis: MEMBERS[index][1] for axis, index in chosen.items()})
    return sets


def check(fields, kind, seed):
    """Fill, and hold every model call against what is promised."""
    asked = options(**fields)
    watched = Watched(kind(seed, max_length=700))
    found, calls = filled(watched, asked)
    assert found.model_calls == len(calls) <= asked.max_steps + LATER
    prompt = torch.tensor(ByteTokenizer().encode(PROMPT))
    for canvas in watched.canvases:
        is_blank = canvas.tokens[:, : len(prompt)] == watched.mask_id
        kept = is_blank.all(1) if asked.guidance > 0 else torch.zeros(len(canvas.tokens), dtype=torch.bool)
        assert (canvas.tokens[~kept, : len(prompt)] == prompt).all()
        fixed = (canvas.offset < 0) & canvas.attend
        fixed[:, : len(prompt)] = False
        assert (canvas.tokens[fixed] < 256).all()
        assert not (canvas.masked & (canvas.offset < 0)).any()
    for call in calls:
        if asked.revisit is None:
            before, after = committed(call.before), committed(call.after)
            assert all(is_within(tokens, after.get(key, tokens)) for key, tokens in before.items())
    if found.error is None:
        assert found.row.is_done
        assert OPEN not in [token for tokens in found.row.written.values() for token in tokens]
        assert rejected(SCHEMA, document(found)) is None
    else:
        assert isinstance(found.error, ScaffoldError)
        assert not isinstance(found.error, DenoiseError)
        assert isinstance(asked.constraint, Off | Masks)
        assert isinstance(found.error, DecodeError)


def is_within(part, whole):
    """Whether `part` is left when some of `whole` is taken away."""
    rest = iter(whole)
    return all(token in rest for token in part)


@pytest.mark.parametrize("kind", [Able, Hostile])
@pytest.mark.parametrize("member", MEMBERS, ids=lambda member: f"{member[0]}={member[1]}")
def test_every_member_keeps_what_is_fixed_goes_on_ends_and_is_valid(member, kind):
    check(dict([member]), kind, seed=1)


SETS = pairwise()


@pytest.mark.parametrize("number", range(len(SETS)))
def test_every_two_members_do_together(number):
    check(SETS[number], (Able, Hostile)[number % 2], number)


def test_what_is_refused_says_so_when_the_options_are_made():
    pairs = [
        {MEMBERS[a][0]: MEMBERS[a][1], MEMBERS[b][0]: MEMBERS[b][1]}
        for a, b in combinations(range(len(MEMBERS)), 2)
        if MEMBERS[a][0] != MEMBERS[b][0]
    ]
    wanted = [
        fields
        for fields in pairs
        if (
            fields.get("speculation")
            and (
                fields.get("score") == "random"
                or fields.get("temperature")
                or fields.get("order_temperature")
                or fields.get("memory") is not None
                or fields.get("revisit") is not None
                or isinstance(fields.get("length"), LengthSearch)
            )
        )
        or (isinstance(fields.get("constraint"), BlockPaths) and fields.get("temperature"))
        or (
            isinstance(fields.get("revisit"), TokenEditing)
            and not isinstance(fields.get("constraint", Lattice()), Lattice)
        )
    ]
    assert [fields for fields in pairs if refused(fields)] == wanted


@pytest.mark.parametrize("fields", [{"memory": SoftMask()}, {"length": Expand()}])
def test_a_predictor_that_lacks_what_an_option_needs_is_refused(fields):
    with pytest.raises(DenoiseError):
        scaffold.Filler(RandomPredictor(0)).fill(SCHEMA, PROMPT, denoise=options(**fields))
