"""What `scaffold bench repeat` shows: a row for each arm, and all curves as a picture."""

from collections.abc import Sequence
from pathlib import Path

from scaffold.evals.repeated_data import ARMS, Arm, Curve, Found
from scaffold.train.picture import blank


def markdown(found: Found) -> str:
    """One row for each arm: its setting, when it was best and how good, and where it ended; means over the seeds."""
    head = ("arm", "rate", "dropout", "best epoch", "best held-out loss", "spread", "held-out loss at the end")
    rows = [head, ("---",) * len(head), *(_row(arm, found.of(arm)) for arm in ARMS)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _row(arm: Arm, curves: Sequence[Curve]) -> tuple[str, ...]:
    best = [curve.held_out[curve.best] for curve in curves]
    epochs = ", ".join(f"{curve.epochs[curve.best]:.0f}" for curve in curves)
    ends = sum(curve.held_out[-1] for curve in curves) / len(curves)
    setting = curves[0].setting
    spread = max(best) - min(best)
    mean = sum(best) / len(best)
    return arm, f"{setting.rate:g}", f"{setting.dropout:g}", epochs, f"{mean:.3f}", f"{spread:.3f}", f"{ends:.3f}"


def plot(found: Found, file: Path) -> None:
    """Draw all curves over epochs, held-out losses in full lines and training losses thin.

    Raises:
        ModelError: matplotlib is not installed.
    """
    figure = blank(6.4, 4.2)
    axes = figure.subplots()
    for color, arm in enumerate(ARMS):
        for index, curve in enumerate(found.of(arm)):
            label = None if index else f"{arm}, held out"
            axes.plot(curve.epochs, curve.held_out, f"C{color}-", label=label)
            axes.plot(curve.epochs, curve.training, f"C{color}:", linewidth=0.8)
    axes.set_xscale("log")
    axes.set_xlabel("epochs over the same text")
    axes.set_ylabel("nats per byte (diffusion: upper bound)")
    axes.legend()
    figure.savefig(file)
