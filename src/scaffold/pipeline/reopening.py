"""Rows that hold a value already, and are open in places: to be filled again, or written anew."""

from dataclasses import dataclass, replace
from typing import Any

from scaffold.denoise.predictor import MaskPredictor
from scaffold.denoise.row import Row, start
from scaffold.denoise.windows import BOUNDLESS, first_window
from scaffold.errors import LayoutError, Path, pointer
from scaffold.layout.decisions import Decisions
from scaffold.layout.encode import Encoded
from scaffold.pipeline.compiled import Compiled
from scaffold.pipeline.known import with_encoded
from scaffold.pipeline.request import RequestOptions, request_of


@dataclass(frozen=True, slots=True)
class Held:
    """A value, the prompt that it was read from, and the paths that are open in it."""

    value: Any
    prompt: str
    paths: frozenset[Path]


def reopened_row(compiled: Compiled, predictor: MaskPredictor, held: Held, options: RequestOptions) -> Row:
    """A row that holds the value, open at and below the paths, structure and all."""
    found = _encoded(compiled, held)
    old = found.decisions

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
    found = _encoded(compiled, held)
    opened = {key for key in found.texts if key[1] == "value" and _shown(key[0]) in held.paths}
    missing = held.paths - {_shown(site) for site, _ in opened}
    if missing:
        raise LayoutError((), f"nothing is written at {pointer(min(missing))}", "name a text or number that is there")
    kept = Encoded(found.decisions, {key: text for key, text in found.texts.items() if key not in opened})
    row = _row(compiled, predictor, held, kept, options)
    return replace(row, presence={**row.presence, **{site: 0.0 for site, _ in opened}})


def _encoded(compiled: Compiled, held: Held) -> Encoded:
    adapter = compiled.source.adapter
    plain = held.value if adapter is None else adapter.dump_python(held.value, mode="json", by_alias=True)
    return compiled.encode(plain)


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
