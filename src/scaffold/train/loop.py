"""The training loop: resumable, bounded by wall-clock time, on whatever device there is."""

import json
import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from scaffold.models.slot_filler import SlotFiller
from scaffold.train.batches import Batch

Report = Callable[[dict[str, float]], None]


@dataclass(frozen=True, slots=True)
class TrainOptions:
    """How long and how fast to learn."""

    minutes: float = 60.0
    """Length of the whole schedule, resumed parts together."""
    body_rate: float = 1.5e-4
    head_rate: float = 5e-4
    """Peak learning rates of the encoder and of everything around it."""
    warm_up: float = 0.04
    """Share of the schedule over which the rate rises; then it falls along a cosine."""
    save_every: float = 4.0
    """Minutes between checkpoints."""
    log_every: int = 20
    check_every: float = 2.0
    """Minutes between looks at the rows that are held out, where there are some."""
    patience: int = 4
    """Looks without a lower held-out loss after which training stops; the best weights are kept."""


@dataclass(slots=True)
class Progress:
    """What a checkpoint remembers besides weights."""

    step: int = 0
    examples: int = 0
    seconds: float = 0.0


class Trainer:
    """Model, optimiser and progress; `fit` may be stopped and called again."""

    def __init__(self, model: SlotFiller, options: TrainOptions, folder: Path) -> None:
        self.model, self.options, self.folder = model, options, folder
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self.model.to(self.device)
        self.optimiser = torch.optim.AdamW(_groups(model, options), betas=(0.9, 0.98), weight_decay=0.01)
        self.progress = Progress()
        if (folder / "checkpoint.pt").exists():
            self.resume()

    def resume(self) -> None:
        """Go on where the last checkpoint stopped."""
        state = torch.load(self.folder / "checkpoint.pt", map_location=self.device, weights_only=True)
        self.model.load_state_dict(state["model"])
        peaks = [group["peak"] for group in self.optimiser.param_groups]
        self.optimiser.load_state_dict(state["optimiser"])
        for group, peak in zip(self.optimiser.param_groups, peaks, strict=True):
            group["peak"] = peak  # as asked for now, whatever it was when the checkpoint was written
        self.progress = Progress(**state["progress"])

    def save(self) -> None:
        """Write a checkpoint so that a kill at any moment leaves a whole one."""
        state = {
            "model": self.model.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "progress": asdict(self.progress),
        }
        part = self.folder / "checkpoint.part"
        torch.save(state, part)
        part.replace(self.folder / "checkpoint.pt")

    def fit(self, batches: Iterator[Batch], report: Report, held_out: Sequence[Batch] = ()) -> None:
        """Train until the schedule's time is used up, or until the loss on `held_out` has stopped falling."""
        self.model.train()
        last, saved, checked = time.monotonic(), self.progress.seconds, self.progress.seconds
        losses: list[float] = []
        best = Best()
        while self.progress.seconds < 60 * self.options.minutes and best.misses < self.options.patience:
            losses.append(self.learn(next(batches)))
            now = time.monotonic()
            self.progress.seconds, last = self.progress.seconds + now - last, now
            if self.progress.step % self.options.log_every == 0:
                self.log({"loss": sum(losses) / len(losses)}, report)
                losses = []
            if self.progress.seconds - saved > 60 * self.options.save_every:
                saved = self.progress.seconds
                self.save()
            if held_out and self.progress.seconds - checked > 60 * self.options.check_every:
                checked = self.progress.seconds
                best = self.look(held_out, best, report)
        if held_out:
            best = self.look(held_out, best, report)
            self.model.load_state_dict(best.state)
        self.save()

    @torch.no_grad()
    def look(self, held_out: Sequence[Batch], best: "Best", report: Report) -> "Best":
        """Hold the model against rows that it does not learn from."""
        self.model.eval()
        loss = sum(float(self.loss(batch)) for batch in held_out) / len(held_out)
        self.model.train()
        self.log({"held_out_loss": loss}, report)
        if loss >= best.loss:
            return replace(best, misses=best.misses + 1)
        return Best(loss, 0, {name: tensor.clone() for name, tensor in self.model.state_dict().items()})

    def learn(self, batch: Batch) -> float:
        """One optimiser step; gives the loss in nats per masked slot position."""
        scale = schedule(self.progress.seconds / (60 * self.options.minutes), self.options.warm_up)
        for group in self.optimiser.param_groups:
            group["lr"] = group["peak"] * scale
        loss = self.loss(batch)
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimiser.step()
        self.progress.step += 1
        self.progress.examples += len(batch.canvas.tokens)
        return float(loss.detach())

    def loss(self, batch: Batch) -> Tensor:
        """Nats per masked slot position, weighted; mean over the rows."""
        batch = batch.to(self.device)
        with torch.autocast(self.device.type, torch.bfloat16):
            hidden = self.model.encode(batch.canvas)
        # The heads see another number of positions in each step, for which a CPU would prepare low-precision
        # kernels anew each time.
        found = self.model.target_log_probs(hidden.float(), batch.canvas, batch.rows, batch.columns, batch.targets)
        return -(found * batch.weights).sum() / len(batch.canvas.tokens)

    def log(self, numbers: Mapping[str, float], report: Report) -> None:
        """Append a line to the learning curve."""
        row = {**asdict(self.progress), **numbers}
        with (self.folder / "curve.jsonl").open("a", encoding="utf-8") as lines:
            lines.write(json.dumps(row) + "\n")
        report(row)


@dataclass(frozen=True, slots=True)
class Best:
    """The lowest held-out loss so far, the weights that had it, and how many looks ago that was."""

    loss: float = math.inf
    misses: int = 0
    state: Mapping[str, Tensor] = field(default_factory=dict)


def schedule(done: float, warm_up: float) -> float:
    """Share of the peak rate when `done` (0 to 1) of the time has passed."""
    if done < warm_up:
        return max(done / warm_up, 0.01)
    return 0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * min(1.0, (done - warm_up) / (1 - warm_up))))


def _groups(model: SlotFiller, options: TrainOptions) -> list[dict[str, Any]]:
    """The pretrained encoder learns at its own rate."""
    encoder = {id(p) for p in model.body.encoder.parameters()}

    def named(*, is_encoder: bool) -> list[Tensor]:
        return [p for p in model.parameters() if (id(p) in encoder) == is_encoder]

    return [
        {"params": named(is_encoder=True), "lr": options.body_rate, "peak": options.body_rate},
        {"params": named(is_encoder=False), "lr": options.head_rate, "peak": options.head_rate},
    ]
