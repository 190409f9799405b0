"""The table of supported models, as the README shows it."""

from collections.abc import Iterator

from scaffold.models.family import NAME, Family
from scaffold.models.registry import FAMILIES, Registry
from scaffold.models.topology import Everything, Topology

_HEAD = ("model", "licence", "family", "sees", "shifted", "null read from", "kept from call to call", "verified by")
_SEES = {"uniform": "everything (canvas)", "causal": "what is before"}


def markdown_table(registry: Registry = FAMILIES) -> str:
    """One row per checkpoint, one for a family that names none."""
    rows = [_HEAD, ("---",) * len(_HEAD), *(row for family in registry.values() for row in _rows(family))]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _rows(family: Family) -> Iterator[tuple[str, ...]]:
    if not family.checkpoints:
        yield f"any {', '.join(family.model_types)}", "its own", *_facts(family, ""), "tiny replica"
    for one in family.checkpoints:
        yield f"`{one.name}`", one.licence, *_facts(family, one.name), one.verified


def _facts(family: Family, checkpoint: str) -> tuple[str, ...]:
    topology = family.topology({NAME: checkpoint})
    is_shifted = "yes" if family.is_shifted else "no"
    return family.name, _sees(family, topology), is_shifted, _null(family), _kept(family, topology)


def _sees(family: Family, topology: Topology) -> str:
    if family.role != "masked":
        return _SEES[family.role]
    length = getattr(topology, "block_length", None)
    return "everything" if length is None else f"blocks of {length}"


def _null(family: Family) -> str:
    trained = "a trained null or delete token, else " if family.null_fields else ""
    return f"{trained}end of text, padding, closing tokens"


def _kept(family: Family, topology: Topology) -> str:
    if family.role == "uniform":
        return "context, exact"
    if not family.has_memory:
        return "nothing"
    if isinstance(topology, Everything):
        return "prompt or syntax, approximate, on request"
    return "finished blocks, exact" if family.role == "masked" else "text so far, exact"
