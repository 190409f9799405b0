"""Train the embedded default, a relative of it, or fine-tune one, from one command."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from random import Random

import torch
from torch.utils.data import DataLoader

from scaffold.errors import ModelError
from scaffold.models.embedded import FREQUENCIES, MASK, NULL, embedded_folder, load_embedded, save_embedded
from scaffold.models.slot_filler import SlotFiller
from scaffold.tokenizer import BytePairTokenizer
from scaffold.train.batches import SLOT_NOISE, Batches, Blend, Noise
from scaffold.train.corpora import Row, rows_of_sets, schema_split
from scaffold.train.examples import ExampleMaker
from scaffold.train.frequencies import count_tokens
from scaffold.train.initialise import from_encoder, from_scratch, mean_of
from scaffold.train.learner import SlotFillerLearner
from scaffold.train.loop import Report, Trainer, TrainOptions
from scaffold.train.synthetic import generate

GENERATED_SHARE = 0.4
COMPOSED_SHARE = 0.5
"""Of the generated rows: subjects drawn together for one text, where field names are all there is to go by."""
VARIATION = 0.25
CHECKS = 8
"""Batches of held-out rows that are looked at."""
_APART = 1 << 40
"""Between the seeds of processes that train together: more than any run has steps."""


@dataclass(frozen=True, slots=True)
class Origin:
    """What training starts from: a model of ours, a BERT-style encoder, or a tokenizer alone.

    Models `beside` the first have learned from the same start with other seeds: the mean of all their weights is
    what training starts from (model soups, arXiv:2203.05482).

    Raises:
        ModelError: nothing to start from, or too much.
    """

    model: str | None = None
    encoder: Path | None = None
    tokenizer: Path | None = None
    beside: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """See `Origin`."""
        if self.beside and self.model is None:
            raise ModelError((), "there is no model for others to stand beside", "name the first by model")
        if (self.model is None) == (self.tokenizer is None):
            raise ModelError((), "training starts from a model or from a tokenizer", "give one of the two")
        if self.model is not None and self.encoder is not None:
            raise ModelError((), "training starts from a model or from an encoder", "give one of the two")

    @property
    def tokenizer_file(self) -> Path:
        """The tokenizer that the trained model will have."""
        return self.tokenizer or embedded_folder(str(self.model)) / "tokenizer.json"

    def network(self, tokenizer: BytePairTokenizer) -> SlotFiller:
        """The weights at the start.

        Raises:
            ModelError: a model cannot be read, or is of another make than the first.
        """
        if self.model is not None:
            folders = map(embedded_folder, (self.model, *self.beside))
            return mean_of([load_embedded(folder, torch.device("cpu")) for folder in folders])
        return from_scratch(tokenizer) if self.encoder is None else from_encoder(tokenizer, self.encoder)


@dataclass(frozen=True, slots=True)
class Material:
    """What is learned from: rows of a file or folder, and generated ones.

    Attributes:
        data: A file of rows (text, schema, value), or a folder of `<set>/train.jsonl`; None for generated rows only.
        left_out: Sets of the folder that are not learned from.
        generated: Share of generated rows.
        held_out: Share of the schemas (of the rows, where there is one schema) that only the early stop looks at.
        noise: How batches are masked.
        variation: Share of the rows that are asked or written in another way than in the data.

    Raises:
        ModelError: a share is not between 0 and 1.
    """

    data: Path | None = None
    left_out: frozenset[str] = frozenset()
    generated: float = GENERATED_SHARE
    held_out: float = 0.0
    noise: Noise = SLOT_NOISE
    variation: float = VARIATION

    def __post_init__(self) -> None:
        """See `Material`."""
        for name in ("generated", "held_out", "variation"):
            if not 0 <= getattr(self, name) <= 1:
                raise ModelError((), f"{name} is a share, not {getattr(self, name)}", "give a number from 0 to 1")


class Synthetic(Sequence[Row]):
    """As many generated rows as anyone asks for, by index."""

    def __init__(self, seed: int, size: int = 1 << 30) -> None:
        self.seed, self.size = seed, size

    def __len__(self) -> int:
        """Number of indices."""
        return self.size

    def __getitem__(self, index: int) -> Row:  # type: ignore[override]
        """The same row for the same seed and index."""
        return dict(generate(Random(self.seed * self.size + index), composed_share=COMPOSED_SHARE))


def blends(material: Material, seed: int) -> tuple[Blend, Blend | None]:
    """What is learned from and what is held out: real sets by the square root of their size, and generated rows."""
    generated = Synthetic(seed)
    if material.data is None:
        return Blend((generated,), (1.0,), material.variation), None
    drawn = rows_of_sets(material.data, material.left_out)
    sets = [schema_split(rows, material.held_out, seed) for rows in drawn.values()]
    kept = [rows for rows, _ in sets]
    weights = [len(rows) ** 0.5 for rows in kept]
    share = (1 - material.generated) / sum(weights)
    shares = material.generated, *(share * w for w in weights)
    learned = Blend((generated, *kept), shares, material.variation)
    held_out = tuple(row for _, rows in sets for row in rows)
    return learned, Blend((held_out,), (1.0,)) if held_out else None


def train(  # noqa: PLR0913  (what a user chooses on the command line)
    out: Path,
    origin: Origin,
    material: Material,
    options: TrainOptions,
    report: Report,
    *,
    batch_tokens: int = 4096,
    seed: int = 0,
) -> SlotFiller:
    """Train into the folder `out`, going on from its checkpoint if there is one, and save the model there.

    Raises:
        ModelError: data or weights cannot be read.
    """
    torch.manual_seed(seed)
    out.mkdir(parents=True, exist_ok=True)
    tokenizer = BytePairTokenizer(str(origin.tokenizer_file))
    make = ExampleMaker(tokenizer, tokenizer.special_id(MASK), tokenizer.special_id(NULL))
    network = origin.network(tokenizer)
    trainer = Trainer(SlotFillerLearner(network), options, out)
    learned = run(trainer, material, make, report, batch_tokens=batch_tokens, seed=seed)
    network.eval()
    if trainer.workers.index == 0:
        save_embedded(network, origin.tokenizer_file, out)
        count_tokens(learned, tokenizer).write(out / FREQUENCIES)
    return network


def run(
    trainer: Trainer, material: Material, make: ExampleMaker, report: Report, *, batch_tokens: int, seed: int
) -> Blend:
    """Train on the material, or on from where it stopped; gives what was learned from."""
    learned, held_out = blends(material, seed)
    first = seed + trainer.progress.step + _APART * trainer.workers.index
    batches = Batches(learned, make, batch_tokens, first, material.noise)
    checks = list(islice(Batches(held_out, make, batch_tokens, seed), CHECKS)) if held_out else []
    trainer.fit(iter(DataLoader(batches, batch_size=None, num_workers=1, prefetch_factor=8)), report, checks)
    return learned
