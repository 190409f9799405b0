"""From a row (schema, text, value) to a canvas with targets, opened up the way the engine will meet it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from random import Random
from typing import Any

from scaffold.constraints.slot_automaton import compile_slot
from scaffold.denoise.lengths.fixed import Fixed
from scaffold.denoise.lengths.null_growth import NullGrowth
from scaffold.denoise.lengths.seam import Length
from scaffold.denoise.row import first_size
from scaffold.errors import Path, ScaffoldError, pointer
from scaffold.layout.budgets import start_size
from scaffold.layout.decisions import Decisions, SlotKey
from scaffold.layout.encode import Encoded, encode
from scaffold.layout.json_syntax import lay_out
from scaffold.layout.pieces import Layout, Slot
from scaffold.layout.spans import SlotSpan
from scaffold.layout.template import Spelling, Template, instantiate
from scaffold.models.embedded import SEPARATOR
from scaffold.pipeline.quoting import quoted
from scaffold.schema import canonical, ir
from scaffold.schema.lower import lower
from scaffold.tokenizer import Tokenizer
from scaffold.train.corpora import Row

START_WEIGHT = 2.0
"""Weight of a slot's first position: it tells absent from present, and copying follows it."""
TAIL_WEIGHT = 0.03
"""Weight of a null behind the first one of its slot: it says little, and there are many."""

BUILT_IN = NullGrowth()
LENGTHS: Mapping[Length, float] = {BUILT_IN: 0.6, Fixed(8): 0.12, Fixed(16): 0.13, Fixed(32): 0.15}
"""Where slots start, with the share of the examples: users choose other sizes, and long slots cost time."""

Prompt = Callable[[str], tuple[tuple[int, ...], int, int]]
"""See `MaskPredictor.prompt`."""


@dataclass(frozen=True, slots=True)
class Example:
    """One canvas row and what its slot positions should become; lists share the canvas's length."""

    tokens: list[int]
    """What stands on the canvas when nothing is masked: the targets at slot positions."""
    offset: list[int]
    source: list[bool]
    weight: list[float]
    """0 outside slots and at positions that are committed from the start."""
    origins: list[tuple[int, ...]]
    """Where a slot position would be copied from by copying the slot's whole target; none if that stands nowhere."""


@dataclass(frozen=True, slots=True)
class ExampleMaker:
    """Turns rows into examples for one tokenizer; `max_length` in tokens."""

    tokenizer: Tokenizer
    mask_id: int
    null_id: int
    max_length: int = 640
    prompt: Prompt | None = None
    """How the model is shown a text; by default as the embedded default is: the text and a line break."""

    def __call__(self, row: Row, rng: Random) -> Example | None:
        """An example, or None where the row does not fit the window or the layout."""
        try:
            layout = _layout(canonical.dumps(_shuffled(row, rng)))
        except ScaffoldError:
            return None  # a schema beyond the compiler teaches nothing
        found = encode(layout, row["value"], lambda *_: True)
        if found is None:
            return None
        found = replace(found, decisions=opened(found.decisions, rng))
        (length,) = rng.choices(list(LENGTHS), list(LENGTHS.values()))
        lengths = dict.fromkeys((length, BUILT_IN))  # what only the longer slots make too long is not lost
        made = (self._begun(row, layout, found, start, rng) for start in lengths)
        return next((example for example in made if example is not None), None)

    def _begun(self, row: Row, layout: Layout, found: Encoded, length: Length, rng: Random) -> Example | None:
        """The example with slots that `length` starts."""
        draft = self.template(layout, found.decisions, length)
        targets = {span.key: self.tokenizer.encode(words(span, found, row)) for span in draft.spans}
        sizes = {span.key: self._room(span, len(targets[span.key]), length, rng) for span in draft.spans}
        return self.example(row["text"], self.template(layout, replace(found.decisions, sizes=sizes), length), targets)

    def template(self, layout: Layout, decisions: Decisions, length: Length) -> Template:
        """The template under `decisions`, slots as `length` starts them where nothing else is decided."""
        return instantiate(
            layout, decisions, Spelling(self.tokenizer, self.mask_id, partial(self._first_size, length.start))
        )

    def _first_size(self, start_of: Callable[[int], int], slot: Slot) -> int:
        if isinstance(slot.node, ir.Enum | ir.Boolean):
            return start_size(slot, self.tokenizer)  # all texts fit: no automaton is needed to know
        return first_size(slot, compile_slot(slot, self.tokenizer, self.null_id), self.tokenizer, start_of)

    def _room(self, span: SlotSpan, need: int, length: Length, rng: Random) -> int:
        """The size a slot would have grown to, sometimes another; sometimes too small, to teach that it must grow."""
        if isinstance(span.slot.node, ir.Enum | ir.Boolean):
            return max(span.size, need)
        if need > span.size and rng.random() < 0.3:
            return span.size
        size = span.size
        while size <= need:
            size *= 2
        is_other = length == BUILT_IN and rng.random() < 0.2
        return rng.randint(need + 1, max(need + 1, 2 * size)) if is_other else size

    def example(self, text: str, template: Template, targets: Mapping[SlotKey, tuple[int, ...]]) -> Example | None:
        """Lay prompt and template side by side with the targets in the slots."""
        head, first, last = self._plain(text) if self.prompt is None else self.prompt(text)
        tokens = [*head, *template.token_ids]
        if len(tokens) > self.max_length:
            return None
        offset, weight = [-1] * len(tokens), [0.0] * len(tokens)
        source = [first <= i < last for i in range(len(tokens))]
        for start, stop in template.hints:
            source[len(head) + start : len(head) + stop] = [True] * (stop - start)
        origins: list[tuple[int, ...]] = [()] * len(tokens)
        for span in template.spans:
            target = targets[span.key]
            starts = places_of(target, tokens, source, self.tokenizer.token_bytes)
            for k in range(span.size):
                at = len(head) + span.start + k
                origins[at] = tuple(start + k for start in starts) if k < len(target) else ()
                tokens[at] = target[k] if k < len(target) else self.null_id
                offset[at] = k
                weight[at] = START_WEIGHT if k == 0 else 1.0 if k <= len(target) else TAIL_WEIGHT
        return Example(tokens, offset, source, weight, origins)

    def _plain(self, text: str) -> tuple[tuple[int, ...], int, int]:
        ids = self.tokenizer.encode(text)
        return (*ids, *self.tokenizer.encode(SEPARATOR)), 0, len(ids)


