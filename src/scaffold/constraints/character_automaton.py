"""Automata over characters: of a pattern, of all texts but a few, and of what two of them share."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scaffold.constraints import characters
from scaffold.constraints.automaton import DEAD, MAX_STATES, Automaton, explore, minimise
from scaffold.constraints.search import Alphabet, Searcher, alphabet, point_sets
from scaffold.constraints.syntax import Tree
from scaffold.constraints.terms import Terms, TooBigError
from scaffold.remembered import remembered

MAX_SETS = 600
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False, slots=True)
class CharacterAutomaton:
    """A minimal automaton, and the characters that its symbols stand for."""

    automaton: Automaton
    letters: Alphabet


@remembered(megabytes=64)
def of_tree(tree: Tree, is_negated: bool = False) -> CharacterAutomaton:  # noqa: FBT002  (positional for the cache)
    """Texts in which the pattern is found, or is not.

    Raises:
        TooBigError: a cap is reached.
        UnsupportedPatternError: an assertion stands where it has no automaton.
    """
    try:
        sets = frozenset(point_sets(tree, is_wide=is_negated))
        _check_count(len(sets))
        letters = alphabet(sets)
        terms = Terms(letters.size)
        found = Searcher(terms, letters, is_negated).search(tree)
        return CharacterAutomaton(explore(terms, terms.negate(found) if is_negated else found), letters)
    except RecursionError as error:
        raise TooBigError("nested too deeply") from error


def _check_count(sets: int) -> None:
    if sets > MAX_SETS:
        raise TooBigError(f"more than {MAX_SETS} sets of characters")


def excluding(texts: tuple[str, ...]) -> CharacterAutomaton:
    """Every text but these.

    Raises:
        TooBigError: they are too many.
    """
    known = sorted(set("".join(texts)))
    _check_count(len(known))
    ways: list[dict[str, int]] = [{}]
    ends = set()
    for text in texts:
        node = 0
        for character in text:
            if character not in ways[node]:
                ways[node][character] = len(ways)
                ways.append({})
            node = ways[node][character]
        ends.add(node)
    if len(ways) > MAX_STATES:
        raise TooBigError(f"more than {MAX_STATES} characters in excluded texts")
    letters = alphabet(frozenset(map(characters.of, known)))
    symbols = {c: _symbol(letters.masks[characters.of(c)]) for c in known if letters.masks[characters.of(c)]}
    table = np.full((len(ways) + 1, letters.size), len(ways), np.int32)  # the last state takes what is no start of one
    for node, branches in enumerate(ways):
        for character, target in branches.items():
            if character in symbols:  # a surrogate is in no text
                table[node, symbols[character]] = target
    accepting = np.array([node not in ends for node in range(len(ways) + 1)])
    return CharacterAutomaton(minimise(Automaton(table, accepting)), letters)


def _symbol(mask: int) -> int:
    return mask.bit_length() - 1


def intersection(first: CharacterAutomaton, second: CharacterAutomaton) -> CharacterAutomaton:
    """Texts of both.

    Raises:
        TooBigError: there are too many pairs of states.
    """
    letters, columns = _common(first.letters, second.letters)
    one = first.automaton.transitions[:, columns[0]].astype(np.int64)
    two = second.automaton.transitions[:, columns[1]].astype(np.int64)
    width = len(two)
    number, order, rows = {0: 0}, np.zeros(1, np.int64), []
    fresh = order
    while len(fresh):
        ahead, behind = one[fresh // width], two[fresh % width]
        pairs = np.where((ahead == DEAD) | (behind == DEAD), DEAD, ahead * width + behind)
        rows.append(pairs)
        fresh = np.array([pair for pair in np.unique(pairs).tolist() if pair not in number and pair != DEAD], np.int64)
        number.update(zip(fresh.tolist(), range(len(number), len(number) + len(fresh)), strict=True))
        order = np.concatenate([order, fresh])
        if len(order) > MAX_STATES:
            raise TooBigError(f"more than {MAX_STATES} states")
    number[DEAD] = DEAD
    pairs, inverse = np.unique(np.vstack(rows), return_inverse=True)
    table = np.array([number[pair] for pair in pairs.tolist()], np.int32)[inverse].reshape(len(order), -1)
    accepting = first.automaton.accepting[order // width] & second.automaton.accepting[order % width]
    return CharacterAutomaton(minimise(Automaton(table, accepting)), letters)


def _common(first: Alphabet, second: Alphabet) -> tuple[Alphabet, Ints]:
    """The coarsest alphabet that tells apart what either does, and the symbols of both for each of its own."""
    borders = np.union1d(first.borders, second.borders)
    pairs = np.stack([part.symbol[np.searchsorted(part.borders, borders, "right") - 1] for part in (first, second)])
    kept = pairs[0] >= 0
    columns, symbol = np.unique(pairs[:, kept], axis=1, return_inverse=True)
    symbols = np.full(len(borders), -1, np.int64)
    symbols[kept] = symbol
    return Alphabet(borders, symbols, {}, columns.shape[1]), columns
