"""Which ids of a checkpoint mean mask, null, expand and delete; sources that disagree are refused."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from scaffold.errors import ModelError
from scaffold.models.family import KNOWN_MASKS, Family, Fields
from scaffold.models.hub_tokenizer import HubTokenizer

NULL_FIELD = "null_token_id"
"""Config field that names the null which `scaffold train` taught a model."""
NULL_WORDS = ("∅", "<none>", "NULL", "None", "none")
NullSource = Literal["trained", "end of text", "padding", "prompted word"]


@dataclass(frozen=True, slots=True)
class SpecialIds:
    """The ids with a meaning, and where the null comes from.

    `nulls` begins with the id that is written; the probability of all of them is that of the null.
    """

    mask: int
    nulls: tuple[int, ...]
    null_source: NullSource
    expand: int | None = None
    """Stands for two masks (DreamOn, LLaDA2.2)."""
    delete: int | None = None
    """Stands for nothing, and its position is removed (DreamOn, LLaDA2.2)."""


@dataclass(frozen=True, slots=True)
class Sources:
    """Everything that names special tokens."""

    family: Family
    tokenizer: HubTokenizer
    config: Fields
    generation: Fields

    def number(self, name: str) -> int | None:
        """An id that config.json or generation_config.json sets; the first of several."""
        found = next((f[name] for f in (self.config, self.generation) if f.get(name) is not None), None)
        return found[0] if isinstance(found, list) else found


def special_ids(sources: Sources, mask_id: int | None = None, null_id: int | None = None) -> SpecialIds:
    """Resolve all ids; `mask_id` and `null_id` overrule every source.

    Raises:
        ModelError: two sources name different masks, or none does.
    """
    if mask_id is not None:
        mask: int | None = mask_id
    else:
        mask = _mask(sources) if sources.family.role == "masked" else None
    delete = sources.number("delete_token_id")
    nulls, source = _nulls(sources, mask) if null_id is None else ((null_id,), "trained")
    if mask is None:
        mask = nulls[-1]  # stands on the canvas only: other roles show the model something else
    return SpecialIds(mask, nulls, source, sources.number(sources.family.expand_field), delete)


def _mask(sources: Sources) -> int:
    found = dict(_mask_sources(sources))
    if len(set(found.values())) > 1:
        said = ", ".join(f"{source} says {number}" for source, number in found.items())
        raise ModelError((), f"the mask id is in doubt: {said}", "pass LoadOptions(mask_id=...)")
    if found:
        return next(iter(found.values()))
    published = sources.family.mask_id
    if published is None or published >= sources.tokenizer.size or sources.tokenizer.token_bytes[published]:
        raise ModelError((), "nothing says which token is the mask", "pass LoadOptions(mask_id=...)")
    return published


def _mask_sources(sources: Sources) -> Iterator[tuple[str, int]]:
    """Who names a mask, in order; strings that merely look like one count only if nobody does by role."""
    tokenizer = sources.tokenizer
    named = {"the registry": sources.family.mask_text, "the tokenizer": tokenizer.named("mask_token")}
    by_text = {who: tokenizer.special_id(text) for who, text in named.items() if text}
    numbers = {
        "config.json": sources.config.get("mask_token_id"),
        "generation_config.json": sources.generation.get("mask_token_id"),
    }
    found = {who: number for who, number in (by_text | numbers).items() if number is not None and number >= 0}
    if not found:
        looks = ((text, tokenizer.special_id(text)) for text in KNOWN_MASKS)
        found = dict([(f"the token {text}", number) for text, number in looks if number is not None][:1])
    yield from found.items()


def _nulls(sources: Sources, mask: int | None) -> tuple[tuple[int, ...], NullSource]:
    """Trained null or delete token, else all that end an answer, else padding."""
    trained = [
        number for name in (NULL_FIELD, *sources.family.null_fields) if (number := sources.number(name)) is not None
    ]
    if trained:
        return tuple(dict.fromkeys(trained)), "trained"
    tokenizer = sources.tokenizer
    texts = (tokenizer.named("eos_token"), *sources.family.terminators, tokenizer.named("sep_token"))
    ends = [number for text in texts if text and (number := tokenizer.special_id(text)) is not None]
    ends += [number for number in (sources.number("eos_token_id"),) if number is not None]
    pads = [tokenizer.special_id(text) for text in (tokenizer.named("pad_token"),) if text]
    pads += [sources.number("pad_token_id")]
    known = [number for number in dict.fromkeys([*ends, *pads]) if number is not None and number != mask]
    kept = [number for number in known if _is_free(sources, number)]
    if kept:
        return tuple(kept), "end of text" if kept[0] in ends else "padding"
    return (_null_word(tokenizer),), "prompted word"


def _null_word(tokenizer: HubTokenizer) -> int:
    """A word of one token that texts hardly hold: one that means it, else the rarest there is.

    Raises:
        ModelError: the vocabulary has no words.
    """
    ids = (tokenizer.encode(word) for word in NULL_WORDS)
    meant = next((encoded[0] for encoded in ids if len(encoded) == 1), None)
    if meant is not None:
        return meant
    pieces = enumerate(tokenizer.token_bytes)
    words = [number for number, piece in pieces if len(piece) > 1 and piece.isalpha()]
    if not words:
        raise ModelError((), 'no token can stand for "no more content"', "pass LoadOptions(null_id=...)")
    return words[-1]  # merges are numbered from the commonest down


def _is_free(sources: Sources, number: int) -> bool:
    """Whether an id is there and stands for no text."""
    size = sources.tokenizer.size
    return 0 <= number < size and not sources.tokenizer.token_bytes[number]
