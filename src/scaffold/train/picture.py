"""The learning curve as a picture."""

import json
from pathlib import Path
from typing import Any

from scaffold.errors import ModelError


def require() -> Any:
    """The plotting library.

    Raises:
        ModelError: it is not installed.
    """
    try:
        from matplotlib.figure import Figure  # noqa: PLC0415  (an extra)
    except ImportError as error:
        raise ModelError((), "matplotlib is not installed", "pip install 'scaffold-dllm[plot]'") from error
    return Figure


def draw(curve: Path, picture: Path) -> None:
    """Draw the losses of a `curve.jsonl` over the examples seen; the file's ending chooses the format.

    Raises:
        ModelError: matplotlib is not installed.
    """
    figure = require()(figsize=(6.4, 4.0), layout="constrained")
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
