"""Packed weights: small, and close to what they were."""

import torch

from scaffold.models.storage import pack, unpack


def test_a_packed_matrix_comes_back_within_half_a_step_of_its_row():
    matrix = torch.randn(7, 33, generator=torch.Generator().manual_seed(0))
    found = unpack(pack({"w": matrix}))["w"]
    step = matrix.abs().amax(-1, keepdim=True) / 127
    assert ((found - matrix).abs() <= step / 2 + 1e-7).all()


def test_integers_survive_packing_exactly():
    ids = torch.arange(300)
    assert torch.equal(unpack(pack({"ids": ids}))["ids"], ids)


def test_a_state_that_was_never_packed_passes_through():
    matrix = torch.randn(3, 4)
    assert torch.equal(unpack({"w": matrix})["w"], matrix)


def test_a_row_of_zeros_stays_zero():
    assert torch.equal(unpack(pack({"w": torch.zeros(2, 5)}))["w"], torch.zeros(2, 5))
