"""Slots of a regular language: positions times automaton states, summed and searched exactly."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from scaffold.constraints.slot_automaton import SlotAutomaton
from scaffold.denoise.draws import Draw
from scaffold.denoise.emissions import TokenClasses, token_classes
from scaffold.remembered import remembered

Reduction = Callable[[Tensor], Tensor]
SMALL = 1024
"""Edges up to which all states get as many as the largest: one operation on a few numbers more costs less than two."""


@dataclass(frozen=True, eq=False, slots=True)
class Lattice:
    """A slot automaton on a device; a `SlotLanguage` (see `posterior`).

    Best path: DINGO (arXiv:2505.23061). Sum and draws: forward-backward and forward filtering, backward sampling,
    run from the last position to the first so that every forward choice is final.

    Invariant: states are renumbered so that those with equally many edges (rounded up) stand together; `source`,
    `label`, `target` list their edges in that order, `blocks` gives (states, edges per state). `target` is `states`,
    which is never legal, where an edge only fills up a row.
    """

    classes: TokenClasses
    null_class: int
    is_empty_legal: bool
    start: int
    transitions: Int[Tensor, "rows classes"]
    """Next state of each state, and of the dead state at the end."""
    accepting: Bool[Tensor, " states"]
    source: Int[Tensor, " edges"]
    label: Int[Tensor, " edges"]
    target: Int[Tensor, " edges"]
    blocks: tuple[tuple[int, int], ...]

    def choose(self, weights: Float[Tensor, "slots length classes"], draw: Draw) -> Int[Tensor, "slots length"]:
        """See `SlotLanguage`."""
        ahead, _ = self._ahead(weights, _best if draw.is_greedy else _sum)
        state = weights.new_full((len(weights),), self.start, dtype=torch.long)
        word = []
        for position in range(weights.shape[1]):
            following = self.transitions[state]
            gain = weights[:, position] + ahead[:, position + 1].gather(-1, following)
            word.append(draw.pick(gain))
            state = following.gather(-1, word[-1][:, None]).squeeze(-1)
        return torch.stack(word, -1)

    def add_up(
        self, weights: Float[Tensor, "slots length classes"]
    ) -> tuple[Float[Tensor, " slots"], Float[Tensor, "slots length classes"]]:
        """See `SlotLanguage`."""
        ahead, gain = self._ahead(weights, _sum)
        # Probability of an edge, given its source; then of the edge.
        behind = ahead[:, :-1].masked_fill(ahead[:, :-1] == -torch.inf, 0.0)
        flow = gain.sub_(_columns(behind, self.source)).exp_()
        here = ahead.new_zeros(len(weights), ahead.shape[-1])
        here[:, self.start] = 1.0
        for step in flow.unbind(1):
            step.mul_(here.index_select(-1, self.source))
            here = torch.zeros_like(here).index_add_(-1, self.target, step)
        marginals = torch.zeros_like(weights).index_add_(-1, self.label, flow)
        log_z = ahead[:, 0, self.start]
        return log_z, marginals.masked_fill((log_z == -torch.inf)[:, None, None], 0.0)

    def _ahead(
        self, weights: Float[Tensor, "slots length classes"], reduction: Reduction
    ) -> tuple[Float[Tensor, "slots borders rows"], Float[Tensor, "slots length edges"]]:
        """Weight of the legal words to the end: from each state and border between positions, and over each edge."""
        size, length, _ = weights.shape
        ahead = weights.new_full((size, length + 1, len(self.accepting) + 1), -torch.inf)
        ahead[:, -1, :-1] = ahead[:, -1, :-1].masked_fill(self.accepting, 0.0)
        gains = _columns(weights, self.label)
        borders = ahead.unbind(1)
        for gain, here, after in zip(gains.unbind(1)[::-1], borders[-2::-1], borders[:0:-1], strict=True):
            gain.add_(after.index_select(-1, self.target))
            self._by_source(gain, reduction, here)
        return ahead, gains

    def _by_source(self, gain: Float[Tensor, "slots edges"], reduction: Reduction, found: Tensor) -> None:
        """Reduce the edges of each state, block by block, into the rows of `found`."""
        start = first = 0
        for states, width in self.blocks:
            part = gain[:, start : start + states * width].view(-1, states, width)
            found[:, first : first + states] = reduction(part)
            start, first = start + states * width, first + states


def _columns(values: Tensor, index: Int[Tensor, " edges"]) -> Tensor:
    """`values[..., index]`; several times faster on a CPU."""
    return values.gather(-1, index.expand(*values.shape[:-1], -1))


def _best(values: Tensor) -> Tensor:
    return values.amax(-1)


def _sum(values: Tensor) -> Tensor:
    return values.squeeze(-1) if values.shape[-1] == 1 else values.logsumexp(-1)


@remembered(megabytes=1024)
def lattice_of(automaton: SlotAutomaton, device: torch.device) -> Lattice:
    """Put `automaton` on `device`; built once for each automaton object."""
    transitions = automaton.transitions.astype(np.int64)
    width = _rounded(np.maximum((transitions >= 0).sum(1), 1))
    width = np.full_like(width, width.max()) if len(width) * width.max() <= SMALL else width
    order = np.argsort(width, kind="stable")
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    moved = np.where(transitions >= 0, rank[transitions], len(order))[order]
    blocks = tuple((int(count), int(size)) for size, count in zip(*np.unique(width, return_counts=True), strict=True))
    source, label, target = _edges(moved, width[order])
    return Lattice(
        token_classes(
            np.where(_is_read(automaton, transitions), automaton.token_class, -1), transitions.shape[1], device
        ),
        automaton.null_class,
        bool(transitions[0, automaton.null_class] >= 0),
        int(rank[0]),
        torch.from_numpy(np.vstack([moved, np.full((1, transitions.shape[1]), len(order))])).to(device),
        torch.from_numpy(automaton.accepting[order]).to(device),
        torch.from_numpy(source).to(device),
        torch.from_numpy(label).to(device),
        torch.from_numpy(target).to(device),
        blocks,
    )


def _edges(moved: np.ndarray, width: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """List the edges of each state, filled up with edges to the dead state to `width` of them."""
    dead = len(moved)
    is_edge = moved < dead
    slot = np.cumsum(is_edge, 1) - 1 + (np.cumsum(width) - width)[:, None]
    source = np.repeat(np.arange(dead), width)
    label, target = np.zeros_like(source), np.full_like(source, dead)
    state, found = np.nonzero(is_edge)
    label[slot[state, found]] = found
    target[slot[state, found]] = moved[state, found]
    return source, label, target


def _is_read(automaton: SlotAutomaton, transitions: np.ndarray) -> np.ndarray:
    """Whether a token is legal anywhere."""
    known = np.append((transitions >= 0).any(0), False)  # the last: class -1, never legal
    return known[automaton.token_class]


def _rounded(degree: np.ndarray) -> np.ndarray:
    """Round up to the next of 1, 2, 4, 8, …: few blocks, at most half of each is filling."""
    rounded: np.ndarray = 1 << np.ceil(np.log2(degree)).astype(np.int64)
    return rounded
