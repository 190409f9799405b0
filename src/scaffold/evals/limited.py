"""Call a function on many items in a process of its own, with a time limit for each item."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from time import perf_counter
from typing import Generic, TypeVar

Item = TypeVar("Item")
Found = TypeVar("Found")
_SPAWN = get_context("spawn")
STARTING_S = 60.0
"""A new process imports the library before its first item."""


@dataclass(frozen=True, slots=True)
class Done(Generic[Found]):
    """The function returned in time."""

    found: Found
    seconds: float


@dataclass(frozen=True, slots=True)
class Late:
    """The item took longer than the limit, and its process was ended."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Died:
    """The process went down with the item: out of memory, too deep for the interpreter, or an error not caught."""

    exit_code: int | None


def limited(
    call: Callable[[Item], Found], items: Iterable[Item], limit_s: float
) -> Iterator[Done[Found] | Late | Died]:
    """What became of each item, in order; a process that is late or dies is replaced by a new one."""
    worker: _Worker[Item, Found] | None = None
    for item in items:
        if worker is None:
            worker = _Worker(call)
        outcome = worker.ask(item, limit_s)
        yield outcome
        if not isinstance(outcome, Done):
            worker.end()
            worker = None
    if worker is not None:
        worker.end()


class _Worker(Generic[Item, Found]):
    """One process that answers items one at a time."""

    def __init__(self, call: Callable[[Item], Found]) -> None:
        self.pipe, theirs = _SPAWN.Pipe()
        self.process = _SPAWN.Process(target=_serve, args=(call, theirs), daemon=True)
        self.process.start()
        theirs.close()
        if self.pipe.poll(STARTING_S):
            self.pipe.recv()

    def ask(self, item: Item, limit_s: float) -> Done[Found] | Late | Died:
        start = perf_counter()
        try:
            self.pipe.send(item)
            if not self.pipe.poll(limit_s):
                return Late(perf_counter() - start)
            return Done(self.pipe.recv(), perf_counter() - start)
        except (EOFError, ConnectionError):
            self.process.join()
            return Died(self.process.exitcode)

    def end(self) -> None:
        self.process.kill()
        self.process.join()
        self.pipe.close()


def _serve(call: Callable[[Item], Found], pipe: Connection) -> None:
    pipe.send(None)
    while True:
        try:
            item = pipe.recv()
        except EOFError:
            return
        pipe.send(call(item))
