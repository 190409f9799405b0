"""The term of the texts in which a pattern tree is found, anchors and lookahead included."""

from dataclasses import dataclass, replace
from enum import Enum, auto
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from scaffold.constraints import characters, syntax
from scaffold.constraints.characters import CodePoints
from scaffold.constraints.pattern import UnsupportedPatternError
from scaffold.constraints.syntax import Tree
from scaffold.constraints.terms import Terms

MAX_UNROLLED = 64
_ASSERTIONS = (syntax.Ahead, syntax.Start, syntax.End, syntax.Border)


class Before(Enum):
    """What may stand before a place in a pattern."""

    START = auto()
    WORD = auto()
    OTHER = auto()
    FOREIGN = auto()
    """A character that is of a word in some dialects only."""
    UNKNOWN = auto()
    """Any character."""


Context = frozenset[Before]


def point_sets(tree: Tree, *, is_wide: bool = False) -> set[CodePoints]:
    """Every set of code points in `tree`."""
    match tree:
        case syntax.Characters():
            return {tree.meaning(is_wide=is_wide)}
        case syntax.Sequence(parts) | syntax.Choice(parts):
            return set[CodePoints]().union(*(point_sets(part, is_wide=is_wide) for part in parts))
        case syntax.Repeat(item):
            return point_sets(item, is_wide=is_wide)
        case syntax.Ahead(body, is_negative):
            return point_sets(body, is_wide=is_wide != is_negative)
        case syntax.Border():
            return {characters.WORD, characters.word_anywhere()}
        case syntax.End():
            return {characters.NEWLINE} if is_wide else set()
        case syntax.Start():
            return set()


@dataclass(frozen=True, eq=False, slots=True)
class Alphabet:
    """A partition of the code points: `symbol[i]` stands from `borders[i]` on; -1 is no character."""

    borders: npt.NDArray[np.int64]
    symbol: npt.NDArray[np.int64]
    masks: dict[CodePoints, int]
    size: int


@lru_cache(maxsize=256)
def alphabet(sets: frozenset[CodePoints]) -> Alphabet:
    """The coarsest partition in which every set is a union of symbols."""
    ordered = [characters.ANY, *sorted(sets)]
    borders = np.unique(np.concatenate([np.asarray(points, np.int64) for points in ordered] + [[0]]))[:-1]
    inside = np.stack([characters.contains(points, borders) for points in ordered])
    kept = inside[0]
    columns, symbol = np.unique(inside[:, kept], axis=1, return_inverse=True)
    symbols = np.full(len(borders), -1, np.int64)
    symbols[kept] = symbol
    bits = {p: sum(1 << int(i) for i in np.flatnonzero(row)) for p, row in zip(ordered, columns, strict=True)}
    return Alphabet(borders, symbols, bits, columns.shape[1])


