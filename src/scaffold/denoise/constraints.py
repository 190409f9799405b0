"""What a slot's proposal is held to: its whole language, or less, so that the value of the language can be measured."""

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from scaffold.denoise import scores
from scaffold.denoise.draws import Draw
from scaffold.denoise.emissions import best_token, clamped, emit, minus, precise, token_log_probs
from scaffold.denoise.posterior import SlotLanguage, without_empty
from scaffold.denoise.ranges import ONE_OR_MORE, hold


@dataclass(frozen=True, slots=True)
class Lattice:
    """Exact marginals and paths of the slot's language: every fill is legal (the default)."""


@dataclass(frozen=True, slots=True)
class Off:
    """The best token of each position by itself; an illegal text ends as an error."""


@dataclass(frozen=True, slots=True)
class Masks:
    """The best token of each position among those that stand there in some legal text that agrees with the commits.

    What engines with token masks do where positions are filled in any order: tokens that are legal one by one may
    be illegal together, and then the fill ends as an error.
    """


@dataclass(frozen=True, slots=True)
class BlockPaths:
    """The best path of a block of positions; what comes behind it must be possible, and weighs nothing.

    DINGO's block-wise dynamic programme (arXiv:2505.23061). A state is live where the rest of the slot has a legal
    filling of just its length. Every fill is legal; the path of a block is chosen without a look at the next one.

    Raises:
        DenoiseError: `block_length` is below 1.
    """

    block_length: int = 32

    def __post_init__(self) -> None:
        """See `BlockPaths`."""
        hold(self, block_length=ONE_OR_MORE)


Constraint = Lattice | Off | Masks | BlockPaths


@runtime_checkable
class Proposal(Protocol):
    """What is read of slots that share a language: a `Posterior`, or a `Bare` one."""

    @property
    def path(self) -> Int[Tensor, "slots length"]:
        """The proposed tokens."""

    @property
    def path_score(self) -> Float[Tensor, " slots"]:
        """Log probability of the path, open positions only."""

    @property
    def log_z(self) -> Float[Tensor, " slots"]:
        """Log probability of content; -inf where nothing is legal."""

    def confidence(self) -> Float[Tensor, "slots length"]:
        """Probability of each token of the path."""

    def entropy(self) -> Float[Tensor, "slots length"]:
        """Entropy of the token, in nats."""

    def margin(self) -> Float[Tensor, "slots length"]:
        """Gap between the two most probable tokens."""


@dataclass(frozen=True, eq=False, slots=True)
class Bare:
    """Slots without the sums over their language: each position stands for itself."""

    path: Int[Tensor, "slots length"]
    path_score: Float[Tensor, " slots"]
    log_z: Float[Tensor, " slots"]
    log_probs: Float[Tensor, "slots length vocab"]
    """Renormalised over what a position may hold."""
    is_open: Bool[Tensor, "slots length"]

    def confidence(self) -> Float[Tensor, "slots length"]:
        """See `Proposal`."""
        found = self.log_probs.gather(-1, self.path[..., None]).squeeze(-1).exp()
        return precise(found).masked_fill(~self.is_open, 1.0)

    def entropy(self) -> Float[Tensor, "slots length"]:
        """See `Proposal`."""
        return precise(scores.entropy(self.log_probs.exp())).masked_fill(~self.is_open, 0.0)

    def margin(self) -> Float[Tensor, "slots length"]:
        """See `Proposal`."""
        return precise(scores.margin(self.log_probs.exp())).masked_fill(~self.is_open, 1.0)


def unconstrained(
    log_probs: Float[Tensor, "slots length vocab"], committed: Int[Tensor, "slots length"], null_id: int, draw: Draw
) -> Bare:
    """The best or a drawn token of every position, content at the first one and nulls behind the first null."""
    is_allowed = torch.ones_like(log_probs, dtype=torch.bool)
    return _bare(log_probs, committed, is_allowed, null_id, draw)


