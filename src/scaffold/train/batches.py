"""Padded batches of examples, masked by the masked-diffusion forward process on slots only."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from random import Random
from typing import Any

import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.utils.data import IterableDataset

from scaffold.denoise.canvas import Canvas
from scaffold.errors import ModelError
from scaffold.train.corpora import Row
from scaffold.train.examples import Example, ExampleMaker

POOL = 24
"""Batches that are sorted by length together, so that padding stays small."""
ROUND = 32
"""Lengths are rounded up to this, since kernels are prepared anew for each shape."""
PATIENCE = 2000
"""Rows in a row without anything to learn after which the data is given up."""


@dataclass(frozen=True, eq=False)
class Batch:
    """A noised canvas, and the target of each masked position with its weight (sums to 1 over a row)."""

    canvas: Canvas
    rows: Int[Tensor, " wanted"]
    columns: Int[Tensor, " wanted"]
    targets: Int[Tensor, " wanted"]
    weights: Float[Tensor, " wanted"]

    def to(self, device: torch.device) -> "Batch":
        """The same batch on another device."""
        canvas = Canvas(*(getattr(self.canvas, f.name).to(device) for f in fields(Canvas)))
        return Batch(canvas, *(getattr(self, f.name).to(device) for f in fields(self)[1:]))


@dataclass(frozen=True, slots=True)
class Blend:
    """Rows of several sources, drawn by weight for ever; `rows` are kept as JSON text to stay small."""

    sources: tuple[Sequence[Row], ...]
    weights: tuple[float, ...]

    def draw(self, rng: Random) -> Row:
        """One row of one source."""
        (source,) = rng.choices(self.sources, self.weights)
        return source[rng.randrange(len(source))]


class Batches(IterableDataset[Batch]):
    """Endless batches of about `tokens` canvas tokens each."""

    def __init__(self, blend: Blend, make: ExampleMaker, tokens: int, seed: int) -> None:
        super().__init__()
        self.blend, self.make, self.tokens, self.seed = blend, make, tokens, seed

    def __iter__(self) -> Iterator[Batch]:
        """Draw, sort a pool by length, cut it into batches, shuffle those."""
        rng = Random(self.seed)
        while True:
            pool = sorted(self._examples(rng, POOL * self.tokens), key=lambda e: len(e.tokens))
            cuts = list(by_tokens(pool, self.tokens))
            rng.shuffle(cuts)
            for cut in cuts:
                yield collate(cut, self.make.mask_id, self.make.null_id, rng)

    def _examples(self, rng: Random, total: int) -> Iterator[Example]:
        useless = 0
        while total > 0:
            example = self.make(self.blend.draw(rng), rng)
            if example is not None and any(example.weight):
                total -= len(example.tokens)
                useless = 0
                yield example
            elif (useless := useless + 1) == PATIENCE:
                hint = f"rows need text, schema and a value valid under it, within {self.make.max_length} tokens"
                raise ModelError((), f"none of {PATIENCE} rows in a row can be learned from", hint)


def by_tokens(examples: Sequence[Example], tokens: int) -> Iterator[list[Example]]:
    """Cut sorted examples where the padded batch would exceed `tokens`; the last, smaller batch is left out."""
    batch: list[Example] = []
    for example in examples:
        if batch and (len(batch) + 1) * -(-len(example.tokens) // ROUND) * ROUND > tokens:
            yield batch
            batch = []
        batch.append(example)


def collate(examples: Sequence[Example], mask_id: int, null_id: int, rng: Random) -> Batch:
    """Pad on the right and mask; every row keeps at least one masked position."""
    size = -(-max(len(example.tokens) for example in examples) // ROUND) * ROUND

    def pad(rows: Sequence[Sequence[Any]], fill: Any, dtype: torch.dtype) -> Tensor:
        return torch.tensor([[*row, *[fill] * (size - len(row))] for row in rows], dtype=dtype)

    clean = pad([e.tokens for e in examples], null_id, torch.long)
    offset = pad([e.offset for e in examples], -1, torch.long)
    source = pad([e.source for e in examples], 0, torch.bool)
    weight = pad([e.weight for e in examples], 0.0, torch.float)
    attend = torch.arange(size)[None] < torch.tensor([len(e.tokens) for e in examples])[:, None]
    masked = pad([masking(e, rng) for e in examples], 0, torch.bool)
    canvas = Canvas(clean.masked_fill(masked, mask_id), masked, attend, offset, source)
    rows, columns = masked.nonzero(as_tuple=True)
    share = weight * masked
    share = share / share.sum(-1, keepdim=True).clamp_min(1e-6)
    return Batch(canvas, rows, columns, clean[rows, columns], share[rows, columns])


def masking(example: Example, rng: Random) -> list[bool]:
    """Draw which slot positions are masked: all of them half of the time, else at a rate t ~ U(0, 1).

    At rate t either whole slots or single positions are masked, since the engine commits both ways. The loss
    averages over the masked positions of a row: the exact-count form of the objective (LLaDA, arXiv:2502.09992).
    """
    slots = [at for at, weight in enumerate(example.weight) if weight]
    rate = 1.0 if rng.random() < 0.5 else rng.random()
    is_whole, chosen, keep = rng.random() < 0.6, set(), False
    for at in slots:
        if not is_whole or example.offset[at] == 0:
            keep = rng.random() < rate
        if keep:
            chosen.add(at)
    return [at in chosen for at in range(len(example.tokens))] if chosen else [w > 0 for w in example.weight]
