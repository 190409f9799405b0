"""One request while it is being filled: what is decided, which tokens stand, and how sure the model was."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Literal

from scaffold.constraints.slot_automaton import SlotAutomaton, compile_slot
from scaffold.denoise.meaning import Said
from scaffold.denoise.quoted import Spans
from scaffold.errors import Path, SlotBudgetError
from scaffold.layout.budgets import start_size
from scaffold.layout.decisions import Decisions, SlotKey
from scaffold.layout.pieces import Layout, Slot
from scaffold.layout.reading import Reading
from scaffold.layout.spans import OpenChoice, OpenMaybe, OpenRepeat, SlotSpan
from scaffold.layout.template import BRANCH, MAX_UNASKED, Spelling, Template, instantiate
from scaffold.layout.windows import Around, all_of, beside, group_site, item_of, narrowed, nothing
from scaffold.tokenizer import Tokenizer

OnMissing = Literal["best", "null", "error"]
OnOverflow = Literal["error", "cut", "split"]
OPEN = -1
NO_ROOM = "shorten the prompt, ask for less at once, or use a model with a longer window"


def _nothing() -> Mapping[Any, Any]:
    return MappingProxyType({})


@dataclass(frozen=True, eq=False, slots=True)
class Pointing:
    """The spans of the prompt that a slot may quote, for slots of one length."""

    spans: Spans
    read: Callable[[int, int], Reading]
    """What the span of so many tokens from a source token comes to."""
    is_only: bool
    """Nothing but a quotation is legal."""


def first_size(slot: Slot, automaton: SlotAutomaton, tokenizer: Tokenizer, start_of: Callable[[int], int]) -> int:
    """Positions that a slot starts with: the layout's, those of `start_of` where its language bounds no length."""
    size, most = start_size(slot, tokenizer), automaton.max_tokens
    size = max(start_of(size) if most is None else size, automaton.min_tokens, 1)
    return size if most is None else max(1, min(size, most))


