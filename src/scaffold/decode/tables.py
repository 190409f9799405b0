"""Results for people: fields as a table, model calls as lines."""

import json
from collections.abc import Iterable

from rich.markup import escape
from rich.table import Table

from scaffold.decode.result import FieldResult
from scaffold.decode.trace import Step


def fields_table(fields: Iterable[FieldResult], text: str) -> Table:
    """One row for each field; `text` is what it was filled from."""
    table = Table("field", "value", "confidence", "status", "source")
    for leaf in fields:
        value = json.dumps(leaf.value, ensure_ascii=False)
        colour = _colour(leaf.confidence)
        confidence = f"[{colour}]{leaf.confidence:.2f}[/{colour}]"
        table.add_row(escape(leaf.pointer), escape(value), confidence, leaf.status, escape(_source(leaf, text)))
    return table


def _source(leaf: FieldResult, text: str) -> str:
    if leaf.source is None:
        return ""
    start, stop = leaf.source
    return f"{start}-{stop} {text[start:stop]!r}"


def _colour(confidence: float) -> str:
    if confidence < 0.5:
        return "red"
    return "yellow" if confidence < 0.8 else "green"


def step_line(step: Step) -> str:
    """What one model call wrote and decided, and the document after it."""
    done = [f"{name} = {text!r}" for name, text in step.committed] + list(step.decided)
    return f"call {step.call}: {', '.join(done)}\n  {step.text}"
