"""From a finished row to the document, its fields, and the trace."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import exp
from typing import Any

from pydantic import TypeAdapter

from scaffold.decode.result import FieldResult, Status
from scaffold.decode.splice import doubled_keys, json_path, splice
from scaffold.decode.trace import Step
from scaffold.decode.validate import Validated, check
from scaffold.denoise.row import OPEN, Row
from scaffold.errors import Path, pointer
from scaffold.layout.decisions import MaybeKey, SlotKey
from scaffold.layout.spans import SlotSpan
from scaffold.pipeline.compiled import Compiled
from scaffold.pipeline.defaults import of_object, of_schema
from scaffold.schema import canonical, ir


@dataclass(frozen=True, eq=False, slots=True)
class Read:
    """A finished row as a document."""

    row: Row
    spliced: str
    """The JSON text as it was filled, without defaults."""
    paths: Mapping[Path, Path]
    """From the site of each slot to its path in the document."""
    clashes: tuple[SlotSpan, ...]
    """Keys that repeat an earlier key of the same object: a JSON reader would drop one of the two."""
    value: Any
    """The plain JSON value, with defaults filled in."""
    defaults: Mapping[Path, Any]

    @property
    def text(self) -> str:
        """The JSON text of `value`."""
        return canonical.dumps(self.value) if self.defaults else self.spliced

    def path(self, site: Path) -> Path:
        """Where in the document a site is, or would be if it had not been left out."""
        return self.paths.get(site, _shown(site))


def checked(row: Row, compiled: Compiled) -> tuple[Read, Validated]:
    """Read a finished row and validate it; defaults are left out where they would make a valid object invalid.

    A type fills its own defaults in: what is validated is the text without them.
    """
    bare, adapter = read(row), compiled.source.adapter
    if adapter is not None:
        validated = check(bare.text, compiled.validator, adapter)
        return (bare if validated.problems else _as_taken(bare, validated.value, adapter)), validated
    value, defaults = of_schema(compiled.schema, bare.value)
    found = replace(bare, value=value, defaults=defaults)
    validated = check(found.text, compiled.validator)
    if not validated.problems or not defaults:
        return found, validated
    again = check(bare.text, compiled.validator)
    return (found, validated) if again.problems else (bare, again)


def read(row: Row) -> Read:
    """Splice and parse."""
    template, texts = row.template, slot_texts(row)
    spliced = splice(template.parts, template.spans, texts)
    paths = {span.site: json_path(span.site, texts) for span in template.spans}
    return Read(row, spliced, paths, doubled_keys(template.spans, texts), json.loads(spliced), {})


def _as_taken(found: Read, taken: Any, adapter: TypeAdapter[Any]) -> Read:
    """What was read, with the defaults that the type's own object has."""
    absent = {found.path(site) for site, said in left_out(found.row) if not said}
    if not absent:
        return found
    value, defaults = of_object(found.value, taken, adapter, absent)
    return replace(found, value=value, defaults=defaults)


def slot_texts(row: Row) -> dict[SlotKey, str]:
    """The text of every slot, up to its first null; of an open slot, what is written before the first open position."""
    return {span.key: slot_text(row, span) for span in row.template.spans}


def slot_text(row: Row, span: SlotSpan) -> str:
    """What stands in one slot."""
    if span.key in row.readings:
        return row.readings[span.key].text
    pieces = row.request.tokenizer.token_bytes
    spelled = b""
    for token in row.tokens(span):
        if token in {OPEN, row.request.null_id}:
            break
        spelled += pieces[token]
    return spelled.decode("utf-8", errors="ignore" if row.is_open(span) else "strict")


def field_results(found: Read) -> dict[str, FieldResult]:
    """Every leaf, and every part that was left out, in document order."""
    row, leaves, results = found.row, _leaves(found.value, ()), []
    for span in row.template.spans:
        if span.slot.role != "key":
            results.append(_slot_result(found, span))
    told = {result.path for result in results}
    for site, absent in left_out(row):
        path = found.path(site)
        if path not in told:
            told.add(path)
            results.append(_absent_result(found, site, path, absent))
    for path, value in leaves:
        if not any(path[:depth] in told for depth in range(len(path) + 1)):
            results.append(_fixed_result(row, path, value))
    order = {path: index for index, (path, _) in enumerate(leaves)}
    results.sort(key=lambda r: order.get(r.path, len(order)))
    return {result.pointer: result for result in results}


def _slot_result(found: Read, span: SlotSpan) -> FieldResult:
    row = found.row
    path = found.paths[span.site]
    text = slot_text(row, span)
    reading = row.readings.get(span.key)
    chance = row.chances.get(span.key, 0.0) + log_presence(row, span.site)
    status: Status = "generated"
    if is_given(row, span.site):
        status, chance = "known", 0.0
    elif reading is not None:
        status = "normalised" if reading.is_normalised else "quoted"
    elif not text:
        status = "null"
    source = None if reading is None else reading.source
    return FieldResult(
        path, _value(row, span), text if reading is None else reading.raw, _share(chance), source, status
    )


def _value(row: Row, span: SlotSpan) -> Any:
    """The JSON value of a slot that is written."""
    text = slot_text(row, span)
    return json.loads(f'"{text}"' if _stands_in_quotes(span) else text)


def slot_identity(row: Row, span: SlotSpan) -> str | None:
    """Text that is the same for exactly the equal values of a written slot; None where it spells no value."""
    try:
        return canonical.identity(_value(row, span))
    except ValueError:  # under a weaker constraint than the lattice
        return None


