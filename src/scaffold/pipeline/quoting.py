"""Which spans of a prompt a slot may quote, and what they come to in the document."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import torch

from scaffold.constraints.language import escape
from scaffold.decode.candidate import Candidate
from scaffold.decode.normalise import Kind, candidates
from scaffold.denoise.quoted import Source, Spans, spans_of
from scaffold.denoise.row import Pointing
from scaffold.layout.pieces import Slot
from scaffold.layout.reading import Reading
from scaffold.pipeline.compiled import is_legal
from scaffold.schema import ir
from scaffold.tokenizer import Tokenizer, character_offsets

Strings = Literal["auto", "quote", "free"]
_KINDS: Mapping[str, Kind] = {
    "date": "date",
    "duration": "duration",
    **{f"{offset}time": "time" for offset in ("", "any-", "naive-")},
    **{f"{offset}date-time": "date-time" for offset in ("", "any-", "naive-")},
}
_CONTINUES = 0x80


@dataclass(frozen=True, eq=False)
class Quotable:
    """A prompt's tokens with their characters, and where words begin and end."""

    text: str
    source: Source
    begins: tuple[int, ...]
    """First character of each token that is not a space."""
    ends: tuple[int, ...]

    def span(self, start: int, length: int) -> tuple[int, int]:
        """Characters of `length` tokens from `start`."""
        return self.begins[start], self.ends[start + length - 1]


def quotable(text: str, ids: tuple[int, ...], tokenizer: Tokenizer) -> Quotable:
    """Find the word borders of a prompt; a quotation begins and ends at one."""
    pieces = tokenizer.token_bytes
    spans = character_offsets(pieces, ids)
    begins = tuple(a + len(text[a:b]) - len(text[a:b].lstrip()) for a, b in spans)
    ends = tuple(b for _, b in spans)
    is_inside = [bool(pieces[i]) and pieces[i][0] & 0xC0 == _CONTINUES for i in ids]
    starts = [
        b < e and not inside and _is_border(text, b) for b, e, inside in zip(begins, ends, is_inside, strict=True)
    ]
    follows = [*is_inside[1:], False]
    stops = [
        b < e and not text[e - 1].isspace() and not inside and _is_border(text, e)
        for b, e, inside in zip(begins, ends, follows, strict=True)
    ]
    source = Source(
        torch.tensor(ids, dtype=torch.long),
        torch.tensor([bare_id(tokenizer, i) for i in ids], dtype=torch.long),
        torch.tensor(starts, dtype=torch.bool),
        torch.tensor(stops, dtype=torch.bool),
    )
    return Quotable(text, source, begins, ends)


def _is_border(text: str, at: int) -> bool:
    return at in {0, len(text)} or not (text[at - 1].isalnum() and text[at].isalnum())


_IDS: dict[str, dict[bytes, int]] = {}


def bare_id(tokenizer: Tokenizer, token: int) -> int:
    """The token that spells the same without the space before it; the token itself where there is none."""
    ids = _IDS.get(tokenizer.fingerprint)
    if ids is None:
        ids = _IDS[tokenizer.fingerprint] = {piece: i for i, piece in enumerate(tokenizer.token_bytes) if piece}
    return ids.get(tokenizer.token_bytes[token].removeprefix(b" "), token)


def pointing_at(
    prompt: Quotable, null_id: int, strings: Strings, *, is_normalised: bool
) -> Callable[[Slot, int], Pointing | None]:
    """The quotations that each slot of a request may choose from; remembered by slot and length."""
    known: dict[tuple[Slot, int], Pointing | None] = {}

    def find(slot: Slot, length: int) -> Pointing | None:
        key = (slot, length)
        if key not in known:
            known[key] = _pointing(prompt, slot, length, null_id, strings, is_normalised=is_normalised)
        return known[key]

    return find


def _pointing(
    prompt: Quotable, slot: Slot, length: int, null_id: int, strings: Strings, *, is_normalised: bool
) -> Pointing | None:
    if slot.role != "value" or slot.is_bare or not len(prompt.source.ids):
        return None
    node, kind = slot.node, _kind(slot.node)
    if kind is not None and is_normalised:
        return _normalised(prompt, slot, length, null_id, kind)
    if kind is not None and not node.about.quote:
        return None
    if not isinstance(node, ir.String) or node.about.quote is False:
        return None
    if strings == "free" and not node.about.quote:
        return None
    allowed = _allowed(prompt, slot, node, length)
    spans = spans_of(prompt.source, length, null_id, allowed)
    return _pointing_of(spans, prompt, {}, is_only=bool(node.about.quote) or strings == "quote")


