"""Re-open only what a validator rejected, with the rejected values banned."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from functools import reduce
from itertools import chain
from types import MappingProxyType
from typing import Any

from scaffold.constraints.language import slot_language
from scaffold.constraints.numbers import common_multiple
from scaffold.decode.formats import CHECKS
from scaffold.decode.splice import json_path
from scaffold.decode.validate import Problem
from scaffold.denoise.row import Row, with_decisions
from scaffold.errors import Path, ScaffoldError
from scaffold.layout.decisions import Decisions, SlotKey
from scaffold.layout.pieces import Slot
from scaffold.layout.spans import SlotSpan
from scaffold.pipeline.compiled import is_legal
from scaffold.pipeline.probing import Faults, first_better, is_fixed, with_one_more, with_other_branch
from scaffold.pipeline.results import Read, slot_text, slot_texts
from scaffold.schema import canonical, ir
from scaffold.schema.cases import merge_strings

NOT_ALLOWED = frozenset({"false", "additionalProperties", "unevaluatedProperties", "unevaluatedItems"})
"""Keywords that another value cannot satisfy: the part itself is one too many."""
TOGETHER = frozenset({"oneOf", "not", "if", "dependentRequired", "dependentSchemas", "dependencies", "maxProperties"})
"""Keywords that parts may violate by being there together."""
APART = frozenset({"oneOf", "not"})
"""Keywords that a value may violate by having too little to be told apart: `{}` is of many kinds."""
CERTAIN: Mapping[str, ir.String] = MappingProxyType(
    {
        "regex": ir.String(patterns=("^[A-Za-z0-9_ -]*$",)),
        "idn-hostname": ir.String(formats=("hostname",)),
        "idn-email": ir.String(formats=("email",)),
    }
)
"""Texts that surely have a format for which there is no language: enough for a second attempt."""


def repaired(found: Read, problems: Sequence[Problem], faults: Faults) -> Row | None:
    """The row with the slots to blame re-opened; None where nothing can be changed any more."""
    row = found.row
    for span in found.clashes:
        row = _reopened(row, span) or row
    for problem in {(p.path, p.keyword, p.keyword in TOGETHER or p.message): p for p in problems}.values():
        row = _mended(replace(found, row=row), problem, faults) or row
    return row if row is not found.row else None


def _mended(found: Read, problem: Problem, faults: Faults) -> Row | None:
    """Fewer parts, where parts are to blame; else another value for the least sure slot to blame, or none of it.

    What lacks a member, or cannot be told apart, gets one part more, or is made another branch: first where that is
    known to help.
    """
    row, path = found.row, problem.path
    if problem.keyword in NOT_ALLOWED:
        fewer = _left_out(found, path)
        return fewer or first_better(row, with_other_branch(row, path), faults) or _reworded(found, problem)
    fewer = _thinned(found, problem, faults) if problem.keyword in TOGETHER else None
    more = first_better(row, with_one_more(row, path), faults) if problem.keyword == "required" else None
    if problem.keyword not in APART:
        mended = fewer or more or _reworded(found, problem) or _left_out(found, path)
        return mended or _first(row, with_other_branch(row, path))
    told = fewer or first_better(row, _ways_to_tell_apart(row, path), faults)
    mended = told or _reworded(found, problem, row.banned) or _left_out(found, path) or _reworded(found, problem)
    return mended or _first(row, _ways_to_tell_apart(row, path))


def _first(row: Row, ways: Iterator[Decisions]) -> Row | None:
    return next(filter(None, (with_decisions(row, way) for way in ways)), None)


def _ways_to_tell_apart(row: Row, path: Path) -> Iterator[Decisions]:
    return chain(with_one_more(row, path), with_other_branch(row, path))


def _thinned(found: Read, problem: Problem, faults: Faults) -> Row | None:
    """The row without the optional members to blame: those whose absence helps most, one by one, while it helps.

    Among equals the member goes whose absence was the likeliest.
    """
    row, value, decisions, texts = found.row, found.value, found.row.decisions, slot_texts(found.row)
    placed = {
        key: json_path(key[0], texts) for key, is_present in decisions.maybes.items() if is_present and not key[1]
    }
    members = {key: at for key, at in placed.items() if at and at[:-1] == problem.path and not is_fixed(row, key[0])}
    known = faults(value)
    places = {one.path for one in known}
    left = sum(one.path == problem.path for one in known)
    while left and members:
        after = {key: faults(_without_member(value, at)) for key, at in members.items()}
        harm = {k: sum(p.path == problem.path or p.path not in places for p in after[k]) for k in members}
        key = min(members, key=lambda key: (harm[key], -row.presence.get(key[0], 0.0)))
        if harm[key] >= left:
            break
        left, value = harm[key], _without_member(value, members.pop(key))
        decisions = decisions.with_maybe(key, is_present=False)
    return None if decisions is row.decisions else with_decisions(row, decisions)


def _without_member(value: Any, path: Path) -> Any:
    """A copy of the value without what stands at `path`."""
    match value, path:
        case dict(), (name,):
            return {key: item for key, item in value.items() if key != name}
        case dict(), (name, *_):
            return {key: _without_member(item, path[1:]) if key == name else item for key, item in value.items()}
        case list(), (int(index), *_):
            return [_without_member(item, path[1:]) if at == index else item for at, item in enumerate(value)]
        case _:
            return value


def _reworded(found: Read, problem: Problem, spared: Collection[SlotKey] = ()) -> Row | None:
    """Another value for the least sure slot to blame."""
    row = found.row
    blamed = [s for s in row.template.spans if _is_below(found.paths.get(s.site, ()), problem.path)]
    roles = {"key"} if problem.keyword == "propertyNames" else {"key", "value"}
    blamed = [s for s in blamed if s.slot.role in roles and s.key in row.written and not _is_given(row, s)]
    for span in sorted((s for s in blamed if s.key not in spared), key=lambda s: row.chances.get(s.key, 0.0)):
        again = _reopened(row, span, problem.wanted if found.paths.get(span.site) == problem.path else ())
        if again is not None:
            return again
    return None


def _is_below(path: Path, above: Path) -> bool:
    return path[: len(above)] == above


def _is_given(row: Row, span: SlotSpan) -> bool:
    return any(_is_below(span.site, given) for given in row.given)


def _reopened(row: Row, span: SlotSpan, wanted: Sequence[str] = ()) -> Row | None:
    """The slot open again, for one of the wanted values if any is legal there, else without the text that it held.

    None where no other text is legal.
    """
    slot = _narrowed(row.slot(span), slot_text(row, span), wanted)
    if slot is None:
        return None
    opened = replace(
        row,
        banned={**row.banned, span.key: slot},
        written={key: tokens for key, tokens in row.written.items() if key != span.key},
        readings={key: reading for key, reading in row.readings.items() if key != span.key},
        chances={key: chance for key, chance in row.chances.items() if key != span.key},
    )
    return with_decisions(opened, opened.decisions)


def _narrowed(slot: Slot, text: str, wanted: Sequence[str]) -> Slot | None:
    """The slot for the wanted values or without one text; None where that cannot be said, or nothing would be left."""
    node = _limited_to(wanted, slot) or _narrower(slot, text)
    if node is None:
        return None
    smaller = replace(slot, node=node)
    try:
        slot_language(smaller)
    except ScaffoldError:
        return None
    return smaller


def _narrower(slot: Slot, text: str) -> "ir.Scalar | ir.Union | None":
    node = slot.node
    match node:
        case ir.Enum():
            literal = f'"{text}"' if _is_quoted(slot) else text
            rest = tuple(x for x in node.literals if x != literal)
            return replace(node, literals=rest) if rest else None
        case ir.Boolean():
            return ir.Enum(("false",) if text == "true" else ("true",), node.about)
        case ir.String() if not slot.is_bare:
            return _other_text(node, str(canonical.loads(f'"{text}"')))
        case ir.Number():
            return _nearest_multiples(node, Fraction(text)) or _other_side(node, Fraction(text))
        case _:
            return None


def _limited_to(wanted: Sequence[str], slot: Slot) -> ir.Enum | None:
    """Those of the wanted values that the slot may hold."""
    is_quoted = _is_quoted(slot)
    spelled = {text: text[1:-1] if is_quoted else text for text in wanted if text.startswith('"') or not is_quoted}
    legal = tuple(text for text, inside in spelled.items() if is_legal(slot, inside))
    return ir.Enum(legal, slot.node.about) if legal else None


def _is_quoted(slot: Slot) -> bool:
    """Whether quotes stand around the slot."""
    match slot.node:
        case ir.Enum(literals):
            return not slot.is_bare and all(text.startswith('"') for text in literals)
        case node:
            return not slot.is_bare and isinstance(node, ir.String)


def _other_text(node: ir.String, text: str) -> ir.String:
    """The text excluded; what has not got its format gets texts that surely have."""
    missed = {name for name in node.formats if name in CERTAIN and not CHECKS[name](text)}
    kept = replace(node, formats=tuple(name for name in node.formats if name not in missed))
    sure = reduce(merge_strings, (CERTAIN[name] for name in sorted(missed)), kept)
    return replace(sure, excluded=(*node.excluded, text), about=node.about)


def _nearest_multiples(node: ir.Number, value: Fraction) -> ir.Enum | None:
    """The multiples around a number that is none: its language had too many states to count them."""
    step = common_multiple(node.multiples + (Fraction(1),) * node.is_integer)
    if step is None or value % step == 0:
        return None
    around = [
        str(Decimal(k * step.numerator) / step.denominator)
        for k in range(int(value // step) - 1, int(value // step) + 3)
    ]
    legal = [text for text in around if is_legal(Slot(node), text) and Fraction(text) % step == 0]
    return ir.Enum(tuple(legal), node.about) if legal else None


def _other_side(node: ir.Number, value: Fraction) -> ir.Number | None:
    """The numbers on one side of a rejected one: the side that is not bounded by an earlier rejection."""
    if node.exclusive_maximum is None:
        return replace(node, exclusive_maximum=value)
    if node.exclusive_minimum is None:
        return replace(node, exclusive_minimum=value)
    return None


def _left_out(found: Read, path: Path) -> Row | None:
    """The smallest optional part or last item around the value to blame, left out."""
    row = found.row
    for depth in range(len(path), 0, -1):
        for decisions in _smaller(row.decisions, found, path[:depth]):
            laid = with_decisions(row, decisions)
            if laid is not None:
                return laid
    return None


def _smaller(decisions: Decisions, found: Read, path: Path) -> list[Decisions]:
    options = []
    texts = slot_texts(found.row)
    for (site, absent), is_present in decisions.maybes.items():
        if is_present and json_path(site, texts) == path and not is_fixed(found.row, site):
            options.append(decisions.with_maybe((site, absent), is_present=False))
    for site, count in decisions.counts.items():
        last = (*site, count - 1)
        if count and json_path(last, texts) == path and not is_fixed(found.row, last):
            options.append(decisions.with_count(site, count - 1, is_ended=True))
    return options
