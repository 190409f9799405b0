"""How probable every token class is at every position of a slot, and which token stands for it."""

from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor

Leader = Int[Tensor, "slots length"] | None
CROWD = 256
"""Tokens of a class, at least, for which working on the whole vocabulary is worth it."""


@dataclass(frozen=True, eq=False, slots=True)
class Crowd:
    """A class that most of the vocabulary is in: one pass over everything is faster than sorting tokens into it."""

    number: int
    outside: Int[Tensor, " outside"]
    """Ids that are not in it."""
    rest: Int[Tensor, " rest"]
    """Those of them that are legal, ascending; `rest_class` are their classes."""
    rest_class: Int[Tensor, " rest"]

    def alone(self, log_probs: Float[Tensor, "slots length known"]) -> Float[Tensor, "slots length known"]:
        """A copy in which no other token is possible."""
        return log_probs.index_fill(-1, self.outside, -torch.inf)


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
    is_single: bool
    """Each token is a class of its own, in the same order."""
    crowd: Crowd | None = None


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
        np.array_equal(table[tokens], np.arange(count)),
        _crowd(table, count, device),
    )


def _crowd(table: np.ndarray, count: int, device: torch.device) -> Crowd | None:
    sizes = np.bincount(table, minlength=count + 1)[:count]
    number = int(sizes.argmax()) if count else 0
    if not count or sizes[number] < max(CROWD, len(table) / 2):
        return None
    rest = np.flatnonzero((table != number) & (table < count))
    if not len(rest):
        return None
    places = (np.flatnonzero(table != number), rest, table[rest])
    return Crowd(number, *(torch.from_numpy(x).to(device) for x in places))


@dataclass(frozen=True, eq=False, slots=True)
class Emissions:
    """Log probabilities by token class; a committed position emits its own token and nothing else.

    `committed` holds the token id, -1 where open. `best` and `mass` are the log probability of the best token of
    a class, and of all of them together. `apart` are the log probabilities of the tokens that are in no crowd,
    `leader` is the best token of the crowd.
    """

    classes: TokenClasses
    log_probs: Float[Tensor, "slots length vocab"]
    committed: Int[Tensor, "slots length"]
    best: Float[Tensor, "slots length classes"]
    mass: Float[Tensor, "slots length classes"]
    apart: Float[Tensor, "slots length some"]
    leader: Leader


def emit(
    classes: TokenClasses, log_probs: Float[Tensor, "slots length vocab"], committed: Int[Tensor, "slots length"]
) -> Emissions:
    """Reduce token log probabilities to token classes, in double precision where the device has it."""
    known = _known(classes, log_probs)
    apart = of_listed(classes, log_probs) if classes.crowd is None else known.index_select(-1, classes.crowd.rest)
    if classes.is_single:
        best, mass, leader = precise(apart), precise(apart), None
    else:
        best, mass, leader = _reduced(classes, known, apart)
    fixed = clamped(classes, committed)
    is_open = (committed < 0)[..., None]
    best, mass = (x[..., : classes.count].where(is_open, fixed) for x in (best, mass))
    return Emissions(classes, log_probs, committed, best, mass, apart, leader)


def _reduced(
    classes: TokenClasses, known: Float[Tensor, "slots length known"], apart: Float[Tensor, "slots length some"]
) -> tuple[Float[Tensor, "slots length classes"], Float[Tensor, "slots length classes"], Leader]:
    """Best and mass of each class, one more for what is never legal; and the best token of the crowd."""
    index = _apart(classes)[1].expand(apart.shape)
    shape = (*apart.shape[:-1], classes.count + 1)
    best = apart.new_full(shape, -torch.inf).scatter_reduce(-1, index, apart, "amax")
    share = _finite(best).gather(-1, index).neg_().add_(apart).exp_()  # in place: memory is what this costs
    summed = apart.new_zeros(shape).scatter_add(-1, index, share)
    leader = None
    if classes.crowd is not None:
        held = classes.crowd.alone(known)
        leader = held.argmax(-1)
        most = held.gather(-1, leader[..., None])
        best[..., classes.crowd.number] = most.squeeze(-1)
        summed[..., classes.crowd.number] = held.sub_(_finite(most)).exp_().sum(-1)
    return precise(best), precise(_finite(best)) + precise(summed).log(), leader


def clamped(classes: TokenClasses, committed: Int[Tensor, "slots length"]) -> Float[Tensor, "slots length classes"]:
    """Log probabilities of the classes when the committed token is certain; all -inf when it is not legal."""
    is_known = (committed >= 0) & (committed < len(classes.table))
    found = classes.table[committed.where(is_known, torch.zeros_like(committed))]
    found = found.where(is_known, torch.full_like(found, classes.count))
    hit = found[..., None] == torch.arange(classes.count, device=committed.device)
    return precise(torch.zeros_like(hit, dtype=torch.float32)).masked_fill(~hit, -torch.inf)


def _finite(values: Tensor) -> Tensor:
    """-inf minus -inf would be NaN."""
    return values.clamp(min=torch.finfo(values.dtype).min)


def of_listed(
    classes: TokenClasses, log_probs: Float[Tensor, "slots length vocab"]
) -> Float[Tensor, "slots length listed"]:
    """Log probabilities of the listed tokens only."""
    known = _known(classes, log_probs)
    return known if classes.is_whole else known.index_select(-1, classes.tokens)


def best_token(emissions: Emissions, chosen: Int[Tensor, "slots length"]) -> Int[Tensor, "slots length"]:
    """The most probable token of the `chosen` class at each position."""
    crowd = emissions.classes.crowd
    tokens, token_class = _apart(emissions.classes)
    found = tokens[emissions.apart.masked_fill(token_class != chosen[..., None], -torch.inf).argmax(-1)]
    if crowd is None or emissions.leader is None:
        return found
    return emissions.leader.where(chosen == crowd.number, found)


def _apart(classes: TokenClasses) -> tuple[Int[Tensor, " some"], Int[Tensor, " some"]]:
    """The listed tokens that are in no crowd, and their classes."""
    crowd = classes.crowd
    return (classes.tokens, classes.token_class) if crowd is None else (crowd.rest, crowd.rest_class)


def _known(
    classes: TokenClasses, log_probs: Float[Tensor, "slots length vocab"]
) -> Float[Tensor, "slots length known"]:
    """Log probabilities of the ids that are in some class."""
    log_probs = log_probs.float() if log_probs.dtype in (torch.float16, torch.bfloat16) else log_probs
    return log_probs[..., : len(classes.table)]


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
