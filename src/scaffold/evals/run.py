"""Evaluate a model on files of rows (text, schema, value), beside two baselines."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from scaffold.errors import ScaffoldError
from scaffold.evals.baselines import null_answer, pattern_answer
from scaffold.evals.calibration import Judged, judged
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
    """By who answered: `model`, `null`, `patterns`."""
    fields: tuple[Judged, ...] = ()
    """What the model decided, field by field; of rows that it could fill."""


def evaluate(
    filler: Filler,
    folder: Path,
    *,
    split: str = "test",
    rows_per_set: int = 100,
    seed: int = 0,
    report: Callable[[Evaluation], None] = lambda _: None,
) -> list[Evaluation]:
    """Every `<set>/<split>` of a folder (or one file of rows), a seeded sample of each.

    A row that cannot be filled counts as failed and as wrong everywhere.
    """
    found = []
    files = {folder.name.split(".")[0]: folder} if folder.is_file() else split_files(folder, split)
    for name, path in files.items():
        rows = list(read_rows(path))
        sample = Random(seed).sample(rows, min(rows_per_set, len(rows)))
        evaluation = assess(filler, name, sample)
        report(evaluation)
        found.append(evaluation)
    return found


def assess(filler: Filler, name: str, rows: Sequence[Row]) -> Evaluation:
    """The model, always-null and patterns on the same rows."""
    counts = Counts()
    fields: list[Judged] = []
    for row in rows:
        try:
            result = filler.fill(row["schema"], row["text"])
        except ScaffoldError:
            counts += _count(row, None) + Counts(failed=1)
            continue
        counts += _count(row, canonical.loads(result.text)) + Counts(model_calls=result.model_calls)
        fields += judged(row, result)
    return Evaluation(name, {"model": counts, **baselines(rows)}, tuple(fields))


def baselines(rows: Sequence[Row]) -> dict[str, Counts]:
    """What no model at all achieves."""
    lowered = [lower(row["schema"]) for row in rows]
    return {
        "null": total(_count(row, null_answer(s, s.root)) for row, s in zip(rows, lowered, strict=True)),
        "patterns": total(
            _count(row, pattern_answer(s, s.root, row["text"])) for row, s in zip(rows, lowered, strict=True)
        ),
    }


def total(counts: Iterable[Counts]) -> Counts:
    """Sum of all."""
    return sum(counts, start=Counts())


def _count(row: Row, found: Any) -> Counts:
    return compare(row["value"], found, row.get("accept", {}))
