"""The legal texts of a string: patterns, formats, lengths and excluded texts, as far as they can be afforded."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from scaffold.constraints import automaton, characters, formats, pattern, syntax
from scaffold.constraints.automaton import Automaton
from scaffold.constraints.byte_automaton import ByteAutomaton
from scaffold.constraints.character_automaton import CharacterAutomaton, excluding, intersection, of_tree
from scaffold.constraints.pattern import UnsupportedPatternError
from scaffold.constraints.spelling import check_spelling, spell
from scaffold.constraints.terms import TooBigError
from scaffold.schema import ir

MAX_COUNTED = 256
"""Longest `minLength` or `maxLength` that is counted in the automaton."""
MAX_FORCED = 4096
"""Longest `minLength` that a slot is given room for before the model has said anything."""
_ANYTHING = syntax.Sequence(())


@dataclass(frozen=True, slots=True)
class _Part:
    """One constraint, by the keyword that it comes from."""

    keyword: str
    build: Callable[[], CharacterAutomaton]


@dataclass(frozen=True, eq=False, slots=True)
class Body:
    """The JSON-escaped texts of a string, and "keyword: reason" for each part that was left out."""

    automaton: ByteAutomaton
    widened: tuple[str, ...]
    lengths: tuple[int, int | None] | None
    """Fewest (as far as they are forced) and most characters (None: any number), where nothing else is asked."""


def body(node: ir.String) -> Body:
    """What may stand between the quotes of `node`."""
    # The length last: it multiplies states, and is the easiest to repair.
    parts, uncounted = [*_parts(node), *_least(node)], []
    if node.max_length is not None and node.max_length <= MAX_COUNTED:
        parts.append(_length("maxLength", 0, node.max_length))
    elif node.max_length is not None:
        uncounted = [_too_long("maxLength", node.max_length)]
    found, widened = _affordable(parts)
    if uncounted and _is_within(found.automaton, node.max_length or 0):
        uncounted = []
    if node.min_length > MAX_COUNTED:
        uncounted.append(_too_long("minLength", node.min_length))
    is_free = _is_free(found.automaton) or not _parts(node)
    least = node.min_length if node.min_length <= MAX_FORCED else 0
    lengths = (least, node.max_length) if is_free else None
    return Body(spell(found.automaton, found.letters), (*widened, *_unchecked(node), *uncounted), lengths)


def _is_within(found: Automaton, length: int) -> bool:
    """Whether no text is longer."""
    longest = automaton.longest(found.transitions, found.accepting)
    return longest is not None and longest <= length


def _is_free(found: Automaton) -> bool:
    return len(found.accepting) == 1 and bool(found.accepting[0]) and bool((found.transitions == 0).all())


def _too_long(keyword: str, bound: int) -> str:
    return f"{keyword}: {bound} is more than the {MAX_COUNTED} characters that are counted"


def _least(node: ir.String) -> list[_Part]:
    if not 0 < node.min_length <= MAX_COUNTED:
        return []
    return [_length("minLength", node.min_length, None)]


def _length(keyword: str, low: int, high: int | None) -> _Part:
    anything = syntax.Characters(characters.ANY)
    end = syntax.Ahead(anything, is_negative=True)
    return _Part(keyword, partial(of_tree, syntax.Sequence((syntax.Start(), syntax.Repeat(anything, low, high), end))))


def _parts(node: ir.String) -> list[_Part]:
    patterns = [("format", found) for name in node.formats if (found := formats.pattern_for(name)) is not None]
    patterns += [("pattern", text) for text in node.patterns]
    parts = [_Part(keyword, partial(_found, text, is_negated=False)) for keyword, text in patterns]
    parts += [_Part("not", partial(_found, text, is_negated=True)) for text in node.not_patterns]
    return [*parts, _Part("not", partial(excluding, node.excluded))] if node.excluded else parts


def _found(text: str, *, is_negated: bool) -> CharacterAutomaton:
    return of_tree(pattern.parse(text), is_negated)


def _unchecked(node: ir.String) -> list[str]:
    return [f"format: {name} is no regular language" for name in node.formats if name in formats.CHECKED]


def _affordable(parts: list[_Part]) -> tuple[CharacterAutomaton, list[str]]:
    """What the parts share; those that are too big or not regular are left out, with the reason."""
    found: CharacterAutomaton | None = None
    widened: list[str] = []
    for part in parts:
        try:
            built = part.build()
            together = built if found is None else intersection(found, built)
            check_spelling(together.automaton, together.letters)
            found = together
        except (TooBigError, UnsupportedPatternError) as error:
            widened.append(f"{part.keyword}: {error}")
    return found or of_tree(_ANYTHING), widened
