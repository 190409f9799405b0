"""Changes of structure that are tried on the simplest values before a model is asked to fill them."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import islice
from math import inf
from typing import Any

from scaffold.constraints.language import slot_language
from scaffold.decode.splice import json_path, splice
from scaffold.decode.validate import Problem
from scaffold.denoise.row import Row, with_decisions
from scaffold.errors import Path, ScaffoldError
from scaffold.layout.decisions import Decisions
from scaffold.layout.spans import OpenChoice, OpenGroup, OpenMaybe, OpenRepeat
from scaffold.pipeline.results import left_out, slot_texts

MAX_TRIED = 24
Faults = Callable[[Any], Sequence[Problem]]
"""The problems that a plain JSON value has."""


def first_better(row: Row, ways: Iterator[Decisions], faults: Faults) -> Row | None:
    """The row under the first decisions whose simplest value has fewer faults than it has; None if none of a few."""
    most = _faults_at_least(row, faults)
    for decisions in islice(ways, MAX_TRIED):
        with suppress(ScaffoldError):  # what cannot be laid out is no way
            laid = with_decisions(row, decisions)
            if laid is not None and _faults_at_least(laid, faults) < most:
                return laid
    return None


def _faults_at_least(row: Row, faults: Faults) -> float:
    """The faults of the row with nothing more than it has to have, each open slot at its shortest text."""
    closed: Row | None = row
    while closed is not None and closed.template.groups:
        decisions = closed.decisions
        for group in closed.template.groups:
            decisions = _least(decisions, group)
        closed = with_decisions(closed, decisions)
    return inf if closed is None else len(faults(_simplest(closed)))


def _least(decisions: Decisions, group: OpenGroup) -> Decisions:
    match group:
        case OpenMaybe(key=key):
            return decisions.with_maybe(key, is_present=False)
        case OpenRepeat(site=site, known=known):
            return decisions.with_count(site, known, is_ended=True)
        case OpenChoice(site=site, shown=shown):
            return decisions.with_branch(site, shown)


def _simplest(row: Row) -> Any:
    """The value of a row without open groups."""
    texts = slot_texts(row)
    for span in row.template.spans:
        if row.is_open(span):
            texts[span.key] = slot_language(row.slot(span)).automaton.shortest().decode()
    return json.loads(splice(row.template.parts, row.template.spans, texts))


def with_one_more(row: Row, path: Path) -> Iterator[Decisions]:
    """The row's decisions with one member, entry or item more of the value at `path`, then of those inside it."""
    yield from _one_more(row, lambda owner: owner == path)
    yield from _one_more(row, lambda owner: owner != path and owner[: len(path)] == path)


def _one_more(row: Row, is_wanted: Callable[[Path], bool]) -> Iterator[Decisions]:
    """One part more of a value whose path is wanted; the likeliest members first."""
    texts = slot_texts(row)
    # The log probability is that of the decision to leave it out.
    for site, absent in sorted(left_out(row), key=lambda key: row.presence.get(key[0], 0.0)):
        at = json_path(site, texts)
        if not absent and at and is_wanted(at[:-1]) and not is_fixed(row, site):
            yield row.decisions.with_maybe((site, absent), is_present=True)
    for site in sorted(row.decisions.ended, key=str):
        if is_wanted(json_path(site, texts)) and not is_fixed(row, site):
            group = _reopened(row, replace(row.decisions, ended=row.decisions.ended - {site}), site)
            if isinstance(group, OpenRepeat) and (group.limit is None or group.known < group.limit):
                yield row.decisions.with_count(site, group.known + 1, is_ended=True)


def with_other_branch(row: Row, path: Path) -> Iterator[Decisions]:
    """The row's decisions with another branch for the value at `path`, or around it; the innermost choice first.

    A value instead of a null is another branch too.
    """
    texts = slot_texts(row)
    for site, absent in left_out(row):
        if absent and json_path(site, texts) == path and not is_fixed(row, site):
            yield row.decisions.with_maybe((site, absent), is_present=True)
    shown = {site: json_path(site, texts) for site in row.decisions.branches}
    around = [site for site, at in shown.items() if at == path[: len(at)] and not is_fixed(row, site)]
    for site in sorted(around, key=len, reverse=True):
        taken = row.decisions.branches[site]
        others = {other: branch for other, branch in row.decisions.branches.items() if other != site}
        group = _reopened(row, replace(row.decisions, branches=others), site)
        if isinstance(group, OpenChoice) and group.span is None:
            yield from (row.decisions.with_branch(site, k) for k in range(group.branches) if k != taken)


def _reopened(row: Row, decisions: Decisions, site: Path) -> OpenGroup | None:
    """The group at a site that is open under these decisions."""
    groups = row.request.template(decisions).groups
    return next((g for g in groups if not isinstance(g, OpenMaybe) and g.site == site), None)


def is_fixed(row: Row, site: Path) -> bool:
    """Whether the caller gave a value there, above or below."""
    return any(site[: len(given)] == given or given[: len(site)] == site for given in row.given)
