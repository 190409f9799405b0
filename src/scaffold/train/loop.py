"""The training loop: resumable, bounded by wall-clock time, on whatever devices there are."""

import json
import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from scaffold.errors import ModelError
from scaffold.train.average import LATENESS, Average
from scaffold.train.batches import Batch
from scaffold.train.learner import Learner
from scaffold.train.workers import Forward, Workers, workers

Report = Callable[[dict[str, float]], None]


@dataclass(frozen=True, slots=True)
class TrainOptions:
    """How long and how fast to learn.

    Raises:
        ModelError: a value is out of its range.
    """

    minutes: float = 60.0
    """Length of the whole schedule, resumed parts together; 0 saves what training would start from."""
    steps: int = 0
    """Length in steps instead, for runs that have to be alike whatever else the machine does; 0: minutes count."""
    body_rate: float = 1.5e-4
    head_rate: float = 5e-4
    """Peak learning rates of the encoder and of everything around it."""
    warm_up: float = 0.04
    """Share of the schedule over which the rate rises; then it falls along a cosine."""
    lateness: float = LATENESS
    """Which weights are kept: a mean over the steps, see `Average`; infinite: those of the last step."""
    save_every: float = 4.0
    """Minutes between checkpoints."""
    log_every: int = 20
    check_every: float = 2.0
    """Minutes between looks at the rows that are held out, where there are some."""
    patience: int = 4
    """Looks without a lower held-out loss after which training stops; the best weights are kept."""

    def __post_init__(self) -> None:
        """See `TrainOptions`."""
        ranges = {
            "minutes": 0 <= self.minutes < math.inf,
            "steps": self.steps >= 0,
            "body_rate": 0 <= self.body_rate < math.inf,
            "head_rate": 0 <= self.head_rate < math.inf,
            "warm_up": 0 <= self.warm_up <= 1,
            "save_every": self.save_every >= 0,
            "check_every": self.check_every >= 0,
        }
        wrong = [name for name, is_right in ranges.items() if not is_right]
        if wrong:
            raise ModelError((), f"out of range: {', '.join(wrong)}", "see TrainOptions")


@dataclass(slots=True)
class Progress:
    """What a checkpoint remembers besides weights."""

    step: int = 0
    examples: int = 0
    seconds: float = 0.0


