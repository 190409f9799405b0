"""Build the node of an array case."""

from collections.abc import Sequence
from typing import Protocol

from scaffold.errors import Path
from scaffold.schema import ir
from scaffold.schema.cases import ArrayBounds, Case, least_of
from scaffold.schema.expand import Expander, written
from scaffold.schema.refs import Site
from scaffold.schema.values import BOUNDING_ITEMS, count

FIRST_DRAFT = 6
"""Of `contains`."""
FIRST_COUNTED = 2019
"""Of `minContains` and `maxContains`."""


class Builder(Protocol):
    """What the parts of the lowering ask of the whole."""

    expander: Expander
    reason: tuple[Path, ...]
    """What excludes what in the last node that could not be."""

    def is_empty(self, node: ir.String) -> bool:
        """Whether no text satisfies the string's patterns, formats and lengths at once."""

    def node(self, sites: Sequence[Site]) -> ir.Node | None:
        """The node of all the sites together; None where no value satisfies them."""

    def blame(self, site: Site, parts: Sequence[Path]) -> None:
        """Remember a place that no value satisfies, and what excludes what."""


def lower_array(builder: Builder, case: Case) -> ir.Array | None:
    """The array of a case; an item that cannot be ends it; None where too few items can be."""
    bounds = case.array
    longest = max((len(rule.prefix) for rule in bounds.rules), default=0)
    prefix: list[ir.Node] = []
    most = bounds.most
    while len(prefix) < longest and (most is None or len(prefix) < most):
        item = builder.node(_sites(bounds, len(prefix)))
        if item is None:
            most = len(prefix)
        else:
            prefix.append(item)
    items = None if most is not None and most <= len(prefix) else builder.node(_sites(bounds, longest))
    if items is None:
        most = least_of(most, len(prefix))
    elif not prefix and any(_says(source, "uniqueItems") for source in case.sources):
        most = least_of(most, _number_of_values(items))
    if (most is not None and bounds.least > most) or not _may_contain(builder, case):
        builder.blame(case.sources[0], (*builder.reason, *written(case.sources, BOUNDING_ITEMS)))
        return None
    return ir.Array(tuple(prefix), items, bounds.least, most, case.about)


def _says(site: Site, keyword: str) -> bool:
    return isinstance(site.schema, dict) and site.schema.get(keyword) is True


def _number_of_values(node: ir.Node) -> int | None:
    """How many different values a node has; None where they are not counted."""
    match node:
        case ir.Enum():
            return len(node.literals)
        case ir.Boolean():
            return 2
        case ir.Null():
            return 1
        case _:
            return None


def _may_contain(builder: Builder, case: Case) -> bool:
    """Whether the items that `contains` counts can be there: they are among the items, and not too many."""
    for source in case.sources:
        if not isinstance(source.schema, dict) or "contains" not in source.schema or source.scope.draft < FIRST_DRAFT:
            continue
        is_counted = source.scope.draft >= FIRST_COUNTED
        least, most = (count(source, key) if is_counted else None for key in ("minContains", "maxContains"))
        least = 1 if least is None else least
        wanted = builder.expander.references.child(source, "contains")
        if least and ((most is not None and most < least) or not _has_place(builder, case, wanted)):
            return False
    return True


def _has_place(builder: Builder, case: Case, wanted: Site) -> bool:
    """Whether some position takes an item that `wanted` allows."""
    longest = max((len(rule.prefix) for rule in case.array.rules), default=0)
    positions = range(longest + 1)
    return any(builder.expander.all_of([*_sites(case.array, index), wanted]).cases for index in positions)


def _sites(bounds: ArrayBounds, index: int) -> list[Site]:
    """What all rules ask of the item at `index`."""
    found = []
    for rule in bounds.rules:
        site = rule.prefix[index] if index < len(rule.prefix) else rule.rest
        if site is not None:
            found.append(site)
    return found
