"""Evaluate a model on files of rows (text, schema, value), beside two baselines."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any

from scaffold.errors import ModelError, ScaffoldError
from scaffold.evals.baselines import null_answer, pattern_answer
from scaffold.evals.calibration import Judged, judged
from scaffold.evals.metrics import Counts, compare
from scaffold.evals.novelty import Learned, Novelty
from scaffold.pipeline import Filler
from scaffold.schema import canonical
from scaffold.schema.lower import lower
from scaffold.train.corpora import Row, rows_of, set_files
from scaffold.train.synthetic import generate
from scaffold.train.synthetic.facts import Domain
from scaffold.train.synthetic.subjects import DOMAINS, HELD_OUT_DOMAINS


@dataclass(frozen=True, slots=True)
class Evaluation:
    """One data set under the model and the baselines."""

    name: str
    counts: Mapping[str, Counts]
    """By who answered: `model`, `null`, `patterns`."""
    fields: tuple[Judged, ...] = ()
    """What the model decided, field by field; of rows that it could fill."""
    novelty: str = ""
    """How new the rows are to the model, where that is known."""


@dataclass(frozen=True, slots=True)
class Sample:
    """Which rows are looked at: so many of each data set's split, drawn at random.

    Raises:
        ModelError: they are none.
    """

    split: str = "test"
    rows: int = 100
    seed: int = 0

    def __post_init__(self) -> None:
        """See `Sample`."""
        if self.rows < 1:
            raise ModelError((), f"no {self.rows} rows can be drawn", "ask for 1 or more of each set")


def evaluate(
    filler: Filler,
    folder: Path,
    sample: Sample,
    *,
    known: Learned | None = None,
    report: Callable[[Evaluation], None] = lambda _: None,
) -> list[Evaluation]:
    """Every `<set>/<split>` of a folder, or one file of rows; a row that cannot be filled is wrong everywhere.

    Where it is `known` what the model was trained on, a set is evaluated in parts that are equally new to it.
    """
    found = []
    for name, path in set_files(folder, sample.split).items():
        rows = rows_of(path)
        parts: dict[str, list[Row]] = defaultdict(list)
        for row in Random(sample.seed).sample(rows, min(sample.rows, len(rows))):
            parts["" if known is None else known.novelty(name, row["schema"])].append(row)
        for novelty, part in parts.items():
            evaluation = replace(assess(filler, name, part), novelty=novelty)
            report(evaluation)
            found.append(evaluation)
    return found


GENERATED: tuple[tuple[Novelty, Sequence[Domain], float], ...] = (
    ("seen domain", DOMAINS, 0.0),
    ("composed domain", DOMAINS, 1.0),
    ("unseen domain", HELD_OUT_DOMAINS, 0.0),
)
"""Kinds of generated rows: subjects that are drawn from, and the share that is composed."""


def evaluate_generated(
    filler: Filler, rows: int, seed: int, *, report: Callable[[Evaluation], None] = lambda _: None
) -> list[Evaluation]:
    """So many generated rows each of three kinds of subjects.

    Those that training draws from, those that it composes of attributes for a row, and those that it never draws.
    """
    found = []
    for novelty, domains, composed in GENERATED:
        rng = Random(f"evaluation {seed}")  # training counts its seeds in integers: these rows are none of its
        drawn: list[Row] = [dict(generate(rng, domains, composed)) for _ in range(rows)]
        found.append(replace(assess(filler, "generated", drawn), novelty=novelty))
        report(found[-1])
    return found


def joined(evaluations: Iterable[Evaluation], name_of: Callable[[Evaluation], str]) -> list[Evaluation]:
    """The evaluations of one name together, in the order in which the names come first."""
    groups: dict[str, list[Evaluation]] = defaultdict(list)
    for one in evaluations:
        groups[name_of(one)].append(one)
    return [
        Evaluation(
            name,
            {who: total(one.counts[who] for one in parts) for who in parts[0].counts},
            tuple(field for one in parts for field in one.fields),
        )
        for name, parts in groups.items()
    ]


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