def _kind(node: ir.Node) -> Kind | None:
    match node:
        case ir.Number():
            return "integer" if node.is_integer else "number"
        case ir.String():
            return next((_KINDS[name] for name in node.formats if name in _KINDS), None)
        case _:
            return None


def _pointing_of(
    spans: Spans, prompt: Quotable, values: Mapping[tuple[int, int], str], *, is_only: bool
) -> Pointing | None:
    if not bool(spans.legal.any()) and not is_only:
        return None

    def read(start: int, length: int) -> Reading:
        begin, end = prompt.span(start, length)
        raw = prompt.text[begin:end]
        text = values.get((start, length), escape(raw))
        return Reading(text, raw, (begin, end), is_normalised=(start, length) in values and text != raw)

    return Pointing(spans, read, is_only)


def _allowed(prompt: Quotable, slot: Slot, node: ir.String, length: int) -> torch.Tensor | None:
    """Which spans are legal texts of the slot; None where all are."""
    plain = ir.String(node.min_length, node.max_length, about=node.about)
    if node == plain and node.min_length <= 1 and node.max_length is None:
        return None
    begins, ends = np.array(prompt.begins), np.array(prompt.ends)
    at = np.arange(len(begins))[:, None] + np.arange(length)
    inside = at < len(begins)
    sizes = ends[np.minimum(at, len(begins) - 1)] - begins[:, None]
    most = np.inf if node.max_length is None else node.max_length
    allowed = inside & (sizes >= node.min_length) & (sizes <= most)
    if node != plain:
        allowed &= prompt.source.starts.numpy()[:, None]
        allowed &= prompt.source.stops.numpy()[np.minimum(at, len(begins) - 1)]
        for start, extra in np.argwhere(allowed):
            begin, end = prompt.span(int(start), int(extra) + 1)
            allowed[start, extra] = is_legal(slot, escape(prompt.text[begin:end]))
    return torch.from_numpy(allowed)


def _normalised(prompt: Quotable, slot: Slot, length: int, null_id: int, kind: Kind) -> Pointing | None:
    """The spans that a fixed rule maps to a legal value of the slot."""
    first = {begin: token for token, begin in reversed(list(enumerate(prompt.begins)))}
    last = {end: token for token, end in enumerate(prompt.ends)}
    allowed = torch.zeros(len(prompt.begins), length, dtype=torch.bool)
    values: dict[tuple[int, int], str] = {}
    for (begin, end), text in _values(candidates(prompt.text, kind), slot).items():
        start, stop = first.get(begin), last.get(end)
        if start is not None and stop is not None and 0 <= stop - start < length:
            values[start, stop - start + 1] = text
            allowed[start, stop - start] = True
    everywhere = torch.ones_like(prompt.source.starts)
    source = Source(prompt.source.ids, prompt.source.first_ids, everywhere, everywhere)
    spans = spans_of(source, length, null_id, allowed)
    return _pointing_of(spans, prompt, values, is_only=bool(slot.node.about.quote))


def _values(found: Iterable[Candidate], slot: Slot) -> dict[tuple[int, int], str]:
    """The legal value of each span (characters start, stop) that a fixed rule maps to one."""
    legal = [one for one in found if is_legal(slot, one.value_text)]
    values: dict[tuple[int, int], str] = {}
    for one in legal:
        if not any(_is_cut_short(one, other) for other in legal):
            values.setdefault((one.start, one.stop), one.value_text)
    return values


def quoted(slot: Slot, text: str, span: tuple[int, int]) -> str | None:
    """What stands in the document where `slot` quotes these characters of `text`; None where it must not."""
    start, stop = span
    kind = _kind(slot.node)
    if kind is None:
        raw = escape(text[start:stop])
        return raw if is_legal(slot, raw) else None
    around = (one for one in candidates(text, kind) if one.start <= start and stop <= one.stop)
    return _values(around, slot).get(span)


def _is_cut_short(found: Candidate, other: Candidate) -> bool:
    """Whether `found` is a part of the words of `other` that says something else, as the 2 of "2 1/2" does."""
    is_inside = other.start <= found.start and found.stop <= other.stop
    is_part = is_inside and (found.start, found.stop) != (other.start, other.stop)
    return is_part and found.value_text != other.value_text
