"""How new a row is to a model: by the schemas, field names and data sets that the model was trained on."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from scaffold.schema import canonical
from scaffold.train.corpora import rows_of_sets

Novelty = Literal[
    "seen schema",
    "unseen schema",
    "unseen field names",
    "unseen data set",
    "seen domain",
    "composed domain",
    "unseen domain",
]
NOVELTIES: tuple[Novelty, ...] = get_args(Novelty)
"""From the most familiar to the newest: first of collected rows, then of generated ones, by their subjects."""
_ANNOTATIONS = {"title", "description"}
_NAMED = {"properties", "$defs", "definitions", "patternProperties"}
"""Keywords whose members are names, and no keywords."""


@dataclass(frozen=True, slots=True)
class Learned:
    """What a model was trained on, as far as it decides how new a row is."""

    sets: frozenset[str]
    schemas: frozenset[str]
    names: frozenset[str]

    def novelty(self, data_set: str, schema: Any) -> Novelty:
        """The newest thing about a row; a schema is seen if it differs in titles, descriptions and order alone."""
        if data_set not in self.sets:
            return "unseen data set"
        if _bare(schema) in self.schemas:
            return "seen schema"
        return "unseen schema" if self.names.issuperset(field_names(schema)) else "unseen field names"


def learned(data: Path, left_out: frozenset[str] = frozenset()) -> Learned:
    """What training on `<set>/train.jsonl` of a folder (or on one file), without some sets, has shown a model.

    Raises:
        ModelError: there are no such files, or no such sets.
    """
    sets = rows_of_sets(data, left_out)
    schemas = [row["schema"] for rows in sets.values() for row in rows]
    names = frozenset(name for schema in schemas for name in field_names(schema))
    return Learned(frozenset(sets), frozenset(map(_bare, schemas)), names)


def field_names(schema: Any) -> Iterator[str]:
    """The names of all properties, at any depth."""
    if isinstance(schema, list):
        for part in schema:
            yield from field_names(part)
    if isinstance(schema, dict):
        yield from schema.get("properties", {})
        for keyword, part in schema.items():
            for inside in part.values() if keyword in _NAMED else (part,):
                yield from field_names(inside)


def _bare(schema: Any) -> str:
    return canonical.dumps(_without_annotations(schema))


def _without_annotations(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_without_annotations(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    kept = sorted(keyword for keyword in schema if keyword not in _ANNOTATIONS)
    return {keyword: _inside(keyword, schema[keyword]) for keyword in kept}


def _inside(keyword: str, part: Any) -> Any:
    if keyword in _NAMED:
        return {name: _without_annotations(part[name]) for name in sorted(part)}
    return sorted(part) if keyword == "required" else _without_annotations(part)
