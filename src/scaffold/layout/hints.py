"""Words beside a key that tell the model what is wanted: description, type, the values to choose from, examples."""

from collections.abc import Sequence

from scaffold.layout.pieces import Hint
from scaffold.schema import ir

MAX_CHOICES = 24
MAX_CHARACTERS = 160
MAX_DEPTH = 2
MAX_EXAMPLES = 1
"""More cost the embedded default more: it has not learned from any."""


def root_hint(node: ir.Node) -> tuple[Hint, ...]:
    """Title, description and examples of the whole, if there are any."""
    return _hint([node.about.title, node.about.description, _examples(node.about.examples)])


def field_hint(field: ir.Field, schema: ir.Schema) -> tuple[Hint, ...]:
    """Description, type and choices of one property, if there is anything the key does not say."""
    about = field.node.about
    node = schema.resolve(field.node)
    title = about.title or node.about.title
    words = "" if not title or _same_words(title, field.name) else title
    described = about.description or node.about.description or _described_item(node, schema)
    return _hint([words, described, *_kinds(node, schema), _examples(about.examples or node.about.examples)])


def _described_item(node: ir.Node, schema: ir.Schema) -> str:
    """What the items of a list are, which have no key to stand beside."""
    match node:
        case ir.Array(items=items) if items is not None:
            return items.about.description or schema.resolve(items).about.description
        case ir.Union():
            return next(filter(None, (_described_item(branch, schema) for branch in node.branches)), "")
        case _:
            return ""


def _examples(texts: Sequence[str]) -> str:
    """The first of the examples that are short, without the quotes of a text."""
    short = [text[1:-1] if text.startswith('"') else text for text in texts if len(text) <= MAX_CHARACTERS // 4]
    return f"e.g. {', '.join(short[:MAX_EXAMPLES])}" if short else ""


def _same_words(title: str, name: str) -> bool:
    return "".join(filter(str.isalnum, title)).lower() == "".join(filter(str.isalnum, name)).lower()


def _kinds(node: ir.Node, schema: ir.Schema, depth: int = 0) -> list[str]:
    """The kind of value wanted, where it is not plain text; a recursive schema is not followed down."""
    if depth > MAX_DEPTH:
        return []
    match node:
        case ir.String():
            return [name.removeprefix("any-").removeprefix("naive-") for name in node.formats[:1]]
        case ir.Number():
            return ["integer" if node.is_integer else "number"]
        case ir.Boolean():
            return ["true or false"]
        case ir.Enum():
            return [_choices(node)]
        case ir.Array():
            inner = [] if node.items is None else _kinds(schema.resolve(node.items), schema, depth + 1)
            return ["list", *inner] if isinstance(node.items, ir.Enum | ir.Number) else ["list"]
        case ir.Union():
            kinds = [kind for branch in node.branches for kind in _kinds(schema.resolve(branch), schema, depth + 1)]
            return list(dict.fromkeys(kinds))
        case ir.Object() | ir.Null() | ir.Any() | ir.Ref():
            return []


def _choices(node: ir.Enum) -> str:
    """The first choices, and a sign that there are more."""
    texts = [text[1:-1] if text.startswith('"') else text for text in node.literals if text != "null"]
    shown = "|".join(texts[:MAX_CHOICES])
    return shown + ("|…" if len(texts) > MAX_CHOICES else "")


def _hint(parts: list[str]) -> tuple[Hint, ...]:
    """One comment of all parts; long prose is cut, since a hint is never part of the result."""
    cut = [part if len(part) <= MAX_CHARACTERS or "|" in part else part[:MAX_CHARACTERS] + "…" for part in parts]
    text = "; ".join(part.replace("*/", "* /") for part in cut if part)
    return (Hint(f"/* {text} */"),) if text else ()
