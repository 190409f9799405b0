"""Fit the length bias of CAL: how sure a model is of a slot whose length is not the true one."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import mean

import torch
from jaxtyping import Float
from torch import Tensor

from scaffold.denoise.draws import Draw
from scaffold.denoise.frame import frame
from scaffold.denoise.lengths.fixed import Fixed
from scaffold.denoise.lengths.search import LengthSearch, sureness
from scaffold.denoise.look import Looks
from scaffold.denoise.options import DenoiseOptions
from scaffold.denoise.predict import predict
from scaffold.denoise.predictor import MaskPredictor
from scaffold.denoise.row import Row
from scaffold.errors import ModelError, ScaffoldError
from scaffold.pipeline import compile
from scaffold.pipeline.request import RequestOptions, request_row
from scaffold.train import corpora

LENGTHS = (1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64)
NEAR = 1
"""Lengths so near the true one are left out."""
STEPS = 2000


@dataclass(frozen=True, slots=True)
class LengthBiasFit:
    """The search with its new bias, the mean sureness by length that it was fitted to, and how far off it is."""

    search: LengthSearch
    measured: Mapping[int, float]
    before: float
    """Root mean square error of the bias that the fit began from."""
    after: float
    slots: int


def fit_length_bias(
    model: MaskPredictor, rows: Iterable[corpora.Row], begin: LengthSearch | None = None
) -> LengthBiasFit:
    """Look at the free texts of rows at many lengths away from their true one, everything masked, as the search does.

    CAL (arXiv:2602.00476). Rows that the model cannot be asked about are passed over.

    Raises:
        ModelError: no row has a text of free length.
    """
    begin = begin or LengthSearch()
    found: dict[int, list[float]] = defaultdict(list)
    slots = 0
    for row in rows:
        for length in LENGTHS:
            known = list(_sureness(model, row, length))
            found[length] += known
            slots += len(known)
    measured = {length: mean(values) for length, values in found.items() if values}
    if len(measured) < len(begin.bias):
        raise ModelError((), "no text of free length in these rows", "give rows whose schemas have some")
    at, wanted = torch.tensor([*measured], dtype=torch.float64), torch.tensor([*measured.values()], dtype=torch.float64)
    fitted = replace(begin, bias=_curve(at, wanted, begin.bias))
    return LengthBiasFit(fitted, measured, _error(begin, measured), _error(fitted, measured), slots)


def _sureness(model: MaskPredictor, row: corpora.Row, length: int) -> Iterator[float]:
    """How sure the model is of each free text at a length that is not its own."""
    options = DenoiseOptions(length=Fixed(length))
    try:
        compiled = compile(row["schema"])
        texts = compiled.encode(row["value"]).texts
        laid = request_row(compiled, model, row["text"], RequestOptions(options, strings="free"))
    except ScaffoldError:
        return
    looks = _looks(model, laid)
    for span in laid.template.spans:
        true = len(model.tokenizer.encode(texts[span.key])) if span.key in texts else 0
        is_free = laid.request.automaton(span.slot).max_tokens is None and span.size == length
        if is_free and span.key in looks and abs(true - length) > NEAR:
            yield sureness(looks[span.key])


def _looks(model: MaskPredictor, laid: Row) -> Looks:
    draw = Draw(0.0, torch.Generator())
    (glimpse,) = predict([frame(laid)], ([None], [draw]), model, DenoiseOptions(length=LengthSearch()))
    return glimpse.looks


def _curve(
    at: Float[Tensor, " lengths"], wanted: Float[Tensor, " lengths"], begin: Sequence[float]
) -> tuple[float, float, float, float, float]:
    """Least squares over two falling exponentials and a rest; heights may be negative, rates not."""
    start = torch.tensor(begin, dtype=torch.float64)
    free = torch.cat([start[[0, 2, 4]], start[[1, 3]].log()]).requires_grad_()
    optimiser = torch.optim.Adam([free], 0.01)
    for _ in range(STEPS):
        rates = free[3:].exp()
        curve = free[0] * (-rates[0] * at).exp() + free[1] * (-rates[1] * at).exp() + free[2]
        optimiser.zero_grad()
        (curve - wanted).square().mean().backward()
        optimiser.step()
    fast, slow, rest = free.detach()[:3].tolist()
    fast_rate, slow_rate = free.detach()[3:].exp().tolist()
    return fast, fast_rate, slow, slow_rate, rest


def _error(search: LengthSearch, measured: Mapping[int, float]) -> float:
    return mean((search.expected(length) - value) ** 2 for length, value in measured.items()) ** 0.5
