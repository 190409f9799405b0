"""The legal fillings of a slot, as an automaton over token classes with a null tail."""

from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import numpy as np
import numpy.typing as npt

from scaffold.constraints import cache
from scaffold.constraints.automaton import DEAD, Bools, distinct_columns, longest
from scaffold.constraints.byte_automaton import ByteAutomaton
from scaffold.constraints.language import Language, loosened, slot_language, without_about
from scaffold.constraints.terms import TooBigError
from scaffold.constraints.token_classes import TokenIndex, TokenizerKey, characters_of, classify, token_index
from scaffold.errors import SlotBudgetError, TokenBorderError
from scaffold.garbage import uncollected
from scaffold.layout.pieces import Slot
from scaffold.remembered import remembered
from scaffold.schema import ir
from scaffold.tokenizer import Tokenizer

Ints = npt.NDArray[np.int32]
MAX_TOKEN_LITERALS = 512


@dataclass(frozen=True, eq=False, slots=True)
class SlotAutomaton:
    """Legal fillings of any number of positions: a legal text, then nulls.

    Starts in state 0; -1 is dead. Class 0 leads nowhere: tokens that are never legal, special and empty ones.
    The last state is the sink that null reaches from accepting states and stays in; it accepts.
    Invariant: every state is reachable and can still accept, by tokens of this vocabulary.
    """

    transitions: Ints
    token_class: Ints
    accepting: npt.NDArray[np.bool_]
    null_class: int
    literals: tuple[tuple[int, ...], ...] | None = None
    """A finite language of few texts: the tokens of each; other spellings of them are legal too."""
    widened: tuple[str, ...] = ()
    """What is left to be checked and repaired, as in `Language`."""
    lengths: tuple[int, int | None] | None = None
    """As in `Body`; in characters as `characters` counts them.

    Beyond what is counted in states this says more than `transitions` do.
    """
    characters: Ints | None = None
    """Whole characters of each token, -1 where it is none or has others: where `lengths` says something."""

    def accepts(self, ids: tuple[int, ...]) -> bool:
        """Whether `ids` fill a slot of as many positions."""
        state = self.after(ids)
        return state != DEAD and bool(self.accepting[state])

    def after(self, ids: tuple[int, ...]) -> int:
        """The state that `ids` lead to; -1 where they are the beginning of no legal filling."""
        state = 0
        for token in ids:
            state = int(self.transitions[state, self.token_class[token]])
            if state == DEAD:
                return DEAD
        return state

    def completes(self, ids: tuple[int, ...]) -> bool:
        """Whether some legal filling of as many positions agrees with `ids`, negative where open."""
        reached = np.zeros(len(self.transitions), dtype=np.bool_)
        reached[0] = True
        for token in ids:
            following = self.transitions[reached]
            following = following[:, self.token_class[token]] if token >= 0 else following.ravel()
            reached = np.zeros_like(reached)
            reached[following[following != DEAD]] = True
        return bool((reached & self.accepting).any())

    @property
    def is_empty_legal(self) -> bool:
        """Whether nulls alone are a legal filling."""
        return bool(self.transitions[0, self.null_class] != DEAD) and (self.lengths is None or self.lengths[0] == 0)

    @property
    def sink(self) -> int:
        """The state behind the first null."""
        return len(self.accepting) - 1

    @property
    def min_tokens(self) -> int:
        """Fewest tokens of a legal text."""
        if self.lengths is None or self.characters is None:
            return _token_bounds(self)[0]
        return max(_token_bounds(self)[0], -(-self.lengths[0] // max(int(self.characters.max()), 1)))

    @property
    def max_tokens(self) -> int | None:
        """Most tokens of a legal text, over all of its spellings; None: there is no limit."""
        return _token_bounds(self)[1]


def compile_slot(slot: Slot, tokenizer: Tokenizer, null_id: int, directory: Path | None = None) -> SlotAutomaton:
    """The automaton of `slot` for a vocabulary; kept in memory, and in `directory` or the environment's folder.

    Raises:
        UnsatisfiableSchemaError: no text is legal.
        TokenBorderError: the vocabulary cannot spell any legal text.
        SlotBudgetError: there are too many legal texts for any automaton.
    """
    return _of_slot(slot, TokenizerKey(tokenizer.fingerprint, tokenizer), null_id, directory or cache.directory())


@remembered(megabytes=1024)
def _of_slot(slot: Slot, key: TokenizerKey, null_id: int, directory: Path | None) -> SlotAutomaton:
    bare = replace(slot, node=without_about(slot.node), role="value")
    if bare != slot:
        return _of_slot(bare, key, null_id, directory)
    if directory is None:
        return _compiled(slot, key, null_id)
    name = cache.name(repr(slot), key.fingerprint, str(null_id))
    stored = cache.load(directory, name)
    if stored is None:
        found = _compiled(slot, key, null_id)
        cache.store(directory, name, _to_arrays(found))
        return found
    return _from_arrays(stored)


@uncollected
def _compiled(slot: Slot, key: TokenizerKey, null_id: int) -> SlotAutomaton:
    try:
        return compile_language(slot_language(slot), key, null_id)
    except TooBigError as error:
        reason = f"{'enum' if isinstance(slot.node, ir.Enum) else 'type'}: {error}"
    try:
        language = slot_language(replace(slot, node=loosened(slot.node)))
        found = compile_language(language, key, null_id)
    except TooBigError as error:
        raise SlotBudgetError(
            (), f"no automaton for this value can be afforded: {error}", "allow fewer values"
        ) from error
    return replace(found, widened=(reason, *found.widened))


def compile_language(language: Language, key: TokenizerKey, null_id: int) -> SlotAutomaton:
    """The automaton of `language` for a vocabulary.

    Raises:
        TokenBorderError: the vocabulary cannot spell any legal text.
        TooBigError: the tables would be too large.
    """
    index = token_index(key)
    classes = classify(language.automaton, index)
    token_class = classes.token_class.copy()
    token_class[null_id] = 0
    found = _with_null(classes.columns.T, language.automaton.accepting, token_class, null_id)
    if not _spells_every_byte(language.automaton, index, null_id):
        found = _trimmed(found, null_id)
    literals = _token_literals(language, key, found)
    found = replace(found, literals=literals, widened=language.widened)
    if language.lengths is None:
        return found
    characters = np.where(found.token_class > 0, characters_of(key), -1).astype(np.int32)
    characters[null_id] = -1
    return replace(found, lengths=language.lengths, characters=characters)


def _spells_every_byte(automaton: ByteAutomaton, index: TokenIndex, null_id: int) -> bool:
    """Whether each byte class has a token of one byte; then every state stays live."""
    if not index.levels:
        return False
    first = index.levels[0]
    single = first.byte[first.place[first.tokens != null_id]]
    return bool(len(np.unique(automaton.byte_class[single])) == automaton.transitions.shape[1])


def _with_null(content: Ints, accepting: Bools, token_class: Ints, null_id: int) -> SlotAutomaton:
    """Add the null class, and the sink behind accepting states."""
    states, classes = content.shape
    transitions = np.full((states + 1, classes + 1), DEAD, np.int32)
    transitions[:-1, :-1] = content
    transitions[:-1, -1] = np.where(accepting, states, DEAD)
    transitions[-1, -1] = states
    token_class = token_class.copy()
    token_class[null_id] = classes
    return SlotAutomaton(transitions, token_class, np.append(accepting, True), classes)


def _trimmed(whole: SlotAutomaton, null_id: int) -> SlotAutomaton:
    """Without the states that this vocabulary cannot reach or leave."""
    content, accepting = whole.transitions[:-1, :-1], whole.accepting[:-1]
    kept = np.flatnonzero(_reached(content) & _live(content, accepting))
    if 0 not in kept:
        raise TokenBorderError((), "the vocabulary cannot spell any legal text of a slot")
    number = np.full(len(accepting) + 1, DEAD, np.int32)
    number[kept] = np.arange(len(kept))
    columns, inverse = distinct_columns(number[content[kept]])  # class 0 is dead, so it stays the first
    token_class = np.append(inverse, 0)[whole.token_class].astype(np.int32)
    return _with_null(columns, accepting[kept], token_class, null_id)


def _reached(content: Ints) -> Bools:
    seen = np.zeros(len(content), np.bool_)
    fresh = np.array([0])
    while len(fresh):
        seen[fresh] = True
        following = np.unique(content[fresh])
        fresh = following[(following != DEAD) & ~np.append(seen, True)[following]]
    return seen


def _live(content: Ints, accepting: Bools) -> Bools:
    live = accepting
    while True:
        following: Bools = live | np.append(live, [False])[content].any(1)
        if (following == live).all():
            return live
        live = following


def _token_literals(language: Language, key: TokenizerKey, found: SlotAutomaton) -> tuple[tuple[int, ...], ...] | None:
    if language.literals is None or len(language.literals) > MAX_TOKEN_LITERALS:
        return None
    spelled = tuple(key.tokenizer.encode(text.decode()) for text in language.literals)
    return spelled if all(map(found.accepts, spelled)) else None


@remembered(megabytes=256)
def _token_bounds(whole: SlotAutomaton) -> tuple[int, int | None]:
    content, accepting = whole.transitions[:-1, :-1], whole.accepting[:-1]
    fewest, seen, fresh = 0, np.zeros(len(content), np.bool_), np.array([0])
    while not accepting[fresh].any():
        seen[fresh] = True
        following = np.unique(content[fresh])
        fresh = following[(following != DEAD) & ~np.append(seen, True)[following]]
        fewest += 1
    return fewest, longest(content, accepting)


def _to_arrays(found: SlotAutomaton) -> cache.Arrays:
    has_literals = found.literals is not None
    literals = found.literals or ()
    return {
        "transitions": found.transitions,
        "token_class": found.token_class,
        "accepting": found.accepting,
        "sizes": np.array([len(ids) for ids in literals] if has_literals else [-1], np.int32),
        "literals": np.array([token for ids in literals for token in ids], np.int32),
        "widened": np.array(found.widened, np.str_),
        "lengths": _as_array(found.lengths),
        "characters": found.characters if found.characters is not None else np.empty(0, np.int32),
    }


def _from_arrays(arrays: cache.Arrays) -> SlotAutomaton:
    sizes, flat = arrays["sizes"].tolist(), iter(arrays["literals"].tolist())
    literals = None if sizes == [-1] else tuple(tuple(islice(flat, n)) for n in sizes)
    lengths = arrays["lengths"].tolist()
    transitions = arrays["transitions"]
    return SlotAutomaton(
        transitions,
        arrays["token_class"],
        arrays["accepting"],
        transitions.shape[1] - 1,
        literals,
        tuple(arrays["widened"].tolist()),
        (lengths[0], None if lengths[1] < 0 else lengths[1]) if lengths else None,
        arrays["characters"] if lengths else None,
    )


def _as_array(lengths: tuple[int, int | None] | None) -> npt.NDArray[np.int64]:
    if lengths is None:
        return np.empty(0, np.int64)
    least, most = lengths
    return np.array([least, -1 if most is None else most], np.int64)
