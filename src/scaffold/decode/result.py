"""What a fill returns: the typed object, and for every field where it comes from and how sure the model is."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, Literal, TypeVar

from scaffold.decode.trace import Step
from scaffold.errors import Path, ScaffoldError, pointer

T = TypeVar("T")
Status = Literal["quoted", "normalised", "generated", "known", "default", "null"]


@dataclass(frozen=True, slots=True)
class FieldResult:
    """One leaf of the result."""

    path: Path
    value: Any
    """The JSON value, as it stands in the document."""
    text: str
    """What the model wrote or pointed at, before any normalisation."""
    confidence: float
    """Posterior probability, given that the document is valid; 1 where nothing was left to choose."""
    source: tuple[int, int] | None
    """Character span (start, stop) of `text` in the prompt, for values that were quoted from it."""
    status: Status

    @property
    def pointer(self) -> str:
        """The path as a JSON pointer."""
        return pointer(self.path)

    def to_dict(self) -> dict[str, Any]:
        """The same as plain JSON data."""
        return {
            "pointer": self.pointer,
            "value": self.value,
            "text": self.text,
            "confidence": self.confidence,
            "source": None if self.source is None else list(self.source),
            "status": self.status,
        }


@dataclass(frozen=True, slots=True)
class FillResult(Generic[T]):
    """A valid object and how it came about."""

    value: T
    text: str
    """The JSON text that `value` was read from; for a text template, the filled text."""
    fields: Mapping[str, FieldResult] = field(default_factory=dict)
    """Every leaf, by JSON pointer, in document order."""
    model_calls: int = 0
    trace: tuple[Step, ...] = ()
    model: Mapping[str, Any] = field(default_factory=dict)
    """What the model can do, where it says so: its family, whether its cache is exact, where its null comes from."""

    def needs_review(self, threshold: float = 0.8) -> list[str]:
        """Pointers of the fields that the model decided with a confidence below `threshold`.

        A decision for null counts; known values and defaults were not the model's to decide.
        """
        return [
            name
            for name, leaf in self.fields.items()
            if leaf.status not in {"known", "default"} and leaf.confidence < threshold
        ]

    def to_dict(self) -> dict[str, Any]:
        """The result as plain JSON data, without the trace."""
        return {
            "value": _json_or_text(self.text),
            "fields": {name: leaf.to_dict() for name, leaf in self.fields.items()},
            "model_calls": self.model_calls,
            "model": dict(self.model),
        }

    def __repr__(self) -> str:
        """The object first, then what to look at."""
        doubtful = self.needs_review()
        review = f", needs_review={doubtful}" if doubtful else ""
        return f"FillResult({self.value!r}, {len(self.fields)} fields, {self.model_calls} model calls{review})"


@dataclass(frozen=True, slots=True)
class FillFailure:
    """The place in a batch of a row that could not be filled, and why."""

    index: int
    error: ScaffoldError

    def to_dict(self) -> dict[str, Any]:
        """The same as plain JSON data."""
        return {
            "index": self.index,
            "error": type(self.error).__name__,
            "pointer": pointer(self.error.path),
            "message": self.error.message,
            "hint": self.error.hint,
        }


def _json_or_text(text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError:  # a text template need not be JSON
        return text
