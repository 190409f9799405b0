"""Find the field whose literals tell the object branches of a union apart."""

from dataclasses import replace

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
                prefix = tuple(map(self.node, node.prefix))
                items = None if node.items is None else self.node(node.items)
                return replace(node, prefix=prefix, items=items)
            case ir.Union():
                return self.union(replace(node, branches=tuple(map(self.node, node.branches))))
            case _:
                return node

    def object(self, node: ir.Object) -> ir.Object:
        fields = tuple(replace(field, node=self.node(field.node)) for field in node.fields)
        extras = tuple(replace(extra, value=self.node(extra.value)) for extra in node.extras)
        return replace(node, fields=fields, extras=extras)

    def union(self, node: ir.Union) -> ir.Union:
        """The union with its discriminator; one that the schema names becomes required."""
        targets = [self.schema.resolve(branch) for branch in node.branches if not isinstance(branch, ir.Null)]
        objects = [target for target in targets if isinstance(target, ir.Object)]
        if len(objects) < len(targets) or len(objects) < 2:
            return replace(node, discriminator=None)
        if node.discriminator is not None and _are_apart(objects, node.discriminator, must_require=False):
            return self.demanding(node, node.discriminator)
        names = [field.name for field in objects[0].fields if field.is_required]
        return replace(node, discriminator=next((n for n in names if _are_apart(objects, n, must_require=True)), None))

    def demanding(self, node: ir.Union, name: str) -> ir.Union:
        """The union with the named field required in every branch, as OpenAPI and Pydantic ask."""
        return replace(node, branches=tuple(self.required(branch, name) for branch in node.branches))

    def required(self, branch: ir.Node, name: str) -> ir.Node:
        target = self.schema.resolve(branch)
        if not isinstance(target, ir.Object) or all(f.is_required for f in target.fields if f.name == name):
            return branch
        fields = (replace(f, is_required=True) if f.name == name else f for f in target.fields)
        return replace(target, fields=tuple(fields))


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
