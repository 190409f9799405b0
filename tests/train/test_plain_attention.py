"""Attention in training reads what PyTorch's own does."""

import pytest
import torch
from transformers import BertConfig, BertModel

from scaffold.train.plain_attention import NAME, plain_attention


@pytest.mark.parametrize("padding", [0, 3])
def test_it_agrees_with_the_fused_kernel_forward_and_backward(padding):
    torch.manual_seed(0)
    options = {"vocab_size": 30, "hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 4}
    config = BertConfig(
        **options, intermediate_size=48, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0,
        attn_implementation="sdpa",
    )  # fmt: skip
    model = BertModel(config, add_pooling_layer=False)
    attend = torch.ones(2, 9, dtype=torch.long)
    attend[1, 9 - padding :] = 0
    tokens = torch.randint(30, (2, 9))

    def run():
        model.zero_grad()
        states = model(tokens, attention_mask=attend).last_hidden_state[attend.bool()]
        (states**2).sum().backward()
        return states.detach(), model.encoder.layer[0].attention.self.query.weight.grad.clone()

    fused = run()
    with plain_attention(model, torch.device("cpu")):
        assert model.config._attn_implementation == NAME
        plain = run()
    assert model.config._attn_implementation == "sdpa"
    for mine, theirs in zip(plain, fused, strict=True):
        assert torch.allclose(mine, theirs, atol=1e-4)


def test_other_devices_keep_their_own_kernels():
    model = BertModel(BertConfig(num_hidden_layers=1, attn_implementation="sdpa"), add_pooling_layer=False)
    with plain_attention(model, torch.device("meta")):
        assert model.config._attn_implementation == "sdpa"
