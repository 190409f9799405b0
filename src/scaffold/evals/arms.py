"""Train variants of the slot filler on the same few examples, and hold them against the same held-out ones."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import torch
from torch import Tensor
from transformers import BertConfig

from scaffold.denoise.canvas import Canvas
from scaffold.errors import ModelError
from scaffold.evals.ablations import CHANGES, Change, nothing
from scaffold.models.embedded import MASK, NULL, embedded_folder
from scaffold.models.slot_filler import SlotFiller
from scaffold.tokenizer import BytePairTokenizer
from scaffold.train.batches import SLOT_NOISE, Batch, Batches, Blend, Noise
from scaffold.train.examples import Example, ExampleMaker
from scaffold.train.initialise import from_encoder, from_scratch
from scaffold.train.learner import SlotFillerLearner
from scaffold.train.loop import Trainer, TrainOptions
from scaffold.train.noising import Noised
from scaffold.train.run import Material, blends

SEVERAL = 4


@dataclass(frozen=True, slots=True)
class Budget:
    """What every arm gets."""

    steps: int = 300
    batch_tokens: int = 2048
    max_length: int = 640
    """Longer examples are left out."""
    checks: int = 12
    """Batches of held-out rows."""
    encoder: Path | None = None
    """A pretrained encoder's folder, whose first layers all arms begin with that do not say otherwise."""
    width: int = 128
    """Where there is none."""
    layers: int = 3
    body_rate: float = 3e-4
    head_rate: float = 1e-3
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Arm:
    """One variant: what of the network is switched off, how it is masked in training, and what it starts from."""

    change: Change = nothing
    noise: Noise = SLOT_NOISE
    is_pretrained: bool = True
    """Whether it starts from the encoder of the budget."""
    layers: int | None = None
    """Other than those of the budget."""
    width: int | None = None
    """Other than the encoder's, for what does not start from it."""
    knows_origins: bool = True
    """Whether it learns from where the whole of a target is copied, or from each place of each token."""
    is_varied: bool = True
    """Whether some of its rows are asked or written in another way."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Held-out figures of an arm, slots all open at the start: shares of slots, and a loss in nats per position."""

    arm: str
    loss: float
    present: float
    """Slots with content that are right to the last token after one model call."""
    present_several: float
    """The same after `SEVERAL` calls, each of which commits the surest part of what is open."""
    absent: float
    """Slots without content that stay empty after one call."""
    slots: int


def everything(example: Example, rate: float, rng: Random) -> Noised:
    """Mask all slot positions: what a model that fills in one call meets; see `Noising`."""
    del rate, rng  # nothing is left to chance
    masked = [weight > 0 for weight in example.weight]
    return Noised(masked, 1 / sum(example.weight))


ARMS: Mapping[str, Arm] = {
    **{name: Arm(change) for name, change in CHANGES.items()},
    "masked whole only": Arm(noise=Noise(everything)),
    "random body": Arm(is_pretrained=False),
    "random and narrower": Arm(is_pretrained=False, width=256),
    "random and wider": Arm(is_pretrained=False, width=512),
    "twice the layers": Arm(layers=6),
    "copied from anywhere": Arm(knows_origins=False),
    "rows as they are": Arm(is_varied=False),
}


def compare(
    chosen: Mapping[str, Arm], material: Material, budget: Budget, report: Callable[[Outcome], None]
) -> list[Outcome]:
    """Train and measure each arm; all of them see the same examples in the same order.

    Raises:
        ModelError: data cannot be read, or none is held out.
    """
    learned, held_out = blends(material, budget.seed)
    if held_out is None:
        raise ModelError((), "no rows are held out", "give data, and a share of it to hold out")
    found = []
    for name, arm in chosen.items():
        outcome = measure(name, arm, (learned, held_out), budget)
        report(outcome)
        found.append(outcome)
    return found


def measure(name: str, arm: Arm, rows: tuple[Blend, Blend], budget: Budget) -> Outcome:
    """Train one arm on the first rows, and look at the slots of the second."""
    torch.manual_seed(budget.seed)
    tokenizer = BytePairTokenizer(str(embedded_folder("default") / "tokenizer.json"))
    make = ExampleMaker(tokenizer, tokenizer.special_id(MASK), tokenizer.special_id(NULL), budget.max_length)
    network = _network(arm, tokenizer, budget)
    options = TrainOptions(steps=budget.steps, body_rate=budget.body_rate, head_rate=budget.head_rate)
    with TemporaryDirectory() as folder:
        trainer = Trainer(SlotFillerLearner(network), options, Path(folder))
        trainer.fit(batches_of(arm, rows[0], make, budget), lambda _: None)
    checks = Batches(rows[1], make, budget.batch_tokens, budget.seed, Noise(everything))
    return _outcome(name, network.eval(), trainer, list(islice(checks, budget.checks)))


