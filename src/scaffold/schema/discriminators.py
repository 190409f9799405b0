"""Find the field whose literals tell the object branches of a union apart."""

from collections.abc import Sequence
from dataclasses import replace
from operator import is_

from scaffold.schema import ir


def with_discriminators(schema: ir.Schema) -> ir.Schema:
    """The schema with a discriminator in every union that has one."""
    find = _Finder(schema)
    root = find.node(schema.root)
    return replace(schema, root=root, definitions={name: find.node(node) for name, node in schema.definitions.items()})


class _Finder:
    """One walk that rebuilds only what changes."""

    def __init__(self, schema: ir.Schema) -> None:
        self.schema = schema

    def node(self, node: ir.Node) -> ir.Node:
        """The node with discriminators in it and below."""
        match node:
            case ir.Object():
                return self.object(node)
            case ir.Array():
                return self.array(node)
            case ir.Union():
                branches = tuple(map(self.node, node.branches))
                return self.union(node if is_same(branches, node.branches) else replace(node, branches=branches))
            case _:
                return node

    def object(self, node: ir.Object) -> ir.Object:
        fields = tuple(self.field(field) for field in node.fields)
        extras = tuple(self.extra(extra) for extra in node.extras)
        if is_same(fields, node.fields) and is_same(extras, node.extras):
            return node
        return replace(node, fields=fields, extras=extras)

    def field(self, field: ir.Field) -> ir.Field:
        value = self.node(field.node)
        return field if value is field.node else replace(field, node=value)

    def extra(self, extra: ir.Extra) -> ir.Extra:
        value = self.node(extra.value)
        return extra if value is extra.value else replace(extra, value=value)

    def array(self, node: ir.Array) -> ir.Array:
        prefix = tuple(map(self.node, node.prefix))
        items = None if node.items is None else self.node(node.items)
        if items is node.items and is_same(prefix, node.prefix):
            return node
        return replace(node, prefix=prefix, items=items)

    def union(self, node: ir.Union) -> ir.Union:
        """The union with its discriminator; one that the schema names becomes required."""
        targets = [self.schema.resolve(branch) for branch in node.branches if not isinstance(branch, ir.Null)]
        objects = [target for target in targets if isinstance(target, ir.Object)]
        if len(objects) < len(targets) or len(objects) < 2:
            return node if node.discriminator is None else replace(node, discriminator=None)
        if node.discriminator is not None and _are_apart(objects, node.discriminator, must_require=False):
            return self.demanding(node, node.discriminator)
        names = [field.name for field in objects[0].fields if field.is_required]
        found = next((name for name in names if _are_apart(objects, name, must_require=True)), None)
        return node if found == node.discriminator else replace(node, discriminator=found)

    def demanding(self, node: ir.Union, name: str) -> ir.Union:
        """The union with the named field required in every branch, as OpenAPI and Pydantic ask."""
        return replace(node, branches=tuple(self.required(branch, name) for branch in node.branches))

    def required(self, branch: ir.Node, name: str) -> ir.Node:
        target = self.schema.resolve(branch)
        if not isinstance(target, ir.Object) or all(f.is_required for f in target.fields if f.name == name):
            return branch
        fields = (replace(f, is_required=True) if f.name == name else f for f in target.fields)
        return replace(target, fields=tuple(fields))


def is_same(left: Sequence[object], right: Sequence[object]) -> bool:
    """Whether two sequences hold the very same objects."""
    return len(left) == len(right) and all(map(is_, left, right))


def _are_apart(objects: list[ir.Object], name: str, *, must_require: bool) -> bool:
    """Whether every object has the field, with literals that no other object has."""
    seen: set[str] = set()
    for node in objects:
        tag = next((f for f in node.fields if f.name == name), None)
        if tag is None or not isinstance(tag.node, ir.Enum) or (must_require and not tag.is_required):
            return False
        literals = tag.node.literals
        if not seen.isdisjoint(literals):
            return False
        seen.update(literals)
    return True
