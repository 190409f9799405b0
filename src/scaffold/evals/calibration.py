"""Whether a confidence means something: calibration error, reliability, and accuracy on the surest answers."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch.nn import functional

from scaffold.decode.confidence import Calibration, log_odds
from scaffold.decode.result import FieldResult, FillResult
from scaffold.evals.metrics import is_nothing, is_right
from scaffold.schema import canonical
from scaffold.train.corpora import Row

SHARES = (0.5, 0.8, 1.0)
_DECIDED = frozenset({"quoted", "normalised", "generated", "null"})


@dataclass(frozen=True, slots=True)
class Judged:
    """One field that the model decided, held against the true value."""

    field: str
    """JSON pointer, list indices written as `*`."""
    confidence: float
    is_right: bool
    is_present: bool
    """Whether the true object has a value here."""
    is_invented: bool
    """Whether a text was written that stands neither in the prompt nor among the schema's literals."""
    status: str = "generated"


@dataclass(frozen=True, slots=True)
class Bin:
    """The fields whose confidence lies in (low, high]; means over them."""

    low: float
    high: float
    count: int
    confidence: float
    accuracy: float


def judged(row: Row, result: FillResult[Any]) -> Iterator[Judged]:
    """Every field that the model decided; known values and defaults were not its to decide."""
    accept, offered = row.get("accept", {}), set(_literals(row["schema"]))
    for leaf in result.fields.values():
        if leaf.status in _DECIDED:
            gold = canonical.at(row["value"], leaf.path)
            right = is_right(gold, leaf.value, accept.get(leaf.pointer, ()))
            present = not is_nothing(gold)
            is_new = _is_invented(leaf, row["text"]) and leaf.value not in offered
            yield Judged(_collapsed(leaf), leaf.confidence, right, present, is_new, leaf.status)


def _collapsed(leaf: FieldResult) -> str:
    return "".join(f"/{'*' if isinstance(step, int) else step}" for step in leaf.path)


def _literals(schema: Any) -> Iterator[str]:
    """Texts that the schema itself offers: to choose one is not to invent it."""
    match schema:
        case dict():
            yield from (value for value in schema.get("enum", ()) if isinstance(value, str))
            yield from (value for value in (schema.get("const"),) if isinstance(value, str))
            for sub in schema.values():
                yield from _literals(sub)
        case list():
            for sub in schema:
                yield from _literals(sub)


def _is_invented(leaf: FieldResult, text: str) -> bool:
    is_text = leaf.status == "generated" and isinstance(leaf.value, str)
    return is_text and leaf.value.casefold() not in text.casefold()


def reliability(fields: Sequence[Judged], bins: int = 10) -> list[Bin]:
    """Mean confidence and accuracy in `bins` equal ranges of confidence; empty ones are left out."""
    found = []
    for index in range(bins):
        low, high = index / bins, (index + 1) / bins
        inside = [f for f in fields if low < f.confidence <= high or (index == 0 and f.confidence <= 0)]
        if inside:
            size = len(inside)
            mean, right = sum(f.confidence for f in inside) / size, sum(f.is_right for f in inside) / size
            found.append(Bin(low, high, size, mean, right))
    return found


def calibration_error(fields: Sequence[Judged], bins: int = 10) -> float | None:
    """Mean gap between confidence and accuracy over the bins, by their size (ECE; Guo et al., arXiv:1706.04599)."""
    if not fields:
        return None
    return sum(b.count * abs(b.confidence - b.accuracy) for b in reliability(fields, bins)) / len(fields)


def selective(fields: Sequence[Judged], share: float) -> float | None:
    """Accuracy on the surest `share` of the fields, at least one."""
    if not fields:
        return None
    surest = sorted(fields, key=lambda f: -f.confidence)[: max(1, round(share * len(fields)))]
    return sum(f.is_right for f in surest) / len(surest)


def invented(fields: Sequence[Judged]) -> float | None:
    """Share of fields with free text that does not stand in the prompt."""
    return sum(f.is_invented for f in fields) / len(fields) if fields else None


def fitted(fields: Sequence[Judged], least: int = 30) -> Calibration:
    """The line for each status with `least` fields or more, by regularised logistic regression."""
    groups: dict[str, list[Judged]] = defaultdict(list)
    for one in fields:
        if 0 < one.confidence < 1:
            groups[one.status].append(one)
    return Calibration({status: _line(found) for status, found in sorted(groups.items()) if len(found) >= least})


def _line(fields: Sequence[Judged], ridge: float = 1.0) -> tuple[float, float]:
    """The ridge pulls slope to 1 and shift to 0, and keeps fields that are all right or all wrong finite."""
    odds = torch.tensor([log_odds(one.confidence) for one in fields], dtype=torch.float64)
    right = torch.tensor([float(one.is_right) for one in fields], dtype=torch.float64)
    prior = torch.tensor([1.0, 0.0], dtype=torch.float64)
    weights = prior.clone().requires_grad_()
    search = torch.optim.LBFGS([weights], max_iter=100, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        search.zero_grad()
        found = functional.binary_cross_entropy_with_logits(weights[0] * odds + weights[1], right, reduction="sum")
        total = found + ridge * (weights - prior).square().sum() / 2
        total.backward()
        return total

    search.step(loss)
    slope, shift = weights.tolist()
    return max(slope, 0.0), shift
