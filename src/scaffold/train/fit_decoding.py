"""Fit the members of decoding that have weights of their own to one model, on rows of real data."""

from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from random import Random

from scaffold.errors import ModelError
from scaffold.models.embedded import EmbeddedModel
from scaffold.models.fitted import Fitted
from scaffold.train.batches import SLOT_NOISE, Batch, Blend, by_tokens, collate
from scaffold.train.corpora import Row, read_rows, split_files
from scaffold.train.examples import ExampleMaker
from scaffold.train.fit_length_bias import LengthBiasFit, fit_length_bias
from scaffold.train.fit_soft_mask import SoftMaskFit, fit_soft_mask

TOKENS = 2048
"""Of one batch."""


@dataclass(frozen=True, slots=True)
class FitPlan:
    """Which rows are learned from, and for how long: the default takes some minutes of one core."""

    split: str = "dev"
    sets: tuple[str, ...] = ()
    """All, if empty."""
    rows: int = 8
    """Of each set."""
    steps: int = 60
    """Of the soft masks' optimiser; each costs about three model calls on a batch."""
    searched: int = 24
    """Rows whose texts are looked at in all lengths: a dozen model calls each."""
    seed: int = 0


@dataclass(frozen=True, slots=True)
class DecodingFit:
    """Both fits, with their figures."""

    fitted: Fitted
    soft_mask: SoftMaskFit
    length_bias: LengthBiasFit


def fit_decoding(model: object, data: Path, plan: FitPlan | None = None) -> DecodingFit:
    """Fit on a few rows of each set; the losses are those of every other batch, which nothing was fitted to.

    Raises:
        ModelError: the model is no `EmbeddedModel`, or computes in 8 bits, or there is no such data.
    """
    plan = plan or FitPlan()
    if not isinstance(model, EmbeddedModel):
        raise ModelError((), f"{type(model).__name__} has no soft masks to fit", "use an embedded model")
    if model.network.eight_bit_words is not None:
        raise ModelError(
            (), "nothing can be fitted through 8-bit products", "load it with LoadOptions(dtype=torch.float32)"
        )
    rng, files = Random(plan.seed), split_files(data, plan.split)
    unknown = sorted(set(plan.sets) - set(files))
    if unknown:
        raise ModelError((), f"no data set {unknown[0]!r}", f"there are {', '.join(files)}")
    drawn = [_sample(files[name], plan.rows, rng) for name in plan.sets or files]
    batches = _batches(model, [row for part in drawn for row in part], rng)
    soft = fit_soft_mask(model, batches[::2], batches[1::2], steps=plan.steps)
    mixed = Blend(tuple(drawn), (1.0,) * len(drawn))
    bias = fit_length_bias(model, [mixed.draw(rng) for _ in range(plan.searched)])
    return DecodingFit(Fitted(model.fingerprint, soft.memory, bias.search), soft, bias)


def _sample(path: Path, rows: int, rng: Random) -> list[Row]:
    known = list(islice(read_rows(path), 2000))
    return rng.sample(known, min(rows, len(known)))


def _batches(model: EmbeddedModel, rows: list[Row], rng: Random) -> list[Batch]:
    make = ExampleMaker(model.tokenizer, model.mask_id, model.null_id)
    examples = [one for row in rows if (one := make(row, rng)) is not None and any(one.weight)]
    cuts = list(by_tokens(sorted(examples, key=lambda one: len(one.tokens)), TOKENS))
    if len(cuts) < 2:
        raise ModelError((), f"{len(examples)} rows can be learned from", "give more rows")
    rng.shuffle(cuts)
    return [collate(cut, make, SLOT_NOISE, rng) for cut in cuts]
