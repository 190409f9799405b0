"""Evaluate a model on files of rows (text, schema, value), beside two baselines."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from scaffold.errors import ScaffoldError
from scaffold.evals.baselines import null_answer, pattern_answer
from scaffold.evals.metrics import Counts, compare
from scaffold.pipeline import Filler
from scaffold.schema import canonical
from scaffold.schema.lower import lower
from scaffold.train.corpora import Row, read_rows, split_files


@dataclass(frozen=True, slots=True)
class Evaluation:
    """One data set under the model and the baselines."""

    name: str
    counts: Mapping[str, Counts]


def evaluate(
    filler: Filler,
    folder: Path,
    *,
    split: str = "test",
    rows_per_set: int = 100,
    seed: int = 0,
    report: Callable[[Evaluation], None] = lambda _: None,
) -> list[Evaluation]:
    """Every `<set>/<split>` of a folder, a seeded sample of each.

    A row that cannot be filled counts as failed and as wrong everywhere.
    """
    found = []
    for name, path in split_files(folder, split).items():
        rows = list(read_rows(path))
        sample = Random(seed).sample(rows, min(rows_per_set, len(rows)))
        evaluation = Evaluation(name, score(filler, sample))
        report(evaluation)
        found.append(evaluation)
    return found


def score(filler: Filler, rows: Sequence[Row]) -> dict[str, Counts]:
    """Counts of the model, of always-null and of patterns on the same rows."""
    return {
        "model": total(_filled(filler, row) for row in rows),
        "null": total(_count(row, null_answer(s := lower(row["schema"]), s.root)) for row in rows),
        "patterns": total(_count(row, pattern_answer(s := lower(row["schema"]), s.root, row["text"])) for row in rows),
    }


def total(counts: Iterable[Counts]) -> Counts:
    """Sum of all."""
    return sum(counts, start=Counts())


def _filled(filler: Filler, row: Row) -> Counts:
    try:
        result = filler.fill(row["schema"], row["text"])
    except ScaffoldError:
        return _count(row, None) + Counts(failed=1)
    return _count(row, canonical.loads(result.text)) + Counts(model_calls=result.model_calls)


def _count(row: Row, found: Any) -> Counts:
    return compare(row["value"], found, row.get("accept", {}))


def markdown(evaluations: Sequence[Evaluation]) -> str:
    """A table, one row per data set and one for all of them together."""
    head = (
        "| data set | objects | present exact | null / patterns | absent right | null / patterns | objects exact "
        "| calls | failed |\n|---|---|---|---|---|---|---|---|---|"
    )
    everything = {k: total(e.counts[k] for e in evaluations) for k in ("model", "null", "patterns")}
    rows = [*evaluations, Evaluation("**all**", everything)]
    return "\n".join([head, *map(_line, rows)]) + "\n"


def _line(evaluation: Evaluation) -> str:
    model, null, patterns = (evaluation.counts[k] for k in ("model", "null", "patterns"))
    calls = model.model_calls / max(1, model.objects - model.failed)
    return (
        f"| {evaluation.name} | {model.objects} | {_share(model.present_match)} "
        f"| {_share(null.present_match)} / {_share(patterns.present_match)} | {_share(model.absent_accuracy)} "
        f"| {_share(null.absent_accuracy)} / {_share(patterns.absent_accuracy)} | {_share(model.object_match)} "
        f"| {calls:.1f} | {model.failed} |"
    )


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"
