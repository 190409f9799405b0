"""Which spans of a prompt a slot may quote, and what each comes to."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from scaffold.constraints.language import ByteAutomaton, escape, slot_language
from scaffold.decode.normalise import Kind, candidates
from scaffold.errors import UnsatisfiableSchemaError
from scaffold.layout.pieces import Slot
from scaffold.layout.reading import Reading
from scaffold.schema import ir
from scaffold.tokenizer import Tokenizer, character_offsets

KINDS: Mapping[str, Kind] = {"date": "date", "time": "time", "date-time": "date-time", "duration": "duration"}
Readings = Mapping[tuple[int, int], Reading]
"""By first token and number of tokens."""


@dataclass(frozen=True)
class Prompt:
    """A text and the tokens that spell it."""

    text: str
    ids: tuple[int, ...]
    tokenizer: Tokenizer

    @cached_property
    def pieces(self) -> tuple[bytes, ...]:
        """The bytes of each token."""
        known = self.tokenizer.token_bytes
        return tuple(known[token] for token in self.ids)

    @cached_property
    def is_exact(self) -> bool:
        """Whether the tokens spell the text; else nothing can be quoted."""
        return b"".join(self.pieces) == self.text.encode()

    @cached_property
    def characters(self) -> tuple[tuple[int, int], ...]:
        """The characters of each token without the space around them; empty inside a character."""
        spans = character_offsets(self.tokenizer.token_bytes, self.ids)
        return tuple(_stripped(self.text, start, stop) for start, stop in spans)

    @cached_property
    def starts(self) -> tuple[bool, ...]:
        """Whether a quotation may begin with a token: at the border of a word, not with space."""
        return tuple(
            a < b and not _is_continued(piece.lstrip()) and _is_border(self.text, a)
            for (a, b), piece in zip(self.characters, self.pieces, strict=True)
        )

    @cached_property
    def stops(self) -> tuple[bool, ...]:
        """Whether a quotation may end with a token."""
        following = (*self.pieces[1:], b"")
        return tuple(
            a < b and not _is_continued(after) and _is_border(self.text, b)
            for (a, b), after in zip(self.characters, following, strict=True)
        )

    @cached_property
    def first_ids(self) -> tuple[int, ...]:
        """Each token without the space at its front, where one token spells that; else itself."""
        by_bytes = {piece: index for index, piece in enumerate(self.tokenizer.token_bytes) if piece}
        return tuple(by_bytes.get(piece.lstrip(), token) for token, piece in zip(self.ids, self.pieces, strict=True))

    def quotation(self, start: int, length: int) -> Reading:
        """The text of a span, as it stands in the source."""
        a, b = self.characters[start][0], self.characters[start + length - 1][1]
        return Reading(escape(self.text[a:b]), self.text[a:b], (a, b))


def _stripped(text: str, start: int, stop: int) -> tuple[int, int]:
    inside = text[start:stop]
    return start + len(inside) - len(inside.lstrip()), max(stop - len(inside) + len(inside.rstrip()), start)


def _is_continued(piece: bytes) -> bool:
    """Whether it begins inside a character."""
    return bool(piece) and piece[0] & 0xC0 == 0x80


def _is_border(text: str, at: int) -> bool:
    return at <= 0 or at >= len(text) or not (text[at - 1].isalnum() and text[at].isalnum())


def is_any_text(slot: Slot) -> bool:
    """Whether every span is a legal quotation."""
    node = slot.node
    bare = ir.String(about=node.about)
    return node == bare and not slot.is_bare


def kind_of(slot: Slot) -> Kind | None:
    """The kind of value that is normalised in such a slot."""
    match slot.node:
        case ir.Number(is_integer=is_integer):
            return "integer" if is_integer else "number"
        case ir.String(formats=(name, *_)) if not slot.is_bare:
            return KINDS.get(name)
        case _:
            return None


def normalised(prompt: Prompt, slot: Slot, kind: Kind) -> Readings:
    """The spans that a fixed rule maps to a legal value of the slot."""
    starts = {a: k for k, (a, b) in reversed(list(enumerate(prompt.characters))) if a < b}
    stops = {b: k for k, (a, b) in enumerate(prompt.characters) if a < b}
    automaton = _automaton(slot)
    found: dict[tuple[int, int], Reading] = {}
    if automaton is None:
        return found
    for one in candidates(prompt.text, kind):
        first, last = starts.get(one.start), stops.get(one.stop)
        if first is None or last is None or last < first or not automaton.accepts(one.value_text.encode()):
            continue
        raw = prompt.text[one.start : one.stop]
        reading = Reading(one.value_text, raw, (one.start, one.stop), raw != one.value_text)
        found.setdefault((first, last - first + 1), reading)
    return found


def legal_quotations(prompt: Prompt, slot: Slot, longest: int) -> Readings:
    """The spans of at most `longest` tokens whose text is legal in the slot."""
    automaton = _automaton(slot)
    if automaton is None:
        return {}
    stops = [k for k, is_stop in enumerate(prompt.stops) if is_stop]
    found: dict[tuple[int, int], Reading] = {}
    for start in (k for k, is_start in enumerate(prompt.starts) if is_start):
        for stop in stops:
            if start <= stop < start + longest:
                reading = prompt.quotation(start, stop - start + 1)
                if automaton.accepts(reading.text.encode()):
                    found[start, stop - start + 1] = reading
    return found


def _automaton(slot: Slot) -> ByteAutomaton | None:
    try:
        return slot_language(slot).automaton
    except UnsatisfiableSchemaError:
        return None
