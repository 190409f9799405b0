"""The legal JSON texts of a slot, as an automaton over bytes."""

import json
import re
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import accumulate

import numpy as np

from scaffold.constraints import automaton, byte_automaton, numbers, strings
from scaffold.constraints.byte_automaton import ByteAutomaton
from scaffold.constraints.digits import SYMBOLS
from scaffold.constraints.spelling import escape
from scaffold.constraints.terms import Terms, TooBigError
from scaffold.errors import UnsatisfiableSchemaError
from scaffold.layout.pieces import Slot
from scaffold.remembered import remembered
from scaffold.schema import ir
from scaffold.schema.names import matches

__all__ = ["ByteAutomaton", "Language", "escape", "has_no_text", "slot_language"]

MAX_LITERALS = 50_000
MAX_ENUMERATED = 512
MAX_KEPT = 100_000
"""Characters of the objects and arrays that are kept of an enum beyond what can be afforded."""
_MAY_CONTRADICT = re.compile(r"[^\[(|\\]\^|\$[^)|]|\(\?[=!<]|\\[bB]")
"""What a pattern that matches no text at all has: a border inside, or a condition."""


@dataclass(frozen=True, eq=False, slots=True)
class Language:
    """The legal texts of a slot.

    `widened`: "keyword: reason" for each part that is left to be checked and repaired. `literals`: the texts of a
    finite language, in order of declaration, else by length; None where it is endless or large.
    `lengths`: as in `Body`, of a text without quotes around.
    """

    automaton: ByteAutomaton
    widened: tuple[str, ...] = ()
    literals: tuple[bytes, ...] | None = None
    lengths: tuple[int, int | None] | None = None


def slot_language(slot: Slot) -> Language:
    """The legal texts of `slot`; without the quotes around a text where they stand outside of the slot.

    Raises:
        UnsatisfiableSchemaError: there are none.
    """
    return _of_slot(replace(slot, node=without_about(slot.node), role="value"))


def has_no_text(node: ir.String) -> bool:
    """Whether no text satisfies a string; only those are looked at whose parts could exclude each other."""
    is_bounded = node.min_length > 0 or node.max_length is not None
    parts = len(node.patterns) + len(node.not_patterns) + len(node.formats) + (is_bounded or bool(node.excluded))
    alone = (*node.patterns, *node.not_patterns)
    bars_empty = any(matches(pattern, "") is not False for pattern in node.not_patterns)  # and perhaps all
    if parts < 2 and not any(map(_MAY_CONTRADICT.search, alone)) and not bars_empty:
        return False
    return _is_empty(replace(node, about=ir.About()))


@lru_cache(maxsize=4096)
def _is_empty(node: ir.String) -> bool:
    """Whether a string's language has no text; an error is not kept by the cache of languages."""
    try:
        slot_language(Slot(node))
    except UnsatisfiableSchemaError:
        return True
    return False


def without_about(node: ir.Node) -> ir.Scalar | ir.Union:
    """What a slot's language depends on."""
    assert isinstance(node, ir.Scalar | ir.Union), "a slot holds one scalar"
    if isinstance(node, ir.Union):
        node = replace(node, branches=tuple(map(without_about, node.branches)))
    return replace(node, about=ir.About())


@remembered(megabytes=256)
def _of_slot(slot: Slot) -> Language:
    language = _affordable(slot)
    if language.automaton.is_empty:
        raise UnsatisfiableSchemaError((), "no text satisfies all constraints of this value at once")
    if language.literals is None:
        return replace(language, literals=language.automaton.texts(MAX_ENUMERATED))
    return language


def loosened(node: ir.Node) -> ir.Scalar | ir.Union:
    """The plain kinds of value that `node` allows: those that are not wanted are found afterwards."""
    match node:
        case ir.Union(branches):
            return ir.Union(tuple(map(loosened, branches)))
        case ir.Enum(literals):
            compound = [literal for literal in literals if literal[0] in "[{"]
            kinds: list[ir.Scalar] = [*dict.fromkeys(_kind(x) for x in literals if x[0] not in "[{")]
            if compound:
                kinds.append(ir.Enum(_first(compound)))
            return kinds[0] if len(kinds) == 1 else ir.Union(tuple(kinds))
        case ir.String():
            return ir.String()
        case _:
            assert isinstance(node, ir.Number | ir.Boolean | ir.Null), "a slot holds one scalar"
            return node


