"""Quality against model calls, member by member, with bootstrap confidence intervals over objects."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import mean

import numpy as np
from numpy.typing import NDArray

from scaffold.evals.decode_members import Member
from scaffold.evals.decode_runs import Outcome

RESAMPLES = 2000
REFERENCE = "preset balanced"
MEASURES: Mapping[str, tuple[str, str]] = {
    "present exact": ("present_right", "present"),
    "absent right": ("absent_right", "absent"),
    "objects exact": ("exact_objects", "objects"),
}
"""By name: what is counted, out of what."""


@dataclass(frozen=True, slots=True)
class Share:
    """A share of all, and the interval that holds it in 95 % of resamples; all None where nothing was asked."""

    value: float | None
    low: float | None = None
    high: float | None = None

    def __str__(self) -> str:
        """As a table shows it."""
        return "–" if self.value is None else f"{self.value:.3f} [{self.low:.3f}, {self.high:.3f}]"


@dataclass(frozen=True, slots=True)
class Line:
    """One member of the table."""

    member: str
    axis: str
    objects: int
    failed: int
    shares: Mapping[str, Share]
    calls: float
    """Mean number of model calls of an object that could be filled."""
    tokens_per_call: float
    local: float | None
    leftmost: float | None
    ever: float | None
    """Share of fields with a value that were right at some step."""
    milliseconds: float
    """Of processor time, per object."""
    gain: Share
    """Of present fields over `REFERENCE`, on the rows that both have filled."""


def lines(outcomes: Sequence[Outcome], members: Mapping[str, Member], seed: int = 0) -> list[Line]:
    """A line for each member that was run, in the members' order."""
    found: dict[str, list[Outcome]] = {name: [] for name in members}
    for one in outcomes:
        found[one.member].append(one)
    reference = found.get(REFERENCE, [])
    return [_line(name, members[name].axis, ran, reference, seed) for name, ran in found.items() if ran]


def _line(name: str, axis: str, outcomes: Sequence[Outcome], reference: Sequence[Outcome], seed: int) -> Line:
    filled = [one for one in outcomes if not one.counts.failed]
    calls = sum(one.counts.model_calls for one in filled)
    items = sum(one.steps.items for one in outcomes)
    return Line(
        name,
        axis,
        len(outcomes),
        len(outcomes) - len(filled),
        {what: share(outcomes, *columns, seed) for what, columns in MEASURES.items()},
        calls / max(len(filled), 1),
        sum(sum(one.tokens) for one in filled) / max(calls, 1),
        _mean([one.local for one in filled]),
        _mean([one.leftmost for one in filled]),
        sum(one.steps.ever for one in outcomes) / items if items else None,
        1e3 * mean(one.seconds for one in outcomes),
        gain(outcomes, reference, seed),
    )


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return mean(known) if known else None


def gain(outcomes: Sequence[Outcome], reference: Sequence[Outcome], seed: int = 0) -> Share:
    """How much greater the share of right present fields is than that of the reference, row against row."""
    return difference(outcomes, reference, MEASURES["present exact"], seed)


def difference(
    outcomes: Sequence[Outcome], reference: Sequence[Outcome], columns: tuple[str, str], seed: int = 0
) -> Share:
    """How much greater one of `MEASURES` is than that of the reference, on the rows that both have, row by row."""
    right, asked = columns
    others = {(one.data_set, one.row): getattr(one.counts, right) for one in reference}
    both = [(one.counts, others[one.data_set, one.row]) for one in outcomes if (one.data_set, one.row) in others]
    return _ratio([(getattr(own, right) - other, getattr(own, asked)) for own, other in both], seed)


def share(outcomes: Sequence[Outcome], right: str, asked: str, seed: int = 0) -> Share:
    """Sum of one count by the sum of another, with its interval; objects are drawn anew, not fields."""
    return _ratio([(getattr(one.counts, right), getattr(one.counts, asked)) for one in outcomes], seed)


def _ratio(pairs: Sequence[tuple[int, int]], seed: int) -> Share:
    rows = np.array(pairs, dtype=float).reshape(-1, 2)
    total = rows.sum(0)
    if not total[1]:
        return Share(None)
    sums = resampled(rows, seed)
    sums = sums[sums[:, 1] > 0]
    low, high = np.quantile(sums[:, 0] / sums[:, 1], (0.025, 0.975))
    return Share(float(total[0] / total[1]), float(low), float(high))


def resampled(rows: NDArray[np.float64], seed: int) -> NDArray[np.float64]:
    """Column sums of `RESAMPLES` draws of as many rows, with replacement; the same draws for the same seed."""
    drawn = np.random.default_rng(seed).multinomial(len(rows), np.full(len(rows), 1 / len(rows)), size=RESAMPLES)
    return np.asarray(drawn @ rows, dtype=np.float64)


def markdown(found: Sequence[Line]) -> str:
    """The table."""
    head = (
        "axis",
        "member",
        *MEASURES,
        "present gain",
        "calls",
        "tokens/call",
        "local@1",
        "global@1",
        "ever right",
        "processor ms",
        "failed",
    )
    rows = [head, ("---",) * len(head), *map(_cells, found)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows) + "\n"


def _cells(line: Line) -> tuple[str, ...]:
    return (
        line.axis,
        line.member,
        *(str(line.shares[what]) for what in MEASURES),
        str(line.gain),
        f"{line.calls:.2f}",
        f"{line.tokens_per_call:.1f}",
        *("–" if value is None else f"{value:.2f}" for value in (line.local, line.leftmost, line.ever)),
        f"{line.milliseconds:.0f}",
        f"{line.failed}/{line.objects}",
    )
