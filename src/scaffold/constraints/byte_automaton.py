"""Automata over bytes: the texts of a language as they are spelled."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from scaffold.constraints.automaton import (
    DEAD,
    MAX_STATES,
    Automaton,
    Bools,
    Table,
    distinct_columns,
    minimise,
    steps_to_accept,
)
from scaffold.constraints.terms import TooBigError

MAX_LITERAL_BYTES = 1_000_000
MAX_LITERAL_STATES = 250_000


@dataclass(frozen=True, eq=False, slots=True)
class ByteAutomaton:
    """The bytes of legal texts; starts in state 0, -1 is dead.

    Invariant: trimmed and minimal. Every state is reachable and can still accept, no two of them read the same
    texts, and no two byte classes have the same column. The empty language has one state, which does not accept.
    """

    transitions: Table
    byte_class: npt.NDArray[np.int32]
    accepting: Bools

    @property
    def is_empty(self) -> bool:
        """Whether no text at all is legal."""
        return not self.accepting.any()

    def accepts(self, text: bytes) -> bool:
        """Whether `text` is legal."""
        state = 0
        for byte in text:
            state = int(self.transitions[state, self.byte_class[byte]])
            if state == DEAD:
                return False
        return bool(self.accepting[state])

    def shortest(self) -> bytes:
        """A legal text of the fewest bytes, the first of them in byte order; the language is not empty."""
        distance = steps_to_accept(self.transitions, self.accepting)
        examples = self.class_examples()
        state, text = 0, bytearray()
        while not self.accepting[state]:
            ahead = self.transitions[state]
            nearer = [c for c in range(len(ahead)) if ahead[c] >= 0 and distance[ahead[c]] < distance[state]]
            step = min(nearer, key=lambda c: examples[c])
            text.append(examples[step])
            state = int(ahead[step])
        return bytes(text)

    def class_examples(self) -> list[int]:
        """The first byte of each class."""
        return [int(np.argmax(self.byte_class == c)) for c in range(self.transitions.shape[1])]

    def texts(self, limit: int) -> tuple[bytes, ...] | None:
        """All legal texts, by length and then by bytes; None where there are more than `limit`."""
        if self._has_more_than(limit):
            return None
        found: list[bytes] = []
        open_ends: list[tuple[int, bytes]] = [(0, b"")]
        while open_ends:
            found += [text for state, text in open_ends if self.accepting[state]]
            open_ends = [(target, text + bytes([b])) for state, text in open_ends for b, target in self._ways(state)]
        return tuple(found)

    def _has_more_than(self, limit: int) -> bool:
        """Whether there are more legal texts than `limit`, without writing them down."""
        sizes = np.bincount(self.byte_class, minlength=self.transitions.shape[1])
        targets, found = np.where(self.transitions == DEAD, len(self.accepting), self.transitions), 0
        counts: npt.NDArray[Any] = np.zeros(len(self.accepting))  # beginnings of each length, by where they lead
        counts[0] = not self.is_empty
        for _ in range(len(counts)):
            found += int(counts[self.accepting].sum())
            if max(found, counts.sum()) > limit:  # every beginning goes on to a text of its own
                return True
            counts = np.bincount(targets.ravel(), np.outer(counts, sizes).ravel(), len(counts) + 1)[:-1]
        return bool(counts.any())  # a text longer than there are states goes round in a circle

    def _ways(self, state: int) -> list[tuple[int, int]]:
        targets = self.transitions[state][self.byte_class]
        return [(int(b), int(targets[b])) for b in np.flatnonzero(targets >= 0)]


def merge_columns(automaton: Automaton, byte_class: npt.NDArray[np.int32]) -> ByteAutomaton:
    """A byte automaton from columns that bytes share; equal columns become one class."""
    columns, classes = distinct_columns(automaton.transitions)
    return ByteAutomaton(
        np.ascontiguousarray(columns, np.int32), classes[byte_class].astype(np.int32), automaton.accepting
    )


def of_bytes(table: npt.NDArray[np.int64], accepting: Bools) -> ByteAutomaton:
    """A byte automaton from a column for every byte; trimmed and minimised."""
    columns, byte_class = distinct_columns(table)
    small = minimise(Automaton(columns.astype(np.int32), accepting))
    return merge_columns(small, byte_class.astype(np.int32))


def of_literals(texts: tuple[bytes, ...]) -> ByteAutomaton:
    """The automaton of finitely many texts, built directly in its minimal form (from sorted texts, Daciuk 2000).

    Raises:
        TooBigError: the texts are too long together, or differ in too many places.
    """
    ordered = sorted(set(texts))
    if sum(map(len, ordered)) > MAX_LITERAL_BYTES:
        raise TooBigError(f"the texts have more than {MAX_LITERAL_BYTES} bytes together")
    known: dict[tuple[bool, tuple[tuple[int, int], ...]], int] = {}
    chain: list[tuple[bool, dict[int, int]]] = [(False, {})]
    chain_bytes: list[int] = []

    def close(depth: int) -> None:
        while len(chain_bytes) > depth:
            ends, ways = chain.pop()
            number = known.setdefault((ends, tuple(sorted(ways.items()))), len(known))
            chain[-1][1][chain_bytes.pop()] = number

    for previous, text in pairwise([b"", *ordered]):
        shared = next((i for i, (a, b) in enumerate(zip(previous, text, strict=False)) if a != b), len(previous))
        close(shared)
        for byte in text[shared:]:
            chain.append((False, {}))
            chain_bytes.append(byte)
        chain[-1] = (True, chain[-1][1])
    close(0)
    if len(known) > MAX_LITERAL_STATES:
        raise TooBigError(f"more than {MAX_LITERAL_STATES} states")
    return _from_states(known, chain[0])


def _from_states(
    known: dict[tuple[bool, tuple[tuple[int, int], ...]], int], start: tuple[bool, dict[int, int]]
) -> ByteAutomaton:
    ends = np.array([start[0], *(ends for ends, _ in known)], np.bool_)
    edges = [(0, byte, target) for byte, target in start[1].items()]
    edges += [(number + 1, byte, target) for (_, ways), number in known.items() for byte, target in ways]
    state, byte, target = np.array(edges, np.int64).reshape(-1, 3).T
    used, column = np.unique(byte, return_inverse=True)
    table = np.full((len(ends), len(used) + 1), DEAD, np.int32)  # the last column is of the bytes in no text
    table[state, column] = target + 1
    byte_class = np.full(256, len(used), np.int32)
    byte_class[used] = np.arange(len(used))
    return merge_columns(Automaton(table, ends), byte_class)


def union(first: ByteAutomaton, second: ByteAutomaton) -> ByteAutomaton:
    """Texts of either.

    Raises:
        TooBigError: there are too many pairs of states.
    """
    pairs, byte_class = distinct_columns(np.stack([first.byte_class, second.byte_class]))
    rows = [np.vstack([part.transitions[:, which], np.full(len(which), DEAD)]).tolist()
            for part, which in zip((first, second), pairs, strict=True)]  # fmt: skip
    index, order, table = {(0, 0): 0}, [(0, 0)], []
    for one, two in order:  # grows
        targets = list(zip(rows[0][one], rows[1][two], strict=True))
        for target in targets:
            if target not in index and target != (DEAD, DEAD):
                index[target] = len(order)
                order.append(target)
        if len(order) > 3 * MAX_STATES:
            raise TooBigError(f"more than {3 * MAX_STATES} states")
        table.append([index.get(target, DEAD) for target in targets])
    accepting = _ends(first)[[one for one, _ in order]] | _ends(second)[[two for _, two in order]]
    small = minimise(Automaton(np.array(table, np.int32), accepting))
    return merge_columns(small, byte_class.astype(np.int32))


def _ends(automaton: ByteAutomaton) -> Bools:
    return np.append(automaton.accepting, [False])


def quoted(body: ByteAutomaton) -> ByteAutomaton:
    """Texts of `body` between quotes; no text of `body` goes on with a quote where it may end."""
    states = len(body.accepting)
    table = np.full((states + 2, 256), DEAD, np.int64)
    inner = body.transitions[:, body.byte_class]
    table[1:-1] = np.where(inner >= 0, inner + 1, DEAD)
    table[0, ord('"')] = 1
    # Behind a backslash a quote is still of the text, and there no text ends.
    table[1:-1, ord('"')] = np.where(body.accepting, states + 1, table[1:-1, ord('"')])
    accepting = np.zeros(states + 2, np.bool_)
    accepting[-1] = not body.is_empty
    return of_bytes(table, accepting)
