"""How symbols of code points are spelled in bytes: UTF-8, with the escapes of a JSON string.

The spellings of one character form a small graph that is the same in every state of an automaton over
characters; putting the two together gives the automaton over bytes.
"""

import json
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from scaffold.constraints.automaton import DEAD, Automaton, distinct_columns
from scaffold.constraints.byte_automaton import ByteAutomaton, merge_columns
from scaffold.constraints.characters import LIMIT
from scaffold.constraints.search import Alphabet
from scaffold.constraints.terms import TooBigError

MAX_CELLS = 20_000_000
Ints = npt.NDArray[np.int64]
_BLOCK_STARTS = np.arange(0, LIMIT, 64)


def escape(text: str) -> str:
    """`text` as it stands between the quotes of a JSON string: the fewest escapes, everything else as it is."""
    return json.dumps(text, ensure_ascii=False)[1:-1]


def check_spelling(automaton: Automaton, letters: Alphabet) -> None:
    """Find out whether `spell` can be afforded.

    Raises:
        TooBigError: the table would be too large.
    """
    ways, _ = distinct_columns(_graph(letters))
    if len(automaton.accepting) * ways.size > MAX_CELLS:
        raise TooBigError("too many states inside characters")


def spell(automaton: Automaton, letters: Alphabet) -> ByteAutomaton:
    """The automaton over bytes of an automaton over symbols; `check_spelling` says whether it can be afforded."""
    ways, byte_class = distinct_columns(_graph(letters))
    states = len(automaton.accepting)
    targets = np.hstack([automaton.transitions, np.full((states, 1), DEAD)]).astype(np.int64)
    rows = _rows(targets, ways)
    accepting = np.zeros(len(rows), np.bool_)
    accepting[:states] = automaton.accepting
    return merge_columns(_merge(rows, accepting), byte_class.astype(np.int32))


def _merge(rows: Ints, accepting: npt.NDArray[np.bool_]) -> Automaton:
    """Merge states with equal rows until there are none.

    That is minimal: states between characters differ already, and states inside characters, whose texts start
    with other bytes or with the rest of an escape, lead to those within five bytes.
    """
    while True:
        keys = [bytes([end]) + row.tobytes() for end, row in zip(accepting.tolist(), rows, strict=True)]
        number: dict[bytes, int] = {}
        label = np.array([number.setdefault(key, len(number)) for key in keys] + [DEAD])
        if len(number) == len(rows):
            return Automaton(rows.astype(np.int32), accepting)
        first = np.unique(label[:-1], return_index=True)[1]
        rows, accepting = label[rows[first]], accepting[first]


def _rows(targets: Ints, ways: Ints) -> Ints:
    """Rows of all states: first those between characters, then the distinct ones inside characters."""
    states = len(targets)
    inside: dict[bytes, int] = {}
    reached = np.full((len(ways), states), DEAD, np.int64)
    extra: list[Ints] = []
    rows = targets
    for node, way in enumerate(ways):
        rows = np.full((states, len(way)), DEAD, np.int64)
        is_symbol, is_node = way >= 0, way <= -2
        rows[:, is_symbol] = targets[:, way[is_symbol]]
        rows[:, is_node] = reached[-2 - way[is_node]].T
        if node == len(ways) - 1:
            break
        for state in np.flatnonzero((rows >= 0).any(1)):
            key = rows[state].tobytes()
            if key not in inside:
                inside[key] = states + len(extra)
                extra.append(rows[state])
            reached[node, state] = inside[key]
    return np.vstack([rows, *extra]) if extra else rows