def places_of(
    target: tuple[int, ...], tokens: list[int], source: list[bool], pieces: Sequence[bytes]
) -> tuple[int, ...]:
    """Where the source spells the whole target; there may be a space before the first token."""
    if not target:
        return ()
    size, head, rest = len(target), pieces[target[0]], [*target[1:]]
    return tuple(
        at
        for at in range(len(tokens) - size + 1)
        if source[at]
        and pieces[tokens[at]].removeprefix(b" ") == head
        and tokens[at + 1 : at + size] == rest
        and all(source[at : at + size])
    )


@lru_cache(maxsize=4096)
def _layout(schema: str) -> Layout:
    return lay_out(lower(canonical.loads(schema)))


def _shuffled(row: Row, rng: Random) -> Any:
    """The schema, sometimes with its properties in another order and without descriptions: neither is the point.

    Descriptions stay where a value is not what the text says: they may be all that asks for its form.
    """
    schema = row["schema"]
    if not isinstance(schema, dict) or "properties" not in schema or rng.random() < 0.5:
        return schema
    names = list(schema["properties"].items())
    rng.shuffle(names)
    if rng.random() < 0.3 and not row.get("non_extractive"):
        names = [(name, {k: v for k, v in sub.items() if k != "description"}) for name, sub in names]
    return {**schema, "properties": dict(names)}


def opened(truth: Decisions, rng: Random) -> Decisions:
    """Forget what the engine would still have to find out at some moment of a fill."""
    is_late = rng.random() < 0.3
    maybes = {key: True for key, there in truth.maybes.items() if there and is_late and rng.random() < 0.7}
    counts = {site: (rng.randint(0, n) if rng.random() < 0.4 else 0) for site, n in truth.counts.items()}
    ended = frozenset(site for site, n in truth.counts.items() if counts[site] == n and rng.random() < 0.3)
    return Decisions(maybes, counts, ended, truth.branches)


def words(span: SlotSpan, found: Encoded, row: Row) -> str:
    """What a slot should hold: the words of the prompt where quoting them comes to the value, else the value's text.

    Empty where the value is absent. Choices are written as they are offered, whatever the prompt calls them.
    """
    text = found.texts.get(span.key, "")
    said = row.get("spans", {}).get(pointer(_visible(span.site)))
    if not text or said is None or not isinstance(span.slot.node, ir.String | ir.Number):
        return text
    start, stop = said
    came = quoted(span.slot, row["text"], (start, stop))
    is_same = came == text or (
        isinstance(span.slot.node, ir.Number) and came is not None and float(came) == float(text)
    )
    return str(row["text"][start:stop]) if is_same else text


def _visible(site: Path) -> Path:
    return tuple(step for step in site if not (isinstance(step, int) and step < 0))
