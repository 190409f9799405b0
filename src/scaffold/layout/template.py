"""The token form of a layout for given decisions: fixed tokens, slot spans, open groups."""

from dataclasses import dataclass, field
from itertools import pairwise

from scaffold.errors import LayoutError, Path, SlotBudgetError, pointer
from scaffold.layout.bounds import bounded
from scaffold.layout.decisions import Decisions, MaybeKey
from scaffold.layout.heights import least_branch
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
from scaffold.layout.spans import OpenChoice, OpenGroup, OpenMaybe, OpenRepeat, SlotSpan
from scaffold.layout.spelling import LEAST_SHOWN, MAX_UNASKED, Spelling

__all__ = ["BRANCH", "MAX_UNASKED", "Spelling", "Template", "instantiate"]

MAX_PIECES = 500_000
BRANCH = -1000
"""Branch k of a choice at site s stands at s + (BRANCH - k,)."""


@dataclass(frozen=True, slots=True)
class Template:
    """Fixed tokens and the spans between them that a model fills.

    Invariant: spans are sorted and disjoint; exactly their tokens are `mask_id`.
    """

    token_ids: tuple[int, ...]
    spans: tuple[SlotSpan, ...]
    parts: tuple[str | int, ...]
    """The result in order: fixed text, or the index of a span."""
    hints: tuple[tuple[int, int], ...]
    groups: tuple[OpenGroup, ...]
    """Outermost open groups only: what is inside an open group is decided after it."""
    mask_id: int

    def __post_init__(self) -> None:
        """Hold the invariant."""
        assert all(a.stop <= b.start for a, b in pairwise(self.spans)), "spans overlap"

    def pretty(self) -> str:
        """The result with a slot shown as its path between white brackets."""
        return "".join(part if isinstance(part, str) else f"⟦{pointer(self.spans[part].site)}⟧" for part in self.parts)


def instantiate(layout: Layout, decisions: Decisions, spelling: Spelling) -> Template:
    """Spell `layout` under `decisions`; cheap, and the same arguments give the same template.

    Raises:
        LayoutError: the layout is nested deeper than the interpreter can follow.
        SlotBudgetError: it has more parts than any model's window has tokens.
    """
    writer = _Writer(layout, decisions, spelling)
    try:
        writer.write(layout.root, ())
    except RecursionError as error:
        raise LayoutError((), "the layout is nested too deeply", "flatten the schema") from error
    writer.flush()
    return Template(
        tuple(writer.token_ids),
        tuple(writer.spans),
        tuple(writer.parts),
        tuple(writer.hints),
        tuple(writer.groups),
        spelling.mask_id,
    )


@dataclass(slots=True)
class _Content:
    """What the group being written holds so far."""

    spans: list[int] = field(default_factory=list)
    required: list[int] = field(default_factory=list)

    def maybe(self, key: MaybeKey, *, is_counted: bool = False) -> OpenMaybe:
        return OpenMaybe(key, tuple(self.spans), tuple(self.required), is_counted)


