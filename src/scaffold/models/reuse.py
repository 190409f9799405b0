"""Keys and values kept from call to call, and which positions of a row have to be computed again."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import torch
from jaxtyping import Bool, Int
from torch import Tensor

from scaffold.denoise.transfer import sent

Reuse = Literal["none", "exact", "prompt", "slots"]
"""What a call may take from earlier ones: nothing; what cannot have changed; the prompt as it was seen when a slot
was last completed; everything but the open slots as it was seen then."""
REUSES: tuple[Reuse, ...] = ("none", "exact", "prompt", "slots")
_GRAIN = 64


@dataclass(frozen=True, eq=False, slots=True)
class Line:
    """One row of a canvas, on the CPU, without padding; what plans are made from."""

    tokens: Int[Tensor, " length"]
    offset: Int[Tensor, " length"]
    masked: Bool[Tensor, " length"]
    stages: Int[Tensor, " length"]
    wanted: Bool[Tensor, " length"]
    """Positions whose hidden states are read."""

    @property
    def first_wanted(self) -> int:
        """The first of them; the length where there are none."""
        return int(self.wanted.long().argmax()) if bool(self.wanted.any()) else len(self.wanted)

    @property
    def in_open_slot(self) -> Bool[Tensor, " length"]:
        """Positions of the slots in which something is still masked."""
        places = torch.arange(len(self.tokens))
        start = (places - self.offset).where(self.offset >= 0, places)
        is_open = torch.isin(places, start[self.masked])
        return is_open[start] & (self.offset >= 0)


@dataclass(eq=False, slots=True)
class KeyValues:
    """Keys and values of a batch of rows in every layer, addressed by position; written in place.

    The place behind the last one takes what padding queries write.
    """

    rows: int
    capacity: int
    layers: list[tuple[Tensor, Tensor]] = field(default_factory=list)
    places: Tensor | None = None
    """Where the queries of the call in progress are written."""
    length: int = 0
    """Keys that the call in progress attends to."""

    def update(
        self, keys: Tensor, values: Tensor, layer: int, *ignored: Any, **also_ignored: Any
    ) -> tuple[Tensor, Tensor]:
        """See `LayerMemory`."""
        del ignored, also_ignored  # older versions pass rotary tables, newer ones what else the layer was told
        assert self.places is not None, "a call announces its places first"
        if layer == len(self.layers):
            shape = (self.rows, keys.shape[1], self.capacity + 1, keys.shape[3])
            self.layers.append((keys.new_zeros(shape), values.new_zeros(shape)))
        at = self.places[:, None, :, None].expand(keys.shape)
        kept = self.layers[layer]
        for whole, new in zip(kept, (keys, values), strict=True):
            whole.scatter_(2, at, new)
        return kept[0][:, :, : self.length], kept[1][:, :, : self.length]

    def get_seq_length(self, layer: int = 0) -> int:
        """Asked by transformers, which then counts positions from here; ours are given."""
        del layer
        return 0

    def part(self, rows: slice) -> "KeyValues":
        """The same for neighbouring rows; writes go to the same place."""
        count = len(range(self.rows)[rows])
        return KeyValues(count, self.capacity, [(keys[rows], values[rows]) for keys, values in self.layers])


def gathered(entries: Sequence["Entry"], capacity: int) -> KeyValues:
    """Keys and values of the entries as one batch: copied, unless they are a batch already, in order."""
    memories = list({id(entry.memory): entry.memory for entry in entries}.values())
    first = memories[0]
    if len(memories) == 1 and [e.row for e in entries] == list(range(first.rows)) and capacity <= first.capacity:
        return first
    found = KeyValues(len(entries), capacity)
    moves = [_moves(entries, memory) for memory in memories]
    for layer in range(len(first.layers)):
        keys, values = (_room(tensor, len(entries), capacity) for tensor in first.layers[layer])
        for memory, (into, rows) in zip(memories, moves, strict=True):
            size = min(capacity, memory.capacity)
            for whole, part in zip((keys, values), memory.layers[layer], strict=True):
                whole[into, :, :size] = part[rows, :, :size]
        found.layers.append((keys, values))
    return found


def _moves(entries: Sequence["Entry"], memory: KeyValues) -> list[Tensor]:
    """Which rows of a batch come out of a memory, and which rows of it they are."""
    into = [place for place, entry in enumerate(entries) if entry.memory is memory]
    rows = [entries[place].row for place in into]
    return sent((torch.tensor(into), torch.tensor(rows)), memory.layers[0][0].device)


def _room(like: Tensor, rows: int, capacity: int) -> Tensor:
    return like.new_zeros(rows, like.shape[1], capacity + 1, like.shape[3])


def capacity_for(length: int) -> int:
    """Room for a row of `length` that lets it grow a little."""
    return -(-length // _GRAIN) * _GRAIN


@dataclass(frozen=True, eq=False, slots=True)
class Entry:
    """What was computed for one row: where its keys and values are, and for which canvas."""

    line: Line
    memory: KeyValues
    row: int


@dataclass(frozen=True, eq=False, slots=True)
class Task:
    """One row of a call: the positions to compute, given those that an entry has already."""

    index: int
    line: Line
    ask: Bool[Tensor, " length"]
    entry: Entry | None

    @property
    def queries(self) -> int:
        """Number of positions to compute."""
        return int(self.ask.sum())


def task(index: int, line: Line, entries: Sequence[Entry], reuse: Reuse) -> Task:
    """Find the entry that leaves least to do for a row, and what is left; nothing is, where nothing is read."""
    if reuse == "exact":
        kept = [_unchanged(line, entry.line) for entry in entries]
        best = max(range(len(kept)), key=kept.__getitem__, default=None)
        if best is not None and kept[best]:
            return Task(index, line, torch.arange(len(line.tokens)) >= kept[best], entries[best])
    if reuse in {"prompt", "slots"}:
        found = next((entry for entry in entries if _looks_alike(line, entry.line)), None)
        if found is not None:
            return Task(index, line, _asked_again(line, reuse), found)
    return Task(index, line, torch.ones_like(line.masked) & line.wanted.any(), None)


def _unchanged(line: Line, before: Line) -> int:
    """Leading positions whose hidden states are what they were, and are not read in this call."""
    length = min(len(line.tokens), len(before.tokens))
    same = (line.tokens[:length] == before.tokens[:length]) & (line.stages[:length] == before.stages[:length])
    first = min(int(same.long().cumprod(0).sum()), line.first_wanted)
    if first >= len(line.tokens):
        return len(line.tokens)
    return int((line.stages < line.stages[first]).sum())


def _looks_alike(line: Line, before: Line) -> bool:
    """Whether nothing but tokens of open slots was written since."""
    if len(line.tokens) != len(before.tokens) or not torch.equal(line.offset, before.offset):
        return False
    open_now = line.in_open_slot
    return torch.equal(open_now, before.in_open_slot) and torch.equal(line.tokens[~open_now], before.tokens[~open_now])


def _asked_again(line: Line, reuse: Reuse) -> Bool[Tensor, " length"]:
    places = torch.arange(len(line.tokens))
    if reuse == "prompt":
        slots = (line.offset >= 0).nonzero()
        first = int(slots[0]) if len(slots) else len(places)
        return places >= min(first, line.first_wanted)
    return line.in_open_slot | line.wanted
