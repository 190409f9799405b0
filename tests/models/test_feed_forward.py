"""Experts: grouped products say what the layers say one by one, and keep no weight twice."""

import pytest
import torch

from scaffold.models import feed_forward
from scaffold.models.feed_forward import Experts

WIDTH, INNER, COUNT, CHOSEN = 16, 24, 5, 2


def experts(dtype=torch.float32):
    torch.manual_seed(0)
    return Experts(COUNT, WIDTH, INNER).to(dtype)


def asked(tokens, dtype=torch.float32, seed=1):
    generator = torch.Generator().manual_seed(seed)
    chosen = torch.rand(tokens, COUNT - 1, generator=generator).topk(CHOSEN).indices  # nobody asks the last one
    return (
        torch.randn(tokens, WIDTH, generator=generator).to(dtype),
        chosen,
        torch.rand(tokens, CHOSEN, generator=generator),
    )


def plainly(layers, states, chosen, weights):
    """Token by token."""
    rows = [
        sum(weight * layers[int(k)](state) for k, weight in zip(ks, ws, strict=True))
        for state, ks, ws in zip(states, chosen, weights, strict=True)
    ]
    return torch.stack(rows)


@pytest.mark.parametrize("is_grouped", [True, False])
@pytest.mark.parametrize("tokens", [1, 9])
def test_each_token_gets_the_weighted_sum_of_the_layers_that_it_chose(is_grouped, tokens, monkeypatch):
    monkeypatch.setattr(feed_forward, "_can_group", lambda *_: is_grouped)
    layers, question = experts(), asked(tokens)
    with torch.no_grad():
        torch.testing.assert_close(layers(*question), plainly(layers, *question), atol=1e-6, rtol=0)


def test_products_are_grouped_only_where_torch_takes_the_sizes():
    states = torch.zeros(1, WIDTH, dtype=torch.bfloat16)
    assert feed_forward._can_group(states, 24)
    assert not feed_forward._can_group(states, 20)
    assert not feed_forward._can_group(torch.zeros(1, 20, dtype=torch.bfloat16), 24)


def test_weights_are_parts_of_what_is_grouped_also_after_they_were_moved():
    layers, question = experts(), asked(4)
    before = {name: weight.clone() for name, weight in layers.state_dict().items()}
    with torch.inference_mode():
        first = layers(*question)
    base = layers[0].up_proj.weight.untyped_storage().data_ptr()
    assert all(layer.up_proj.weight.untyped_storage().data_ptr() == base for layer in layers)
    assert all(torch.equal(weight, before[name]) for name, weight in layers.state_dict().items())
    layers.to(torch.float64).to(torch.float32)
    with torch.no_grad():
        layers[1].up_proj.weight.mul_(0)
        torch.testing.assert_close(layers(*question), plainly(layers, *question), atol=1e-6, rtol=0)
    assert not torch.equal(first, layers(*question))
