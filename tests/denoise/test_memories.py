from typing import ClassVar

import pytest
import torch
from fills import SCHEMA, filled, options, texts
from hypothesis import given
from hypothesis import strategies as st

from scaffold.denoise.commits import Constant
from scaffold.denoise.memory.credit import Credit
from scaffold.denoise.memory.seam import Seat
from scaffold.denoise.memory.soft_mask import SoftMask
from scaffold.errors import DenoiseError
from scaffold.testing import RandomPredictor

KEY = (("a",), "value")
NULL = 4


def prediction(seed, length=3):
    return (2 * torch.randn(length, 5, generator=torch.Generator().manual_seed(seed))).log_softmax(-1)


def seats(committed=(-1, -1, -1)):
    return [Seat(KEY, 0, committed)]


@given(st.integers(0, 99))
def test_credit_of_no_weight_changes_nothing(seed):
    own = prediction(seed)
    fused, _ = Credit(weight=0.0).fuse(own, seats(), None, NULL)
    assert torch.equal(fused, own)


@given(st.integers(0, 99), st.integers(1, 6))
def test_credit_after_equal_predictions_is_a_geometric_sum(seed, steps):
    own, kept, credit = prediction(seed), None, Credit(decay=0.5, power=0.3)
    for _ in range(steps):
        fused, kept = credit.fuse(own, seats(), kept, NULL)
    best = own.exp().max(-1)
    total = sum(0.5**k for k in range(steps)) * best.values**0.3
    assert fused.gather(-1, best.indices[:, None]).squeeze(-1).tolist() == pytest.approx(
        (own.max(-1).values + 0.7 * total.log1p()).tolist(), abs=1e-4
    )


@given(st.integers(0, 99))
def test_credit_on_the_best_token_alone_never_changes_which_is_best(seed):
    own = prediction(seed)
    fused, kept = Credit().fuse(own, seats(), None, NULL)
    fused, _ = Credit().fuse(own, seats(), kept, NULL)
    assert torch.equal(fused.argmax(-1), own.argmax(-1))


@given(st.integers(0, 99), st.integers(0, 99))
def test_credit_that_fades_at_once_counts_this_step_only(seed, other):
    credit = Credit(decay=0.0)
    _, kept = credit.fuse(prediction(other), seats(), None, NULL)
    after, _ = credit.fuse(prediction(seed), seats(), kept, NULL)
    alone, _ = credit.fuse(prediction(seed), seats(), None, NULL)
    assert torch.equal(after, alone)


def test_committed_positions_get_no_credit_and_null_none_before_content():
    likes_null = torch.full((3, 5), -9.0)
    likes_null[:, NULL] = 0.0
    _, kept = Credit().fuse(likes_null.log_softmax(-1), seats((-1, 2, -1)), None, NULL)
    assert set(kept) == {(KEY, 0), (KEY, 2)}
    assert kept[KEY, 0] == {}
    assert set(kept[KEY, 2]) == {NULL}


@given(st.integers(0, 99), st.floats(0, 1))
def test_a_blend_adds_up_to_one_and_leaves_null_out(seed, scale):
    _, kept = SoftMask(scale=scale).fuse(prediction(seed), seats(), None, NULL)
    blend = kept[KEY]
    assert blend.weights.sum(-1).tolist() == pytest.approx([1.0] * 3, abs=1e-5)
    assert (blend.tokens[:, 0] == -1).all()
    assert (blend.tokens != NULL).all()
    if scale == 0:
        assert (blend.weights[:, 0] == 1).all()


@given(st.floats(0, 5), st.floats(0, 5))
def test_the_share_of_a_blend_falls_with_entropy_and_has_the_published_limit(one, other):
    mask = SoftMask(scale=0.8)
    low, high = sorted((one, other))
    shares = mask.share(torch.tensor([low, high]))
    assert shares[0] >= shares[1]
    limit = 0.8 / (1 + torch.tensor(6.67 * -0.75).exp())
    assert mask.share(torch.zeros(1)).item() == pytest.approx(limit.item(), rel=1e-5)


class Blending(RandomPredictor):
    """Keeps the blends that it is shown."""

    shown: ClassVar[list] = []

    def soften(self, canvas, soft, rows, columns):
        self.shown.append((canvas, soft))
        return self(canvas, rows, columns)


def test_soft_masks_stand_at_open_positions_only_and_not_at_the_first_call():
    Blending.shown.clear()
    filled(Blending(2, max_length=700), options(memory=SoftMask(), commit=Constant(1000)))
    assert Blending.shown
    for canvas, soft in Blending.shown:
        assert canvas.masked[soft.rows, soft.columns].all()
        assert (soft.tokens[:, 0] == RandomPredictor(0).mask_id).all()


def test_a_predictor_that_looks_past_its_blends_fills_the_same_with_them():
    plain, _ = filled(Blending(2, max_length=700), options(commit=Constant(1000)))
    soft, _ = filled(Blending(2, max_length=700), options(commit=Constant(1000), memory=SoftMask()))
    assert texts(plain) == texts(soft)
    assert set(texts(plain)) & {f"/{name}" for name in SCHEMA["properties"]}


@pytest.mark.parametrize(
    "make", [lambda: Credit(-1.0), lambda: Credit(decay=2.0), lambda: SoftMask(2.0), lambda: SoftMask(best=0)]
)
def test_a_memory_out_of_range_is_refused(make):
    with pytest.raises(DenoiseError):
        make()