def batches_of(arm: Arm, rows: Blend, make: ExampleMaker, budget: Budget) -> Iterator[Batch]:
    """What an arm learns from, for ever: its rows, masked its way."""
    rows = rows if arm.is_varied else replace(rows, variation=0.0)
    for batch in Batches(rows, make, budget.batch_tokens, budget.seed, arm.noise):
        yield batch if arm.knows_origins else replace(batch, origins=batch.origins[:0])


def _network(arm: Arm, tokenizer: BytePairTokenizer, budget: Budget) -> SlotFiller:
    network = _body(arm, tokenizer, budget)
    arm.change(network)
    return network


def _body(arm: Arm, tokenizer: BytePairTokenizer, budget: Budget) -> SlotFiller:
    layers = arm.layers or budget.layers
    if budget.encoder is not None and arm.is_pretrained:
        return from_encoder(tokenizer, budget.encoder, layers)
    usual = budget.width if budget.encoder is None else BertConfig.from_pretrained(budget.encoder).hidden_size
    return from_scratch(tokenizer, arm.width or usual, layers)


@torch.no_grad()
def _outcome(name: str, network: SlotFiller, trainer: Trainer, batches: list[Batch]) -> Outcome:
    batches = [batch.to(trainer.workers.device) for batch in batches]
    loss = sum(float(trainer.loss(batch, trainer.learner)) for batch in batches) / len(batches)
    once = torch.cat([is_right(network, batch, 1) for batch in batches])
    several = torch.cat([is_right(network, batch, SEVERAL) for batch in batches])
    has_content = torch.cat([_content(batch, network.config.vocab_size - 1) for batch in batches])
    return Outcome(
        name,
        loss,
        _share(once[has_content]),
        _share(several[has_content]),
        _share(once[~has_content]),
        len(once),
    )


def _share(right: Tensor) -> float:
    return float(right.float().mean())


@torch.no_grad()
def is_right(network: SlotFiller, batch: Batch, calls: int) -> Tensor:
    """For every slot, whether all of its tokens are right after so many model calls."""
    written = fill(network, batch.canvas, calls)[batch.rows, batch.columns]
    starts = _starts(batch)
    wrong = torch.zeros(int(starts.sum()), device=starts.device).index_add_(
        0, starts.cumsum(0) - 1, (written != batch.targets).float()
    )
    return wrong == 0


def fill(network: SlotFiller, canvas: Canvas, calls: int) -> Tensor:
    """Tokens of the canvas after `calls` model calls, each of which commits the surest of what is open."""
    for left in range(calls, 0, -1):
        rows, columns = canvas.masked.nonzero(as_tuple=True)
        if not len(rows):
            break
        best = network(canvas, rows, columns).max(-1)
        kept = best.values.topk(-(-len(rows) // left)).indices
        chosen, tokens = torch.zeros_like(canvas.masked), canvas.tokens.clone()
        chosen[rows[kept], columns[kept]] = True
        tokens[rows[kept], columns[kept]] = best.indices[kept]
        canvas = canvas.commit(chosen, tokens)
    return canvas.tokens


def _starts(batch: Batch) -> Tensor:
    """Which of the wanted positions begin a slot."""
    return batch.canvas.offset[batch.rows, batch.columns] == 0


def _content(batch: Batch, null: int) -> Tensor:
    """For every slot, whether there is anything to write."""
    return (batch.targets != null)[_starts(batch)]


def markdown(found: list[Outcome]) -> str:
    """One row for each arm."""
    head = ("arm", "loss", "present, one call", f"present, {SEVERAL} calls", "absent", "slots")
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, ("---",) * len(head), *_rows(found)))


def _rows(found: list[Outcome]) -> Iterator[tuple[str, ...]]:
    for one in found:
        shares = (f"{share:.3f}" for share in (one.present, one.present_several, one.absent))
        yield (one.arm, f"{one.loss:.3f}", *shares, str(one.slots))
