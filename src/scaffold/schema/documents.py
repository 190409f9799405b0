"""Other documents that references may lead to, as a registry."""

from collections.abc import Iterable
from typing import Any

from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012, specification_with

from scaffold.errors import SchemaError


def registry_of(documents: Iterable[tuple[str, Any]]) -> "Registry[Any]":
    """Documents by URI, each read as its own dialect says (without one, as draft 2020-12).

    Raises:
        SchemaError: one of them cannot be searched for names: a keyword has a value of a wrong type.
    """
    return Registry().with_resources([(uri, resource_of(uri, document)) for uri, document in documents])


def resource_of(uri: str, document: Any) -> "Resource[Any]":
    """One document.

    Raises:
        SchemaError: as for `registry_of`.
    """
    dialect = document.get("$schema") if isinstance(document, dict) else None
    known = specification_with(dialect, default=DRAFT202012) if isinstance(dialect, str) else DRAFT202012
    resource: Resource[Any] = known.create_resource(document)
    try:
        Registry().with_resource("", resource).crawl()
    except (AttributeError, TypeError, ValueError) as error:
        raise SchemaError((), f"the document {uri} is no JSON Schema: {error}", "see its keywords' types") from error
    return resource
