"""Repeat a small corpus for many epochs: when does each of two equal networks begin to overfit?

One reads left to right and predicts the next byte, the other fills masks (masked diffusion). The published finding is
that the second learns more slowly but goes on learning long after the first has begun to overfit ("Diffusion beats
autoregressive in data-constrained settings", arXiv:2507.15857; arXiv:2511.03276). Both arms choose learning rate and
dropout for themselves, by their lowest held-out loss.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import product
from random import Random
from typing import Literal

import torch
from jaxtyping import Bool, Float
from torch import Tensor, nn
from torch.nn import functional

from scaffold.evals.byte_reader import SPECIAL, Bytes, Reader
from scaffold.train.synthetic import generate

Arm = Literal["autoregressive", "diffusion"]
ARMS: tuple[Arm, ...] = ("autoregressive", "diffusion")


@dataclass(frozen=True, slots=True)
class Plan:
    """Size of everything; `tokens` are bytes."""

    tokens: int = 10_000
    """Of the corpus that is repeated, and of the text that is held out."""
    epochs: int = 240
    tuning_epochs: int = 60
    looks: int = 20
    """Measurements of a curve."""
    seeds: int = 3
    width: int = 64
    layers: int = 2
    length: int = 64
    batch: int = 8
    rates: tuple[float, ...] = (1e-3, 3e-3)
    dropouts: tuple[float, ...] = (0.0, 0.2)

    @property
    def steps_per_epoch(self) -> int:
        """Steps in which as many bytes are seen as the corpus has."""
        return max(1, self.tokens // (self.batch * self.length))


@dataclass(frozen=True, slots=True)
class Setting:
    """What is tuned."""

    rate: float
    dropout: float


@dataclass(frozen=True, slots=True)
class Curve:
    """Losses in nats per byte over epochs; of the diffusion arm, upper bounds (NELBO)."""

    arm: Arm
    setting: Setting
    seed: int
    epochs: tuple[float, ...]
    training: tuple[float, ...]
    held_out: tuple[float, ...]

    @property
    def best(self) -> int:
        """Index of the lowest held-out loss."""
        return min(range(len(self.held_out)), key=self.held_out.__getitem__)


@dataclass(frozen=True, slots=True)
class Found:
    """What one command measured: a curve for each setting that an arm tried, and one per seed with its best."""

    plan: Plan
    corpus: str
    """Beginning of the SHA-256 of both texts."""
    parameters: int
    tuning: tuple[Curve, ...]
    curves: tuple[Curve, ...]

    def of(self, arm: Arm) -> list[Curve]:
        """The curves of one arm."""
        return [curve for curve in self.curves if curve.arm == arm]


def loss(reader: Reader, arm: Arm, rows: Bytes, generator: torch.Generator) -> Tensor:
    """Nats per byte: exact for the autoregressive arm, an unbiased estimate of the bound for the other.

    The latter masks an exact number of positions, spread evenly over the batch (LLaDA, arXiv:2502.09992, equation 6).
    """
    if arm == "autoregressive":
        shown = functional.pad(rows[:, :-1], (1, 0), value=SPECIAL)
        return -_said(reader(shown, is_causal=True), rows).mean()
    masked = counted_masks(len(rows), rows.shape[1], generator)
    said = _said(reader(rows.masked_fill(masked, SPECIAL), is_causal=False), rows)
    return -((said * masked).sum(1) / masked.sum(1)).mean()


def counted_masks(batch: int, length: int, generator: torch.Generator) -> Bool[Tensor, "batch length"]:
    """Masks of 1 to `length` positions: each row's count is uniform, the counts of a batch cover the range evenly."""
    strata = (torch.randperm(batch, generator=generator) + torch.rand(1, generator=generator)) / batch
    counts = (strata * length).floor().clamp(max=length - 1) + 1
    ranks = torch.rand(batch, length, generator=generator).argsort(1).argsort(1)
    return ranks < counts[:, None]


def _said(log_probs: Float[Tensor, "batch length bytes"], rows: Bytes) -> Float[Tensor, "batch length"]:
    return log_probs.gather(2, rows[..., None])[..., 0]


def corpora(plan: Plan, text: str | None = None) -> tuple[Tensor, Tensor]:
    """The bytes that are repeated, and those that are held out: of `text`, or of texts that are made up."""
    whole = "\n".join(_made_up(2 * plan.tokens)) if text is None else text
    found = torch.tensor(list(whole.encode()[: 2 * plan.tokens]))
    half = len(found) // 2
    return found[:half], found[half:]


