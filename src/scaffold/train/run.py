"""Train the embedded default (or a relative of it) from one command."""

from collections.abc import Sequence
from pathlib import Path
from random import Random

import torch
from torch.utils.data import DataLoader

from scaffold.models.embedded import MASK, NULL, save_embedded
from scaffold.models.slot_filler import SlotFiller
from scaffold.tokenizer import BytePairTokenizer
from scaffold.train.batches import Batches, Blend
from scaffold.train.corpora import Row, read_rows, split_files
from scaffold.train.examples import ExampleMaker
from scaffold.train.initialise import from_encoder, from_scratch
from scaffold.train.loop import Report, Trainer, TrainOptions
from scaffold.train.synthetic import generate

SYNTHETIC_SHARE = 0.3
MAX_ROWS = 8000
"""Rows kept of each data set: the largest would crowd out the rest."""


class Synthetic(Sequence[Row]):
    """As many generated rows as anyone asks for, by index."""

    def __init__(self, seed: int, size: int = 1 << 30) -> None:
        self.seed, self.size = seed, size

    def __len__(self) -> int:
        """Number of indices."""
        return self.size

    def __getitem__(self, index: int) -> Row:  # type: ignore[override]
        """The same row for the same seed and index."""
        return dict(generate(Random(self.seed * self.size + index)))


def blend(folder: Path | None, held_out: frozenset[str], seed: int) -> Blend:
    """Real sets by the square root of their size, and generated rows."""
    generated = Synthetic(seed)
    if folder is None:
        return Blend((generated,), (1.0,))
    sets = [
        tuple(row for _, row in zip(range(MAX_ROWS), read_rows(path), strict=False))
        for name, path in split_files(folder, "train").items()
        if name not in held_out
    ]
    weights = [len(rows) ** 0.5 for rows in sets]
    share = (1 - SYNTHETIC_SHARE) / sum(weights)
    return Blend((generated, *sets), (SYNTHETIC_SHARE, *(share * w for w in weights)))


def start(tokenizer: BytePairTokenizer, encoder: Path | None) -> SlotFiller:
    """A fresh model, from a pretrained encoder where one is given."""
    return from_scratch(tokenizer) if encoder is None else from_encoder(tokenizer, encoder)


def train(  # noqa: PLR0913  (what a user chooses on the command line)
    out: Path,
    tokenizer_file: Path,
    options: TrainOptions,
    report: Report,
    *,
    data: Path | None = None,
    encoder: Path | None = None,
    held_out: frozenset[str] = frozenset(),
    batch_tokens: int = 4096,
    seed: int = 0,
) -> SlotFiller:
    """Train into the folder `out`, going on from its checkpoint if there is one, and save the model there."""
    torch.manual_seed(seed)
    out.mkdir(parents=True, exist_ok=True)
    tokenizer = BytePairTokenizer(str(tokenizer_file))
    mask_id, null_id = tokenizer.special_id(MASK), tokenizer.special_id(NULL)
    make = ExampleMaker(tokenizer, mask_id, null_id)
    trainer = Trainer(start(tokenizer, encoder), options, out)
    batches = Batches(blend(data, held_out, seed), make, batch_tokens, seed + trainer.progress.step)
    trainer.fit(iter(DataLoader(batches, batch_size=None, num_workers=1, prefetch_factor=8)), report)
    trainer.model.eval()
    save_embedded(trainer.model, tokenizer_file, out)
    return trainer.model
