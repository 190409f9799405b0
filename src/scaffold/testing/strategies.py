"""Hypothesis strategies: JSON Schemas that have values, values of a schema, values of a type. Public."""

from typing import Any

from hypothesis import strategies as st

from scaffold.decode.validate import check, problems, validator_for
from scaffold.schema import canonical
from scaffold.schema.load import load
from scaffold.testing.instance_strategies import candidates
from scaffold.testing.schema_strategies import documents

__all__ = ["fills", "instances", "schemas"]


def schemas(max_leaves: int = 8) -> st.SearchStrategy[dict[str, Any]]:
    """JSON Schemas of three drafts, over every keyword that constrains values, each satisfied by some value."""
    return documents(max_leaves)


def instances(schema: Any) -> st.SearchStrategy[Any]:
    """JSON values that are valid under `schema`, often at the edge of what it allows.

    Built keyword by keyword and then filtered, so a schema whose values are rare may exhaust Hypothesis.
    """
    validator = validator_for(schema)
    return candidates(schema).filter(lambda value: not problems(canonical.dumps(value), validator))


def fills(target: Any) -> st.SearchStrategy[Any]:
    """JSON values that a fill of `target` (a type or a schema) may come to."""
    source = load(target)
    if source.adapter is None:
        return instances(source.document)
    validator = validator_for(source.document)

    def is_typed(value: Any) -> bool:
        return not check(canonical.dumps(value), validator, source.adapter).problems

    return instances(source.document).filter(is_typed)
