"""Build the node of an array case."""

from collections.abc import Sequence
from typing import Protocol

from scaffold.errors import Path
from scaffold.schema import ir
from scaffold.schema.cases import ArrayBounds, Case, least_of
from scaffold.schema.expand import Expander
from scaffold.schema.refs import Site


class Builder(Protocol):
    """What the parts of the lowering ask of the whole."""

    expander: Expander
    reason: tuple[Path, ...]
    """What excludes what in the last node that could not be."""

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
    if most is not None and bounds.least > most:
        builder.blame(case.sources[0], (*(s.path for s in case.sources), *builder.reason))
        return None
    return ir.Array(tuple(prefix), items, bounds.least, most, case.about)


def _sites(bounds: ArrayBounds, index: int) -> list[Site]:
    """What all rules ask of the item at `index`."""
    found = []
    for rule in bounds.rules:
        site = rule.prefix[index] if index < len(rule.prefix) else rule.rest
        if site is not None:
            found.append(site)
    return found
