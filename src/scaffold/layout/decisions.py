"""What a request has decided about its structure so far: a small immutable value."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from scaffold.errors import Path
from scaffold.layout.pieces import Role

MaybeKey = tuple[Path, str]
"""Site of a `Maybe` and what it spells when absent: an optional nullable member has two at one site."""
SlotKey = tuple[Path, Role]


def _nothing() -> Mapping[Any, Any]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Decisions:
    """Which parts are present, how many items there are, which branches hold, how long slots are.

    What is not mentioned is open: it is laid out for the model to decide.
    """

    maybes: Mapping[MaybeKey, bool] = field(default_factory=_nothing)
    counts: Mapping[Path, int] = field(default_factory=_nothing)
    """Items known to be present, by the site of their `Repeat`."""
    ended: frozenset[Path] = frozenset()
    """Repeats that hold exactly their known items."""
    branches: Mapping[Path, int] = field(default_factory=_nothing)
    sizes: Mapping[SlotKey, int] = field(default_factory=_nothing)
    """Slots that have grown beyond (or were cut below) their start size."""
    ahead: Mapping[Path, int] = field(default_factory=_nothing)
    """Items laid out beyond the known ones, by the site of their `Repeat`, where not as many as it says."""
    hidden: frozenset[Path] = frozenset()
    """Members and items that are not on the canvas for now; of a `Repeat`'s open items, the first hides all of them."""

    weighed: frozenset[Path] = frozenset()
    """Choices whose branch is laid out to be held against the others: as much of it as tells them apart."""

    def with_maybe(self, key: MaybeKey, *, is_present: bool) -> "Decisions":
        """Decide one `Maybe`."""
        return replace(self, maybes={**self.maybes, key: is_present})

    def with_count(self, site: Path, count: int, *, is_ended: bool) -> "Decisions":
        """Fix the first `count` items of a `Repeat`, and whether there are more."""
        ended = self.ended | {site} if is_ended else self.ended - {site}
        return replace(self, counts={**self.counts, site: count}, ended=ended)

    def with_ahead(self, site: Path, ahead: int) -> "Decisions":
        """Lay out so many items of a `Repeat` beyond the known ones."""
        return replace(self, ahead={**self.ahead, site: ahead})

    def with_branch(self, site: Path, branch: int) -> "Decisions":
        """Decide one `Choice`."""
        return replace(self, branches={**self.branches, site: branch})

    def with_weighed(self, site: Path, branch: int) -> "Decisions":
        """Lay out a branch of a `Choice` without deciding it."""
        return replace(self.with_branch(site, branch), weighed=self.weighed | {site})

    def with_hidden(self, hidden: frozenset[Path]) -> "Decisions":
        """Hide these members and items, and no others."""
        return replace(self, hidden=hidden)

    def with_size(self, key: SlotKey, size: int) -> "Decisions":
        """Give a slot another size."""
        return replace(self, sizes={**self.sizes, key: size})
