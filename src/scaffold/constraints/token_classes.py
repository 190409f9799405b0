"""Which tokens of a vocabulary behave alike in a byte automaton.

The vocabulary is a tree of bytes, kept level by level; a walk carries, for every node, where its bytes lead from each
state. Few of these columns are different, so a level is a lookup in a small table.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from scaffold.constraints.automaton import DEAD
from scaffold.constraints.byte_automaton import ByteAutomaton
from scaffold.constraints.terms import TooBigError
from scaffold.tokenizer import Tokenizer

Ints = npt.NDArray[np.int32]
MAX_CELLS = 40_000_000


@dataclass(frozen=True, eq=False, slots=True)
class Level:
    """The nodes at one depth: the place of each one's parent in the level above, and the byte that leads to it."""

    parent: Ints
    byte: npt.NDArray[np.uint8]
    tokens: Ints
    """Ids of the tokens that end at this depth."""
    place: Ints
    """The node of each of them, in this level."""


@dataclass(frozen=True, eq=False, slots=True)
class TokenIndex:
    """The tree of a vocabulary; tokens without bytes are not in it."""

    size: int
    levels: tuple[Level, ...]


@dataclass(frozen=True, eq=False, slots=True)
class TokenClasses:
    """`columns[class, state]`: where the tokens of a class lead; class 0 leads nowhere."""

    columns: Ints
    token_class: Ints


@dataclass(frozen=True, slots=True)
class TokenizerKey:
    """A tokenizer as a cache key: equal where the fingerprints are."""

    fingerprint: str
    tokenizer: Tokenizer

    def __hash__(self) -> int:
        return hash(self.fingerprint)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, TokenizerKey) and other.fingerprint == self.fingerprint


@lru_cache(maxsize=8)
def token_index(key: TokenizerKey) -> TokenIndex:
    """The tree of a tokenizer's vocabulary, built once."""
    return build_index(key.tokenizer.token_bytes)


def build_index(token_bytes: tuple[bytes, ...]) -> TokenIndex:
    """The tree of `token_bytes`."""
    lengths = np.fromiter(map(len, token_bytes), np.int64, len(token_bytes))
    offsets = np.cumsum(lengths) - lengths
    flat = np.frombuffer(b"".join(token_bytes), np.uint8)
    tokens = np.flatnonzero(lengths)
    node = np.zeros(len(tokens), np.int64)
    levels: list[Level] = []
    while len(tokens):
        byte = flat[offsets[tokens] + len(levels)]
        keys, node = np.unique(node * 256 + byte, return_inverse=True)
        ends = lengths[tokens] == len(levels) + 1
        levels.append(Level(
            (keys // 256).astype(np.int32), (keys % 256).astype(np.uint8),
            tokens[ends].astype(np.int32), node[ends].astype(np.int32),
        ))  # fmt: skip
        tokens, node = tokens[~ends], node[~ends]
    return TokenIndex(len(token_bytes), tuple(levels))


class _Columns:
    """Distinct columns met so far, and the table (column, byte class) → column, filled on demand."""

    def __init__(self, automaton: ByteAutomaton) -> None:
        states, self.classes = automaton.transitions.shape
        dead_row = np.full((1, self.classes), DEAD, automaton.transitions.dtype)
        # One row more than states: -1 finds it, so a dead state stays dead.
        self.steps = np.ascontiguousarray(
            np.vstack([automaton.transitions, dead_row]).T.astype(np.int16 if states < 32_000 else np.int32)
        )
        self.columns = [np.full(states, DEAD, self.steps.dtype), np.arange(states, dtype=self.steps.dtype)]
        self.number = {column.tobytes(): i for i, column in enumerate(self.columns)}
        self.table = np.zeros(2 * self.classes, np.int32)
        self.table[self.classes :] = DEAD

    def follow(self, keys: npt.NDArray[np.int64]) -> Ints:
        """The column behind each key (column times classes, plus byte class)."""
        wanted = np.zeros(len(self.table), np.bool_)
        wanted[keys] = True
        for key in np.flatnonzero(wanted & (self.table == DEAD)).tolist():
            self.table[key] = self._add(self.steps[key % self.classes][self.columns[key // self.classes]])
        found: Ints = self.table[keys]
        missing = len(self.columns) * self.classes - len(self.table)
        self.table = np.concatenate([self.table, np.full(missing, DEAD, np.int32)])
        return found

    def _add(self, column: Ints) -> int:
        number = self.number.setdefault(column.tobytes(), len(self.columns))
        if number == len(self.columns):
            if number * len(column) > MAX_CELLS:
                raise TooBigError("too many states for this vocabulary")
            self.columns.append(column)
        return number


def classify(automaton: ByteAutomaton, index: TokenIndex) -> TokenClasses:
    """Sort the tokens of `index` by where they lead from each state of `automaton`.

    Raises:
        TooBigError: the table would be too large.
    """
    columns = _Columns(automaton)
    reached: Ints = np.ones(1, np.int32)  # the column that stays in each state
    token_column = np.zeros(index.size, np.int32)
    for level in index.levels:
        keys = reached[level.parent].astype(np.int64) * columns.classes + automaton.byte_class[level.byte]
        reached = columns.follow(keys)
        token_column[level.tokens] = reached[level.place]
    used = np.unique(np.append(token_column, 0))
    number = np.zeros(len(columns.columns), np.int32)
    number[used] = np.arange(len(used))
    return TokenClasses(np.stack([columns.columns[i] for i in used]).astype(np.int32), number[token_column])
