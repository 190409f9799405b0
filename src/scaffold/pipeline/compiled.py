"""From a type or a schema to a layout, and what can be known before any model runs."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from math import ceil
from pathlib import Path
from typing import Any, Literal, get_args

from jsonschema_specifications import REGISTRY as SPECIFICATIONS
from pydantic_core import PydanticSerializationError
from referencing import Registry

from scaffold.constraints.language import has_no_text, slot_language
from scaffold.decode.validate import Problem, problems, validator_for
from scaffold.errors import LayoutError, SchemaError, UnsatisfiableSchemaError
from scaffold.layout.budgets import start_size
from scaffold.layout.decisions import Decisions
from scaffold.layout.encode import Encoded, encode
from scaffold.layout.json_syntax import lay_out
from scaffold.layout.pieces import At, Choice, Joined, Layout, Maybe, Piece, Repeat, Row, Slot
from scaffold.layout.spans import OpenRepeat
from scaffold.layout.template import Spelling, Template, instantiate
from scaffold.pipeline.said import said
from scaffold.pipeline.widened import Left, left_to_check
from scaffold.schema import canonical, ir
from scaffold.schema.load import Source, load
from scaffold.schema.lower import lower
from scaffold.tokenizer import Tokenizer

OnUnresolved = Literal["error", "omit"]
Formats = Literal["assert", "annotate"]
BYTES_PER_TOKEN = 4
GUESSED_SIZE = 12


@dataclass(frozen=True, slots=True)
class Cost:
    """What a fill takes, before any model runs; positions are those laid out at the start."""

    slots: int
    positions: int
    fixed_tokens: int
    expected_model_calls: int
    worst_model_calls: int
    """Without growth of slots and lists: one call per position."""


@dataclass(frozen=True, eq=False)
class Compiled:
    """A compiled type: its schema, its layout, and the way to check a value against it."""

    source: Source
    schema: ir.Schema
    layout: Layout
    registry: "Registry[Any]" = SPECIFICATIONS
    asserts_formats: bool = True

    def pretty(self) -> str:
        """The layout as text, slots as their paths between white brackets."""
        return self._outline.pretty()

    def encode(self, value: Any, tokenizer: Tokenizer | None = None) -> Encoded:
        """Decisions and slot texts that spell an instance of the type, or plain JSON; with a tokenizer, slot sizes.

        Raises:
            LayoutError: the layout, or JSON, cannot express the value.
        """
        found = encode(self.layout, self._plain(value), is_legal)
        if found is None:
            raise LayoutError((), "the value does not fit the type", "check it with the type's own validator")
        if tokenizer is None:
            return found
        sizes = {key: max(1, len(tokenizer.encode(text))) for key, text in found.texts.items()}
        return replace(found, decisions=replace(found.decisions, sizes=sizes))

    def accepts(self, value: Any) -> bool:
        """Whether a fill could return `value`: it can be expressed, and the validator agrees."""
        try:
            plain = self._plain(value)
        except LayoutError:
            return False
        return encode(self.layout, plain, is_legal) is not None and not self.faults(plain)

    def faults(self, value: Any) -> tuple[Problem, ...]:
        """The problems that the validator finds in a value: an instance of the type, or plain JSON.

        Raises:
            LayoutError: JSON cannot express the value.
        """
        return problems(canonical.dumps(self._plain(value)), self.validator, self.source.adapter)

    def _plain(self, value: Any) -> Any:
        """The value as JSON data; what is JSON data already stays as it is."""
        try:
            if self.source.adapter is not None and not canonical.is_plain(value):
                value = said(value, self.source.adapter)
            canonical.dumps(value)
        except (PydanticSerializationError, TypeError, ValueError) as error:
            raise LayoutError((), f"JSON cannot say this value: {error}", "give an instance, or plain data") from error
        return value

    def cost(self, tokenizer: Tokenizer | None = None) -> Cost:
        """Slots, positions and model calls; without a tokenizer, token counts are guessed from characters."""
        template = self._outline if tokenizer is None else self._template(tokenizer, lambda s: start_size(s, tokenizer))
        positions = sum(span.size for span in template.spans)
        fixed = len(template.token_ids) - positions
        depth = 1 + any(isinstance(group, OpenRepeat) for group in template.groups)
        fixed = fixed if tokenizer is not None else ceil(fixed / BYTES_PER_TOKEN)
        return Cost(len(template.spans), positions, fixed, depth if positions else 0, positions)

    def report(self) -> tuple[ir.Enforcement, ...]:
        """How each assertion keyword is enforced, by schema path.

        A pattern or format that no affordable automaton covers is reported as checked and repaired.
        """
        left = defaultdict(list)
        for one in dict.fromkeys(self._left_to_check()):
            left[one.keyword].append(one)
        return tuple(self._told(entry, left[entry.keyword]) for entry in self.schema.enforcement)

    def _told(self, entry: ir.Enforcement, left: Sequence[Left]) -> ir.Enforcement:
        if not left or entry.how != "by construction":
            return entry
        value = canonical.at(self.source.document, (*entry.path, entry.keyword))
        reason = next((one.reason for one in left if one.concerns(value)), None)
        return entry if reason is None else replace(entry, how="checked and repaired", reason=reason)

    @cached_property
    def validator(self) -> Any:
        """The offline validator of the schema."""
        return validator_for(self.source.document, self.registry, asserts_formats=self.asserts_formats)

    @cached_property
    def _outline(self) -> Template:
        return self._template(_Bytes(), lambda _: GUESSED_SIZE)

    def _template(self, tokenizer: Tokenizer, size: Callable[[Slot], int]) -> Template:
        return instantiate(self.layout, Decisions(), Spelling(tokenizer, 0, size))

    def _left_to_check(self) -> Iterator[Left]:
        """What slots leave to the validator."""
        pieces = (self.layout.root, *self.layout.definitions.values())
        for slot in {slot for piece in pieces for slot in _slots(piece)}:
            with suppress(UnsatisfiableSchemaError):  # a part that no value can have leaves nothing to the validator
                yield from left_to_check(slot)


def _slots(piece: Piece) -> Iterator[Slot]:
    """The slots of a piece, recursion left out."""
    match piece:
        case Slot():
            yield piece
        case Row() | Joined():
            for part in piece.pieces:
                yield from _slots(part)
        case At():
            yield from _slots(piece.piece)
        case Maybe():
            yield from _slots(piece.body)
        case Repeat():
            for part in (*piece.heads, *(() if piece.rest is None else (piece.rest,))):
                yield from _slots(part)
        case Choice():
            for part in piece.branches:
                yield from _slots(part)
        case _:
            return


class _Bytes:
    """Bytes as tokens: enough to lay a template out for people."""

    fingerprint = "bytes"
    token_bytes = tuple(bytes([i]) for i in range(256))

    def encode(self, text: str) -> tuple[int, ...]:
        return tuple(text.encode())


def is_legal(slot: Slot, text: str) -> bool:
    """Whether `text` may stand in `slot`."""
    try:
        return slot_language(slot).automaton.accepts(text.encode("utf-8", "surrogatepass"))
    except UnsatisfiableSchemaError:
        return False


def compile(
    target: Any,
    registry: "Registry[Any] | None" = None,
    *,
    on_unresolved: OnUnresolved = "error",
    formats: Formats = "assert",
) -> Compiled:
    """Compile anything Pydantic's `TypeAdapter` takes, a JSON Schema, or the path of a schema file.

    What is compiled already is given back. References to other documents are looked up in `registry`, and nowhere else.
    With `on_unresolved="omit"`, what one that leads nowhere describes is left out of every value, and `report()` says
    so; it is still an error where it cannot be left out. With `formats="annotate"`, `format` asks nothing of a value,
    as draft 2020-12 has it; those of a Python type are a part of it and always hold.

    Raises:
        SchemaError: the schema is malformed, unsatisfiable, or uses what is not supported; says where.
    """
    for name, given, offered in (("on_unresolved", on_unresolved, OnUnresolved), ("formats", formats, Formats)):
        if given not in get_args(offered):
            raise SchemaError((), f"{name}={given!r} is not offered", f"use one of {', '.join(get_args(offered))}")
    if isinstance(target, Compiled):
        return target
    if isinstance(target, str | Path):
        target = load(Path(target)).document  # read anew each time: the file may have changed
    if registry is not None or on_unresolved == "omit" or formats == "annotate":
        return _compiled(load(target), registry, on_unresolved, formats)
    if isinstance(target, dict):
        return _compiled_document(_written(target))
    try:
        return _compiled_type(target)
    except TypeError:  # not hashable
        return _compiled(load(target))


def _written(document: dict[str, Any]) -> str:
    """The document as text: what is the same text is compiled once."""
    try:
        text = canonical.dumps(document)
        text.encode()  # half of a surrogate pair has no UTF-8, so no model could write it
    except RecursionError as error:
        raise SchemaError((), "the schema is nested too deeply", "flatten it") from error
    except (TypeError, ValueError) as error:
        raise SchemaError((), f"the schema is not JSON: {error}", "write it with JSON values only") from error
    return text


@lru_cache(maxsize=256)
def _compiled_document(text: str) -> Compiled:
    return _compiled(load(canonical.loads(text)))


@lru_cache(maxsize=256)
def _compiled_type(target: Any) -> Compiled:
    return _compiled(load(target))


def _compiled(
    source: Source,
    registry: "Registry[Any] | None" = None,
    on_unresolved: OnUnresolved = "error",
    formats: Formats = "assert",
) -> Compiled:
    omits, asserts = on_unresolved == "omit", formats == "assert" or source.adapter is not None
    schema = lower(source.document, registry, has_no_text, omits_unresolved=omits, asserts_formats=asserts)
    known = SPECIFICATIONS if registry is None else SPECIFICATIONS.combine(registry)
    return Compiled(source, schema, lay_out(schema), known, asserts)
