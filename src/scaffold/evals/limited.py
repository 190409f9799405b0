"""Call a function on many items in a process of its own, with a limit on the processor time of each item."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from time import process_time
from typing import Generic, TypeVar

Item = TypeVar("Item")
Found = TypeVar("Found")
_SPAWN = get_context("spawn")
STARTING_S = 600.0
"""A new process imports the library before its first item, which takes long on a busy machine."""
PATIENCE = 10
"""Wall time by processor time beyond which a process is ended: the machine may be busy, or the process wait."""


@dataclass(frozen=True, slots=True)
class Done(Generic[Found]):
    """The function returned in time."""

    found: Found
    seconds: float


@dataclass(frozen=True, slots=True)
class Late:
    """The item took longer than the limit; its process was ended if it did not end by itself."""


@dataclass(frozen=True, slots=True)
class Died:
    """The process went down with the item: out of memory, too deep for the interpreter, or an error not caught."""

    exit_code: int | None


def limited(
    call: Callable[[Item], Found], items: Iterable[Item], limit_s: float
) -> Iterator[Done[Found] | Late | Died]:
    """What became of each item, in order; a process that does not answer, or dies, is replaced by a new one."""
    worker: _Worker[Item, Found] | None = None
    for item in items:
        if worker is None:
            worker = _Worker(call)
        outcome = worker.ask(item, limit_s)
        is_slow = isinstance(outcome, Done) and outcome.seconds > limit_s
        yield Late() if is_slow else outcome
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
        try:
            self.pipe.send(item)
            return Done(*self.pipe.recv()) if self.pipe.poll(PATIENCE * limit_s) else Late()
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
        start = process_time()
        found = call(item)
        pipe.send((found, process_time() - start))
