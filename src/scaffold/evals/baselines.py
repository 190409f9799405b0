"""What no model at all achieves: always null, and the first match of a pattern per type."""

import re
from typing import Any

from scaffold.decode.normalise import Kind, candidates
from scaffold.schema import canonical, ir

_STRINGS = (
    (("mail",), re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+\w")),
    (("url", "link", "website"), re.compile(r"https?://[^\s,;)]+")),
    (("phone", "tel"), re.compile(r"\+?\d[\d ()/.-]{6,}\d")),
    (("cve",), re.compile(r"CVE-\d{4}-\d+")),
    (("version",), re.compile(r"\b\d+(?:\.\d+)+\b")),
    (("year",), re.compile(r"\b(?:1[5-9]|20)\d\d\b")),
    (("time",), re.compile(r"\b\d{1,2}(?::\d\d)?\s?(?:[ap]\.?m\.?)|\b\d{1,2}:\d\d\b")),
    (("zip", "postal"), re.compile(r"\b\d{5}(?:-\d{4})?\b")),
)
_NAME = re.compile(r"\b[A-Z][\w'’-]+(?: (?:of |de |van )?[A-Z][\w'’-]+)*")


def null_answer(schema: ir.Schema, node: ir.Node) -> Any:
    """Nothing wherever the schema lets nothing stand."""
    match schema.resolve(node):
        case ir.Object(fields=members):
            return {m.name: null_answer(schema, m.node) for m in members}
        case ir.Array():
            return []
        case _:
            return None


def pattern_answer(schema: ir.Schema, node: ir.Node, text: str, name: str = "") -> Any:
    """The first match per type and field name: choices that the text names, numbers, dates, known shapes, names."""
    node = schema.resolve(node)
    match node:
        case ir.Object(fields=members):
            return {m.name: pattern_answer(schema, m.node, text, m.name) for m in members}
        case ir.Array(items=items):
            found = None if items is None else pattern_answer(schema, items, text, name)
            return [] if found is None else [found]
        case ir.Union(branches=branches):
            answers = (pattern_answer(schema, b, text, name) for b in branches if not isinstance(b, ir.Null))
            return next((a for a in answers if a is not None), None)
        case ir.Enum(literals=literals):
            values = [canonical.loads(literal) for literal in literals]
            return next((v for v in values if isinstance(v, str) and v.lower() in text.lower()), None)
        case ir.Number(is_integer=whole):
            return _normalised(text, "integer" if whole else "number")
        case ir.String(formats=formats):
            return _normalised(text, "date") if "date" in formats else _string(text, name)
        case _:
            return None


def _normalised(text: str, kind: Kind) -> Any:
    found = candidates(text, kind)
    if not found:
        return None
    return found[0].value_text if kind == "date" else canonical.loads(found[0].value_text)


def _string(text: str, name: str) -> str | None:
    for words, pattern in _STRINGS:
        if any(word in name.lower() for word in words):
            match = pattern.search(text)
            return match.group() if match else None
    match = _NAME.search(text)
    return match.group() if match else None
