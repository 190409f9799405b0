"""The draft that a document is written in, and the keywords that a meta-schema of its own leaves out of it."""

import re
from typing import Any, NamedTuple

from referencing import Registry, Specification
from referencing.jsonschema import DRAFT4, DRAFT6, DRAFT7, DRAFT201909, DRAFT202012

from scaffold.errors import UnsupportedKeywordError
from scaffold.schema.support import SUPPORT

_DRAFTS = {
    "json-schema.org/draft-04/schema": 4,
    "json-schema.org/draft-06/schema": 6,
    "json-schema.org/draft-07/schema": 7,
    "json-schema.org/draft/2019-09/schema": 2019,
    "json-schema.org/draft/2020-12/schema": 2020,
}
SPECIFICATIONS: dict[int, Specification[Any]] = {
    4: DRAFT4,
    6: DRAFT6,
    7: DRAFT7,
    2019: DRAFT201909,
    2020: DRAFT202012,
}
NEWEST = 2020
_ALWAYS = frozenset({"$ref", "$dynamicRef", "$recursiveRef", "dependencies"})
"""The core is never left out; the last is kept by drafts whose vocabularies do not list it."""


class Dialect(NamedTuple):
    """A draft, and the keywords that it knows and that mean nothing all the same."""

    draft: int
    unused: frozenset[str] = frozenset()


def draft_of(schema: Any, otherwise: int = NEWEST) -> int:
    """The draft (4, 6, 7, 2019, 2020) that `$schema` names, over http or https, with `#` or without."""
    return _DRAFTS.get(_named(schema).partition("://")[2], otherwise)


_OLD = re.compile(r"//json-schema\.org/draft-0?([0-3])/")


def dialect_of(document: Any, registry: "Registry[Any] | None" = None) -> Dialect:
    """What `$schema` names: a draft, or a meta-schema in `registry`, whose vocabularies alone have a meaning then.

    The newest draft where it names none that is known, or one of the parts that standard meta-schemas consist of.

    Raises:
        UnsupportedKeywordError: the draft is older than 4, or the meta-schema requires a vocabulary that is not known.
    """
    draft, uri = draft_of(document, 0), _named(document)
    if old := _OLD.search(uri):
        message = f"draft {old[1]} of JSON Schema has other keywords than those that are known"
        raise UnsupportedKeywordError(("$schema",), message, "write the schema in draft 4 or a newer one")
    if draft or registry is None or uri not in registry or "//json-schema.org/" in uri:
        return Dialect(draft or NEWEST)
    meta, seen = registry.contents(uri), {uri}
    unused = _left_out(meta)
    while not draft_of(meta, 0) and (uri := _named(meta)) in registry and uri not in seen:
        seen.add(uri)
        meta = registry.contents(uri)
    return Dialect(draft_of(meta), unused)


def _named(schema: Any) -> str:
    uri = schema.get("$schema") if isinstance(schema, dict) else None
    return uri.rstrip("#") if isinstance(uri, str) else ""


def _left_out(meta: Any) -> frozenset[str]:
    from jsonschema_specifications import REGISTRY  # noqa: PLC0415  (reads its files, and few schemas need them)

    vocabularies = meta.get("$vocabulary") if isinstance(meta, dict) else None
    if not isinstance(vocabularies, dict):
        return frozenset()
    kept = set(_ALWAYS)
    for uri, is_required in vocabularies.items():
        described = uri.replace("/vocab/", "/meta/")
        if described in REGISTRY:
            kept |= REGISTRY.contents(described)["properties"].keys()
        elif is_required:
            hint = "name a meta-schema without it, or say there that it may be ignored: false"
            raise UnsupportedKeywordError(("$schema",), f"the vocabulary {uri} is required and not known", hint)
    return frozenset(SUPPORT) - kept
