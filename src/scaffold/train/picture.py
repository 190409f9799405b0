"""The learning curve as a picture."""

import json
from pathlib import Path
from typing import Any

from scaffold.extras import optional


def blank(width: float, height: float) -> Any:
    """An empty figure of so many inches.

    Raises:
        ModelError: matplotlib is not installed.
    """
    return optional("matplotlib.figure", "plot").Figure(figsize=(width, height), layout="constrained")


def draw(curve: Path, picture: Path) -> None:
    """Draw the losses of a `curve.jsonl` over the examples seen; the file's ending chooses the format.

    Raises:
        ModelError: matplotlib is not installed.
    """
    figure = blank(6.4, 4.0)
    rows = [json.loads(line) for line in curve.read_text("utf-8").splitlines()]
    axes = figure.subplots()
    for name, label in (("loss", "training"), ("held_out_loss", "held out")):
        points = [(row["examples"], row[name]) for row in rows if name in row]
        if points:
            axes.plot(*zip(*points, strict=True), label=label)
    axes.set_xlabel("examples")
    axes.set_ylabel("loss in nats per masked position")
    axes.legend()
    figure.savefig(picture)
