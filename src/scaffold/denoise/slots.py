"""What the model expects of every open slot: its best legal text, its best quotation, and whether it is null."""

from collections import defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice
from math import inf
from typing import Any

import torch
from torch import Tensor

from scaffold.denoise.asked import Asked, Gathered, LogProbs, Weighed
from scaffold.denoise.draws import Draw
from scaffold.denoise.look import Look, Raw
from scaffold.denoise.options import DenoiseOptions
from scaffold.denoise.own_language import own_language
from scaffold.denoise.quotations import better, quotations
from scaffold.denoise.row import OPEN
from scaffold.denoise.transfer import received, sent

Members = list[int]
"""Places of slots, among those asked about, that are looked at in one go."""
MOST_EDGES = 1 << 24
"""Edges that are looked at in one go, at most: what is beside them in memory is a small multiple."""


@dataclass(frozen=True, eq=False, slots=True)
class _Begun:
    """Slots that were weighed, those that share a language or a prompt together, before anything of it is read."""

    asked: Sequence[Asked]
    own: list[Members]
    quoting: list[Members]
    weighed: list[Weighed]
    """Of `own`, of `quoting`, and what is read of the positions as they are."""


def look(
    parties: Sequence[tuple[Sequence[Asked], Draw]], log_probs: LogProbs, options: DenoiseOptions
) -> list[list[Look]]:
    """Look at every slot of each party with its own random numbers; those that share a language in one go.

    Everything is computed before anything is read, so a step waits once for the device; it waits again only where a
    spelling was committed that a closed form does not know.
    """
    begun = [_begun(asked, log_probs, options, draw) for asked, draw in parties]
    numbers = iter(_read([weighed for one in begun for weighed in one.weighed]))
    return [_looked(one, list(islice(numbers, len(one.weighed)))) for one in begun]


def _begun(asked: Sequence[Asked], log_probs: LogProbs, options: DenoiseOptions, draw: Draw) -> _Begun:
    own, quoting = _by_language(asked), _by_pointing(asked)
    groups = [[asked[index] for index in members] for members in (*own, *quoting)]
    seen = _seen(groups, log_probs)
    weighed = [own_language(*pair, options, draw) for pair in zip(groups[: len(own)], seen[: len(own)], strict=True)]
    weighed += [quotations(*pair, options, draw) for pair in zip(groups[len(own) :], seen[len(own) :], strict=True)]
    raw = _raw_columns(asked, log_probs) if options.length.reads_raw else ()
    return _Begun(asked, own, quoting, [*weighed, Weighed(raw, lambda _: [])])


def _looked(one: _Begun, numbers: list[list[list[Any]]]) -> list[Look]:
    """Looks at the slots in the order in which they were asked about."""
    asked, count = one.asked, len(one.own)
    looks: dict[int, Look] = {}
    for members, weighed, columns in zip(one.own, one.weighed, numbers, strict=False):
        looks.update(zip(members, _looks(weighed, columns), strict=True))
    for members, weighed, columns in zip(one.quoting, one.weighed[count:], numbers[count:], strict=False):
        for index, quotation in zip(members, weighed.looks(columns), strict=True):
            looks[index] = better(looks[index], quotation, asked[index].pointing)
    found = [looks[index] for index in range(len(asked))]
    return _with_raw(found, asked, numbers[-1]) if one.weighed[-1].columns else found


def _by_language(asked: Sequence[Asked]) -> list[Members]:
    groups: dict[Hashable, Members] = defaultdict(list)
    for index, slot in enumerate(asked):
        groups[id(slot.automaton), len(slot.committed), slot.is_tag].append(index)
    return [part for members in groups.values() for part in _parts(members, asked[members[0]])]


def _parts(members: Members, one: Asked) -> list[Members]:
    """The members, so many at once as memory is meant to hold."""
    literals = one.automaton.literals
    edges = one.automaton.transitions.size if literals is None else len(literals)
    most = max(1, MOST_EDGES // (edges * len(one.committed)))
    return [members[start : start + most] for start in range(0, len(members), most)]


def _by_pointing(asked: Sequence[Asked]) -> list[Members]:
    groups: dict[Hashable, Members] = defaultdict(list)
    for index, slot in enumerate(asked):
        if slot.pointing is not None and all(token == OPEN for token in slot.committed):
            groups[id(slot.pointing)].append(index)
    return list(groups.values())


def _seen(groups: Sequence[Sequence[Asked]], log_probs: LogProbs) -> list[Gathered]:
    """What each group looks at; where it is, and what is committed, is sent to the device in one piece."""
    first = [torch.tensor([slot.first for slot in slots]) for slots in groups]
    committed = [torch.tensor([slot.committed for slot in slots]) for slots in groups]
    at = [start[:, None] + torch.arange(held.shape[1]) for start, held in zip(first, committed, strict=True)]
    there = sent([*at, *committed], log_probs.device)
    return [
        Gathered(_rows(log_probs, slots, places), held)
        for slots, places, held in zip(groups, there[: len(groups)], there[len(groups) :], strict=True)
    ]


def _rows(log_probs: LogProbs, slots: Sequence[Asked], places: Tensor) -> Tensor:
    """What a group looks at: a part of the whole where its slots stand side by side, else a copy."""
    start, length = slots[0].first, places.shape[1]
    if all(slot.first == start + index * length for index, slot in enumerate(slots)):
        found = log_probs[start : start + places.numel()]
    else:
        found = log_probs.index_select(0, places.flatten())
    return found.unflatten(0, places.shape)


def _read(weighed: Sequence[Weighed]) -> list[list[list[Any]]]:
    """The numbers of all of them, after one wait."""
    found = iter(received(list(chain.from_iterable(one.columns for one in weighed))))
    return [[next(found).tolist() for _ in one.columns] for one in weighed]


def _looks(one: Weighed, columns: list[list[Any]]) -> list[Look]:
    """Looks at slots that share a language, by its automaton where its closed form finds nothing legal."""
    if one.again is None or -inf not in columns[0]:
        return one.looks(columns)
    other = one.again()
    return other.looks(_read([other])[0])


def _raw_columns(asked: Sequence[Asked], log_probs: LogProbs) -> tuple[Tensor, ...]:
    """Best token, its chance and the chance of null, at every position up to the last one that is asked about."""
    own = log_probs[: max((slot.first + len(slot.committed) for slot in asked), default=0)]
    best = own.max(-1)
    null_id = asked[0].null_id if asked else 0
    return best.indices, best.values.exp(), own[:, null_id].exp()


def _with_raw(looks: Sequence[Look], asked: Sequence[Asked], columns: Sequence[list[Any]]) -> list[Look]:
    found = []
    for one, slot in zip(looks, asked, strict=True):
        part = slice(slot.first, slot.first + len(slot.committed))
        tokens, chances, nulls = (tuple(column[part]) for column in columns)
        found.append(replace(one, raw=Raw(tokens, chances, nulls)))
    return found
