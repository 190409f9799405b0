"""What the model would quote in slots that may quote the prompt."""

from collections.abc import Sequence
from dataclasses import replace
from math import exp, inf
from typing import Any

import numpy as np
import torch

from scaffold.denoise.asked import Asked, Gathered, Weighed
from scaffold.denoise.draws import Draw
from scaffold.denoise.look import Look, believed
from scaffold.denoise.options import DenoiseOptions
from scaffold.denoise.quoted import quoted, spans_on
from scaffold.denoise.row import Pointing


def quotations(slots: Sequence[Asked], seen: Gathered, options: DenoiseOptions, draw: Draw) -> Weighed:
    """Weigh the spans of the prompt for slots that may quote the same ones."""
    pointing = slots[0].pointing
    assert pointing is not None, "a slot that quotes"
    never = torch.zeros(len(slots), dtype=torch.bool, device=seen.committed.device)
    spans = spans_on(pointing.spans, seen.committed.device)
    found = quoted(spans, seen.log_probs, seen.committed, never, options.null_tail, draw)
    beliefs = found.spans.flatten(1)[:, None].exp().float() if options.reads_drift else None

    def looks(numbers: Sequence[list[Any]]) -> list[Look]:
        return believed([_look(pointing, one) for one in zip(*numbers, strict=True)], beliefs)

    columns = (found.log_z, found.path, found.path_score, found.start, found.length, found.log_probability)
    return Weighed(columns, looks)


def _look(pointing: Pointing, numbers: tuple[Any, ...]) -> Look:
    log_z, path, weight, begin, length, chance = numbers
    is_there = length > 0 and log_z > -inf
    sure = (exp(chance) if is_there else 0.0,) * len(path)
    return Look(
        tuple(path), sure, (0.0,) * len(path), sure, weight, log_z, -inf, chance if is_there else -inf,
        is_empty_legal=False, reading=pointing.read(begin, length) if is_there else None,
    )  # fmt: skip


def better(own: Look, quotation: Look, pointing: Pointing | None) -> Look:
    """The quotation where it is as probable among quotations as the own text among all legal texts.

    So is one of greater mass: the words behind a normal form (a date as it is said) are no legal text themselves.
    """
    assert pointing is not None, "a slot that quotes"
    if pointing.is_only:
        return replace(quotation, log_null=own.log_null, is_empty_legal=own.is_empty_legal)
    mass = float(np.maximum(own.log_content, quotation.log_content))
    is_less = quotation.log_chance < own.log_chance and quotation.log_content <= own.log_content
    if quotation.reading is None or is_less:
        return replace(own, log_content=mass)
    return replace(quotation, log_content=mass, log_null=own.log_null, is_empty_legal=own.is_empty_legal)
