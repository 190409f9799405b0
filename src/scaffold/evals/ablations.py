"""Parts of the slot filler switched off from outside, so that each can be measured by what its absence costs."""

from collections.abc import Callable, Mapping

import torch
from torch import Tensor, nn
from torch.nn import functional

from scaffold.models.slot_filler import FAR, SlotFiller

Change = Callable[[SlotFiller], None]
"""Replaces a part of a network by one that does less."""
WRITE, COPY, NULL = range(3)
"""Places of the experts in the gate."""


class Shut(nn.Module):
    """A gate that never opens for one expert."""

    def __init__(self, gate: nn.Module, expert: int) -> None:
        super().__init__()
        self.gate, self.expert = gate, expert

    def forward(self, hidden: Tensor) -> Tensor:
        """Scores of the experts."""
        closed = torch.tensor([self.expert], device=hidden.device)
        return self.gate(hidden).float().index_fill(-1, closed, FAR)


class Muted(nn.Module):
    """A projection of which only the first half speaks."""

    def __init__(self, projection: nn.Module) -> None:
        super().__init__()
        self.projection = projection

    def forward(self, hidden: Tensor) -> Tensor:
        """The projection, its second half zero."""
        first, second = self.projection(hidden).chunk(2, dim=-1)
        return torch.cat((first, torch.zeros_like(second)), dim=-1)


class Silent(nn.Module):
    """A projection that says nothing."""

    def __init__(self, projection: nn.Linear) -> None:
        super().__init__()
        self.size = projection.out_features

    def forward(self, hidden: Tensor) -> Tensor:
        """Zeros."""
        return hidden.new_zeros(*hidden.shape[:-1], self.size)


class NullAsWord(nn.Module):
    """A gate between writing and copying; null is a word that the writer may choose.

    What the writer gives to null and to all other words is moved into the scores of the gate, which is the same
    distribution written in another way.
    """

    def __init__(self, network: SlotFiller) -> None:
        super().__init__()
        self.gate, self.transform = network.gate, network.transform
        self.words, self.bias = network.body.embeddings.word_embeddings, network.write_bias

    def forward(self, hidden: Tensor) -> Tensor:
        """Scores of the experts."""
        write, copy, _ = self.gate(hidden).float().unbind(-1)
        words = functional.linear(self.transform(hidden), self.words.weight, self.bias).float()
        is_null = words[..., -1] - words[..., :-1].logsumexp(-1)
        parts = (write + functional.logsigmoid(-is_null), copy, write + functional.logsigmoid(is_null))
        return torch.stack(parts, dim=-1)


def nothing(network: SlotFiller) -> None:
    """Leave the network whole."""


def no_copying(network: SlotFiller) -> None:
    """Everything is written from the vocabulary."""
    network.add_module("gate", Shut(network.gate, COPY))


def no_writing(network: SlotFiller) -> None:
    """Everything is copied from the prompt or a hint."""
    network.add_module("gate", Shut(network.gate, WRITE))


def no_shift(network: SlotFiller) -> None:
    """Each position of a slot has to find its own source; the slot's start says nothing about it."""
    network.add_module("queries", Muted(network.queries))


def no_end(network: SlotFiller) -> None:
    """The source does not say where a span ends: each position of a slot has to find out by its gate."""
    network.add_module("end_queries", Silent(network.end_queries))
    network.end_bias = nn.Parameter(torch.full((), FAR), requires_grad=False)


def null_as_word(network: SlotFiller) -> None:
    """No expert for null."""
    network.add_module("gate", NullAsWord(network))


CHANGES: Mapping[str, Change] = {
    "whole": nothing,
    "no copying": no_copying,
    "no writing": no_writing,
    "no span shift": no_shift,
    "no explicit end": no_end,
    "null as a word": null_as_word,
}