class _Writer:
    """One walk over the tree; lives only inside `instantiate`."""

    def __init__(self, layout: Layout, decisions: Decisions, spelling: Spelling) -> None:
        self.layout, self.decisions, self.spelling = layout, decisions, spelling
        self.token_ids: list[int] = []
        self.spans: list[SlotSpan] = []
        self.parts: list[str | int] = []
        self.hints: list[tuple[int, int]] = []
        self.groups: list[OpenGroup] = []
        self.pending = ""
        self.pieces = 0
        self.open: list[_Content] = []  # enclosing open groups, outermost first
        self.names: list[str] = []  # enclosing definitions
        self.is_closing = False  # inside what nothing has asked for yet: lay out the least
        self.opened_at = 0  # where the outermost open group begins
        self.enough = MAX_PIECES  # tokens after which a branch that is being weighed gets no more

    def write(self, piece: Piece, site: Path) -> None:
        self.pieces += 1
        if self.pieces > MAX_PIECES:
            raise _too_many()
        match piece:
            case Text(text=text) | Const(literal=text):
                self.pending += text
            case Hint():
                self.hint(piece)
            case Slot():
                self.slot(piece, site)
            case Row():
                for part in piece.pieces:
                    self.write(part, site)
            case At():
                self.write(piece.piece, (*site, piece.step))
            case Joined() | Maybe() | Repeat() | Choice() | Later():
                self.group(piece, site)

    def group(self, piece: Joined | Maybe | Repeat | Choice | Later, site: Path) -> None:
        match piece:
            case Joined():
                self.joined(piece, site)
            case Maybe():
                self.maybe(piece, site)
            case Repeat():
                self.repeat(piece, site, is_first=True)
            case Choice():
                self.choice(piece, site)
            case Later():
                self.later(piece, site)

    def later(self, piece: Later, site: Path) -> None:
        was_closing = self.is_closing
        self.is_closing = was_closing or (bool(self.open) and piece.name in self.names)
        self.names.append(piece.name)
        self.write(self.layout.definitions[piece.name], site)
        self.names.pop()
        self.is_closing = was_closing

    def flush(self) -> None:
        if self.pending:
            self.token_ids.extend(self.spelling.tokens(self.pending))
            self.parts.append(self.pending)
            self.pending = ""

    def hint(self, piece: Hint) -> None:
        self.flush()
        start = len(self.token_ids)
        self.token_ids.extend(self.spelling.tokens(piece.text))
        self.hints.append((start, len(self.token_ids)))

    def slot(self, piece: Slot, site: Path) -> None:
        self.flush()
        key = (site, piece.role)
        size = self.decisions.sizes.get(key) or self.spelling.size_of(piece)
        start, index = len(self.token_ids), len(self.spans)
        self.token_ids.extend([self.spelling.mask_id] * size)
        self.spans.append(SlotSpan(site, piece, start, start + size))
        self.parts.append(index)
        for content in self.open:
            content.spans.append(index)
        if self.open:
            self.open[-1].required.append(index)

    def maybe(self, piece: Maybe, site: Path) -> None:
        key = (site, piece.absent)
        is_present = self.decisions.maybes.get(key, True if piece.is_kept else None)
        if self.is_least:
            self.pending += piece.absent
        elif is_present is None:
            index = self.reserve()
            content = self.inside(piece.body, site)
            if index is not None:
                self.groups[index] = content.maybe(key, is_counted=piece.is_counted)
        elif is_present:
            self.write(piece.body, site)
        else:
            self.pending += piece.absent

    def inside(self, piece: Piece, site: Path) -> _Content:
        """Write a piece that is an open group, and tell what it holds."""
        was_closing = self.is_closing
        is_judged = bool(self.open and self.open[0].spans)
        self.is_closing = was_closing or (is_judged and len(self.token_ids) > self.spelling.unasked)
        self.opened_at = self.opened_at if self.open else len(self.token_ids)
        self.open.append(_Content())
        self.write(piece, site)
        self.is_closing = was_closing
        return self.open.pop()

    @property
    def is_least(self) -> bool:
        """Whether what may be left out is: inside what nothing has asked for yet, once that is long or recurs."""
        if self.is_closing or len(self.token_ids) > self.enough:
            return True
        if not self.open:
            return False
        # A group that shows no slot cannot be judged, and would never be there.
        shown = min(LEAST_SHOWN, self.spelling.unasked) if self.open[0].spans else MAX_UNASKED
        return len(self.token_ids) > max(self.spelling.unasked, self.opened_at + shown)

    def reserve(self) -> int | None:
        """A place in `groups`, in order of appearance, for an outermost group."""
        if self.open:
            return None
        self.groups.append(_PLACE)
        return len(self.groups) - 1

    def joined(self, piece: Joined, site: Path) -> None:
        is_first = True
        if piece.least or piece.most is not None:
            piece = bounded(self.layout, piece, site, self.decisions, is_closing=self.is_least)
        for member in piece.pieces:
            step, body = (member.step, member.piece) if isinstance(member, At) else (None, member)
            inner = site if step is None else (*site, step)
            if inner in self.decisions.hidden:
                continue
            if isinstance(body, Repeat):
                is_first = self.repeat(body, inner, is_first=is_first)
            elif not self.vanishes(body, inner):
                self.pending += "" if is_first else ","
                self.write(body, inner)
                is_first = False

    def vanishes(self, piece: Piece, site: Path) -> bool:
        if not isinstance(piece, Maybe) or piece.absent:
            return False
        return self.is_least or self.decisions.maybes.get((site, "")) is False

    def repeat(self, piece: Repeat, site: Path, *, is_first: bool) -> bool:
        """Write known items, then open ones unless the end is decided; tells whether no item was written yet."""
        known = max(self.decisions.counts.get(site, 0), piece.minimum)
        limit = piece.limit
        ahead = self.decisions.ahead.get(site, piece.ahead)
        is_over = self.is_least or site in self.decisions.ended or (*site, known) in self.decisions.hidden
        open_to = known if is_over else known + ahead
        shown = open_to if limit is None else min(open_to, max(limit, known))
        if self.pieces + shown - len(self.decisions.hidden) > MAX_PIECES:
            raise _too_many()  # before half a million of them are written
        index = self.reserve() if shown > known else None
        items = []
        for i in (i for i in range(shown) if (*site, i) not in self.decisions.hidden):
            self.pending += "" if is_first else ","
            is_first = False
            item, inner = piece.item(i), (*site, i)
            if i < known:
                self.write(item, inner)
            else:
                content = self.inside(item, inner)
                items += [] if index is None else [content.maybe((inner, "item"))]
        if index is not None:
            self.groups[index] = OpenRepeat(site, known, tuple(items), limit, piece.is_counted)
        return is_first

    def choice(self, piece: Choice, site: Path) -> None:
        branch = self.decisions.branches.get(site)
        if branch is not None:
            was_enough = self.enough
            if site in self.decisions.weighed:
                self.enough = min(was_enough, max(self.spelling.unasked, len(self.token_ids) + LEAST_SHOWN))
            self.write(piece.branches[branch], (*site, BRANCH - branch))
            self.enough = was_enough
            return
        index = self.reserve()
        shown = least_branch(self.layout, piece)
        at = None if piece.undecided is None else len(self.spans)
        if piece.undecided is None:
            self.inside(piece.branches[shown], (*site, BRANCH - shown))
        else:
            self.write(piece.undecided, site)
        if index is not None:
            self.groups[index] = OpenChoice(site, len(piece.branches), piece.literals, at, shown)


def _too_many() -> SlotBudgetError:
    hint = "require fewer items and members: those of one level multiply the next"
    return SlotBudgetError((), f"the layout has more than {MAX_PIECES} parts", hint)


_PLACE = OpenChoice((), 0, (), None)
