"""Fills with stand-in predictors, seen from inside: every canvas, and what every model call did to a row."""

import json
from dataclasses import dataclass, field

import scaffold
from scaffold.denoise.loop import denoise
from scaffold.denoise.options import DenoiseOptions
from scaffold.denoise.row import OPEN
from scaffold.denoise.verdicts import shown
from scaffold.errors import pointer
from scaffold.pipeline.request import RequestOptions, request_row
from scaffold.pipeline.results import slot_text
from scaffold.testing import RandomPredictor

PROMPT = "Ada Lovelace (10 December 1815 - 27 November 1852) was an English mathematician."
SCHEMA = {
    "type": "object",
    "properties": {
        "name": {"type": "string"},
        "kind": {"enum": ["person", "place"]},
        "year": {"type": "integer", "minimum": 1, "maximum": 99},
        "jobs": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"role": {"type": "string", "maxLength": 4}},
                "required": ["role"],
                "additionalProperties": False,
            },
            "maxItems": 2,
        },
        "pet": {
            "oneOf": [
                {
                    "type": "object",
                    "properties": {"is": {"const": "cat"}, "lives": {"type": "integer", "minimum": 1, "maximum": 9}},
                    "required": ["is", "lives"],
                    "additionalProperties": False,
                },
                {
                    "type": "object",
                    "properties": {"is": {"const": "dog"}, "good": {"type": "boolean"}},
                    "required": ["is", "good"],
                    "additionalProperties": False,
                },
            ]
        },
    },
    "required": ["name", "kind", "pet"],
    "additionalProperties": False,
}
"""A little of everything that the loop decides: text, choices, numbers, an optional part, a list, branches."""
SMALL = {"max_steps": 12, "max_slot": 16}


@dataclass
class Watched:
    """A predictor that keeps every canvas it sees."""

    inner: object = field(default_factory=RandomPredictor)
    canvases: list = field(default_factory=list)

    def __getattr__(self, name):
        return getattr(self.inner, name)

    def __call__(self, canvas, rows, columns):
        self.canvases.append(canvas)
        return self.inner(canvas, rows, columns)


def first_row(predictor, options, schema=SCHEMA, prompt=PROMPT, **asked):
    wanted = {"strings": "free", "on_overflow": "cut", **asked}
    return request_row(scaffold.compile(schema), predictor, prompt, RequestOptions(options, **wanted))


def filled(predictor, options, schema=SCHEMA, **asked):
    """One finished row, and its calls."""
    calls = []
    row = first_row(predictor, options, schema, **asked)
    (found,) = denoise([row], predictor, options, lambda _, call: calls.append(call))
    return found, calls


def texts(found):
    """The text of every slot, by pointer."""
    return {pointer(shown(span.site)): slot_text(found.row, span) for span in found.row.template.spans}


def document(found):
    """The JSON value of a finished row."""
    slots = {span.key: slot_text(found.row, span) for span in found.row.template.spans}
    parts, spans = found.row.template.parts, found.row.template.spans
    return json.loads("".join(p if isinstance(p, str) else slots[spans[p].key] for p in parts))


def committed(row):
    """What stands in each slot, in order, open positions left out."""
    return {key: tuple(t for t in tokens if t != OPEN) for key, tokens in row.written.items()}


def options(**fields):
    return DenoiseOptions(**{**SMALL, **fields})