def _first(literals: list[str]) -> tuple[str, ...]:
    """The first objects and arrays of too many: no other kind of text comes near to them."""
    sizes = accumulate(map(len, literals))
    return tuple(literal for literal, size in zip(literals, sizes, strict=True) if size <= MAX_KEPT) or (literals[0],)


def _kind(literal: str) -> ir.Scalar:
    match json.loads(literal):
        case str():
            return ir.String()
        case bool():
            return ir.Boolean()
        case int() | float():
            return ir.Number()
        case _:
            return ir.Null()


def _affordable(slot: Slot) -> Language:
    """The language, or where its automaton would be too large that of any value of the same kinds."""
    try:
        return _language(slot.node, is_quoted=slot.is_bare)
    except TooBigError as error:
        reason = f"{'enum' if isinstance(slot.node, ir.Enum) else 'type'}: {error}"
    language = _language(loosened(slot.node), is_quoted=slot.is_bare)
    return replace(language, widened=(reason, *language.widened))


def _language(node: ir.Node, *, is_quoted: bool) -> Language:
    match node:
        case ir.String():
            body = strings.body(node)
            if is_quoted:
                return Language(byte_automaton.quoted(body.automaton), body.widened)
            return Language(body.automaton, body.widened, lengths=body.lengths)
        case ir.Number():
            return _number(node)
        case ir.Boolean():
            return _literals(("true", "false"))
        case ir.Null():
            return _literals(("null",))
        case ir.Enum(literals):
            return _literals(_spelled(literals, is_quoted=is_quoted))
        case ir.Union(branches):
            return _union([_language(branch, is_quoted=True) for branch in branches])
        case _:
            raise AssertionError("a slot holds one scalar")


def _spelled(literals: tuple[str, ...], *, is_quoted: bool) -> tuple[str, ...]:
    """Enum texts with the fewest escapes; without quotes where all of them are strings and may go without."""
    values = [json.loads(text) for text in literals]
    if not is_quoted and all(isinstance(value, str) for value in values):
        return tuple(map(escape, values))
    return tuple(
        f'"{escape(value)}"' if isinstance(value, str) else text for value, text in zip(values, literals, strict=True)
    )


def _literals(texts: tuple[str, ...]) -> Language:
    spelled = tuple(dict.fromkeys(text.encode() for text in texts))
    return Language(byte_automaton.of_literals(spelled), literals=spelled if len(spelled) <= MAX_LITERALS else None)


def _union(languages: list[Language]) -> Language:
    whole = languages[0]
    for language in languages[1:]:
        widened = tuple(dict.fromkeys(whole.widened + language.widened))
        literals = None
        if whole.literals is not None and language.literals is not None:
            literals = tuple(dict.fromkeys(whole.literals + language.literals))
        whole = Language(byte_automaton.union(whole.automaton, language.automaton), widened, literals)
    return whole


def _number(node: ir.Number) -> Language:
    try:
        return Language(_number_automaton(node))
    except TooBigError as error:
        dropped = "multipleOf" if node.multiples else "bounds"
        reason = f"{dropped}: {error}"
    smaller = replace(node, multiples=()) if node.multiples else ir.Number(is_integer=node.is_integer)
    language = _number(smaller)
    return replace(language, widened=(reason, *language.widened))


@remembered(megabytes=64)
def _number_automaton(node: ir.Number) -> ByteAutomaton:
    terms = Terms(len(SYMBOLS))
    found = automaton.explore(terms, numbers.term(terms, node))
    table = np.full((len(found.accepting), 256), automaton.DEAD, np.int64)
    table[:, list(SYMBOLS.encode())] = found.transitions
    return byte_automaton.of_bytes(table, found.accepting)
