"""One process that trains alone, or several that train together, each on batches of its own (data parallel)."""

import os
from collections.abc import Callable, Sequence
from typing import Any, Protocol, runtime_checkable

import torch
from torch import Tensor

from scaffold.extras import optional
from scaffold.train.batches import Batch
from scaffold.train.learner import Learner

Forward = Callable[[Batch, float], Tensor]


@runtime_checkable
class Workers(Protocol):
    """What a process knows of those that train with it."""

    @property
    def index(self) -> int:
        """Number of this process; 0 writes files and reports."""

    @property
    def count(self) -> int:
        """How many there are."""

    @property
    def device(self) -> torch.device:
        """Where this process computes."""

    def share(self, learner: Learner) -> Forward:
        """The learner's `forward`, such that gradients become the mean over all processes."""

    def mean(self, numbers: Sequence[float]) -> list[float]:
        """Means over all processes, so that all of them decide alike."""

    def meet(self) -> None:
        """Wait until all have come here."""


class Alone:
    """One process, on one GPU where there is one."""

    index, count = 0, 1

    def __init__(self) -> None:
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")

    def share(self, learner: Learner) -> Forward:
        """See `Workers`."""
        return learner

    def mean(self, numbers: Sequence[float]) -> list[float]:
        """See `Workers`."""
        return list(numbers)

    def meet(self) -> None:
        """See `Workers`."""


class Together:
    """Processes that `accelerate launch` or `torchrun` has started, one for each device.

    Raises:
        ModelError: accelerate is not installed.
    """

    def __init__(self) -> None:
        accelerate = optional("accelerate", "train")
        # A batch without content leaves writer and pointer out.
        unused = accelerate.DistributedDataParallelKwargs(find_unused_parameters=True)
        self._accelerator: Any = accelerate.Accelerator(kwargs_handlers=[unused])
        self.index, self.count = int(self._accelerator.process_index), int(self._accelerator.num_processes)
        self.device: torch.device = self._accelerator.device

    def share(self, learner: Learner) -> Forward:
        """See `Workers`."""
        shared: Forward = self._accelerator.prepare_model(learner)
        return shared

    def mean(self, numbers: Sequence[float]) -> list[float]:
        """See `Workers`."""
        found = self._accelerator.reduce(torch.tensor(numbers, dtype=torch.float32, device=self.device), "mean")
        return [float(number) for number in found]

    def meet(self) -> None:
        """See `Workers`."""
        self._accelerator.wait_for_everyone()


def workers() -> Workers:
    """As this process was started: by a launcher of several, or alone."""
    return Together() if int(os.environ.get("WORLD_SIZE", "1")) > 1 else Alone()
