"""The null token: where content ends, and how sure the model has to be of it."""

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from scaffold.denoise.shapes import Logits


def null_bias(logits: Logits, null_id: int, bias: float) -> Logits:
    """Add `bias` to the null token's logit; -inf forbids it, +inf is not allowed."""
    assert bias < torch.inf, "a bias of +inf leaves no distribution"
    if not bias:
        return logits
    biased = logits.clone()
    biased[:, null_id] += bias
    return biased


def length_scores(
    content: Float[Tensor, "slots length"], null: Float[Tensor, "slots length"]
) -> Float[Tensor, "slots lengths"]:
    """Log weight of each number j of content positions, 0 to `length`: content before j, null from j on."""
    start = content.new_zeros(len(content), 1)
    before = torch.cat([start, content.cumsum(-1)], -1)
    after = torch.cat([null.flip(-1).cumsum(-1).flip(-1), start], -1)
    return before + after


def close_suffix(
    chosen: Bool[Tensor, " positions"],
    is_null: Bool[Tensor, " positions"],
    slot: Int[Tensor, " positions"],
    offset: Int[Tensor, " positions"],
) -> Bool[Tensor, " positions"]:
    """Add, to the `chosen` open positions of a row, all that follow a chosen null in the same slot.

    In a legal path these are null as well, so they are decided with it and cost no model call.
    """
    return chosen | (offset >= _first(chosen & is_null, slot, offset))


def leads_tail(
    is_null: Bool[Tensor, " positions"], slot: Int[Tensor, " positions"], offset: Int[Tensor, " positions"]
) -> Bool[Tensor, " positions"]:
    """The first proposed null of each slot: the one decision that closes the slot."""
    return is_null & (offset == _first(is_null, slot, offset))


def _first(
    among: Bool[Tensor, " positions"], slot: Int[Tensor, " positions"], offset: Int[Tensor, " positions"]
) -> Int[Tensor, " positions"]:
    """Smallest offset `among` the positions of the same slot; beyond every offset where there is none."""
    is_candidate = (slot[:, None] == slot) & among
    return offset.expand(is_candidate.shape).masked_fill(~is_candidate, torch.iinfo(offset.dtype).max).amin(1)
