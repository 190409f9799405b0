"""Time to the first token mask beside the engines that decode left to right: the same schemas, turn by turn."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from scaffold.errors import DecodeError, SchemaError
from scaffold.evals.compile_engines import ENGINES, Timed
from scaffold.evals.kept import keep, resumed
from scaffold.evals.labelled import Labelled, read, sampled
from scaffold.evals.limited import Died, Done, Late, limited

Outcome = Done[Timed] | Late | Died
Turn = dict[str, Outcome]
"""What each engine makes of one schema."""
Shares = tuple[float, float, float, float]
"""The median, the times that 95 % and 99 % do not exceed, and the longest."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Which schemas are compiled by which engines; each schema within the limit of processor time."""

    folder: Path
    sample: int = 500
    """Schemas of each corpus, drawn at random."""
    engines: tuple[str, ...] = tuple(ENGINES)
    corpora: tuple[str, ...] = ()
    """All of the folder, if empty."""
    limit_s: float = 10.0
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """What one engine makes of one corpus; milliseconds of processor time.

    `first` is over the schemas that it compiles, with the limit for those that it does not finish; `again` over those
    it compiles, with everything kept that it keeps; `shared` is `first` over the schemas that all engines compile.
    """

    engine: str
    corpus: str
    compiled: int = 0
    refused: int = 0
    late: int = 0
    died: int = 0
    first: Shares = (0.0, 0.0, 0.0, 0.0)
    again: Shares = (0.0, 0.0, 0.0, 0.0)
    shared: Shares = (0.0, 0.0, 0.0, 0.0)
    peak_mib: float = 0.0
    """Of its process, the vocabulary included, up to this corpus; of schemas that it did not finish it is not known."""
    note: str = ""


def compile_bench(plan: Plan, report: Callable[[str], None] = lambda _: None, kept: Path | None = None) -> list[Row]:
    """A row for each corpus and engine over one vocabulary of 126 464 tokens; peers only where installed.

    The engines take turns on each schema, so that what else the machine does hits all of them. Each turn is appended to
    the file `kept`: what it holds already is not done again, by processes that are warm anew.

    Raises:
        SchemaError: there are no schemas in the folder, or none of the corpora.
        DecodeError: the file belongs to another plan, or to other engines.
    """
    schemas = _chosen(plan)
    turns = [_read_turn(one) for one in resumed(kept, plan)] if kept else []
    runs, notes = _started(plan, schemas[len(turns) :])
    if turns and set(turns[0]) != set(runs):
        message = f"the kept turns are of {', '.join(turns[0])}; here run {', '.join(runs) or 'none'}"
        raise DecodeError((), message, "install the same engines, or name another file")
    start = perf_counter()
    for done, outcomes in enumerate(zip(*runs.values(), strict=True), 1):
        turns.append(dict(zip(runs, outcomes, strict=True)))
        if kept:
            keep(kept, _written_turn(turns[-1]))
        left = (perf_counter() - start) / done * (len(schemas) - len(turns)) / 60
        report(f"{len(turns)} of {len(schemas)} schemas, about {left:.0f} minutes left")
    found: list[Row] = []
    for corpus in dict.fromkeys(one.corpus for one in schemas):
        here = [turn for turn, one in zip(turns, schemas, strict=bool(runs)) if one.corpus == corpus]
        found += _rows(corpus, here, plan.limit_s)
        found += [Row(name, corpus, note=note) for name, note in notes.items()]
    return found


def _rows(corpus: str, turns: Sequence[Turn], limit_s: float) -> list[Row]:
    easy = [index for index, turn in enumerate(turns) if all(map(_is_good, turn.values()))]
    names = turns[0] if turns else ()
    return [_row(name, corpus, [turn[name] for turn in turns], easy, limit_s) for name in names]


def _written_turn(turn: Turn) -> dict[str, Any]:
    return {name: [type(outcome).__name__, asdict(outcome)] for name, outcome in turn.items()}


def _read_turn(found: Mapping[str, Any]) -> Turn:
    return {name: _read_outcome(kind, fields) for name, (kind, fields) in found.items()}


def _read_outcome(kind: str, fields: Mapping[str, Any]) -> Outcome:
    match kind:
        case "Done":
            return Done(Timed(**fields["found"]), fields["seconds"])
        case "Late":
            return Late()
        case _:
            return Died(**fields)


def _chosen(plan: Plan) -> list[Labelled]:
    labelled = [one for one in read(plan.folder) if not plan.corpora or one.corpus in plan.corpora]
    if not labelled:
        raise SchemaError((), f"{plan.folder} holds no schemas of {', '.join(plan.corpora)}", "name other corpora")
    return list(sampled(labelled, plan.sample, plan.seed))


def _started(plan: Plan, schemas: Sequence[Labelled]) -> tuple[dict[str, Iterator[Outcome]], dict[str, str]]:
    """What will come of the schemas, for each engine; why, for those that cannot be measured."""
    texts = [json.dumps(one.schema) for one in schemas]
    runs: dict[str, Iterator[Outcome]] = {}
    notes: dict[str, str] = {}
    for name in plan.engines:
        engine = ENGINES[name]
        if find_spec(engine.module) is None:
            notes[name] = f"skipped: {engine.module} is not installed"
            continue
        prepare = partial(engine.measure, engine.warm_up)
        run = limited(engine.measure, [engine.warm_up, *texts], plan.limit_s, prepare)
        if isinstance(next(run), Died):
            notes[name] = f"skipped: {engine.module} does not start"
        else:
            runs[name] = run
    return runs, notes


def _row(name: str, corpus: str, mine: Sequence[Outcome], easy: Sequence[int], limit_s: float) -> Row:
    """The row of one engine; `easy` are the schemas that all engines compile."""
    done = [one.found for one in mine if isinstance(one, Done)]
    good = [one for one in done if not one.refusal]
    late = sum(isinstance(one, Late) for one in mine)
    return Row(
        name,
        corpus,
        compiled=len(good),
        refused=len(done) - len(good),
        late=late,
        died=len(mine) - len(done) - late,
        first=_shares([*(one.first for one in good), *[limit_s] * late]),
        again=_shares([one.again for one in good]),
        shared=_shares([one.found.first for one in (mine[index] for index in easy) if isinstance(one, Done)]),
        peak_mib=max((one.peak_mib for one in done), default=0.0),
    )


def _is_good(outcome: Outcome) -> bool:
    return isinstance(outcome, Done) and not outcome.found.refusal


def _shares(seconds: Sequence[float]) -> Shares:
    times = sorted(1e3 * one for one in seconds) or [0.0]
    return median(times), times[int(0.95 * len(times))], times[int(0.99 * len(times))], times[-1]
