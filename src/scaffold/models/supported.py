"""The table of supported models, as the README shows it."""

from collections.abc import Iterator

from scaffold.models.family import Family
from scaffold.models.registry import FAMILIES, Registry
from scaffold.models.topology import Everything

_HEAD = ("model", "licence", "family", "sees", "shifted", "null read from", "kept from call to call", "verified by")
_SEES = {"uniform": "everything (canvas)", "causal": "what is before"}


def markdown_table(registry: Registry = FAMILIES) -> str:
    """One row per checkpoint, one for a family that names none."""
    rows = [_HEAD, ("---",) * len(_HEAD), *(row for family in registry.values() for row in _rows(family))]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _rows(family: Family) -> Iterator[tuple[str, ...]]:
    facts = (family.name, _sees(family), "yes" if family.is_shifted else "no", _null(family), _kept(family))
    if not family.checkpoints:
        yield f"any {', '.join(family.model_types)}", "its own", *facts, "tiny replica"
    for one in family.checkpoints:
        yield f"`{one.name}`", one.licence, *facts, one.verified


def _sees(family: Family) -> str:
    topology = family.topology({})
    if family.role != "masked":
        return _SEES[family.role]
    length = getattr(topology, "block_length", None)
    return "everything" if length is None else f"blocks of {length}"


def _null(family: Family) -> str:
    trained = "a trained null or delete token, else " if family.null_fields else ""
    return f"{trained}end of text, padding, closing tokens"


def _kept(family: Family) -> str:
    if family.role == "uniform":
        return "context, exact"
    if not family.has_memory:
        return "nothing"
    if isinstance(family.topology({}), Everything):
        return "prompt or syntax, approximate, on request"
    return "finished blocks, exact" if family.role == "masked" else "text so far, exact"
