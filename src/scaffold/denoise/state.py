"""One row between two model calls: what is written, and what the axes of the loop carry over."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from scaffold.denoise.draws import Draw
from scaffold.denoise.history import History
from scaffold.denoise.look import Looks
from scaffold.denoise.regions.extent import EVERYWHERE, Extent
from scaffold.denoise.row import Row
from scaffold.errors import Path, ScaffoldError
from scaffold.layout.decisions import SlotKey


@dataclass(frozen=True, eq=False, slots=True)
class State:
    """A row, its random numbers, its clock, and one memory for each axis that has any."""

    row: Row
    draw: Draw
    model_calls: int = 0
    step: int = 0
    error: ScaffoldError | None = None
    extent: Extent = EVERYWHERE
    entered: int = 0
    """The step in which the extent got its label."""
    memory: Any = None
    """Whatever `DenoiseOptions.memory` keeps; None at the start."""
    sizing: Any = None
    """Whatever `DenoiseOptions.length` keeps; None at the start."""
    reopened: Mapping[SlotKey, int] = field(default_factory=dict)
    """How often a slot was opened again."""
    unchecked: Mapping[SlotKey, frozenset[int]] = field(default_factory=dict)
    """Committed places that the revisit wants to look at in the next call."""
    reread: frozenset[SlotKey] = frozenset()
    """Slots that the revisit wants to look at in the next call as they stand."""
    lengths: Mapping[SlotKey, tuple[int, ...]] = field(default_factory=dict)
    """Other lengths at which the length axis wants to look at slots in the next call."""
    history: History = field(default_factory=History)
    looks: Looks = field(default_factory=dict)
    """The last ones, as far as they go: what a draft is made from."""
    scored: frozenset[Path] = frozenset()
    """Choices whose branches they compare."""

    @property
    def is_active(self) -> bool:
        """Whether another model call is needed."""
        return self.error is None and (not self.row.is_done or bool(self.unchecked) or bool(self.reread))
