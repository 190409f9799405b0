"""The inverse of filling: from a value to decisions and slot texts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from scaffold.errors import LayoutError, Path
from scaffold.layout.decisions import Decisions, SlotKey
from scaffold.layout.pieces import (
    At,
    Choice,
    Const,
    Hint,
    Joined,
    Later,
    Layout,
    Maybe,
    Piece,
    Repeat,
    Row,
    Slot,
    Text,
)
from scaffold.layout.template import BRANCH
from scaffold.schema import canonical, ir

Legal = Callable[[Slot, str], bool]
"""Whether a text may stand in a slot."""


@dataclass(frozen=True, slots=True)
class Encoded:
    """A value as decisions and the text of every slot."""

    decisions: Decisions
    texts: Mapping[SlotKey, str]


def encode(layout: Layout, value: Any, is_legal: Legal) -> Encoded | None:
    """Find the decisions and slot texts that spell `value`; None if the layout cannot express it.

    Key order and the spelling of numbers and escapes are not kept.

    Raises:
        LayoutError: the value is nested deeper than the interpreter can follow.
    """
    return encode_at(layout, layout.root, value, (), is_legal)


def encode_at(layout: Layout, piece: Piece, value: Any, site: Path, is_legal: Legal) -> Encoded | None:
    """The same for one piece of the layout, at its site."""
    walk = _Encoder(layout, is_legal)
    try:
        is_found = walk.value(piece, value, site)
    except RecursionError as error:
        raise LayoutError(site, "the value is nested too deeply", "use a flatter one") from error
    if not is_found:
        return None
    decisions = Decisions(walk.maybes, walk.counts, frozenset(walk.counts), walk.branches)
    return Encoded(decisions, walk.texts)


class _Encoder:
    """One walk over tree and value together; lives only inside `encode`."""

    def __init__(self, layout: Layout, is_legal: Legal) -> None:
        self.layout, self.is_legal = layout, is_legal
        self.maybes: dict[tuple[Path, str], bool] = {}
        self.counts: dict[Path, int] = {}
        self.branches: dict[Path, int] = {}
        self.texts: dict[SlotKey, str] = {}

    def value(self, piece: Piece, value: Any, site: Path, key: str = "") -> bool:
        match piece:
            case Text() | Hint():
                return True
            case Const(literal=literal):
                return canonical.equal(canonical.loads(literal), value)
            case Slot():
                return self.slot(piece, key if piece.role == "key" else value, site)
            case Row():
                return self.row(piece, value, site, key)
            case At() | Later():
                return self.deeper(piece, value, site)
            case Joined():
                return self.joined(piece, value, site)
            case Maybe():
                return self.nullable(piece, value, site)
            case Choice():
                return self.choice(piece, value, site)
            case Repeat():
                raise AssertionError("a repeat stands only among members or items")

    def row(self, piece: Row, value: Any, site: Path, key: str) -> bool:
        return all(self.value(part, value, site, key) for part in piece.pieces)

    def deeper(self, piece: At | Later, value: Any, site: Path) -> bool:
        if isinstance(piece, Later):
            return self.value(self.layout.definitions[piece.name], value, site)
        return self.value(piece.piece, value, (*site, piece.step))

    def slot(self, slot: Slot, value: Any, site: Path) -> bool:
        text = slot_text(slot, value)
        if text is None or not self.is_legal(slot, text):
            return False
        self.texts[site, slot.role] = text
        return True

    def nullable(self, piece: Maybe, value: Any, site: Path) -> bool:
        is_present = value is not None or not piece.absent
        self.maybes[site, piece.absent] = is_present
        return not is_present or self.value(piece.body, value, site)

    def joined(self, piece: Joined, value: Any, site: Path) -> bool:
        return self.array(piece, value, site) if piece.kind == "array" else self.object(piece, value, site)

    def array(self, piece: Joined, value: Any, site: Path) -> bool:
        (items,) = piece.pieces
        assert isinstance(items, Repeat), "an array holds one repeat"
        if not isinstance(value, list) or not _fits(items, len(value)):
            return False
        self.counts[site] = len(value)
        return all(self.value(items.item(i), item, (*site, i)) for i, item in enumerate(value))

    def object(self, piece: Joined, value: Any, site: Path) -> bool:
        if not isinstance(value, dict) or not _is_within(piece, len(value)):
            return False
        members = [m for m in piece.pieces if isinstance(m, At)]
        declared = [m for m in members if not isinstance(m.piece, Repeat)]
        extras = [(m.step, m.piece) for m in members if isinstance(m.piece, Repeat)]
        rest = {k: v for k, v in value.items() if k not in {m.step for m in declared}}
        return all(self.member(m, value, site) for m in declared) and self.entries(extras, rest, site)

    def member(self, member: At, value: dict[str, Any], site: Path) -> bool:
        inner = (*site, member.step)
        body, name = member.piece, str(member.step)
        if not isinstance(body, Maybe) or body.absent:
            return name in value and self.value(body, value[name], inner)
        self.maybes[inner, ""] = name in value
        return name not in value or self.value(body.body, value[name], inner)

    def entries(self, extras: list[tuple[str | int, Repeat]], rest: dict[str, Any], site: Path) -> bool:
        counts = {(*site, step): 0 for step, _ in extras}
        for key, value in rest.items():
            for step, repeat in extras:
                at = (*site, step)
                if self.value(repeat.item(0), value, (*at, counts[at]), key):
                    counts[at] += 1
                    break
            else:
                return False
        self.counts.update(counts)
        return all(_fits(repeat, counts[*site, step]) for step, repeat in extras)

    def choice(self, piece: Choice, value: Any, site: Path) -> bool:
        for index, branch in enumerate(piece.branches):
            attempt = _Encoder(self.layout, self.is_legal)
            if attempt.value(branch, value, (*site, BRANCH - index)):
                for mine, found in zip(self.state(), attempt.state(), strict=True):
                    mine.update(found)
                self.branches[site] = index
                return True
        return False

    def state(self) -> tuple[dict[Any, Any], ...]:
        return self.maybes, self.counts, self.branches, self.texts


def _is_within(piece: Joined, count: int) -> bool:
    return piece.least <= count and (piece.most is None or count <= piece.most)


def _fits(repeat: Repeat, count: int) -> bool:
    return repeat.minimum <= count and (repeat.limit is None or count <= repeat.limit)


def slot_text(slot: Slot, value: Any) -> str | None:
    """The text of `value` in a slot, quotes left out where they stand around it; None: wrong type."""
    for literal in _literals(slot.node):
        if canonical.equal(canonical.loads(literal), value):
            return literal if slot.is_bare or _is_mixed(slot.node) else literal[1:-1]
    if isinstance(value, dict | list):
        return None
    text = canonical.dumps(value)
    is_quoted = not slot.is_bare and isinstance(slot.node, ir.String)
    if is_quoted != isinstance(value, str) and not slot.is_bare:
        return None
    return text[1:-1] if is_quoted else text


def _literals(node: ir.Node) -> tuple[str, ...]:
    match node:
        case ir.Enum():
            return node.literals
        case ir.Union():
            return tuple(literal for branch in node.branches for literal in _literals(branch))
        case _:
            return ()


def _is_mixed(node: ir.Node) -> bool:
    """Whether an enum's literals stand in the slot with their quotes."""
    return not (isinstance(node, ir.Enum) and all(literal.startswith('"') for literal in node.literals))