def _made_up(size: int) -> Iterator[str]:
    rng = Random(0)
    while size > 0:
        text = generate(rng)["text"]
        if text.isascii():
            size -= len(text) + 1
            yield text


def crops(corpus: Tensor, plan: Plan, generator: torch.Generator) -> Bytes:
    """A batch of pieces from anywhere."""
    starts = torch.randint(len(corpus) - plan.length + 1, (plan.batch,), generator=generator)
    return corpus[starts[:, None] + torch.arange(plan.length)]


@torch.no_grad()
def held_out_loss(reader: Reader, arm: Arm, text: Tensor, plan: Plan) -> float:
    """Mean over all of `text`, in pieces; masks are the same ones each time, four for each piece."""
    reader.eval()
    rows = text[: len(text) // plan.length * plan.length].view(-1, plan.length)
    rows = rows.repeat(4, 1) if arm == "diffusion" else rows
    generator = torch.Generator().manual_seed(1)
    found = [float(loss(reader, arm, part, generator)) * len(part) for part in rows.split(512)]
    reader.train()
    return sum(found) / len(rows)


def reader_of(plan: Plan, dropout: float) -> Reader:
    """A network of the plan's size."""
    return Reader(plan.width, plan.layers, plan.length, dropout)


def learn(arm: Arm, setting: Setting, seed: int, texts: tuple[Tensor, Tensor], plan: Plan) -> Curve:
    """Train one network for `plan.epochs`, and measure it on the way, densely at first."""
    generator = torch.Generator().manual_seed(seed)
    torch.manual_seed(seed)
    reader = reader_of(plan, setting.dropout)
    optimiser = torch.optim.AdamW(reader.parameters(), setting.rate, (0.9, 0.98), weight_decay=0.1)
    total = plan.epochs * plan.steps_per_epoch
    at = {max(1, round(total * (k / plan.looks) ** 2)) for k in range(1, plan.looks + 1)}
    points, recent = [], []
    for step in range(1, total + 1):
        optimiser.param_groups[0]["lr"] = setting.rate * min(1.0, step / 100)
        found = loss(reader, arm, crops(texts[0], plan, generator), generator)
        optimiser.zero_grad(set_to_none=True)
        found.backward()
        nn.utils.clip_grad_norm_(reader.parameters(), 1.0)
        optimiser.step()
        recent.append(float(found.detach()))
        if step in at:
            held_out = held_out_loss(reader, arm, texts[1], plan)
            points.append((step / plan.steps_per_epoch, sum(recent) / len(recent), held_out))
            recent = []
    epochs, training, held = (tuple(column) for column in zip(*points, strict=True))
    return Curve(arm, setting, seed, epochs, training, held)


def settings(plan: Plan) -> Iterator[Setting]:
    """Everything that each arm tries."""
    yield from (Setting(*pair) for pair in product(plan.rates, plan.dropouts))


def best_setting(curves: Iterable[Curve], arm: Arm) -> Setting:
    """The setting with the lowest held-out loss at any time."""
    return min((curve for curve in curves if curve.arm == arm), key=lambda c: c.held_out[c.best]).setting


def repeat(plan: Plan, text: str | None = None, report: Callable[[str], None] = lambda _: None) -> Found:
    """Tune both arms, then train each of them with its best setting, once for each seed."""
    texts = corpora(plan, text)

    def run(arm: Arm, setting: Setting, seed: int, epochs: int) -> Curve:
        curve = learn(arm, setting, seed, texts, replace(plan, epochs=epochs))
        report(f"{arm} {setting} seed {seed}: {curve.held_out[curve.best]:.3f} at epoch {curve.epochs[curve.best]:.0f}")
        return curve

    tuning = tuple(
        run(arm, setting, 0, min(plan.epochs, plan.tuning_epochs)) for arm in ARMS for setting in settings(plan)
    )
    chosen = {arm: best_setting(tuning, arm) for arm in ARMS}
    curves = tuple(run(arm, chosen[arm], seed, plan.epochs) for arm in ARMS for seed in range(1, plan.seeds + 1))
    digest = sha256(b"".join(bytes(part.tolist()) for part in texts)).hexdigest()[:12]
    return Found(plan, digest, sum(p.numel() for p in reader_of(plan, 0.0).parameters()), tuning, curves)
