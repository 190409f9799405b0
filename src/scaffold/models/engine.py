"""Hidden states where they are wanted, computing no more than the kept keys and values leave to do."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import torch
from jaxtyping import Float
from torch import Tensor

from scaffold.denoise.shapes import Positions
from scaffold.denoise.transfer import sent
from scaffold.models.batching import batches, halved
from scaffold.models.compiled import bucket
from scaffold.models.network import Network
from scaffold.models.reuse import Entry, KeyValues, Line, Reuse, Task, capacity_for, gathered, task
from scaffold.models.topology import visible

States = Float[Tensor, "queries width"]


@dataclass(eq=False, slots=True)
class Engine:
    """Runs a network over rows of different lengths; `entries` is what the last call computed."""

    network: Network = field(repr=False)
    device: torch.device
    reuse: Reuse = "none"
    entries: list[Entry] = field(default_factory=list, repr=False)
    is_bucketed: bool = False
    """Whether rows are padded to one of few lengths, for networks that are compiled for each shape."""
    computed: int = 0
    """Positions computed so far, padding not counted."""

    def __call__(self, lines: Sequence[Line], rows: Positions, places: Positions) -> Float[Tensor, "wanted width"]:
        """Hidden states at `places` (without padding) of `rows`."""
        tasks = [task(index, line, self.entries, self.reuse) for index, line in enumerate(lines)]
        # All are gathered before any is run: a run writes over what another row may be copied from.
        prepared = [(batch, self._memory(batch)) for batch in batches([one for one in tasks if one.queries])]
        self.entries = [one.entry for one in tasks if not one.queries and one.entry is not None]
        found: dict[int, States] = {}
        for batch, memory in prepared:
            found |= self._run(batch, memory)
        self.computed += sum(one.queries for one in tasks)
        return _gathered_states(tasks, found, rows, places)

    def _memory(self, batch: Sequence[Task]) -> KeyValues | None:
        """Keys of earlier calls, or room for those of this one."""
        if self.reuse == "none":
            return None
        capacity = capacity_for(self._padded(max(len(one.line.tokens) for one in batch)))
        entries = [one.entry for one in batch if one.entry is not None]
        return gathered(entries, capacity) if entries else KeyValues(len(batch), capacity)

    def _run(self, batch: list[Task], memory: KeyValues | None) -> dict[int, States]:
        def run(part: list[Task]) -> list[tuple[int, States]]:
            first = batch.index(part[0])
            own = memory
            if memory is not None and len(part) < len(batch):
                own = memory.part(slice(first, first + len(part)))
            states = self._forward(part, own)
            self._remember(part, own)
            return [(one.index, found) for one, found in zip(part, states, strict=True)]

        return dict(halved(run, batch))

    def _forward(self, batch: Sequence[Task], memory: KeyValues | None) -> list[States]:
        """Compute what is asked of each row, padded to the longest."""
        shape = (len(batch), self._padded(max(one.queries for one in batch)))
        length = self._padded(max(len(one.line.tokens) for one in batch))
        beyond = length if memory is None else memory.capacity
        tokens, places, stages = (torch.zeros(shape, dtype=torch.long) for _ in range(3))
        written = torch.full(shape, beyond)
        key_stages = torch.zeros(len(batch), length, dtype=torch.long)
        is_key = torch.zeros(len(batch), length, dtype=torch.bool)
        for row, one in enumerate(batch):
            at, size = one.ask.nonzero()[:, 0], len(one.line.tokens)
            part = slice(len(at))
            tokens[row, part], stages[row, part] = one.line.tokens[at], one.line.stages[at]
            places[row, part] = written[row, part] = at
            key_stages[row, :size], is_key[row, :size] = one.line.stages, True
        there = sent((tokens, places, written, stages, key_stages, is_key), self.device)
        tokens, places, written = there[:3]
        if memory is not None:
            memory.places, memory.length = written, length
        hidden = self.network.hidden(tokens, places, visible(*there[3:]), memory)
        return [states[: one.queries] for states, one in zip(hidden, batch, strict=True)]

    def _padded(self, length: int) -> int:
        return bucket(length) if self.is_bucketed else length

    def _remember(self, batch: Sequence[Task], memory: KeyValues | None) -> None:
        """Keep what was computed; an approximation goes on from the call that saw everything."""
        if memory is None:
            return
        for row, one in enumerate(batch):
            line = one.line if one.entry is None or self.reuse == "exact" else one.entry.line
            self.entries.append(Entry(line, memory, row))


def _gathered_states(
    tasks: Sequence[Task], found: dict[int, States], rows: Positions, places: Positions
) -> Float[Tensor, "wanted width"]:
    """States of (row, place) pairs out of those of each row's asked positions."""
    states = torch.cat([found[one.index] for one in tasks if one.queries])
    first = torch.tensor([0, *(one.queries for one in tasks)]).cumsum(0)
    ranks = torch.nn.utils.rnn.pad_sequence([one.ask.long().cumsum(0) - 1 for one in tasks], batch_first=True)
    (at,) = sent([first[rows] + ranks[rows, places]], states.device)
    return states[at]
