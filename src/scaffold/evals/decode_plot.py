"""The picture of `scaffold bench decode`: each measure against model calls, one point for each member."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from scaffold.evals.decode_report import MEASURES, Line
from scaffold.train.picture import blank

MARKS = "osD^vP*X"
TICKS = (1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64)


class Point(NamedTuple):
    """One member: model calls, share, and the borders of its interval."""

    member: str
    calls: float
    value: float
    low: float
    high: float


def plot(found: Sequence[Line], file: Path) -> None:
    """Draw one panel for each measure, with intervals, and write the picture in the format of the file's ending.

    Raises:
        ModelError: matplotlib is not installed.
    """
    axes = list(dict.fromkeys(line.axis for line in found))
    figure = blank(6.0 * len(MEASURES), 5.5)
    for panel, what in zip(figure.subplots(1, len(MEASURES)), MEASURES, strict=True):
        for index, axis in enumerate(axes):
            known = points([line for line in found if line.axis == axis], what)
            _draw(panel, known, f"C{index}", MARKS[index % len(MARKS)], axis)
        for point in frontier(points(found, what)):
            at = point.calls, point.value
            panel.annotate(point.member, at, fontsize=7, xytext=(4, 3), textcoords="offset points")
        _frame(panel, what, max((line.calls for line in found), default=1.0))
    handles, names = panel.get_legend_handles_labels()
    figure.legend(handles, names, loc="outside lower center", ncols=len(axes))
    figure.savefig(file, dpi=150)


def points(found: Sequence[Line], what: str) -> list[Point]:
    """The members of which the measure is known."""
    return [
        Point(line.member, line.calls, share.value, share.low, share.high)
        for line in found
        if (share := line.shares[what]).value is not None and share.low is not None and share.high is not None
    ]


def frontier(known: Sequence[Point]) -> list[Point]:
    """The members that no other beats with as few model calls; these are named in the picture."""
    best: list[Point] = []
    for point in sorted(known, key=lambda one: (one.calls, -one.value)):
        if not best or point.value > best[-1].value:
            best.append(point)
    return best


def _frame(panel: Any, what: str, most_calls: float) -> None:
    panel.set(title=what, xlabel="model calls per object", xscale="log")
    panel.minorticks_off()
    panel.set_xticks(TICKS, map(str, TICKS))
    panel.set_xlim(0.9, 1.2 * max(most_calls, 1.0))
    panel.grid(alpha=0.3)


def _draw(panel: Any, known: Sequence[Point], colour: str, mark: str, axis: str) -> None:
    below = [one.value - one.low for one in known]
    above = [one.high - one.value for one in known]
    x, y = [one.calls for one in known], [one.value for one in known]
    panel.errorbar(x, y, yerr=(below, above), fmt=mark, color=colour, label=axis, elinewidth=0.6, alpha=0.8)
