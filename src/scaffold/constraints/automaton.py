"""Deterministic automata as tables: exploring terms, minimising, measuring."""

from collections import deque
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from scaffold.constraints.terms import Terms, TooBigError

Table = npt.NDArray[np.int32]
Bools = npt.NDArray[np.bool_]
_Number = TypeVar("_Number", bound=np.integer[Any])
DEAD = -1
MAX_STATES = 10_000


@dataclass(frozen=True, eq=False, slots=True)
class Automaton:
    """A partial automaton that starts in state 0; -1 is dead."""

    transitions: Table
    accepting: Bools


def explore(terms: Terms, root: int) -> Automaton:
    """The automaton of a term, trimmed and minimal.

    Raises:
        TooBigError: it has more than `MAX_STATES` states, or takes too many derivations.
    """
    index, order, rows = {root: 0}, [root], []
    try:
        for term in order:
            targets = _successors(terms, term)
            for target in targets:
                if target not in index and target != terms.nothing:
                    index[target] = len(order)
                    order.append(target)
            if len(order) > MAX_STATES:
                raise TooBigError(f"more than {MAX_STATES} states")
            rows.append([index.get(target, DEAD) for target in targets])
    except RecursionError as error:
        raise TooBigError("nested too deeply") from error
    accepting = np.array([terms.nullable[term] for term in order])
    return minimise(Automaton(np.array(rows, np.int32).reshape(len(order), terms.symbols), accepting))


def _successors(terms: Terms, term: int) -> list[int]:
    """What may follow each symbol: derived once for all that are alike."""
    found = [terms.nothing] * terms.symbols
    starts = terms.starts[term]
    for symbols in terms.alike(term):
        alike = [s for s in range(terms.symbols) if symbols >> s & 1]
        if starts & symbols:
            following = terms.derive(term, alike[0])
            for symbol in alike:
                found[symbol] = following
    return found


def _edges(transitions: Table) -> list[list[int]]:
    """Distinct successors of each state."""
    return [sorted(set(row) - {DEAD}) for row in transitions.tolist()]


def steps_to_accept(transitions: Table, accepting: Bools) -> npt.NDArray[np.int64]:
    """Fewest symbols from each state to an accepting one; -1 where there is no way."""
    before: list[list[int]] = [[] for _ in accepting]
    for state, targets in enumerate(_edges(transitions)):
        for target in targets:
            before[target].append(state)
    distance = np.where(accepting, 0, -1).tolist()
    queue = deque(np.flatnonzero(accepting).tolist())
    while queue:
        state = queue.popleft()
        for previous in before[state]:
            if distance[previous] < 0:
                distance[previous] = distance[state] + 1
                queue.append(previous)
    return np.array(distance, np.int64)


def heights(transitions: Table) -> npt.NDArray[np.int64]:
    """Most symbols that can follow each state of a trimmed automaton; -1 where there is no end."""
    edges = _edges(transitions)
    before: list[list[int]] = [[] for _ in edges]
    for state, targets in enumerate(edges):
        for target in targets:
            before[target].append(state)
    waiting = [len(targets) for targets in edges]
    height = [-1 if targets else 0 for targets in edges]
    ready = [state for state, targets in enumerate(edges) if not targets]
    for state in ready:  # grows
        for previous in before[state]:
            waiting[previous] -= 1
            if not waiting[previous]:
                height[previous] = 1 + max(height[target] for target in edges[previous])
                ready.append(previous)
    return np.array(height, np.int64)


def longest(transitions: Table, accepting: Bools) -> int | None:
    """Symbols in the longest text of a trimmed automaton; None: there is none."""
    height = int(heights(transitions)[0])
    return None if height < 0 and accepting.any() else max(height, 0)


def trim(automaton: Automaton) -> Automaton:
    """Without the states that no text reaches or that no text leaves."""
    transitions, accepting = automaton.transitions, automaton.accepting
    edges, seen, order = _edges(transitions), {0}, [0]
    for state in order:  # grows
        fresh = [target for target in edges[state] if target not in seen]
        seen.update(fresh)
        order += fresh
    live = steps_to_accept(transitions, accepting) >= 0
    kept = np.array([state for state in order if live[state] or state == 0])
    number = np.full(len(accepting) + 1, DEAD, np.int32)  # the last entry is for the dead state, -1
    number[kept[live[kept]]] = np.flatnonzero(live[kept])
    return Automaton(number[transitions[kept]], accepting[kept])


def minimise(automaton: Automaton) -> Automaton:
    """The smallest automaton of the same language, trimmed; states in order of first reach."""
    automaton = trim(automaton)
    transitions, accepting = automaton.transitions, automaton.accepting
    # What no two equivalent states differ in; it saves nearly all rounds on long chains.
    labels = _dense(
        accepting + 2 * steps_to_accept(transitions, accepting) + (heights(transitions) << np.int64(32)),
    )
    weights = np.random.default_rng(0).integers(1, 1 << 62, transitions.shape[1] + 1, dtype=np.int64)
    count = 0
    while count != (count := int(labels.max()) + 1):
        spelled = np.append(labels + 1, 0)[transitions]
        labels = _dense((_mixed(spelled) * weights[:-1]).sum(1) + _mixed(labels) * weights[-1])
    first = np.unique(labels, return_index=True)[1]
    first.sort()
    number = np.full(len(accepting) + 1, DEAD, np.int32)
    position = np.empty(count, np.int32)
    position[labels[first]] = np.arange(count)
    number[:-1] = position[labels]
    return Automaton(number[transitions[first]], accepting[first])


def _mixed(numbers: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Scattered 64-bit images, so that sums of them do not collide."""
    scattered = numbers * np.int64(-7046029254386353131)
    return scattered ^ (scattered >> np.int64(29))


def _dense(numbers: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    return np.unique(numbers, return_inverse=True)[1].astype(np.int64)


def distinct_columns(table: npt.NDArray[_Number]) -> tuple[npt.NDArray[_Number], npt.NDArray[np.int64]]:
    """The columns of `table` without repetition, in order of first place, and the number of each column."""
    number: dict[bytes, int] = {}
    turned = np.ascontiguousarray(table.T)
    inverse = np.array([number.setdefault(column.tobytes(), len(number)) for column in turned], np.int64)
    first = np.unique(inverse, return_index=True)[1]
    return np.ascontiguousarray(turned[first].T), inverse