@dataclass(frozen=True, slots=True)
class Searcher:
    """Builds terms; `is_wide` reads every dialect in the widest way, for what is to be excluded."""

    terms: Terms
    letters: Alphabet
    is_wide: bool = False
    has_borders: bool = True
    """Whether word borders are to be looked for: few patterns have one."""

    def search(self, tree: Tree) -> int:
        """Texts in which `tree` is found somewhere."""
        return replace(self, has_borders=_holds(tree, (syntax.Border,)))._search(tree)

    def _search(self, tree: Tree) -> int:
        terms = self.terms
        at_start = self.build(tree, terms.anything, frozenset({Before.START}))
        if not _holds(tree, (syntax.Start, syntax.Border)):
            return terms.then(terms.anything, at_start)
        if not _holds(tree, (syntax.Border,)):
            return terms.either((at_start, self._behind(Before.UNKNOWN, terms.any_symbol, tree)))
        behind = [self._behind(kind, terms.of(mask), tree) for kind, mask in self._kinds().items()]
        return terms.either((at_start, *behind))

    def _behind(self, before: Before, character: int, tree: Tree) -> int:
        """Texts in which `tree` is found behind a `character`."""
        found = self.build(tree, self.terms.anything, frozenset({before}))
        return self.terms.then(self.terms.anything, self.terms.then(character, found))

    def build(self, tree: Tree, rest: int, before: Context) -> int:
        """Texts that start with `tree` and go on with `rest`."""
        self.terms.spend(20)  # assertions are unrolled, so nested ones multiply
        match tree:
            case syntax.Characters():
                return self.terms.then(self.terms.of(self._mask(tree)), rest)
            case syntax.Sequence(items):
                return self._sequence(items, rest, before)
            case syntax.Choice(options):
                return self.terms.either([self.build(option, rest, before) for option in options])
            case syntax.Repeat():
                return self._repeat(tree, rest, before)
            case syntax.Ahead(body, is_negative):
                return self.terms.both((self._ahead(body, before, is_negative=is_negative), rest))
            case syntax.Start():
                return self._start(rest, before)
            case syntax.End():
                return self.terms.both((self._end(), rest))
            case syntax.Border(is_negative):
                return self.terms.both((self._border(before, is_negative=is_negative), rest))

    def _mask(self, tree: syntax.Characters) -> int:
        return self.letters.masks[tree.meaning(is_wide=self.is_wide)]

    def _sequence(self, items: tuple[Tree, ...], rest: int, before: Context) -> int:
        contexts, asking = [before], _asking(items) if self.has_borders else [False] * len(items)
        for index, item in enumerate(items[:-1]):
            contexts.append(context_after(item, contexts[-1]))
            if asking[index + 1] and _is_unclear(contexts[-1]):
                self.terms.spend(len(items))  # of many such items each is parted again behind every other
                rest = self._parted(item, items[index + 1 :], rest, contexts[-2])
                return self._sequence(items[:index], rest, before)
        for item, context in zip(reversed(items), reversed(contexts), strict=False):
            rest = self.build(item, rest, context)
        return rest

    def _parted(self, item: Tree, behind: tuple[Tree, ...], rest: int, before: Context) -> int:
        """`item`, then `behind`: once for each kind of character with which `item` may end."""
        match item:
            case syntax.Sequence(items):
                return self._sequence((*items, *behind), rest, before)
            case syntax.Choice(options):
                return self.terms.either([self._sequence((option, *behind), rest, before) for option in options])
            case syntax.Characters():
                found = []
                for kind, within in self._kinds().items():
                    last = self.terms.of(self._mask(item) & within)
                    found.append(self.terms.then(last, self._sequence(behind, rest, frozenset({kind}))))
                return self.terms.either(found)
            case syntax.Repeat(one, low, high) if not (_holds(one, _ASSERTIONS) or _can_be_empty(one) or high == 0):
                earlier = syntax.Repeat(one, max(low - 1, 0), None if high is None else high - 1)
                last = self._sequence((one, *behind), rest, before)
                return self.terms.either(
                    [self.build(earlier, last, before), *([] if low else [self._sequence(behind, rest, before)])]
                )
            case _:
                raise UnsupportedPatternError("a word border behind something unknown")

    def _repeat(self, tree: syntax.Repeat, rest: int, before: Context) -> int:
        item, low, high = tree.item, tree.low, tree.high
        if not _holds(item, _ASSERTIONS):
            return self.terms.then(self.terms.repeat(self.build(item, self.terms.empty, before), low, high), rest)
        if _can_be_empty(item) or max(low, high or 0) > MAX_UNROLLED:
            raise UnsupportedPatternError("an assertion in a long repetition")
        before |= context_after(item, before) if high != 1 else before
        if high is None:
            loop = self.terms.loop(rest)
            self.terms.define(loop, self.terms.either((rest, self.build(item, loop, before))))
            rest = loop
        for _ in range((high or low) - low):
            rest = self.terms.either((rest, self.build(item, rest, before)))
        for _ in range(low):
            rest = self.build(item, rest, before)
        return rest

    def _ahead(self, body: Tree, before: Context, *, is_negative: bool) -> int:
        reader = replace(self, is_wide=self.is_wide != is_negative)
        found = reader.build(body, self.terms.anything, before)
        return self.terms.negate(found) if is_negative else found

    def _start(self, rest: int, before: Context) -> int:
        if Before.START not in before:
            return self.terms.nothing
        if len(before) > 1:
            raise UnsupportedPatternError("^ behind something that may be empty")
        return rest

    def _end(self) -> int:
        """The end; in Python `$` also stands before a last line break."""
        newline = self.terms.of(self.letters.masks[characters.NEWLINE]) if self.is_wide else self.terms.nothing
        return self.terms.either((self.terms.empty, newline))

    def _kinds(self) -> dict[Before, int]:
        masks = self.letters.masks
        word, anywhere = masks[characters.WORD], masks[characters.word_anywhere()]
        other, foreign = masks[characters.ANY] & ~anywhere, masks[characters.ANY] & anywhere & ~word
        return {Before.WORD: word, Before.OTHER: other, Before.FOREIGN: foreign}

    def _border(self, before: Context, *, is_negative: bool) -> int:
        """What follows a border in every dialect; in the widest reading, what does not follow the contrary in all."""
        if self.is_wide:
            return self.terms.negate(replace(self, is_wide=False)._border(before, is_negative=not is_negative))
        if _is_unclear(before):
            raise UnsupportedPatternError("a word border behind something unknown")
        kind, masks = next(iter(_kinds_before(before))), self._kinds()
        if kind is Before.FOREIGN and not is_negative:
            return self.terms.nothing
        same = kind if is_negative else Before.OTHER if kind is Before.WORD else Before.WORD
        follows = self.terms.then(self.terms.of(masks[same]), self.terms.anything)
        return self.terms.either((follows, self.terms.empty)) if same is Before.OTHER else follows


