"""How a schema's author spells names."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from random import Random

from scaffold.train.synthetic.facts import Field

_OPAQUE = (
    "field_{i}",
    "f{i}",
    "value{i}",
    "key_{i}",
    "column_{i}",
    "x{i}",
    "slot_{i}",
    "item_{i}",
    "q{i}",
    "attr_{i}",
    "entry_{i}",
    "prop{i}",
)


@cache
def title_of(name: str) -> str:
    """A name as a title: `issueDate`, `issue_date` and `issue-date` become Issue Date."""
    spaced = "".join(f" {c}" if c.isupper() and i and name[i - 1].islower() else c for i, c in enumerate(name))
    return " ".join(word[:1].upper() + word[1:] for word in spaced.replace("_", " ").replace("-", " ").split())


@cache
def camel(name: str) -> str:
    """A name in camel case: issueDate."""
    head, *rest = name.split("_")
    return head + "".join(word.capitalize() for word in rest)


def _kebab(name: str) -> str:
    return name.replace("_", "-")


def _pascal(name: str) -> str:
    return title_of(name).replace(" ", "")


CASES: tuple[Callable[[str], str], ...] = (
    str,
    str,
    str,
    str,
    camel,
    camel,
    camel,
    title_of,
    _pascal,
    _kebab,
    str.upper,
)


@dataclass(frozen=True, slots=True)
class NameStyle:
    """A letter case, and whether names say nothing (`opaque` is their template) or the wrong thing."""

    case: Callable[[str], str]
    opaque: str = ""
    is_misleading: bool = False
    """Every field has the name of its neighbour."""

    @property
    def needs_descriptions(self) -> bool:
        """Names do not tell what is asked."""
        return bool(self.opaque) or self.is_misleading

    def spell(self, rng: Random, fields: Sequence[Field], *, with_group: bool = True) -> tuple[str, ...]:
        """A name for each field, all different."""
        names: dict[str, None] = {}
        for index in range(len(fields)):
            known = plain_names(fields[index - self.is_misleading], with_group=with_group)
            first = self.opaque.format(i=index + 1) if self.opaque else self.case(rng.choice(known))
            free = (name for name in (first, *map(self.case, known), f"{first}_{index}") if name not in names)
            names[next(free)] = None
        return tuple(names)


def plain_names(field: Field, *, with_group: bool = True) -> list[str]:
    """A field's names in snake case, after the group's name where they do not say it themselves."""
    group = field.group if with_group else ""
    return [name if not group or group in name.split("_") else f"{group}_{name}" for name in field.names]


def name_style(rng: Random) -> NameStyle:
    """A style; names are opaque or misleading in one of fourteen."""
    kind = rng.random()
    return NameStyle(rng.choice(CASES), rng.choice(_OPAQUE) if kind < 0.05 else "", 0.05 <= kind < 0.07)
