"""Tidy the nodes: what cannot be finite goes, what is used once is spelled out, discriminators are found."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace

from scaffold.errors import UnsatisfiableSchemaError
from scaffold.schema import ir
from scaffold.schema.discriminators import is_same, with_discriminators

MAX_DEPTH = 24


def finish(root: ir.Node, definitions: Mapping[str, ir.Node | None]) -> ir.Schema | None:
    """The schema of a root and its named nodes; None where no finite value exists."""
    alive = _finite(definitions)
    tidy = _Tidy(definitions, alive, _used_once(root, definitions, alive))
    found = tidy.node(root, 0)
    if found is None:
        return None
    while tidy.wanted:
        name = tidy.wanted.pop()
        node = definitions[name]
        assert node is not None, "only finite definitions are wanted"
        body = tidy.body(node, 0)
        assert body is not None, "a finite definition has a body"
        tidy.kept[name] = body
    kept = {name: tidy.kept[name] for name in definitions if name in tidy.kept}
    schema = ir.Schema(found, kept)
    return with_discriminators(schema) if tidy.has_choices else schema


def children(node: ir.Node) -> Iterator[ir.Node]:
    """The nodes directly below a node."""
    match node:
        case ir.Object():
            yield from (field.node for field in node.fields)
            yield from (extra.value for extra in node.extras)
        case ir.Array():
            yield from node.prefix
            if node.items is not None:
                yield node.items
        case ir.Union():
            yield from node.branches
        case _:
            return


def _finite(definitions: Mapping[str, ir.Node | None]) -> set[str]:
    """The names of definitions that have a finite value: the smallest fixed point."""
    alive: set[str] = set()
    pending = [(name, node) for name, node in reversed(list(definitions.items())) if node is not None]
    while True:  # inner definitions come late, so that going backwards few rounds are needed
        waiting = []
        for name, node in pending:
            if _is_finite(node, alive):
                alive.add(name)
            else:
                waiting.append((name, node))
        if len(waiting) == len(pending):
            return alive
        pending = waiting


def _is_finite(node: ir.Node, alive: set[str]) -> bool:
    match node:
        case ir.Ref():
            return node.name in alive
        case ir.Union():
            return any(_is_finite(branch, alive) for branch in node.branches)
        case ir.Array():
            items = node.prefix[: node.min_items]
            more = node.items if node.min_items > len(node.prefix) else None
            return all(_is_finite(item, alive) for item in items) and (more is None or _is_finite(more, alive))
        case ir.Object():
            can_be = [_is_finite(field.node, alive) for field in node.fields]
            is_enough = sum(can_be) >= node.min_properties or any(_is_finite(e.value, alive) for e in node.extras)
            return is_enough and all(
                can or not field.is_required for can, field in zip(can_be, node.fields, strict=True)
            )
        case _:
            return True


def endless(root: ir.Node | None, definitions: Mapping[str, ir.Node | None]) -> UnsatisfiableSchemaError:
    """The error that names the cycle of a schema without finite values."""
    alive = _finite(definitions)
    names = {id(node): name for name, node in definitions.items()}
    met: list[str] = []
    node = root
    while node is not None:
        name = node.name if isinstance(node, ir.Ref) else names.get(id(node))
        if name in met:
            met = met[met.index(name) :]
            break
        met += [] if name is None else [name]
        body = definitions[node.name] if isinstance(node, ir.Ref) else node
        node = None if body is None else next((child for child in _needed(body) if not _is_finite(child, alive)), None)
    message = f"every value would have to contain itself, endlessly: {' → '.join([*met, *met[:1]])}"
    cycle = tuple(tuple(step.replace("~1", "/").replace("~0", "~") for step in name.split("/")[1:]) for name in met)
    return UnsatisfiableSchemaError((), message, "make a property optional, or an array empty, in the cycle", cycle)


def _needed(node: ir.Node) -> Iterator[ir.Node]:
    """The nodes below a node without which it has no value, and the branches of a union."""
    match node:
        case ir.Union():
            yield from node.branches
        case ir.Array():
            yield from node.prefix[: node.min_items]
            if node.items is not None and node.min_items > len(node.prefix):
                yield node.items
        case ir.Object():
            yield from (field.node for field in node.fields if field.is_required)
        case _:
            return


def _used_once(root: ir.Node, definitions: Mapping[str, ir.Node | None], alive: set[str]) -> set[str]:
    if not definitions:
        return set()
    bodies = {id(node): name for name, node in definitions.items()}
    uses: Counter[str] = Counter()
    pending = [root, *(node for name, node in definitions.items() if name in alive and node is not None)]
    seen: set[int] = set()
    while pending:
        node = pending.pop()
        if isinstance(node, ir.Ref):
            uses[node.name] += 1
        if id(node) in seen:
            continue
        seen.add(id(node))
        for child in children(node):
            if id(child) in bodies:
                uses[bodies[id(child)]] += 1
            pending.append(child)
    if id(root) in bodies:
        uses[bodies[id(root)]] += 1
    return {name for name, count in uses.items() if count == 1}


class _Tidy:
    """One walk that rebuilds only what changes."""

    def __init__(self, definitions: Mapping[str, ir.Node | None], alive: set[str], once: set[str]) -> None:
        self.definitions, self.alive, self.once = definitions, alive, once
        self.bodies = {id(node): name for name, node in definitions.items() if node is not None}
        self.wanted: list[str] = []
        self.kept: dict[str, ir.Node] = {}
        self.asked: set[str] = set()
        self.has_choices = False

    def node(self, node: ir.Node, depth: int) -> ir.Node | None:
        """The tidied node; None where it has no finite value."""
        if isinstance(node, ir.Ref):
            return self.named(node, depth)
        name = self.bodies.get(id(node))
        if name is not None:
            return self.named(ir.Ref(name), depth)
        return self.body(node, depth)

    def named(self, ref: ir.Ref, depth: int) -> ir.Node | None:
        """A reference, or what it stands for if nothing else refers to it."""
        if ref.name not in self.alive:
            return None
        target = self.definitions[ref.name]
        if ref.name in self.once and depth < MAX_DEPTH and target is not None:
            body = self.body(target, depth)
            return body if body is None or ref.about == ir.About() else replace(body, about=ref.about)
        if ref.name not in self.asked:
            self.asked.add(ref.name)
            self.wanted.append(ref.name)
        return ref

    def body(self, node: ir.Node, depth: int) -> ir.Node | None:
        """The node with tidied children."""
        match node:
            case ir.Object():
                return self.object(node, depth + 1)
            case ir.Array():
                return self.array(node, depth + 1)
            case ir.Union():
                return self.union(node, depth + 1)
            case _:
                return node

    def object(self, node: ir.Object, depth: int) -> ir.Object | None:
        fields = []
        for field in node.fields:
            value = self.node(field.node, depth)
            if value is None and field.is_required:
                return None
            if value is not None:
                fields.append(field if value is field.node else replace(field, node=value))
        extras = []
        for extra in node.extras:
            value = self.node(extra.value, depth)
            if value is not None:
                extras.append(extra if value is extra.value else replace(extra, value=value))
        if not extras and len(fields) < node.min_properties:
            return None
        if is_same(fields, node.fields) and is_same(extras, node.extras):
            return node
        return replace(node, fields=tuple(fields), extras=tuple(extras))

    def array(self, node: ir.Array, depth: int) -> ir.Array | None:
        prefix: list[ir.Node] = []
        for item in node.prefix:
            found = self.node(item, depth)
            if found is None:
                return self.cut(node, prefix)
            prefix.append(found)
        items = None if node.items is None else self.node(node.items, depth)
        if items is None and node.items is not None:
            return self.cut(node, prefix)
        return (
            node
            if items is node.items and is_same(prefix, node.prefix)
            else replace(node, prefix=tuple(prefix), items=items)
        )

    def cut(self, node: ir.Array, prefix: list[ir.Node]) -> ir.Array | None:
        """An array that ends where an item cannot be finite."""
        if node.min_items > len(prefix):
            return None
        most = len(prefix) if node.max_items is None else min(node.max_items, len(prefix))
        return replace(node, prefix=tuple(prefix), items=None, max_items=most)

    def union(self, node: ir.Union, depth: int) -> ir.Node | None:
        branches = [found for branch in node.branches if (found := self.node(branch, depth)) is not None]
        if not branches:
            return None
        if len(branches) == 1:
            return branches[0]
        self.has_choices = True
        return node if is_same(branches, node.branches) else replace(node, branches=tuple(branches))
