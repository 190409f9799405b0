"""Build nodes for scalars, and unite nodes."""

from dataclasses import replace

from scaffold.schema import canonical, ir
from scaffold.schema.cases import (
    BOOLEAN,
    FRACTION,
    NO_ABOUT,
    NULL,
    NUMBER,
    STRING,
    Case,
    Expansion,
    merge_about,
)

_NOT_BOOLEAN = {"true": "false", "false": "true"}


def lower_scalars(case: Case) -> list[ir.Node]:
    """The nodes of a case that are neither objects nor arrays."""
    found: list[ir.Node] = []
    if case.types & STRING:
        found.append(_string(case))
    if case.types & NUMBER:
        is_integer = not case.types & FRACTION
        found.append(replace(case.number, is_integer=is_integer, about=case.about))
    if case.types & BOOLEAN:
        found.extend(_boolean(case))
    if case.types & NULL and "null" not in case.excluded:
        found.append(ir.Null(case.about))
    return found


def _string(case: Case) -> ir.String:
    barred = tuple(canonical.loads(text) for text in sorted(case.excluded) if text.startswith('"'))
    if not barred:
        return case.string if case.about == NO_ABOUT else replace(case.string, about=case.about)
    return replace(case.string, excluded=tuple(dict.fromkeys(case.string.excluded + barred)), about=case.about)


def _boolean(case: Case) -> list[ir.Node]:
    barred = [text for text in _NOT_BOOLEAN if text in case.excluded]
    if len(barred) == len(_NOT_BOOLEAN):
        return []
    return [ir.Enum((_NOT_BOOLEAN[barred[0]],), case.about)] if barred else [ir.Boolean(case.about)]


def unite(nodes: list[ir.Node], found: Expansion) -> ir.Node:
    """One node for several: literals in one enum, null last, doubles left out, anything swallows all."""
    anything = [node for node in nodes if isinstance(node, ir.Any)]
    if anything:
        return described(anything[0], found.about)
    if len(nodes) == 1:
        return described(nodes[0], found.about)
    branches = list({_likeness(node): node for node in _with_one_enum(nodes)}.values())
    branches.sort(key=lambda node: isinstance(node, ir.Null))
    if len(branches) == 1:
        return described(branches[0], found.about)
    return ir.Union(tuple(branches), found.discriminator, found.about)


def _likeness(node: ir.Node) -> object:
    """Equal for nodes that are certainly alike; objects and arrays are not compared through and through."""
    return id(node) if isinstance(node, ir.Object | ir.Array | ir.Union) else node


def _with_one_enum(nodes: list[ir.Node]) -> list[ir.Node]:
    enums = [node for node in nodes if isinstance(node, ir.Enum)]
    if len(enums) < 2:
        return nodes
    literals = tuple(dict.fromkeys(text for node in enums for text in node.literals))
    merged = ir.Enum(literals)
    kept = [node for node in nodes if not isinstance(node, ir.Enum)]
    place = nodes.index(enums[0])
    return [*kept[:place], merged, *kept[place:]]


def described(node: ir.Node, outer: ir.About) -> ir.Node:
    """The node with what stands around it in its annotations."""
    if outer == NO_ABOUT:
        return node
    return replace(node, about=merge_about(outer, node.about))
