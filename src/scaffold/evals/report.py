"""Evaluations for people: Markdown for a terminal or a README, one self-contained HTML page for a browser."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from html import escape
from typing import cast

from scaffold.evals.calibration import SHARES, Judged, calibration_error, invented, reliability, selective
from scaffold.evals.metrics import Counts
from scaffold.evals.novelty import NOVELTIES, Novelty
from scaffold.evals.run import Evaluation, joined, total

Cells = tuple[str, ...]
Table = tuple[str, Cells, list[Cells]]
ALL = "**all**"
_STYLE = """body{font:15px/1.5 system-ui,sans-serif;max-width:70em;margin:2em auto;padding:0 1em}
table{border-collapse:collapse;margin:0 0 2em}td,th{border-bottom:1px solid #ddd;padding:.2em .8em;text-align:left}
.bar{background:#4a7;height:.8em;display:inline-block}"""


def markdown(evaluations: Sequence[Evaluation]) -> str:
    """Quality and confidence, one row per data set and one for all of them together; then by how new the rows are."""
    return "\n".join(map(_as_markdown, tables(evaluations)))


def page(evaluations: Sequence[Evaluation]) -> str:
    """The same, with a reliability diagram and a table of the fields of each data set."""
    everything = [field for e in evaluations for field in e.fields]
    parts = [*map(_as_html, tables(evaluations)), _diagram(everything)]
    parts += [_as_html(per_field(e)) for e in joined(evaluations, _name)]
    return f"<!doctype html><meta charset=utf-8><title>Evaluation</title><style>{_STYLE}</style>{''.join(parts)}\n"


def tables(evaluations: Sequence[Evaluation]) -> Iterator[Table]:
    """Quality and confidence by data set; where rows are told apart by it, quality by how new they are."""
    sets = joined(evaluations, _name)
    yield quality(sets, "data set")
    yield confidence(sets)
    if any(one.novelty for one in evaluations):
        kinds = joined((one for one in evaluations if one.novelty), lambda one: one.novelty)
        yield quality(sorted(kinds, key=lambda one: NOVELTIES.index(cast("Novelty", one.name))), "new to the model")


def _name(evaluation: Evaluation) -> str:
    return evaluation.name


def quality(evaluations: Sequence[Evaluation], by: str) -> Table:
    """Exact matches of the model beside the baselines."""
    head = (
        by, "objects", "present exact", "null / patterns", "absent right", "null / patterns",
        "objects exact", "calls", "failed",
    )  # fmt: skip
    counts = {k: total(e.counts[k] for e in evaluations) for k in ("model", "null", "patterns")}
    rows = [*evaluations, Evaluation(ALL, counts)]
    return f"Quality by {by}", head, [_quality(one) for one in rows]


def _quality(evaluation: Evaluation) -> Cells:
    model, null, patterns = (evaluation.counts[k] for k in ("model", "null", "patterns"))
    calls = model.model_calls / max(1, model.objects - model.failed)
    return (
        evaluation.name, str(model.objects),
        _share(model.present_match), f"{_share(null.present_match)} / {_share(patterns.present_match)}",
        _share(model.absent_accuracy), f"{_share(null.absent_accuracy)} / {_share(patterns.absent_accuracy)}",
        _share(model.object_match), f"{calls:.1f}", str(model.failed),
    )  # fmt: skip


def confidence(evaluations: Sequence[Evaluation]) -> Table:
    """Calibration error, accuracy of the surest fields, and invented texts."""
    head = ("data set", "fields", "calibration error", *(f"surest {share:.0%}" for share in SHARES), "invented")
    together = Evaluation(ALL, {}, tuple(field for e in evaluations for field in e.fields))
    return "Confidence", head, [_confidence(one) for one in (*evaluations, together)]


def _confidence(evaluation: Evaluation) -> Cells:
    fields = evaluation.fields
    surest = (_share(selective(fields, share)) for share in SHARES)
    return evaluation.name, str(len(fields)), _share(calibration_error(fields)), *surest, _share(invented(fields))


def per_field(evaluation: Evaluation) -> Table:
    """One row for each field of a data set, the most frequent first."""
    groups: dict[str, list[Judged]] = defaultdict(list)
    for field in evaluation.fields:
        groups[field.field].append(field)
    order = sorted(groups.items(), key=lambda item: -len(item[1]))
    head = ("field", "present", "right", "absent", "right", "calibration error")
    return evaluation.name, head, [_field(name, fields) for name, fields in order]


def _field(name: str, fields: Sequence[Judged]) -> Cells:
    counts = Counts(
        present=sum(f.is_present for f in fields),
        present_right=sum(f.is_present and f.is_right for f in fields),
        absent=sum(not f.is_present for f in fields),
        absent_right=sum(not f.is_present and f.is_right for f in fields),
    )
    return (
        name, str(counts.present), _share(counts.present_match), str(counts.absent), _share(counts.absent_accuracy),
        _share(calibration_error(fields)),
    )  # fmt: skip


def _diagram(fields: Sequence[Judged]) -> str:
    head: Cells = ("confidence", "fields", "accuracy", "")
    rows = "".join(
        f"<tr><td>{b.low:.1f}-{b.high:.1f}</td><td>{b.count}</td><td>{b.accuracy:.2f}</td>"
        f"<td><span class=bar style='width:{20 * b.accuracy:.1f}em'></span></td></tr>"
        for b in reliability(fields)
    )
    return f"<h2>Reliability</h2><table>{_row('th', head)}{rows}</table>"


def _as_markdown(table: Table) -> str:
    _, head, rows = table
    lines = (head, tuple("---" for _ in head), *rows)
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def _as_html(table: Table) -> str:
    title, head, rows = table
    body = "".join(_row("td", cells) for cells in rows)
    return f"<h2>{escape(title)}</h2><table>{_row('th', head)}{body}</table>"


def _row(tag: str, cells: Cells) -> str:
    shown = (escape(cell.strip("*")) for cell in cells)
    return f"<tr>{''.join(f'<{tag}>{text}</{tag}>' for text in shown)}</tr>"


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"
