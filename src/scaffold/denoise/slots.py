"""What the model expects of every open slot: its best legal text, its best quotation, and whether it is null."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from math import exp, inf

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from scaffold.constraints.slot_automaton import SlotAutomaton
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
from scaffold.denoise.look import Look, Raw
from scaffold.denoise.options import DenoiseOptions
from scaffold.denoise.posterior import Posterior, SlotLanguage, constrain
from scaffold.denoise.quoted import quoted
from scaffold.denoise.row import OPEN, Pointing

LogProbs = Float[Tensor, "positions vocab"]


@dataclass(frozen=True, eq=False, slots=True)
class Asked:
    """One slot of a model call: `first` is the row of its first position among the log probabilities."""

    automaton: SlotAutomaton
    committed: tuple[int, ...]
    pointing: Pointing | None
    first: int
    null_id: int
    is_tag: bool = False
    """Its value picks a branch: it is held to its language whatever the other slots are."""


def look(asked: Sequence[Asked], log_probs: LogProbs, options: DenoiseOptions, draw: Draw) -> list[Look]:
    """Look at every slot; those that share a language and a length in one go."""
    groups: dict[tuple[int, int, bool], list[int]] = defaultdict(list)
    for index, slot in enumerate(asked):
        groups[id(slot.automaton), len(slot.committed), slot.is_tag].append(index)
    found: dict[int, Look] = {}
    for members in groups.values():
        slots = [asked[index] for index in members]
        found.update(zip(members, _own_language(slots, log_probs, options, draw), strict=True))
    for members in _by_pointing(asked).values():
        for index, candidate in zip(members, _quotations([asked[i] for i in members], log_probs, options), strict=True):
            found[index] = _better(found[index], candidate, asked[index].pointing)
    looks = [found[index] for index in range(len(asked))]
    if not options.length.reads_raw:
        return looks
    return [replace(one, raw=_raw(slot, log_probs)) for one, slot in zip(looks, asked, strict=True)]


def _raw(slot: Asked, log_probs: LogProbs) -> Raw:
    own = log_probs[slot.first : slot.first + len(slot.committed)]
    best = own.max(-1)
    nulls = own[:, slot.null_id].exp()
    return Raw(tuple(best.indices.tolist()), tuple(best.values.exp().tolist()), tuple(nulls.tolist()))


def _by_pointing(asked: Sequence[Asked]) -> dict[int, list[int]]:
    groups: dict[int, list[int]] = defaultdict(list)
    for index, slot in enumerate(asked):
        if slot.pointing is not None and all(token == OPEN for token in slot.committed):
            groups[id(slot.pointing)].append(index)
    return groups


def _gather(slots: Sequence[Asked], log_probs: LogProbs) -> tuple[Tensor, Tensor]:
    """Log probabilities and committed tokens of slots of one length."""
    length = len(slots[0].committed)
    first = torch.tensor([slot.first for slot in slots], device=log_probs.device)
    at = first[:, None] + torch.arange(length, device=log_probs.device)
    return log_probs[at], torch.tensor([slot.committed for slot in slots], device=log_probs.device)


def _own_language(slots: list[Asked], log_probs: LogProbs, options: DenoiseOptions, draw: Draw) -> list[Look]:
    gathered, committed = _gather(slots, log_probs)
    length = committed.shape[1]
    need = torch.ones(len(slots), dtype=torch.bool, device=committed.device)
    automaton = slots[0].automaton
    language = _language(automaton, length, committed.device)
    null = _null_mass(gathered, committed, slots[0].null_id, options.null_tail)
    is_empty_legal = bool(automaton.transitions[0, automaton.null_class] >= 0)
    match Lattice() if slots[0].is_tag else options.constraint:
        case Lattice():
            posterior = constrain(language, gathered, committed, need, draw)
            if not bool(posterior.is_feasible.all()):  # another spelling was committed than the closed form knows
                lattice = lattice_of(automaton, committed.device)
                posterior = constrain(lattice, gathered, committed, need, draw)
            looks = _looks(posterior, null, is_empty_legal, options, draw)
            return _believing(looks, posterior) if options.reads_drift else looks
        case Off():
            bare = unconstrained(gathered, committed, slots[0].null_id, draw)
            return [replace(one, is_empty_legal=True) for one in _looks(bare, null, is_empty_legal, options, draw)]
        case Masks():
            lattice = lattice_of(automaton, committed.device)
            bare = position_masked(lattice, gathered, committed, slots[0].null_id, draw)
            return _looks(bare, null, is_empty_legal, options, draw)
        case BlockPaths(block_length=wide):
            lattice = lattice_of(automaton, committed.device)
            first = (committed < 0).long().argmax(-1)
            ends = (first // wide + 1) * wide
            bare = block_path(lattice, gathered, committed, slots[0].null_id, ends)
            looks = _looks(bare, null, is_empty_legal, options, draw)
            return [replace(one, reach=end) for one, end in zip(looks, ends.tolist(), strict=True)]


def _believing(looks: list[Look], posterior: Posterior) -> list[Look]:
    belief = posterior.log_marginals().exp().float()
    return [replace(one, belief=belief[index]) for index, one in enumerate(looks)]


@lru_cache(maxsize=4096)
def _language(automaton: SlotAutomaton, length: int, device: torch.device) -> SlotLanguage:
    form = closed_form(automaton, length, device)
    return lattice_of(automaton, device) if form is None else form


def _null_mass(gathered: Tensor, committed: Tensor, null_id: int, tail: float) -> Tensor:
    """Log mass of nulls alone; those behind the first open one weigh `tail`."""
    null = precise(gathered[..., null_id])
    null = null.where(committed == OPEN, torch.zeros_like(null).masked_fill(committed != null_id, -inf))
    weight = torch.full_like(null, tail)
    weight[:, 0] = 1.0
    return (null * weight).where(null > -inf, null).sum(-1)


def _looks(posterior: Proposal, null: Tensor, is_empty_legal: bool, options: DenoiseOptions, draw: Draw) -> list[Look]:
    confidence = posterior.confidence()
    entropy = posterior.entropy() if options.reads_entropy else torch.zeros_like(confidence)
    columns = (
        posterior.path.tolist(),
        confidence.tolist(),
        entropy.tolist(),
        _scores(posterior, confidence, entropy, options, draw).tolist(),
        posterior.path_score.tolist(),
        posterior.log_z.tolist(),
        null.tolist(),
    )
    return [
        Look(
            tuple(path), tuple(sure), tuple(spread), tuple(score), weight, log_z, log_null,
            min(weight - log_z, 0.0) if log_z > -inf else -inf, is_empty_legal,
        )
        for path, sure, spread, score, weight, log_z, log_null in zip(*columns, strict=True)
    ]  # fmt: skip


def _scores(posterior: Proposal, confidence: Tensor, entropy: Tensor, options: DenoiseOptions, draw: Draw) -> Tensor:
    match options.base_score:
        case "confidence":
            return confidence
        case "entropy":
            return -entropy
        case "margin":
            return posterior.margin()
        case "random":
            return torch.rand(confidence.shape, generator=draw.generator)


def _quotations(slots: list[Asked], log_probs: LogProbs, options: DenoiseOptions) -> list[Look]:
    pointing = slots[0].pointing
    assert pointing is not None, "a slot that quotes"
    gathered, committed = _gather(slots, log_probs)
    never = torch.zeros(len(slots), dtype=torch.bool, device=committed.device)
    found = quoted(pointing.spans, gathered, committed, never, options.null_tail)
    columns = zip(
        found.posterior.path.tolist(), found.posterior.path_score.tolist(), found.posterior.log_z.tolist(),
        found.start.tolist(), found.length.tolist(), found.log_probability.tolist(), strict=True,
    )  # fmt: skip
    beliefs = found.spans.flatten(1)[:, None].exp().float() if options.reads_drift else [None] * len(slots)
    looks = []
    for (path, weight, log_z, begin, length, chance), belief in zip(columns, beliefs, strict=True):
        is_there = length > 0 and log_z > -inf
        sure = (exp(chance) if is_there else 0.0,) * len(path)
        looks.append(
            Look(
                tuple(path), sure, (0.0,) * len(path), sure, weight, log_z, -inf, chance if is_there else -inf,
                is_empty_legal=False, reading=pointing.read(begin, length) if is_there else None, belief=belief,
            )
        )  # fmt: skip
    return looks


def _better(own: Look, quotation: Look, pointing: Pointing | None) -> Look:
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
