"""Re-open only what a validator rejected, with the rejected values banned."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from scaffold.constraints.language import slot_language
from scaffold.decode.splice import json_path
from scaffold.decode.validate import Problem
from scaffold.denoise.row import Row, with_decisions
from scaffold.errors import Path, ScaffoldError
from scaffold.layout.decisions import Decisions
from scaffold.layout.pieces import Slot
from scaffold.layout.spans import SlotSpan
from scaffold.pipeline.results import Read, left_out, slot_text, slot_texts
from scaffold.schema import canonical, ir

NOT_ALLOWED = frozenset({"false", "additionalProperties", "unevaluatedProperties", "unevaluatedItems"})
"""Keywords that another value cannot satisfy: the part itself is one too many."""
TOGETHER = frozenset({"oneOf", "not", "if", "dependentRequired", "dependentSchemas", "dependencies", "maxProperties"})
"""Keywords that parts may violate by being there together."""
APART = frozenset({"oneOf", "not"})
"""Keywords that a value may violate by having too little to be told apart: `{}` is of many kinds."""
Faults = Callable[[Any], int]
"""How many problems a plain JSON value has."""


def repaired(found: Read, problems: Sequence[Problem], faults: Faults) -> Row | None:
    """The row with the slots to blame re-opened; None where nothing can be changed any more."""
    row = found.row
    for span in found.clashes:
        row = _reopened(row, span) or row
    for problem in problems:
        row = _mended(replace(found, row=row), problem, faults) or row
    return row if row is not found.row else None


def _mended(found: Read, problem: Problem, faults: Faults) -> Row | None:
    """Fewer parts, where parts are to blame; else another value for the least sure slot to blame, or none of it.

    An object with nothing to change or to leave out gets one member more, where that may be what is missing.
    """
    if problem.keyword in NOT_ALLOWED:
        return _left_out(found, problem.path) or _reworded(found, problem)
    fewer = _thinned(found, problem, faults) if problem.keyword in TOGETHER else None
    other = fewer or _reworded(found, problem) or _left_out(found, problem.path)
    return other or (_with_one_more(found, problem) if problem.keyword in APART else None)


def _thinned(found: Read, problem: Problem, faults: Faults) -> Row | None:
    """The row without the optional member to blame whose absence leaves the fewest problems, if that is an advance."""
    # Of three branches of `oneOf` that hold, one less is an advance that the number of problems does not show.
    best, decisions = faults(found.value) + (problem.keyword == "oneOf"), None
    texts = slot_texts(found.row)
    for (site, absent), is_present in found.row.decisions.maybes.items():
        at = json_path(site, texts)
        if not is_present or absent or at[:-1] != problem.path or not at or _site_given(found.row, site):
            continue
        left = faults(_without_member(found.value, at))
        if left < best:
            best, decisions = left, found.row.decisions.with_maybe((site, absent), is_present=False)
    return None if decisions is None else with_decisions(found.row, decisions)


def _with_one_more(found: Read, problem: Problem) -> Row | None:
    """The row with the likeliest of the members that were left out of the object to blame, to be filled."""
    row, texts = found.row, slot_texts(found.row)
    # The log probability is that of the decision to leave it out.
    for site, absent in sorted(left_out(row), key=lambda key: row.presence.get(key[0], 0.0)):
        at = json_path(site, texts)
        if absent or not at or at[:-1] != problem.path or _site_given(row, site):
            continue
        laid = with_decisions(row, row.decisions.with_maybe((site, absent), is_present=True))
        if laid is not None:
            return laid
    return None


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


def _reworded(found: Read, problem: Problem) -> Row | None:
    """Another value for the least sure slot to blame."""
    row = found.row
    blamed = [s for s in row.template.spans if _is_below(found.paths.get(s.site, ()), problem.path)]
    blamed = [s for s in blamed if s.slot.role != "branch" and s.key in row.written and not _is_given(row, s)]
    for span in sorted(blamed, key=lambda s: row.chances.get(s.key, 0.0)):
        again = _reopened(row, span)
        if again is not None:
            return again
    return None


def _is_below(path: Path, above: Path) -> bool:
    return path[: len(above)] == above


def _is_given(row: Row, span: SlotSpan) -> bool:
    return any(_is_below(span.site, given) for given in row.given)


def _reopened(row: Row, span: SlotSpan) -> Row | None:
    """The slot open again, without the text that it held; None where no other text is legal."""
    slot = narrowed(row.slot(span), slot_text(row, span))
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


def narrowed(slot: Slot, text: str) -> Slot | None:
    """The slot without one text; None where that cannot be said, or nothing would be left."""
    node = _narrower(slot, text)
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
            literal = f'"{text}"' if all(x.startswith('"') for x in node.literals) and not slot.is_bare else text
            rest = tuple(x for x in node.literals if x != literal)
            return replace(node, literals=rest) if rest else None
        case ir.Boolean():
            return ir.Enum(("false",) if text == "true" else ("true",), node.about)
        case ir.String() if not slot.is_bare:
            return replace(node, excluded=(*node.excluded, str(canonical.loads(f'"{text}"'))))
        case ir.Number():
            return _other_side(node, Fraction(text))
        case _:
            return None


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
        if is_present and json_path(site, texts) == path and not _site_given(found.row, site):
            options.append(decisions.with_maybe((site, absent), is_present=False))
    count = decisions.counts.get(path[:-1])
    if count is not None and path[-1] == count - 1 and not _site_given(found.row, path):
        options.append(decisions.with_count(path[:-1], count - 1, is_ended=True))
    return options


def _site_given(row: Row, site: Path) -> bool:
    return any(_is_below(given, site) or _is_below(site, given) for given in row.given)
