"""Small calls after loading: does the model see, and not see, what its family says?"""

import torch

from scaffold.denoise.canvas import Canvas
from scaffold.errors import ModelError
from scaffold.models.masked_model import MaskedModel

LENGTH, SLOT, SIZE = 96, 40, 4


def probe(model: MaskedModel) -> None:
    """Hold four small calls against each other.

    Raises:
        ModelError: visibility is not what the family says, padding is not ignored, or positions are counted wrongly.
    """
    length = min(LENGTH, model.max_length - 16)
    if length <= SLOT + SIZE + 1:
        return
    ids = _text_ids(model, length)
    plain = _ask(model, [ids])
    for place in (SLOT + SIZE, length - 1):
        other, should_see = _ask(model, [_changed(ids, place)]), _said_to_see(model, length, place)
        # Experts sum in another order when other tokens are routed elsewhere, so what is not seen may differ a little.
        if torch.equal(plain, other) if should_see else not _is_close(model, plain, other, 0.02):
            message = f"{model.traits.family} should{'' if should_see else ' not'} see {place - SLOT} tokens ahead"
            raise ModelError((), message, "pass LoadOptions(family=..., block_length=...)")
    if not _is_close(model, plain, _ask(model, [ids, [*ids[8:], *ids[:16]]]), 0.15):
        raise ModelError((), "padding changes what the model says", "pass LoadOptions(attention='sdpa')")
    if _is_close(model, plain, _ask(model, [_swapped(ids)]), 0.01):
        raise ModelError((), "the order of words changes nothing: positions are not read", "report this")
    model.engine.entries.clear()
    model.engine.computed = 0


def _text_ids(model: MaskedModel, length: int) -> list[int]:
    """Ordinary tokens, in an order that does not repeat."""
    ordinary = [number for number, piece in enumerate(model.tokenizer.token_bytes) if piece]
    return [ordinary[(37 * place + 11) % len(ordinary)] for place in range(length)]


def _changed(ids: list[int], place: int) -> list[int]:
    return [*ids[:place], ids[0] if ids[place] != ids[0] else ids[1], *ids[place + 1 :]]


def _swapped(ids: list[int]) -> list[int]:
    """Two words of the context in each other's place, in the slot's own neighbourhood and before it."""
    changed = list(ids)
    changed[SLOT - 9], changed[SLOT - 5] = ids[SLOT - 5], ids[SLOT - 9]
    return changed


def _ask(model: MaskedModel, rows: list[list[int]]) -> torch.Tensor:
    """Logits of the first slot position of the first row; the others stand beside it, padded where shorter."""
    length = max(map(len, rows))
    tokens = torch.tensor([[*row, *[0] * (length - len(row))] for row in rows])
    offset = torch.full_like(tokens, -1)
    offset[:, SLOT : SLOT + SIZE] = torch.arange(SIZE)
    masked = offset >= 0
    attend = torch.arange(length) < torch.tensor([[len(row)] for row in rows])
    tokens = tokens.masked_fill(masked, model.mask_id)
    model.engine.entries.clear()
    at = torch.arange(len(rows)), torch.full((len(rows),), SLOT)
    return model.raw(Canvas(tokens, masked, attend, offset, offset < 0), *at)[0]


def _said_to_see(model: MaskedModel, length: int, place: int) -> bool:
    """Whether the family says that the state read for the slot depends on what stands at `place`."""
    stages = model.traits.topology(torch.arange(length)[None], torch.tensor([SLOT]))[0]
    read_at = SLOT - int(model.traits.is_shifted)
    return bool(stages[read_at] >= stages[place])


def _is_close(model: MaskedModel, a: torch.Tensor, b: torch.Tensor, tolerance: float) -> bool:
    """Whether two answers are the same as far as the precision goes; `tolerance` is that of half precision."""
    is_precise = next(model.engine.network.module.parameters()).dtype in {torch.float32, torch.float64}
    return bool((a - b).abs().max() < (1e-4 if is_precise else tolerance) * a.std().clamp_min(1e-6))
