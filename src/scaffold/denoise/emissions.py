"""How probable every token class is at every position of a slot, and which token stands for it."""

from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor


@dataclass(frozen=True, eq=False, slots=True)
class TokenClasses:
    """The legal tokens of a slot, each in one class; classes are what an automaton reads.

    Invariant: `tokens` is ascending; `token_class` may be `count`, the class of tokens that are never legal.
    """

    tokens: Int[Tensor, " listed"]
    token_class: Int[Tensor, " listed"]
    table: Int[Tensor, " known"]
    """Class of every id; `count` where it is never legal."""
    count: int
    is_whole: bool
    """`tokens` counts from 0 without a gap."""


def token_classes(token_class: np.ndarray, count: int, device: torch.device) -> TokenClasses:
    """Group the vocabulary by `token_class` (one number per id, outside [0, count): never legal)."""
    table = np.where((token_class >= 0) & (token_class < count), token_class, count).astype(np.int64)
    legal = np.flatnonzero(table < count)
    is_whole = 2 * len(legal) > len(table)  # a gather then costs more than the tokens that it would save
    tokens = np.arange(len(table)) if is_whole else legal
    return TokenClasses(
        torch.from_numpy(tokens).to(device),
        torch.from_numpy(table[tokens]).to(device),
        torch.from_numpy(table).to(device),
        count,
        is_whole,
    )


@dataclass(frozen=True, eq=False, slots=True)
class Emissions:
    """Log probabilities by token class; a committed position emits its own token and nothing else.

    `committed` holds the token id, -1 where open. `best` and `mass` are the log probability of the best token of
    a class, and of all of them together.
    """

    classes: TokenClasses
    log_probs: Float[Tensor, "slots length vocab"]
    committed: Int[Tensor, "slots length"]
    best: Float[Tensor, "slots length classes"]
    mass: Float[Tensor, "slots length classes"]


def emit(
    classes: TokenClasses, log_probs: Float[Tensor, "slots length vocab"], committed: Int[Tensor, "slots length"]
) -> Emissions:
    """Reduce token log probabilities to token classes, in double precision where the device has it."""
    listed = of_listed(classes, log_probs)
    index = classes.token_class.expand(listed.shape)
    shape = (*listed.shape[:-1], classes.count + 1)
    best = listed.new_full(shape, -torch.inf).scatter_reduce(-1, index, listed, "amax")
    safe = best.clamp(min=torch.finfo(best.dtype).min)  # -inf minus -inf would be NaN
    share = safe.gather(-1, index).neg_().add_(listed).exp_()  # in place: memory is what this costs
    summed = listed.new_zeros(shape).scatter_add(-1, index, share)
    mass = precise(safe) + precise(summed).log()
    fixed = clamped(classes, committed)
    is_open = (committed < 0)[..., None]
    best, mass = (x[..., : classes.count].where(is_open, fixed) for x in (precise(best), mass))
    return Emissions(classes, log_probs, committed, best, mass)


def clamped(classes: TokenClasses, committed: Int[Tensor, "slots length"]) -> Float[Tensor, "slots length classes"]:
    """Log probabilities of the classes when the committed token is certain; all -inf when it is not legal."""
    is_known = (committed >= 0) & (committed < len(classes.table))
    found = classes.table[committed.where(is_known, torch.zeros_like(committed))]
    found = found.where(is_known, torch.full_like(found, classes.count))
    hit = found[..., None] == torch.arange(classes.count, device=committed.device)
    return precise(torch.zeros_like(hit, dtype=torch.float32)).masked_fill(~hit, -torch.inf)


def of_listed(
    classes: TokenClasses, log_probs: Float[Tensor, "slots length vocab"]
) -> Float[Tensor, "slots length listed"]:
    """Log probabilities of the listed tokens only."""
    log_probs = log_probs.float() if log_probs.dtype in (torch.float16, torch.bfloat16) else log_probs
    if classes.is_whole:
        return log_probs[..., : len(classes.tokens)]
    return log_probs[..., classes.tokens]


def token_log_probs(emissions: Emissions, tokens: Int[Tensor, "slots length"]) -> Float[Tensor, "slots length"]:
    """Log probability of one token at each position: 0 or -inf where a token is committed."""
    free = precise(emissions.log_probs.gather(-1, tokens[..., None]).squeeze(-1))
    held = torch.zeros_like(free).masked_fill(tokens != emissions.committed, -torch.inf)
    return free.where(emissions.committed < 0, held)


def precise(values: Tensor) -> Tensor:
    """`values` in double precision, or as they are on a device that has none (Apple's GPUs)."""
    return values if values.device.type == "mps" else values.double()


def minus(values: Tensor, total: Tensor) -> Tensor:
    """`values - total` for log masses, with -inf (not NaN) where both are -inf."""
    return values - total.masked_fill(total == -torch.inf, 0.0)
