"""Rows that hold a value already, and are open in places: to be filled again, or written anew."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from scaffold.denoise.predictor import MaskPredictor
from scaffold.denoise.row import Row, start
from scaffold.denoise.windows import BOUNDLESS, first_window
from scaffold.errors import LayoutError, Path, pointer
from scaffold.layout.decisions import Decisions
from scaffold.layout.encode import Encoded
from scaffold.pipeline.compiled import Compiled
from scaffold.pipeline.known import path_of, with_encoded
from scaffold.pipeline.request import RequestOptions, request_of


@dataclass(frozen=True, slots=True)
class Held:
    """A value, the prompt that it was read from, and the paths that are open in it."""

    value: Any
    prompt: str
    paths: frozenset[Path]


def paths_of(names: Sequence[str]) -> frozenset[Path]:
    """The paths that a caller names.

    Raises:
        LayoutError: one name was given where several are asked for, or none.
    """
    if isinstance(names, str) or not names:
        raise LayoutError((), f"paths={names!r} is no list of paths", 'pass a list: paths=["/total"]')
    return frozenset(map(path_of, names))


def reopened_row(compiled: Compiled, predictor: MaskPredictor, held: Held, options: RequestOptions) -> Row:
    """A row that holds the value, open at and below the paths, structure and all.

    Raises:
        LayoutError: at one of the paths the value has nothing that a fill decides.
    """
    found = compiled.encode(held.value)
    old = found.decisions
    sites = [*(key[0] for key in (*old.maybes, *found.texts)), *old.counts, *old.branches]
    _check(held.paths, {_shown(site)[:depth] for site in sites for depth in range(len(site) + 1)})

    def keeps(site: Path) -> bool:
        return not any(_shown(site)[: len(path)] == path for path in held.paths)

    kept = Encoded(
        Decisions(
            {key: there for key, there in old.maybes.items() if keeps(key[0])},
            {site: count for site, count in old.counts.items() if keeps(site)},
            frozenset(site for site in old.ended if keeps(site)),
            {site: branch for site, branch in old.branches.items() if keeps(site)},
        ),
        {key: text for key, text in found.texts.items() if keeps(key[0])},
    )
    return _row(compiled, predictor, held, kept, options)


def rewritten_row(compiled: Compiled, predictor: MaskPredictor, held: Held, options: RequestOptions) -> Row:
    """A row that holds the value, open in the texts of the paths alone: what is there stays there.

    Raises:
        LayoutError: at one of the paths the value has nothing that is written in one slot.
    """
    found = compiled.encode(held.value)
    opened = {key for key in found.texts if key[1] == "value" and _shown(key[0]) in held.paths}
    _check(held.paths, {_shown(site) for site, _ in opened})
    kept = Encoded(found.decisions, {key: text for key, text in found.texts.items() if key not in opened})
    row = _row(compiled, predictor, held, kept, options)
    return replace(row, presence={**row.presence, **{site: 0.0 for site, _ in opened}})


def _check(paths: frozenset[Path], there: Iterable[Path]) -> None:
    missing = paths.difference(there)
    if missing:
        path = min(missing)
        raise LayoutError(path, f"nothing is written at {pointer(path)}", "name a field that the value has")


def _row(compiled: Compiled, predictor: MaskPredictor, held: Held, kept: Encoded, options: RequestOptions) -> Row:
    request, is_split = request_of(compiled, predictor, held.prompt, options), options.on_overflow == "split"
    row = start(replace(request, max_length=BOUNDLESS) if is_split else request, kept.decisions)
    given = frozenset(site for site, _ in kept.texts) | frozenset(key[0] for key in kept.decisions.maybes)
    known = with_encoded(row, kept, frozenset(s for s in given if not _holds_open(s, held.paths)))
    return first_window(known, predictor.max_length) if is_split else known


def _shown(site: Path) -> tuple[str, ...]:
    return tuple(str(step) for step in site if isinstance(step, str) or step >= 0)


def _holds_open(site: Path, paths: frozenset[Path]) -> bool:
    return any(path[: len(_shown(site))] == _shown(site) for path in paths)