def _stands_in_quotes(span: SlotSpan) -> bool:
    """Whether the quotes of its text are fixed text around a slot."""
    node = span.slot.node
    if span.slot.is_bare:
        return False
    return isinstance(node, ir.String) or (isinstance(node, ir.Enum) and all(x.startswith('"') for x in node.literals))


def _absent_result(found: Read, site: Path, path: Path, absent: str) -> FieldResult:
    chance = log_presence(found.row, site)
    status: Status = "known" if is_given(found.row, site) else "null"
    if not absent and path in found.defaults:
        status = "default"
    return FieldResult(path, found.defaults.get(path), absent, _share(chance), None, status)


def _fixed_result(row: Row, path: Path, value: Any) -> FieldResult:
    """A leaf that is no slot: a constant, or an empty list or object."""
    status: Status = "known" if is_given(row, path) else "generated"
    return FieldResult(path, value, canonical.dumps(value), _share(log_presence(row, path)), None, status)


def _share(log_chance: float) -> float:
    return min(1.0, exp(log_chance))


def is_given(row: Row, site: Path) -> bool:
    """Whether the caller knew what stands there."""
    return any(site[: len(given)] == given for given in row.given)


def log_presence(row: Row, site: Path) -> float:
    """Log probability of every decision about a part that holds the site."""
    return sum(row.presence.get(site[:depth], 0.0) for depth in range(len(site) + 1))


def left_out(row: Row) -> list[MaybeKey]:
    """The parts that were left out themselves, rather than with something around them."""
    gone = [key for key, is_present in row.decisions.maybes.items() if not is_present]
    sites = {site for site, _ in gone}
    return [key for key in gone if not any(key[0][:depth] in sites for depth in range(len(key[0])))]


def _shown(site: Path) -> Path:
    return tuple(step for step in site if isinstance(step, str) or step >= 0)


def _leaves(value: Any, path: Path) -> list[tuple[Path, Any]]:
    match value:
        case dict() if value:
            return [leaf for name, item in value.items() for leaf in _leaves(item, (*path, name))]
        case list() if value:
            return [leaf for index, item in enumerate(value) for leaf in _leaves(item, (*path, index))]
        case _:
            return [(path, value)]


def step_of(call: int, before: Row, after: Row, guessed: Row | None = None) -> Step:
    """What one model call wrote and decided; `guessed` is the row as it would be completed after it."""
    changed = [
        span
        for span in after.template.spans
        if after.written.get(span.key) != before.written.get(span.key) and span.key in after.written
    ]
    committed = tuple((pointer(_shown(span.site)), slot_text(after, span)) for span in changed)
    positions = tuple((_name(span), offsets) for span in changed if (offsets := _gained(span, before, after)))
    guess, value = ({}, None) if guessed is None else (guesses(guessed), partial(after))
    return Step(call, committed, after.notes[len(before.notes) :], snapshot(after), value, positions, guess)


def _name(span: SlotSpan) -> str:
    """A slot's pointer, and its role where that is not to hold a value."""
    name = pointer(_shown(span.site))
    return name if span.slot.role == "value" else f"{name} ({span.slot.role})"


def _gained(span: SlotSpan, before: Row, after: Row) -> tuple[int, ...]:
    """Offsets of content that stands there only now."""
    null_id = after.request.null_id
    old = before.written.get(span.key, ())
    return tuple(
        offset
        for offset, token in enumerate(after.tokens(span))
        if token not in {OPEN, null_id} and (offset >= len(old) or old[offset] != token)
    )


def guesses(row: Row) -> dict[str, str]:
    """Values of the fields that are written, and of parts that are left out, by JSON pointer."""
    values = {span.key: (span, slot_identity(row, span)) for span in row.template.spans if not row.is_open(span)}
    legal = {key: (span, value) for key, (span, value) in values.items() if value is not None}
    texts = {key: slot_text(row, span) for key, (span, _) in legal.items()}
    found = {pointer(json_path(span.site, texts)): value for span, value in legal.values() if span.slot.role != "key"}
    for site, absent in left_out(row):
        found.setdefault(pointer(_shown(site)), absent or "absent")
    return found


def partial(row: Row) -> Any:
    """The document so far as plain JSON data; null stands where a slot is open, or spells no value."""
    values = {span.key: slot_identity(row, span) for span in row.template.spans if not row.is_open(span)}
    open_ = [span for span in row.template.spans if values.get(span.key) is None]
    texts = {span.key: slot_text(row, span) for span in row.template.spans}
    for span in open_:
        texts[span.key] = f"<{span.site[-1]}>" if span.slot.role == "key" else "" if _stands_in_quotes(span) else "null"
    value = json.loads(splice(row.template.parts, row.template.spans, texts))
    for span in open_:
        if span.slot.role != "key":
            value = _with_null(value, json_path(span.site, texts))
    return value


def _with_null(value: Any, path: Path) -> Any:
    """The value with null at a path; as it is where it ends before."""
    if not path:
        return None
    step, *rest = path
    match value:
        case dict() if step in value:
            return {**value, step: _with_null(value[step], tuple(rest))}
        case list() if isinstance(step, int) and step < len(value):
            return [*value[:step], _with_null(value[step], tuple(rest)), *value[step + 1 :]]
        case _:
            return value


def snapshot(row: Row) -> str:
    """The document so far; what is open is shown as an ellipsis."""
    texts = {span.key: slot_text(row, span) + ("…" if row.is_open(span) else "") for span in row.template.spans}
    return "".join(p if isinstance(p, str) else texts[row.template.spans[p].key] for p in row.template.parts)