class Trainer:
    """Learner, optimiser and progress; `fit` may be stopped and called again."""

    def __init__(self, learner: Learner, options: TrainOptions, folder: Path, together: Workers | None = None) -> None:
        self.learner, self.options, self.folder = learner, options, folder
        self.workers = together or workers()
        learner.to(self.workers.device)
        self.optimiser = torch.optim.AdamW(_groups(learner, options), betas=(0.9, 0.98), weight_decay=0.01)
        self.progress = Progress()
        self.average = Average(learner.trained_state(), options.lateness)
        if (folder / "checkpoint.pt").exists():
            self.resume()
        self.forward = self.workers.share(learner)

    def resume(self) -> None:
        """Go on where the last checkpoint stopped."""
        state = torch.load(self.folder / "checkpoint.pt", map_location=self.workers.device, weights_only=True)
        self.learner.restore(state["model"])
        self.average.state = state["average"]
        peaks = [group["peak"] for group in self.optimiser.param_groups]
        self.optimiser.load_state_dict(state["optimiser"])
        for group, peak in zip(self.optimiser.param_groups, peaks, strict=True):
            group["peak"] = peak  # as asked for now, whatever it was when the checkpoint was written
        self.progress = Progress(**state["progress"])

    def save(self) -> None:
        """Write a checkpoint so that a kill at any moment leaves a whole one."""
        if self.workers.index == 0:
            state = {
                "model": self.learner.trained_state(),
                "average": self.average.state,
                "optimiser": self.optimiser.state_dict(),
                "progress": asdict(self.progress),
            }
            part = self.folder / "checkpoint.part"
            torch.save(state, part)
            part.replace(self.folder / "checkpoint.pt")
        self.workers.meet()

    @property
    def done(self) -> float:
        """Share of the schedule that has passed."""
        if self.options.steps:
            return self.progress.step / self.options.steps
        return self.progress.seconds / (60 * self.options.minutes) if self.options.minutes else 1.0

    def fit(self, batches: Iterator[Batch], report: Report, held_out: Sequence[Batch] = ()) -> None:
        """Train until the schedule's time is used up, or until the loss on `held_out` has stopped falling.

        Then the learner holds the mean of its weights: of all steps, or of those up to the lowest loss.
        """
        self.learner.train()
        last, saved, checked = time.monotonic(), self.progress.seconds, self.progress.seconds
        losses: list[float] = []
        best = Best()
        while self.done < 1 and best.misses < self.options.patience:
            loss = self.learn(next(batches))
            now = time.monotonic()
            loss, seconds = self.workers.mean((loss, now - last))
            self.progress.seconds, last = self.progress.seconds + seconds, now
            losses.append(loss)
            if self.progress.step % self.options.log_every == 0:
                self.log({"loss": sum(losses) / len(losses)}, report)
                losses = []
            if self.progress.seconds - saved > 60 * self.options.save_every:
                saved = self.progress.seconds
                self.save()
            if held_out and self.progress.seconds - checked > 60 * self.options.check_every:
                checked = self.progress.seconds
                best = self.look(held_out, best, report)
        self.save()
        if held_out:
            best = self.look(held_out, best, report)
        self.learner.restore(best.state if held_out else self.average.state)

    @torch.no_grad()
    def look(self, held_out: Sequence[Batch], best: "Best", report: Report) -> "Best":
        """Hold the mean of the weights against rows that it does not learn from."""
        with self._averaged():
            total = sum(float(self.loss(batch, self.learner)) for batch in held_out)
        (loss,) = self.workers.mean((total / len(held_out),))
        self.log({"held_out_loss": loss}, report)
        if loss >= best.loss:
            return replace(best, misses=best.misses + 1)
        return Best(loss, 0, {name: tensor.clone() for name, tensor in self.average.state.items()})

    @contextmanager
    def _averaged(self) -> Iterator[None]:
        """The learner holds the mean of its weights while the context lasts, and does not learn."""
        own = {name: tensor.clone() for name, tensor in self.learner.trained_state().items()}
        self.learner.restore(self.average.state)
        self.learner.eval()
        try:
            yield
        finally:
            self.learner.restore(own)
            self.learner.train()

    def learn(self, batch: Batch) -> float:
        """One optimiser step; gives the loss in nats per masked slot position."""
        scale = schedule(self.done, self.options.warm_up)
        for group in self.optimiser.param_groups:
            group["lr"] = group["peak"] * scale
        loss = self.loss(batch, self.forward)
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(self.learner.parameters(), 1.0)
        self.optimiser.step()
        self.progress.step += 1
        self.average.follow(self.learner.trained_state(), self.progress.step)
        self.progress.examples += len(batch.canvas.tokens) * self.workers.count
        return float(loss.detach())

    def loss(self, batch: Batch, forward: Forward) -> Tensor:
        """Nats per masked slot position, weighted; mean over the rows."""
        batch = batch.to(self.workers.device)
        return -(forward(batch, self.done) * batch.weights).sum() / len(batch.canvas.tokens)

    def log(self, numbers: Mapping[str, float], report: Report) -> None:
        """Append a line to the learning curve."""
        if self.workers.index:
            return
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


def _groups(learner: Learner, options: TrainOptions) -> list[dict[str, Any]]:
    """What is pretrained learns at its own rate; what is frozen is left out."""
    body = {id(parameter) for parameter in learner.pretrained()}
    free = [parameter for parameter in learner.parameters() if parameter.requires_grad]

    def group(rate: float, *, is_body: bool) -> dict[str, Any]:
        return {"params": [p for p in free if (id(p) in body) == is_body], "lr": rate, "peak": rate}

    return [group(options.body_rate, is_body=True), group(options.head_rate, is_body=False)]
