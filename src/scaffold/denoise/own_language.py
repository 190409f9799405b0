"""What the model expects of slots that share a language: their best legal text, and whether they are null."""

from collections.abc import Sequence
from dataclasses import replace
from math import inf
from typing import Any

import numpy as np
import torch
from torch import Tensor

from scaffold.constraints.slot_automaton import SlotAutomaton
from scaffold.constraints.strings import MAX_COUNTED
from scaffold.denoise.asked import Asked, Gathered, Weighed
from scaffold.denoise.closed_forms import closed_form
from scaffold.denoise.constraints import (
    BlockPaths,
    Lattice,
    Masks,
    Off,
    Proposal,
    block_path,
    position_masked,
    unconstrained,
)
from scaffold.denoise.draws import Draw
from scaffold.denoise.emissions import precise
from scaffold.denoise.lattice import lattice_of
from scaffold.denoise.look import Look, believed
from scaffold.denoise.options import DenoiseOptions
from scaffold.denoise.posterior import SlotLanguage, constrain
from scaffold.denoise.row import OPEN
from scaffold.remembered import remembered


def own_language(slots: Sequence[Asked], seen: Gathered, options: DenoiseOptions, draw: Draw) -> Weighed:
    """Weigh the fillings of slots that share a language and a length."""
    automaton, null_id, committed = slots[0].automaton, slots[0].null_id, seen.committed
    match Lattice() if slots[0].is_tag else options.constraint:
        case Lattice():
            language = _language(automaton, committed.shape[1], committed.device)
            return _constrained(language, slots, seen, options, draw)
        case Off():
            bare = unconstrained(seen.log_probs, committed, null_id, draw)
            return _weighed(bare, slots, seen, options, draw, is_empty_legal=True)
        case Masks():
            lattice = lattice_of(automaton, committed.device)
            bare = position_masked(lattice, seen.log_probs, committed, null_id, draw)
            return _weighed(bare, slots, seen, options, draw)
        case BlockPaths(block_length=wide):
            lattice = lattice_of(automaton, committed.device)
            ends = ((committed < 0).long().argmax(-1) // wide + 1) * wide
            bare = block_path(lattice, seen.log_probs, committed, null_id, ends)
            return _reaching(_weighed(bare, slots, seen, options, draw), ends)


def _constrained(
    language: SlotLanguage, slots: Sequence[Asked], seen: Gathered, options: DenoiseOptions, draw: Draw
) -> Weighed:
    need = torch.ones(len(slots), dtype=torch.bool, device=seen.committed.device)
    posterior = constrain(language, seen.log_probs, seen.committed, need, draw)
    found = _weighed(posterior, slots, seen, options, draw)
    beliefs = posterior.log_marginals().exp().float() if options.reads_drift else None

    def looks(numbers: Sequence[list[Any]]) -> list[Look]:
        return believed(found.looks(numbers), beliefs)

    lattice = lattice_of(slots[0].automaton, seen.committed.device)
    if language is lattice:
        return Weighed(found.columns, looks)
    log_z, path, *others = found.columns
    declined = _wants_parts(slots[0], seen, path)
    if declined is None:
        return Weighed(found.columns, looks, lambda: _constrained(lattice, slots, seen, options, draw))
    if _is_weighed_twice(seen.committed.device, options):
        return _merged(found, _constrained(lattice, slots, seen, options, draw), declined | (log_z == -inf))
    columns = (log_z.masked_fill(declined, -inf), path, *others)
    return Weighed(columns, looks, lambda: _constrained(lattice, slots, seen, options, draw))


def _is_weighed_twice(device: torch.device, options: DenoiseOptions) -> bool:
    """Whether closed form and automaton are both weighed at once, rather than the second after a look at the first.

    A look means waiting for a device; and what is drawn must not depend on the device.
    """
    return (device.type != "cpu" or options.is_drawn) and not options.reads_drift


def _merged(first: Weighed, second: Weighed, is_second: Tensor) -> Weighed:
    """The numbers of `second` for the slots where `is_second`, else of `first`."""
    pairs = zip(first.columns, second.columns, strict=True)
    columns = tuple(two.where(is_second.view(-1, *[1] * (one.dim() - 1)), one) for one, two in pairs)
    return Weighed(columns, first.looks)


def _wants_parts(slot: Asked, seen: Gathered, path: Tensor) -> Tensor | None:
    """Slots where part of a character, which a closed form of free text leaves out, is likelier than what it proposes.

    Behind the first null of its proposal nothing matters.
    """
    parts = _parts(slot.automaton, path.device)
    if parts is None:
        return None
    likeliest = seen.log_probs.index_select(-1, parts).amax(-1)
    proposed = seen.log_probs.gather(-1, path[..., None]).squeeze(-1)
    matters = (path == slot.null_id).long().cumsum(-1) <= 1
    return ((likeliest > proposed) & matters & (seen.committed == OPEN)).any(-1)


@remembered(megabytes=256)
def _parts(automaton: SlotAutomaton, device: torch.device) -> Tensor | None:
    """Ids that are legal somewhere and are no whole characters; None where only a closed form counts characters.

    That is where a text must be long. One that must not be too long rarely is: then the automaton will do.
    """
    if automaton.characters is None or automaton.lengths is None or automaton.lengths[0] > MAX_COUNTED:
        return None
    found = (automaton.token_class > 0) & (automaton.token_class != automaton.null_class) & (automaton.characters < 1)
    return torch.from_numpy(np.flatnonzero(found)).to(device) if found.any() else None


def _language(automaton: SlotAutomaton, length: int, device: torch.device) -> SlotLanguage:
    """Free text is one table for all lengths, where its own is not bounded."""
    is_any_length = automaton.literals is None and automaton.lengths in {None, (0, None)}
    return _tables(automaton, 0 if is_any_length else length, device)


@remembered(megabytes=1024)
def _tables(automaton: SlotAutomaton, length: int, device: torch.device) -> SlotLanguage:
    form = closed_form(automaton, length, device)
    return lattice_of(automaton, device) if form is None else form


def _weighed(
    proposal: Proposal,
    slots: Sequence[Asked],
    seen: Gathered,
    options: DenoiseOptions,
    draw: Draw,
    *,
    is_empty_legal: bool | None = None,
) -> Weighed:
    if is_empty_legal is None:
        is_empty_legal = slots[0].automaton.is_empty_legal
    confidence = proposal.confidence()
    entropy = proposal.entropy() if options.reads_entropy else torch.zeros_like(confidence)
    scores = _scores(proposal, confidence, entropy, options, draw)
    null = _null_mass(seen, slots[0].null_id, options.null_tail)
    columns = (proposal.log_z, proposal.path, confidence, entropy, scores, proposal.path_score, null)
    return Weighed(columns, lambda numbers: _looks(numbers, is_empty_legal=is_empty_legal))


def _looks(numbers: Sequence[list[Any]], *, is_empty_legal: bool) -> list[Look]:
    return [
        Look(
            tuple(path), tuple(sure), tuple(spread), tuple(score), weight, log_z, log_null,
            min(weight - log_z, 0.0) if log_z > -inf else -inf, is_empty_legal,
        )
        for log_z, path, sure, spread, score, weight, log_null in zip(*numbers, strict=True)
    ]  # fmt: skip


def _reaching(found: Weighed, ends: Tensor) -> Weighed:
    """The same, with paths that were made for the positions up to `ends` only."""

    def looks(numbers: Sequence[list[Any]]) -> list[Look]:
        *rest, reached = numbers
        return [replace(one, reach=end) for one, end in zip(found.looks(rest), reached, strict=True)]

    return Weighed((*found.columns, ends), looks)


def _null_mass(seen: Gathered, null_id: int, tail: float) -> Tensor:
    """Log mass of nulls alone; those behind the first open one weigh `tail`."""
    committed = seen.committed
    null = precise(seen.log_probs[..., null_id])
    null = null.where(committed == OPEN, torch.zeros_like(null).masked_fill(committed != null_id, -inf))
    weight = torch.full_like(null, tail)
    weight[:, 0] = 1.0
    return (null * weight).where(null > -inf, null).sum(-1)


def _scores(proposal: Proposal, confidence: Tensor, entropy: Tensor, options: DenoiseOptions, draw: Draw) -> Tensor:
    match options.base_score:
        case "confidence":
            return confidence
        case "entropy":
            return -entropy
        case "margin":
            return proposal.margin()
        case "random":
            return torch.rand(confidence.shape, generator=draw.generator)
