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
from scaffold.train.noising import Noising, Spread, by_slot, rates
from scaffold.train.variation import varied

POOL = 24
"""Batches that are sorted by length together, so that padding stays small."""
ROUND = 32
"""Lengths are rounded up to this, since kernels are prepared anew for each shape."""
PATIENCE = 2000
"""Rows in a row without anything to learn after which the data is given up."""


@dataclass(frozen=True, slots=True)
class Noise:
    """How batches are masked: the form of the loss, and how noise levels are spread over a batch."""

    form: Noising = by_slot
    spread: Spread = "even"


SLOT_NOISE = Noise()


@dataclass(frozen=True, eq=False)
class Batch:
    """A noised canvas, and the target of each masked position with its weight in the loss."""

    canvas: Canvas
    rows: Int[Tensor, " wanted"]
    columns: Int[Tensor, " wanted"]
    targets: Int[Tensor, " wanted"]
    weights: Float[Tensor, " wanted"]
    origins: Int[Tensor, "pairs 2"]
    """Numbers among the wanted positions, and columns that they are copied from where the whole target is copied."""

    def to(self, device: torch.device) -> "Batch":
        """The same batch on another device."""
        canvas = Canvas(*(getattr(self.canvas, f.name).to(device) for f in fields(Canvas)))
        return Batch(canvas, *(getattr(self, f.name).to(device) for f in fields(self)[1:]))


@dataclass(frozen=True, slots=True)
class Blend:
    """Rows of several sources, drawn by weight for ever; the share `variation` of them asked or written otherwise."""

    sources: tuple[Sequence[Row], ...]
    weights: tuple[float, ...]
    variation: float = 0.0

    def draw(self, rng: Random) -> Row:
        """One row of one source, or a variation of it."""
        row = self._one(rng)
        return varied(row, self._one(rng), rng) if rng.random() < self.variation else row

    def _one(self, rng: Random) -> Row:
        (source,) = rng.choices(self.sources, self.weights)
        return source[rng.randrange(len(source))]


class Batches(IterableDataset[Batch]):
    """Endless batches of about `tokens` canvas tokens each."""

    def __init__(self, blend: Blend, make: ExampleMaker, tokens: int, seed: int, noise: Noise = SLOT_NOISE) -> None:
        super().__init__()
        self.blend, self.make, self.tokens, self.seed, self.noise = blend, make, tokens, seed, noise

    def __iter__(self) -> Iterator[Batch]:
        """Draw, sort a pool by length, cut it into batches, shuffle those."""
        rng = Random(self.seed)
        while True:
            pool = sorted(self._examples(rng, POOL * self.tokens), key=lambda e: len(e.tokens))
            cuts = list(by_tokens(pool, self.tokens))
            rng.shuffle(cuts)
            for cut in cuts:
                yield collate(cut, self.make, self.noise, rng)

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


def collate(examples: Sequence[Example], make: ExampleMaker, noise: Noise, rng: Random) -> Batch:
    """Pad on the right and mask."""
    mask_id, null_id = make.mask_id, make.null_id
    levels = rates(len(examples), rng, noise.spread)
    noised = [noise.form(example, level, rng) for example, level in zip(examples, levels, strict=True)]
    size = -(-max(len(example.tokens) for example in examples) // ROUND) * ROUND

    def pad(rows: Sequence[Sequence[Any]], fill: Any, dtype: torch.dtype) -> Tensor:
        return torch.tensor([[*row, *[fill] * (size - len(row))] for row in rows], dtype=dtype)

    clean = pad([e.tokens for e in examples], null_id, torch.long)
    offset = pad([e.offset for e in examples], -1, torch.long)
    source = pad([e.source for e in examples], 0, torch.bool)
    weight = pad([e.weight for e in examples], 0.0, torch.float)
    attend = torch.arange(size)[None] < torch.tensor([len(e.tokens) for e in examples])[:, None]
    masked = pad([one.masked for one in noised], 0, torch.bool)
    canvas = Canvas(clean.masked_fill(masked, mask_id), masked, attend, offset, source)
    rows, columns = masked.nonzero(as_tuple=True)
    share = weight * masked * torch.tensor([one.factor for one in noised])[:, None]
    pairs = [
        (number, origin)
        for number, (row, column) in enumerate(zip(rows.tolist(), columns.tolist(), strict=True))
        for origin in examples[row].origins[column]
    ]
    origins = torch.tensor(pairs, dtype=torch.long).reshape(-1, 2)
    return Batch(canvas, rows, columns, clean[rows, columns], share[rows, columns], origins)