@lru_cache(maxsize=64)
def _graph(letters: Alphabet) -> Ints:
    """What each byte leads to from each node: a symbol, -1 dead, or the node -2 - way.

    A node comes after those it leads to; the last is the start of a character.
    """
    nodes: list[Ints] = []
    blocks = _blocks(letters, nodes)  # by all but the last six bits
    planes = _places(blocks.reshape(-1, 64), nodes)
    # The short spelling of a character is the only legal one: that bounds some second bytes.
    root = np.full(256, DEAD, np.int64)
    ascii_symbols = _symbols(letters, np.arange(128))
    root[:128] = ascii_symbols
    root[0xC2:0xE0] = blocks[2:32]
    root[0xE0] = _node(nodes, blocks[32:64], 0xA0)
    root[0xE1:0xF0] = planes[1:16]
    root[0xF0] = _node(nodes, planes[16:64], 0x90)
    root[0xF1:0xF4] = [_node(nodes, planes[start : start + 64], 0x80) for start in (64, 128, 192)]
    root[0xF4] = _node(nodes, planes[256:], 0x80)
    _escapes(root, ascii_symbols, nodes)
    return _reached(np.stack([*nodes, root]))


def _reached(ways: Ints) -> Ints:
    """Only the nodes that are on a way from the last one, each once."""
    kept, number, known = set[int](), np.full(len(ways) + 1, DEAD, np.int64), dict[bytes, int]()
    for node in reversed(range(len(ways))):
        if node == len(ways) - 1 or node in kept:
            kept.add(node)
            kept.update((-2 - ways[node][ways[node] <= -2]).tolist())
    rows: list[Ints] = []
    for node in sorted(kept):
        row = np.where(ways[node] <= -2, -2 - number[-2 - np.minimum(ways[node], -2)], ways[node])
        number[node] = known.setdefault(row.tobytes(), len(rows))
        if number[node] == len(rows):
            rows.append(row)
    return np.stack(rows)


def _symbols(letters: Alphabet, points: Ints) -> Ints:
    return letters.symbol[np.searchsorted(letters.borders, points, side="right") - 1]


def _blocks(letters: Alphabet, nodes: list[Ints]) -> Ints:
    """A node for every 64 characters that share all but their last continuation byte."""
    symbols, place = np.unique(_symbols(letters, _BLOCK_STARTS), return_inverse=True)
    found = np.array([_node(nodes, np.full(64, symbol), 0x80) for symbol in symbols])[place]
    mixed = np.unique(letters.borders[letters.borders % 64 != 0] // 64)
    for block, row in zip(mixed, _symbols(letters, mixed[:, None] * 64 + np.arange(64)), strict=True):
        found[block] = _node(nodes, row, 0x80)
    return found


def _places(rows: Ints, nodes: list[Ints]) -> Ints:
    """A node for every row of 64 continuation bytes; equal rows, which most are, share one."""
    known: dict[bytes, int] = {}
    for row in rows:
        key = row.tobytes()
        if key not in known:
            known[key] = _node(nodes, row, 0x80)
    return np.array([known[row.tobytes()] for row in rows])


def _node(nodes: list[Ints], ways: Ints, first_byte: int) -> int:
    """A new node that reads `ways` from `first_byte` on, as a way to it."""
    if (ways == DEAD).all():
        return DEAD
    node = np.full(256, DEAD, np.int64)
    node[first_byte : first_byte + len(ways)] = ways
    nodes.append(node)
    return -2 - (len(nodes) - 1)


def _escapes(root: Ints, symbol: Ints, nodes: list[Ints]) -> None:
    """Move what must be escaped in JSON from `root` to nodes behind a backslash."""
    tree: dict[int, object] = {}
    for point in (*range(0x20), ord('"'), ord("\\")):
        branch = tree
        *path, last = escape(chr(point)).encode()
        for byte in path:
            branch = branch.setdefault(byte, {})  # type: ignore[assignment]
        branch[last] = int(symbol[point])
        root[point] = DEAD
    root[ord("\\")] = _grow(tree[ord("\\")], nodes)


def _grow(tree: object, nodes: list[Ints]) -> int:
    if isinstance(tree, int):
        return tree
    assert isinstance(tree, dict)
    ways = np.full(256, DEAD, np.int64)
    for byte, branch in tree.items():
        ways[byte] = _grow(branch, nodes)
    return _node(nodes, ways, 0)
