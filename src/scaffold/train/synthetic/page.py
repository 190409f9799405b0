"""Writing a text: templates filled with facts, every quotation remembered with its place."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from random import Random

from scaffold.train.synthetic.facts import Fact, Facts, Phrases, Record
from scaffold.train.synthetic.said import Said
from scaffold.train.synthetic.spelling import Speech

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Written:
    """A fact that stands in the text: the span of its words, and of the words with what is around them."""

    said: Said
    words: Span | None
    whole: Span | None


@cache
def parse(template: str) -> tuple[tuple[str, str], ...]:
    """Split a template into (text, fact key) pairs; the last key is empty."""
    parts = [*re.split(r"\{([\w.]+)\}", template), ""]
    return tuple(zip(parts[::2], parts[1::2], strict=True))


@cache
def keys(template: str) -> frozenset[str]:
    """The facts that a template states."""
    return frozenset(key for _, key in parse(template) if key)


@dataclass(slots=True)
class Page:
    """A text in the making; `written` maps fact keys (`items/0/price` inside lists) to their first mention."""

    speech: Speech
    rng: Random
    records: Mapping[str, tuple[tuple[str, str], ...]]
    parts: list[str] = field(default_factory=list)
    length: int = 0
    written: dict[str, Written] = field(default_factory=dict)

    def add(self, text: str) -> None:
        """Write words that state no fact."""
        self.parts.append(text)
        self.length += len(text)

    def fill(self, template: str, facts: Facts | Record, prefix: str = "") -> None:
        """Write a template with its facts."""
        for text, key in parse(template):
            if text:
                self.add(text)
            if key:
                self._put(prefix + key, facts[key])

    def _put(self, key: str, fact: Fact) -> None:
        if isinstance(fact, Said):
            self._put_said(key, fact)
            return
        texts = [item for item in fact if isinstance(item, Said)]
        if texts:
            self._put_list(key, texts)
        else:
            self._put_records(key, [item for item in fact if not isinstance(item, Said)])

    def _put_said(self, key: str, said: Said) -> None:
        start = self.length + len(said.before)
        stop = start + len(said.raw)
        whole = (self.length, stop + len(said.after))
        mark = None if said.is_cue else (start, stop)
        self.written.setdefault(key, Written(said, mark, mark and whole))
        if said.unit:
            sign = said.before.strip() or said.after.split()[-1]
            at = whole[0] if said.before else whole[1] - len(sign)
            value = self.speech.currency[1]
            self.written.setdefault(said.unit, Written(Said(sign, value), (at, at + len(sign)), (at, at + len(sign))))
        self.add(said.before + said.raw + said.after)

    def _put_list(self, key: str, items: list[Said]) -> None:
        between, last = self.speech.joins(self.rng)
        for index, item in enumerate(items):
            if index:
                self.add(last if index == len(items) - 1 else between)
            self._put_said(f"{key}/{index}", item)

    def _put_records(self, key: str, items: list[Record]) -> None:
        template, separator = self.rng.choice(self.records[key])
        for index, item in enumerate(items):
            if index:
                self.add(separator)
            self.fill(template, item, f"{key}/{index}/")


def statements(rng: Random, phrases: Phrases, facts: Facts) -> list[str]:
    """The templates of a text in order: the opening, then those of the others that are kept."""
    known = facts.keys()
    chosen = []
    for alternatives in phrases.others:
        usable = [template for template in alternatives if keys(template) <= known]
        if usable and rng.random() < 0.78:
            chosen.append(rng.choice(usable))
    if not phrases.is_ordered:
        rng.shuffle(chosen)
    return [rng.choice([template for template in phrases.first if keys(template) <= known]), *chosen]
