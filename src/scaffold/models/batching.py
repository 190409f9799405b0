"""Rows of a call put together by the work they need, and split again where memory runs out."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import TypeVar

import torch

from scaffold.models.reuse import Task

T = TypeVar("T")
_SLACK, _FREE = 1.25, 16
"""A batch may be padded by a quarter and sixteen positions: less would make more batches than it saves work."""


def batches(tasks: Sequence[Task]) -> list[list[Task]]:
    """Tasks of like size together; those with and without kept keys apart."""
    kinds: dict[bool, list[Task]] = defaultdict(list)
    for one in tasks:
        kinds[one.entry is None].append(one)
    return [batch for kind in kinds.values() for batch in _of_like_size(kind)]


def _of_like_size(tasks: Sequence[Task]) -> list[list[Task]]:
    found: list[list[Task]] = []
    smallest = 0
    for one in sorted(tasks, key=lambda task: (task.queries, task.index)):
        if not found or one.queries > _SLACK * smallest + _FREE:
            found.append([])
            smallest = one.queries
        found[-1].append(one)
    return [sorted(batch, key=lambda task: task.index) for batch in found]


def halved(run: Callable[[list[Task]], list[T]], tasks: list[Task]) -> list[T]:
    """Results of `run` for all tasks, in halves of halves where the device has no memory for all of them.

    Raises:
        torch.OutOfMemoryError: one row alone is too much.
    """
    try:
        return run(tasks)
    except torch.OutOfMemoryError:
        if len(tasks) == 1:
            raise
    # Outside of the handler: while it runs, the error holds on to the tensors of the failed call.
    if torch.cuda.is_available():
        torch.cuda.empty_cache()
    middle = len(tasks) // 2
    return halved(run, tasks[:middle]) + halved(run, tasks[middle:])
