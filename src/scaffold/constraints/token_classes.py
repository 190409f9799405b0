"""Which tokens of a vocabulary behave alike in a byte automaton.

The vocabulary is a tree of bytes, kept level by level. Where most bytes lead nowhere (literals, dates, numbers), the
pairs of a state and a node that are alive are followed down, one by one. Else a walk carries, for every node, where its
bytes lead from each state: few of these columns are different, so a level is a lookup in a small table.
"""

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from scaffold.constraints.automaton import DEAD, distinct_columns
from scaffold.constraints.byte_automaton import ByteAutomaton
from scaffold.constraints.spelling import escape
from scaffold.constraints.terms import TooBigError
from scaffold.tokenizer import Tokenizer

Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]
AnyInts = npt.NDArray[np.signedinteger[Any]]
_UNUSUAL = re.compile(r'["\\\x00-\x1f]')
MAX_CELLS = 40_000_000
MAX_LOOKS = 6_000
"""Pairs of a state and a node, beyond which it is cheaper to walk all nodes."""
MAX_LIVE_STATES = 20_000
MAX_LIVE_CELLS = 4_000_000


@dataclass(frozen=True, eq=False, slots=True)
class Level:
    """The nodes at one depth: the place of each one's parent in the level above, and the byte that leads to it.

    Invariant: `parent` and `place` ascend.
    """

    parent: Longs
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


@lru_cache(maxsize=8)
def characters_of(key: TokenizerKey) -> Ints:
    """How many whole characters each token spells within a JSON string; -1 where it cuts one, or needs an escape."""
    return np.array([_characters(token) for token in key.tokenizer.token_bytes], np.int32)


def _characters(token: bytes) -> int:
    try:
        text = token.decode()
        if _UNUSUAL.search(text):
            value = json.loads(f'"{text}"')
            text = value if escape(value) == text else ""
    except ValueError:  # part of a character, or a quote
        return -1
    return len(text) or -1


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
        order = np.argsort(node[ends], kind="stable")
        levels.append(Level(
            keys // 256, (keys % 256).astype(np.uint8),
            tokens[ends][order].astype(np.int32), node[ends][order].astype(np.int32),
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
    return follow_live(automaton, index) or walk_all(automaton, index)


def walk_all(automaton: ByteAutomaton, index: TokenIndex) -> TokenClasses:
    """See `classify`; looks at every node once, whatever the number of states."""
    columns, byte_class = _Columns(automaton), automaton.byte_class.astype(np.int64)
    reached: Ints = np.ones(1, np.int32)  # the column that stays in each state
    token_column = np.zeros(index.size, np.int32)
    for level in index.levels:
        keys = (reached * np.int64(columns.classes)).take(level.parent)
        keys += byte_class.take(level.byte)
        reached = columns.follow(keys)
        token_column[level.tokens] = reached[level.place]
    used = np.unique(np.append(token_column, 0))
    number = np.zeros(len(columns.columns), np.int32)
    number[used] = np.arange(len(used))
    return TokenClasses(np.stack([columns.columns[i] for i in used]).astype(np.int32), number[token_column])


def follow_live(automaton: ByteAutomaton, index: TokenIndex) -> TokenClasses | None:
    """See `classify`; looks only at what is alive from some state. None where that is too much."""
    states = len(automaton.accepting)
    if states > MAX_LIVE_STATES or not index.levels:
        return None
    reach = automaton.transitions[:, automaton.byte_class[index.levels[0].byte]]
    begun, node = np.nonzero(reach != DEAD)
    state: AnyInts = reach[begun, node]
    looks = len(node)
    found = [_ending(index.levels[0], begun, state, node)]
    for level in index.levels[1:]:
        first, last = (np.searchsorted(level.parent, node, side) for side in ("left", "right"))
        looks += int((last - first).sum())
        if looks > MAX_LOOKS:
            return None
        which, child = _spread(first, last)
        target = automaton.transitions[state[which], automaton.byte_class[level.byte[child]]]
        alive = target != DEAD
        begun, state, node = begun[which[alive]], target[alive], child[alive]
        if not len(node):
            break
        found.append(_ending(level, begun, state, node))
    tokens, starts, ends = (np.concatenate(parts) for parts in zip(*found, strict=True))
    return _grouped((tokens, starts, ends), states, index.size)


def _ending(level: Level, begun: AnyInts, state: AnyInts, node: AnyInts) -> tuple[AnyInts, AnyInts, AnyInts]:
    """The tokens that end at the nodes, with the states before and behind them."""
    which, place = _spread(*(np.searchsorted(level.place, node, side) for side in ("left", "right")))
    return level.tokens[place], begun[which], state[which]


def _spread(first: Longs, last: Longs) -> tuple[Longs, Longs]:
    """Every number of each range `first[i]` to `last[i]`, with its `i` before it."""
    counts = last - first
    which = np.repeat(np.arange(len(counts)), counts)
    return which, np.arange(len(which)) + np.repeat(first - (np.cumsum(counts) - counts), counts)


def _grouped(found: tuple[AnyInts, AnyInts, AnyInts], states: int, size: int) -> TokenClasses | None:
    """The classes of the tokens in `found` (token, state before it, state behind it); all others are of class 0."""
    live, row = np.unique(found[0], return_inverse=True)
    if len(live) * states > MAX_LIVE_CELLS:
        return None
    leads = np.full((states, len(live)), DEAD, np.int32)
    leads[found[1], row] = found[2]
    columns, number = distinct_columns(leads)
    token_class = np.zeros(size, np.int32)
    token_class[live] = number + 1
    return TokenClasses(np.vstack([np.full((1, states), DEAD, np.int32), columns.T]), token_class)
