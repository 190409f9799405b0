"""Whether the IR can express a JSON value."""

from typing import Any

from scaffold.schema import canonical, ir
from scaffold.schema.literals import allows_number, allows_text


def accepts(schema: ir.Schema, value: Any) -> bool:
    """Whether `value` is among the values of the schema's root; formats are not looked at."""
    return _accepts(schema, schema.root, value)


def _accepts(schema: ir.Schema, node: ir.Node, value: Any) -> bool:
    match node:
        case ir.Any():
            return True
        case ir.Ref():
            return _accepts(schema, schema.definitions[node.name], value)
        case ir.Union():
            return any(_accepts(schema, branch, value) for branch in node.branches)
        case ir.Object():
            return isinstance(value, dict) and _accepts_object(schema, node, value)
        case ir.Array():
            return isinstance(value, list) and _accepts_array(schema, node, value)
        case _:
            return _accepts_scalar(node, value)


def _accepts_scalar(node: ir.Scalar, value: Any) -> bool:
    match node:
        case ir.Enum():
            return any(canonical.equal(canonical.loads(text), value) for text in node.literals)
        case ir.Null():
            return value is None
        case ir.Boolean():
            return isinstance(value, bool)
        case ir.String():
            return isinstance(value, str) and allows_text(node, value)
        case ir.Number():
            return isinstance(value, int | float) and not isinstance(value, bool) and allows_number(node, value)


def _accepts_array(schema: ir.Schema, node: ir.Array, value: list[Any]) -> bool:
    if len(value) < node.min_items or (node.max_items is not None and len(value) > node.max_items):
        return False
    rest = value[len(node.prefix) :]
    if rest and node.items is None:
        return False
    heads = all(_accepts(schema, item, part) for item, part in zip(node.prefix, value, strict=False))
    return heads and all(node.items is not None and _accepts(schema, node.items, part) for part in rest)


def _accepts_object(schema: ir.Schema, node: ir.Object, value: dict[str, Any]) -> bool:
    fields = {field.name: field for field in node.fields}
    if len(value) < node.min_properties or (node.max_properties is not None and len(value) > node.max_properties):
        return False
    if any(field.is_required and field.name not in value for field in node.fields):
        return False
    return all(
        _accepts(schema, fields[name].node, item) if name in fields else _accepts_extra(schema, node, name, item)
        for name, item in value.items()
    )


def _accepts_extra(schema: ir.Schema, node: ir.Object, name: str, value: Any) -> bool:
    return any(allows_text(extra.key, name) and _accepts(schema, extra.value, value) for extra in node.extras)
