"""Parts of a batch computed at the same time, each on one core."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import torch

Part = TypeVar("Part")
Found = TypeVar("Found")


def side_by_side(compute: Callable[[Part], Found], parts: Sequence[Part]) -> list[Found]:
    """The results for all parts, in order, on as many threads as torch may use, of which each then uses one core.

    Two halves on a core each take less time than both together on two: small tensors are not worth sharing.
    """
    cores = torch.get_num_threads()
    workers = min(cores, len(parts))
    if workers < 2:
        return [compute(part) for part in parts]
    is_inference = torch.is_inference_mode_enabled()

    def alone(part: Part) -> Found:
        with torch.inference_mode(is_inference):  # a mode is that of a thread
            return compute(part)

    try:
        with ThreadPoolExecutor(workers, initializer=torch.set_num_threads, initargs=(1,)) as pool:
            return list(pool.map(alone, parts))
    finally:
        torch.set_num_threads(cores)  # what a thread sets for itself is what later threads begin with