@dataclass(frozen=True, eq=False, slots=True)
class Request:
    """What does not change while a row is filled."""

    layout: Layout
    prompt: tuple[int, ...]
    source: tuple[int, int]
    """The part of `prompt` that spells the caller's text."""
    tokenizer: Tokenizer
    mask_id: int
    null_id: int
    max_length: int
    pointing: Callable[[Slot, int], Pointing | None]
    on_missing: OnMissing = "best"
    on_overflow: OnOverflow = "error"
    start_of: Callable[[int], int] = int
    """Positions that a slot of free length starts with, given what the layout would give it."""
    expand_id: int | None = None
    """The token by which the model asks for one more position, if it has one."""
    sample: int = 0
    """Number of this row among the samples of one prompt."""

    def automaton(self, slot: Slot) -> SlotAutomaton:
        """The legal fillings of a slot."""
        return compile_slot(slot, self.tokenizer, self.null_id)

    @property
    def free(self) -> int:
        """Tokens of the window that the prompt leaves."""
        return self.max_length - len(self.prompt)

    def template(self, decisions: Decisions, unasked: int = MAX_UNASKED) -> Template:
        """The layout under these decisions; see `Spelling` for `unasked`, which is less where all does not fit."""
        spelling = Spelling(self.tokenizer, self.mask_id, self.size_of, unasked)
        found = instantiate(self.layout, decisions, spelling)
        least = max(1, self.free // 4)
        if len(found.token_ids) <= self.free or not found.groups or least >= unasked:
            return found
        return instantiate(self.layout, decisions, replace(spelling, unasked=least))

    def size_of(self, slot: Slot) -> int:
        """Positions that a slot starts with."""
        return first_size(slot, self.automaton(slot), self.tokenizer, self.start_of)


@dataclass(frozen=True, eq=False, slots=True)
class Row:
    """The state of one request; a value, so every step makes a new one."""

    request: Request
    template: Template
    decisions: Decisions = field(default_factory=Decisions)
    written: Mapping[SlotKey, tuple[int, ...]] = field(default_factory=_nothing)
    """Tokens of a slot, `OPEN` where none is committed; missing: all open."""
    readings: Mapping[SlotKey, Reading] = field(default_factory=_nothing)
    chances: Mapping[SlotKey, float] = field(default_factory=_nothing)
    """Log probability of what was committed, slot by slot."""
    sure: Mapping[SlotKey, Mapping[int, float]] = field(default_factory=_nothing)
    """How sure the model was of each committed place of a slot; none of what it did not decide."""
    presence: Mapping[Path, float] = field(default_factory=_nothing)
    """Log probability of each decision of the model that a part is there, or is not; by its site."""
    banned: Mapping[SlotKey, Slot] = field(default_factory=_nothing)
    """Slots that a repair has narrowed."""
    forced: frozenset[SlotKey] = frozenset()
    """Slots whose text is the constraint's rather than the model's: they grow no further, and may be cut."""
    said: Said = field(default_factory=Said)
    """What made the model's parts be there, and its branches hold, all together."""
    guessed: int = 0
    """How many of them are there although the model gave no sign of meaning them."""
    given: frozenset[Path] = frozenset()
    """Sites of values that the caller knew; all below them is known as well."""
    notes: tuple[str, ...] = ()
    """Decisions on structure, in words, in order."""

    def slot(self, span: SlotSpan) -> Slot:
        """What may stand in the span."""
        return self.banned.get(span.key, span.slot)

    def tokens(self, span: SlotSpan) -> tuple[int, ...]:
        """Committed tokens of the span, `OPEN` elsewhere."""
        found = self.written.get(span.key, ())[: span.size]
        return found + (OPEN,) * (span.size - len(found))

    def is_open(self, span: SlotSpan) -> bool:
        """Whether some position is not committed."""
        return OPEN in self.tokens(span)

    @property
    def is_done(self) -> bool:
        """Nothing is left to decide or to commit."""
        return not self.template.groups and not any(map(self.is_open, self.template.spans))


def start(request: Request, decisions: Decisions, **state: Any) -> Row:
    """The first state of a request.

    Raises:
        SlotBudgetError: prompt and template are longer than the model's window.
    """
    template = request.template(decisions)
    check_room(request, template)
    return settled(Row(request, template, decisions, **state))


def check_room(request: Request, template: Template) -> None:
    """Hold prompt and template against the model's window.

    Raises:
        SlotBudgetError: they are longer.
    """
    need, room = len(request.prompt) + len(template.token_ids), request.max_length
    if need > room:
        parts = f"{len(request.prompt)} for the prompt and {len(template.token_ids)} for the layout"
        message = f"{need} tokens ({parts}) do not fit the model's window of {room}"
        raise SlotBudgetError((), message, NO_ROOM + '; on_overflow="split" fills it window by window')


def with_decisions(row: Row, decisions: Decisions) -> Row | None:
    """The row laid out anew under `decisions`; None where that does not fit the model's window.

    Of a row that may be split, what is open is hidden then, from the last part on.
    """
    laid = replace(row, decisions=decisions, template=row.request.template(decisions))
    if len(laid.template.token_ids) <= row.request.free:
        return settled(laid)
    if row.request.on_overflow != "split":
        return None
    kept = narrow(laid, open_items(laid), (all_of, beside, nothing))
    return None if kept is None else settled(kept)


def open_sites(row: Row) -> tuple[Path, ...]:
    """What the model is still to be asked for, each of which may be hidden: slots first, then groups."""
    slots = (span.site for span in free_spans(row) if row.is_open(span))
    return tuple(dict.fromkeys((*slots, *map(group_site, row.template.groups))))


def open_items(row: Row) -> tuple[Path, ...]:
    """The same, items of lists as wholes."""
    return tuple(dict.fromkeys(map(item_of, open_sites(row))))


def narrow(row: Row, parts: Sequence[Path], arounds: Sequence[Around], reserve: int = 0) -> Row | None:
    """The row with so much hidden that it fits the window less a reserve; None where not even the first part does.

    What is written stays in view by the first of `arounds` with which something fits.
    """
    free, shown = row.request.free - reserve, row.decisions.hidden
    written = tuple(span.site for span in row.template.spans if not row.is_open(span))

    def lay(hidden: frozenset[Path]) -> Template | None:
        template = row.request.template(row.decisions.with_hidden(shown | hidden), max(1, min(free // 4, MAX_UNASKED)))
        return template if len(template.token_ids) <= free else None

    hidden = narrowed(row.template, parts, (written, arounds), lay)
    if hidden is None:
        return None
    template = lay(hidden)
    assert template is not None, "it was found to fit"
    return replace(row, decisions=row.decisions.with_hidden(shown | hidden), template=template)


def settled(row: Row) -> Row:
    """Write the slots that have one legal text: they cost no model call."""
    written = dict(row.written)
    for span in free_spans(row):
        if span.key not in written:
            literals = row.request.automaton(row.slot(span)).literals
            if literals is not None and len(literals) == 1 and len(literals[0]) <= span.size:
                written[span.key] = filled(literals[0], span.size, row.request.null_id)
    return replace(row, written=written) if len(written) > len(row.written) else row


def filled(ids: tuple[int, ...], size: int, null_id: int) -> tuple[int, ...]:
    """`ids`, then nulls."""
    return ids + (null_id,) * (size - len(ids))


def free_spans(row: Row) -> list[SlotSpan]:
    """The spans that stand in no open group: those that may be written to."""
    inside: set[int | None] = set()
    choices: list[Path] = []
    for group in row.template.groups:
        match group:
            case OpenMaybe():
                inside.update(group.spans)
            case OpenRepeat():
                inside.update(index for item in group.items for index in item.spans)
            case OpenChoice(span=None):
                choices.append(group.site)
            case OpenChoice():
                inside.add(group.span)
    return [
        span
        for index, span in enumerate(row.template.spans)
        if index not in inside and not any(is_in_branch(span.site, site) for site in choices)
    ]


def is_in_branch(site: Path, choice: Path) -> bool:
    """Whether `site` lies in a branch of the choice at `choice`."""
    depth = len(choice)
    if site[:depth] != choice or len(site) == depth:
        return False
    step = site[depth]
    return isinstance(step, int) and step <= BRANCH
