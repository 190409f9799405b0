"""From a model's posterior to how often it is right: a line on the log-odds for each status."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from math import exp, log
from pathlib import Path

from scaffold.decode.result import FieldResult

LIMIT = 12.0
"""Log-odds beyond which two posteriors are not told apart."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """Slope and shift of the log-odds by status; a status without them is left alone.

    Platt scaling (Guo et al., arXiv:1706.04599, section 4). Order among fields of one status is kept. A confidence
    of exactly 0 or 1 is kept too: nothing was left to choose there.
    """

    lines: Mapping[str, tuple[float, float]] = field(default_factory=dict)

    def __call__(self, leaf: FieldResult) -> FieldResult:
        """The field with the confidence that was right as often on the rows that the lines were fitted to."""
        line = self.lines.get(leaf.status)
        if line is None or leaf.confidence in {0.0, 1.0}:
            return leaf
        slope, shift = line
        return replace(leaf, confidence=1 / (1 + exp(-(slope * log_odds(leaf.confidence) + shift))))

    @classmethod
    def read(cls, file: Path) -> "Calibration":
        """What `write` wrote; nothing where there is no such file."""
        if not file.exists():
            return cls()
        return cls({status: (float(a), float(b)) for status, (a, b) in json.loads(file.read_text("utf-8")).items()})

    def write(self, file: Path) -> None:
        """Keep the lines as JSON."""
        file.write_text(json.dumps(dict(self.lines), indent=2) + "\n", "utf-8")


def log_odds(confidence: float) -> float:
    """log(p / (1 - p)), within `LIMIT`."""
    least = 1 / (1 + exp(LIMIT))
    bounded = min(max(confidence, least), 1 - least)
    return log(bounded / (1 - bounded))