def _kinds_before(context: Context) -> set[Before]:
    """The kinds that a word border tells apart."""
    return {Before.OTHER if kind is Before.START else kind for kind in context}


def _is_unclear(context: Context) -> bool:
    kinds = _kinds_before(context)
    return len(kinds) > 1 or Before.UNKNOWN in kinds


def context_after(tree: Tree, before: Context) -> Context:
    """What may stand behind `tree` when `before` stands before it."""
    match tree:
        case syntax.Characters():
            return frozenset({_kind(tree)})
        case syntax.Sequence(items):
            for item in items:
                before = context_after(item, before)
            return before
        case syntax.Choice(options):
            return frozenset[Before]().union(*(context_after(option, before) for option in options))
        case syntax.Repeat(item, low):
            after = context_after(item, before)
            return after if low and not _can_be_empty(item) else after | before
        case _:
            return before


def _kind(tree: syntax.Characters) -> Before:
    points = tree.meaning(is_wide=False)
    if not characters.difference(points, characters.WORD):
        return Before.WORD
    # A pattern without word borders need not know, and the wide class takes long to build.
    if points[-1] <= 128 and not characters.combine(points, characters.WORD, lambda a, b: a & b):
        return Before.OTHER
    return Before.UNKNOWN


def _children(tree: Tree) -> tuple[Tree, ...]:
    match tree:
        case syntax.Sequence(parts) | syntax.Choice(parts):
            return parts
        case syntax.Repeat(inner) | syntax.Ahead(inner):
            return (inner,)
        case _:
            return ()


def _holds(tree: Tree, kinds: tuple[type, ...]) -> bool:
    return isinstance(tree, kinds) or any(_holds(child, kinds) for child in _children(tree))


def _asking(items: tuple[Tree, ...]) -> list[bool]:
    """Whether a word border may stand where the items begin, from each of them on."""
    found = [False]
    for item in reversed(items):
        found.append(_asks_before(item) or (found[-1] and _can_be_empty(item)))
    return found[:0:-1]


def _asks_before(tree: Tree) -> bool:
    match tree:
        case syntax.Border():
            return True
        case syntax.Sequence(items):
            return bool(items) and _asking(items)[0]
        case _:
            return any(map(_asks_before, _children(tree)))


def _can_be_empty(tree: Tree) -> bool:
    match tree:
        case syntax.Characters():
            return False
        case syntax.Sequence(items):
            return all(map(_can_be_empty, items))
        case syntax.Choice(options):
            return any(map(_can_be_empty, options))
        case syntax.Repeat(item, low):
            return low == 0 or _can_be_empty(item)
        case _:
            return True