def position_masked(
    language: SlotLanguage,
    log_probs: Float[Tensor, "slots length vocab"],
    committed: Int[Tensor, "slots length"],
    null_id: int,
    draw: Draw,
) -> Bare:
    """The best or a drawn token of every position among those that some legal filling has there."""
    is_allowed, is_feasible = _support(language, log_probs, committed)
    found = _bare(log_probs, committed, is_allowed, null_id, draw)
    return _where_feasible(found, is_feasible)


def block_path(
    language: SlotLanguage,
    log_probs: Float[Tensor, "slots length vocab"],
    committed: Int[Tensor, "slots length"],
    null_id: int,
    ends: Int[Tensor, " slots"],
) -> Bare:
    """The best legal filling when the open positions from `ends` on weigh nothing."""
    is_allowed, is_feasible = _support(language, log_probs, committed)
    found = _bare(log_probs, committed, is_allowed, null_id, Draw())
    emissions = emit(language.classes, log_probs, committed)
    later = (torch.arange(committed.shape[1], device=committed.device) >= ends[:, None]) & (committed < 0)
    weights = emissions.best.masked_fill(later[..., None], 0.0)
    need = torch.ones_like(is_feasible)
    chosen = language.choose(without_empty(weights, need, language.null_class), Draw())
    path = best_token(emissions, chosen).where(committed < 0, committed)
    score = token_log_probs(emissions, path).sum(-1)
    return _where_feasible(Bare(path, score, found.log_z, found.log_probs, found.is_open), is_feasible)


def _support(
    language: SlotLanguage, log_probs: Float[Tensor, "slots length vocab"], committed: Int[Tensor, "slots length"]
) -> tuple[Bool[Tensor, "slots length vocab"], Bool[Tensor, " slots"]]:
    """Which tokens stand at each position in some legal filling with content, and whether there is one."""
    fixed = clamped(language.classes, committed)
    weights = torch.zeros_like(fixed).where((committed < 0)[..., None], fixed)
    need = torch.ones(len(committed), dtype=torch.bool, device=committed.device)
    log_z, marginals = language.add_up(without_empty(weights, need, language.null_class))
    padded = torch.cat([marginals > 0, torch.zeros_like(marginals[..., :1], dtype=torch.bool)], -1)
    index = language.classes.token_class.expand(*committed.shape, -1)
    dense = torch.zeros_like(log_probs, dtype=torch.bool)
    dense[..., language.classes.tokens] = padded.gather(-1, index)
    return dense, log_z > -torch.inf


def _bare(
    log_probs: Float[Tensor, "slots length vocab"],
    committed: Int[Tensor, "slots length"],
    is_allowed: Bool[Tensor, "slots length vocab"],
    null_id: int,
    draw: Draw,
) -> Bare:
    own = log_probs.masked_fill(~is_allowed, -torch.inf)
    content = own[:, 0].clone()
    content[:, null_id] = -torch.inf
    log_z = precise(content.logsumexp(-1)).masked_fill(committed[:, 0] >= 0, 0.0)
    own = minus(own, own.logsumexp(-1, keepdim=True))
    choices = own.clone()
    choices[:, 0, null_id] = -torch.inf
    picked = draw.pick(choices / (draw.temperature or 1.0))
    is_null = (picked == null_id) & (committed < 0)
    is_behind = is_null.long().cumsum(-1) > 0
    path = picked.masked_fill(is_behind, null_id).where(committed < 0, committed)
    score = precise(log_probs.gather(-1, path.clamp(min=0)[..., None]).squeeze(-1))
    return Bare(path, score.masked_fill(committed >= 0, 0.0).sum(-1), log_z, own, committed < 0)


def _where_feasible(found: Bare, is_feasible: Bool[Tensor, " slots"]) -> Bare:
    log_z = found.log_z.masked_fill(~is_feasible, -torch.inf)
    return Bare(found.path, found.path_score, log_z, found.log_probs, found.is_open)
