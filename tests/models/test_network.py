"""What transformers' bodies are called with, in the words of the version that is installed."""

from types import SimpleNamespace

import pytest
import torch

from scaffold.models.network import Decoder, memory_name
from scaffold.models.reuse import KeyValues


class Older(torch.nn.Module):
    """Transformers up to 5.23."""

    def forward(self, input_ids, attention_mask=None, position_ids=None, past_key_values=None, use_cache=None):
        return SimpleNamespace(last_hidden_state=input_ids[..., None].float(), memory=past_key_values)


class Newer(torch.nn.Module):
    """Transformers from 5.24 on, whose attention layers also tell the memory what else they were told."""

    def forward(self, input_ids, attention_mask=None, position_ids=None, cache=None, use_cache=None):
        values = torch.zeros(len(input_ids), 1, input_ids.shape[1], 2)
        kept, _ = cache.update(values + 1, values, 0, kwargs={"position_ids": position_ids})
        return SimpleNamespace(last_hidden_state=kept[:, 0], memory=cache)


@pytest.mark.parametrize(("body", "name"), [(Older(), "past_key_values"), (Newer(), "cache")])
def test_keys_and_values_are_passed_under_the_name_that_the_body_knows(body, name):
    assert memory_name(body) == name
    memory = KeyValues(1, 4, places=torch.arange(3)[None], length=3)
    tokens = torch.arange(3)[None]
    found = Decoder(SimpleNamespace(model=body)).hidden(tokens, tokens, torch.ones(1, 3, 3, dtype=torch.bool), memory)
    assert found.shape[:2] == (1, 3)
