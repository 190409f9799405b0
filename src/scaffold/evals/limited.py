"""Call a function on many items in a process of its own, with a limit on the processor time of each item."""

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
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
    call: Callable[[Item], Found],
    items: Iterable[Item],
    limit_s: float,
    prepare: Callable[[], object] = dict,
) -> Iterator[Done[Found] | Late | Died]:
    """What became of each item, in order; a process that does not answer, or dies, is replaced by a new one.

    Each process first calls `prepare`, which has no limit.
    """
    worker: _Worker[Item, Found] | None = None
    for item in items:
        if worker is None:
            worker = _Worker(call, prepare)
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

    def __init__(self, call: Callable[[Item], Found], prepare: Callable[[], object]) -> None:
        self.pipe, theirs = _SPAWN.Pipe()
        self.process = _SPAWN.Process(target=_serve, args=(call, prepare, theirs), daemon=True)
        self.process.start()
        theirs.close()
        with suppress(EOFError, ConnectionError):  # the first item is told that the process died
            if self.pipe.poll(STARTING_S):
                self.pipe.recv()

    def ask(self, item: Item, limit_s: float) -> Done[Found] | Late | Died:
        try:
            begun = self.processor_s()
            self.pipe.send(item)
            for _ in range(PATIENCE):
                if self.pipe.poll(limit_s):
                    return Done(*self.pipe.recv())
                if self.processor_s() - begun > limit_s:
                    break
            return Late()
        except (EOFError, ConnectionError):
            self.process.join()
            return Died(self.process.exitcode)

    def processor_s(self) -> float:
        """What the process has used so far; 0 where the system does not say.

        Looked at from outside: a limit that the system itself holds makes the clocks of the process coarse.
        """
        file = Path(f"/proc/{self.process.pid}/stat")
        if not file.exists():
            return 0.0
        user, system = file.read_text().rpartition(")")[2].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")

    def end(self) -> None:
        self.process.kill()
        self.process.join()
        self.pipe.close()


def _serve(call: Callable[[Item], Found], prepare: Callable[[], object], pipe: Connection) -> None:
    prepare()
    pipe.send(None)
    while True:
        try:
            item = pipe.recv()
        except EOFError:
            return
        start = process_time()
        found = call(item)
        pipe.send((found, process_time() - start))
