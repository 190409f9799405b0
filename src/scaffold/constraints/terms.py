"""Regular expressions with intersection and complement, matched by derivatives.

A term is a number in an arena, so equal terms are one number. The derivative of a term by a symbol is
the term of what may follow that symbol (Brzozowski 1964); exploring derivatives gives an automaton.
"""

from collections.abc import Hashable, Iterable
from functools import reduce
from operator import and_, or_
from typing import Any, Protocol

MAX_WORK = 500_000


class TooBigError(Exception):
    """An automaton would cost more than its cap; the argument says which cap."""


class Machine(Protocol):
    """A hand-written automaton used as a term; states are hashable and it compares by value."""

    def step(self, state: Any, symbol: int) -> Hashable | None:
        """The next state; None: no legal text goes on like this."""

    def accepts(self, state: Any) -> bool:
        """Whether the text may end here."""

    def alike(self, state: Any) -> frozenset[int]:
        """Sets of symbols, as bits, from each of which the next state is the same; disjoint, and together all."""


class Terms:
    """An arena of terms over the symbols 0 … `symbols` - 1, kept in a normal form."""

    def __init__(self, symbols: int) -> None:
        self.symbols = symbols
        self.nullable: list[bool] = []
        self.starts: list[int] = []
        """The symbols, as bits, with which a text of each term may begin; perhaps others too."""
        self._keys: list[tuple[Any, ...]] = []
        self._ids: dict[tuple[Any, ...], int] = {}
        self._derived: dict[tuple[int, int], int] = {}
        self._alike: dict[int, frozenset[int]] = {}
        self._work = 0
        self._all = (1 << symbols) - 1
        self.nothing = self._make(("symbols", 0), nullable=False, starts=0)
        self.empty = self._make(("empty",), nullable=True, starts=0)
        self.anything = self._make(("not", self.nothing), nullable=True, starts=self._all)
        self.any_symbol = self.of(self._all)

    def _make(self, key: tuple[Any, ...], *, nullable: bool, starts: int) -> int:
        if key not in self._ids:
            self._ids[key] = len(self._keys)
            self._keys.append(key)
            self.nullable.append(nullable)
            self.starts.append(starts)
        return self._ids[key]

    def of(self, mask: int) -> int:
        """One symbol of the set of bits `mask`."""
        return self._make(("symbols", mask), nullable=False, starts=mask)

    def then(self, first: int, second: int) -> int:
        """Texts of `first` followed by texts of `second`."""
        if self.nothing in (first, second):
            return self.nothing
        if first == self.empty:
            return second
        if second == self.empty or (first == second == self.anything):
            return first
        match self._keys[first]:
            case ("then", head, tail):
                return self.then(head, self.then(tail, second))
            case _:
                return self._then(first, second)

    def _then(self, first: int, second: int) -> int:
        is_nullable, starts = self.nullable[first], self.starts[first]
        if is_nullable:
            starts |= self.starts[second]
        return self._make(("then", first, second), nullable=is_nullable and self.nullable[second], starts=starts)

    def either(self, terms: Iterable[int]) -> int:
        """Texts of any of `terms`."""
        members, mask = set(terms), 0
        for term in tuple(members):
            match self._keys[term]:
                case ("either", inner):
                    members.remove(term)
                    members |= inner
        if self.anything in members:
            return self.anything
        singles = {term for term in members if self._keys[term][0] == "symbols"}
        if len(singles) > 1 or self.nothing in singles:
            for term in singles:
                mask |= self._keys[term][1]
            members = members - singles | ({self.of(mask)} if mask else set())
        if len(members) <= 1:
            return next(iter(members), self.nothing)
        starts = reduce(or_, [self.starts[t] for t in members])
        return self._make(
            ("either", frozenset(members)), nullable=any(self.nullable[t] for t in members), starts=starts
        )

    def both(self, terms: Iterable[int]) -> int:
        """Texts of all of `terms`."""
        members = set(terms)
        for term in tuple(members):
            match self._keys[term]:
                case ("both", inner):
                    members.remove(term)
                    members |= inner
        members.discard(self.anything)
        if self.nothing in members:
            return self.nothing
        if self.empty in members:
            return self.empty if all(self.nullable[t] for t in members) else self.nothing
        if len(members) <= 1:
            return next(iter(members), self.anything)
        starts = reduce(and_, [self.starts[t] for t in members])
        return self._make(("both", frozenset(members)), nullable=all(self.nullable[t] for t in members), starts=starts)

    def negate(self, term: int) -> int:
        """Texts that are not of `term`."""
        match self._keys[term]:
            case ("not", inner):
                return int(inner)
            case _:
                return self._make(("not", term), nullable=not self.nullable[term], starts=self._all)

    def repeat(self, term: int, low: int, high: int | None) -> int:
        """From `low` to `high` texts of `term` in a row; None: without end."""
        if self.nullable[term]:
            low = 0
        if high == 0 or term == self.empty or (term == self.nothing and low == 0):
            return self.empty
        if term == self.nothing or (low, high) == (1, 1):
            return term
        if (term == self.anything) or (term == self.any_symbol and low == 0 and high is None):
            return self.anything
        return self._make(("repeat", term, low, high), nullable=low == 0, starts=self.starts[term])

    def machine(self, machine: Machine, state: Hashable | None) -> int:
        """What `machine` accepts from `state` on."""
        if state is None:
            return self.nothing
        return self._make(("machine", machine, state), nullable=machine.accepts(state), starts=self._all)

    def loop(self, last: int) -> int:
        """A term still to be defined, by `define`: rounds that end with `last`."""
        return self._make(("loop", len(self._keys)), nullable=self.nullable[last], starts=self._all)

    def define(self, loop: int, body: int) -> None:
        """Say what `loop` is; `body` reads a symbol before it comes back to `loop`."""
        self._ids["definition", loop] = body

    def derive(self, term: int, symbol: int) -> int:
        """What may follow `symbol` in the texts of `term`.

        Raises:
            TooBigError: the cap on work is spent.
        """
        if not self.starts[term] >> symbol & 1:
            return self.nothing
        found = self._derived.get((term, symbol))
        if found is None:
            self.spend(1)
            found = self._derived[term, symbol] = self._derive(term, symbol)
        return found

    def alike(self, term: int) -> frozenset[int]:
        """Sets of symbols, as bits, after each of which the same may follow (Owens, Reppy and Turon 2009).

        Disjoint, and together all symbols; perhaps more of them than need be.
        """
        found = self._alike.get(term)
        if found is None:
            found = self._alike[term] = self._parted(term)
        return found

    def _parted(self, term: int) -> frozenset[int]:
        match self._keys[term]:
            case ("symbols", mask):
                return frozenset({mask, self._all & ~mask} - {0})
            case ("then", first, second):
                parts = [first, second] if self.nullable[first] else [first]
                return reduce(_crossed, map(self.alike, parts))
            case ("either" | "both", members):
                return reduce(_crossed, {self.alike(t) for t in members})
            case ("not", inner) | ("repeat", inner, _, _):
                return self.alike(inner)
            case ("machine", machine, state):
                return frozenset(machine.alike(state))
            case ("loop", _):
                return self.alike(self._ids["definition", term])
            case _:
                return frozenset({self._all})

    def spend(self, work: int) -> None:
        """Count work.

        Raises:
            TooBigError: the cap is reached.
        """
        self._work += work
        if self._work > MAX_WORK:
            raise TooBigError(f"more than {MAX_WORK} steps of work")

    def _derive(self, term: int, symbol: int) -> int:
        match self._keys[term]:
            case ("symbols", mask):
                return self.empty if mask >> symbol & 1 else self.nothing
            case ("then", first, second):
                goes_on = self.then(self.derive(first, symbol), second)
                return self.either((goes_on, self.derive(second, symbol))) if self.nullable[first] else goes_on
            case ("either", members):
                self.spend(len(members))
                return self.either([self.derive(t, symbol) for t in members if self.starts[t] >> symbol & 1])
            case ("both", members):
                self.spend(len(members))
                return self.both([self.derive(t, symbol) for t in members])
            case ("not", inner):
                return self.negate(self.derive(inner, symbol))
            case ("repeat", inner, low, high):
                rest = self.repeat(inner, max(low - 1, 0), None if high is None else high - 1)
                return self.then(self.derive(inner, symbol), rest)
            case ("machine", machine, state):
                return self.machine(machine, machine.step(state, symbol))
            case ("loop", _):
                return self.derive(self._ids["definition", term], symbol)
            case _:
                return self.nothing  # the empty text


def _crossed(left: frozenset[int], right: frozenset[int]) -> frozenset[int]:
    """The coarsest sets that are parts of sets of both."""
    if len(left) == 1 or left == right:
        return right
    if len(right) == 1:
        return left
    return frozenset({a & b for a in left for b in right} - {0})
