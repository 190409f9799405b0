"""Fill every schema of a folder with predictors that know nothing or mean harm: what comes of it, and how fast."""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal, get_args
from zlib import crc32

from scaffold.errors import ScaffoldError, pointer
from scaffold.evals.labelled import Labelled, read, sampled
from scaffold.evals.limited import Died, Done, Late, limited
from scaffold.evals.metrics import count_of
from scaffold.evals.soundness import PROMPTS, rejected
from scaffold.pipeline import Filler
from scaffold.pipeline.compiled import compile
from scaffold.testing import AdversarialPredictor, RandomPredictor

LIMIT_S = 60.0
SLOW_S = 10.0
SHOWN = 12
Kind = Literal["random", "adversarial"]
KINDS: tuple[Kind, ...] = get_args(Kind)
Fate = Literal["filled", "invalid", "unjudged", "failed", "crashed", "late", "not compiled"]
"""Unjudged: the stock validator cannot read a pattern of the schema, which is ECMA-262 and not Python's."""
FATES: tuple[Fate, ...] = get_args(Fate)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one fill."""

    schema: str
    kind: Kind
    fate: Fate
    what: str = ""
    """The type of the error."""
    at: str = ""
    """Where, as a JSON pointer."""
    detail: str = ""
    model_calls: int = 0
    seconds: float = 0.0
    """Of processor time, to compile and to fill."""


@dataclass(frozen=True, slots=True)
class Fills:
    """The counts of one predictor, and what went wrong or was slow."""

    kind: Kind
    outcomes: tuple[Outcome, ...] = field(repr=False)

    def row(self) -> dict[str, Any]:
        """One line of a table; percentages are of the schemas that compile."""
        tried = [one for one in self.outcomes if one.fate != "not compiled"]
        counts = {fate: sum(one.fate == fate for one in self.outcomes) for fate in FATES}
        shares: dict[str, str] = {
            fate: count_of(count, len(tried)) for fate, count in counts.items() if fate != "not compiled"
        }
        seconds = sorted(one.seconds for one in tried) or [0.0]
        times = {f"p{share}": f"{_at(seconds, share):.2f} s" for share in (50, 95, 99)}
        rest = {"slowest": f"{seconds[-1]:.1f} s", f"over {SLOW_S:.0f} s": sum(one > SLOW_S for one in seconds)}
        skipped = {"not compiled": counts["not compiled"]}
        return {"predictor": self.kind, "schemas": len(tried), **shares, **skipped, **times, **rest}

    def worst(self) -> list[dict[str, Any]]:
        """Every fill that gave no valid object, then the slowest ones."""
        wrong = [one for one in self.outcomes if one.fate not in {"filled", "not compiled"}]
        slowest = sorted(self.outcomes, key=lambda one: -one.seconds)[:SHOWN]
        return [
            {"schema": one.schema, "fate": one.fate, "what": f"{one.what} {one.at}".strip(), "detail": one.detail,
             "calls": one.model_calls, "seconds": f"{one.seconds:.1f}"}
            for one in dict.fromkeys((*wrong, *slowest))
        ]  # fmt: skip


def _at(ordered: Sequence[float], share: int) -> float:
    return ordered[min(len(ordered) * share // 100, len(ordered) - 1)]


@dataclass(frozen=True, slots=True)
class Filling:
    """Fills one schema under the default options, and has another validator check the object."""

    seed: int = 0

    def __call__(self, item: tuple[Labelled, Kind]) -> Outcome:
        """See `Filling`; the same schema gets the same random numbers in every sample."""
        one, kind = item
        number = crc32(one.name.encode()) + self.seed
        predictor = RandomPredictor(seed=number) if kind == "random" else AdversarialPredictor(seed=number)
        try:
            compiled = compile(one.schema)
        except ScaffoldError as error:
            return Outcome(one.name, kind, "not compiled", type(error).__name__, pointer(error.path), str(error)[:300])
        try:
            found = Filler(predictor).fill(compiled, PROMPTS[number % len(PROMPTS)])
            fate, problem = _judged(one.schema, found.text)
        except ScaffoldError as error:
            return Outcome(one.name, kind, "failed", type(error).__name__, pointer(error.path), str(error)[:300])
        except Exception as error:  # noqa: BLE001  (a crash is what is being looked for)
            return Outcome(one.name, kind, "crashed", type(error).__name__, "", str(error)[:300])
        return Outcome(one.name, kind, fate, detail=problem, model_calls=found.model_calls)


def _judged(schema: Any, text: str) -> tuple[Fate, str]:
    """What the stock validator says of an object, with its words."""
    try:
        problem = rejected(schema, json.loads(text))
    except re.error as error:
        return "unjudged", f"the stock validator cannot read a pattern: {error}"
    return ("filled", "") if problem is None else ("invalid", problem)


def bench_fills(
    folder: Path,
    sample: int | None = None,
    seed: int = 0,
    *,
    shard: tuple[int, int] = (0, 1),
    report: Callable[[str], None] = lambda _: None,
) -> list[Fills]:
    """Fill the schemas of a folder, or so many of each corpus drawn at random, each within `LIMIT_S`.

    `shard`: (k, n) is every n-th schema of these, from the k-th on.

    Raises:
        SchemaError: there are no schemas in the folder.
    """
    labelled = read(folder)
    chosen = (labelled if sample is None else list(sampled(labelled, sample, seed)))[shard[0] :: shard[1]]
    items = [(replace(one, instances=()), kind) for one in chosen for kind in KINDS]
    outcomes = []
    for item, found in zip(items, limited(Filling(seed), items, LIMIT_S), strict=True):
        outcomes.append(_settled(item, found))
        report(f"{len(outcomes)} of {len(items)} fills")
    return [Fills(kind, tuple(one for one in outcomes if one.kind == kind)) for kind in KINDS]


def _settled(item: tuple[Labelled, Kind], found: Done[Outcome] | Late | Died) -> Outcome:
    one, kind = item
    match found:
        case Done(outcome, seconds):
            return replace(outcome, seconds=seconds)
        case Late():
            return Outcome(one.name, kind, "late", seconds=LIMIT_S)
        case Died(exit_code):
            return Outcome(one.name, kind, "crashed", detail=f"the process ended with {exit_code}")
