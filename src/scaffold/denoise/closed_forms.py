"""Slot languages that need no automaton over bytes: free text, of any or of some length, and a list of literals."""

from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor

from scaffold.constraints.slot_automaton import SlotAutomaton
from scaffold.denoise.draws import Draw
from scaffold.denoise.emissions import TokenClasses, token_classes
from scaffold.denoise.lattice import Lattice, lattice_of
from scaffold.denoise.nulls import length_scores

CONTENT, NULL = 0, 1


@dataclass(frozen=True, eq=False, slots=True)
class FreeText:
    """Any content tokens, then nulls to the end; a `SlotLanguage` (see `posterior`).

    Only for tokens that are legal wherever content is: whole characters that need no escape.
    """

    classes: TokenClasses
    is_empty_legal: bool = True
    null_class: int = NULL

    def choose(self, weights: Float[Tensor, "slots length classes"], draw: Draw) -> Int[Tensor, "slots length"]:
        """See `SlotLanguage`."""
        length = draw.pick(self._scores(weights))
        return (torch.arange(weights.shape[1], device=weights.device) >= length[:, None]).long()

    def add_up(
        self, weights: Float[Tensor, "slots length classes"]
    ) -> tuple[Float[Tensor, " slots"], Float[Tensor, "slots length classes"]]:
        """See `SlotLanguage`."""
        score = self._scores(weights)
        log_z = score.logsumexp(-1)
        lengths = softmax_or_nothing(score, log_z)
        ended = lengths.cumsum(-1)[:, :-1]
        return log_z, torch.stack([lengths.flip(-1).cumsum(-1).flip(-1)[:, 1:], ended], -1)

    def _scores(self, weights: Float[Tensor, "slots length classes"]) -> Float[Tensor, "slots lengths"]:
        """Log probability of each number of content tokens, 0 to `length`."""
        score = length_scores(weights[..., CONTENT], weights[..., NULL])
        return (
            score if self.is_empty_legal else torch.cat([torch.full_like(score[:, :1], -torch.inf), score[:, 1:]], -1)
        )


def free_text(is_content: np.ndarray, null_id: int, device: torch.device, *, is_empty_legal: bool = True) -> FreeText:
    """Free text over the ids where `is_content` (the null id is never content)."""
    table = np.where(is_content, CONTENT, -1)
    table[null_id] = NULL
    return FreeText(token_classes(table, 2, device), is_empty_legal)


MOST_COUNTED = 1 << 22
"""Edges of a lattice over the characters of a text, times positions, up to which characters are counted."""


def counted_text(automaton: SlotAutomaton, length: int, device: torch.device) -> FreeText | Lattice | None:
    """Free text of some number of characters: characters are counted beside the positions, not byte by byte.

    Where even the longest tokens cannot exceed what is allowed, nothing needs counting. None where that would cost too
    much, or where bounds and positions leave nothing.
    """
    assert automaton.lengths is not None
    assert automaton.characters is not None
    (least, most), characters = automaton.lengths, automaton.characters
    longest = int(characters.max(initial=0))
    if longest < 1:
        return None
    reach = longest * length
    if least <= 1 and (most is None or reach <= most):
        return free_text(characters > 0, _null_id(automaton), device, is_empty_legal=least == 0)
    end = least if most is None else min(most, reach)
    steps = np.unique(characters[characters > 0])
    if end < least or (end + 1) * (len(steps) + 1) * length > MOST_COUNTED:
        return None
    return lattice_of(_counting(automaton, steps, (least, most), end), device)


def _counting(automaton: SlotAutomaton, steps: np.ndarray, lengths: tuple[int, int | None], end: int) -> SlotAutomaton:
    """State c has read c characters, the last one at least as many; class k + 1 has `steps[k]` characters."""
    least, most = lengths
    assert automaton.characters is not None
    reached = np.arange(end + 1)[:, None] + steps
    reached = np.minimum(reached, end) if most is None else np.where(reached <= end, reached, -1)
    null_class = len(steps) + 1
    table = np.full((end + 2, null_class + 1), -1, np.int32)
    table[:-1, 1:-1] = reached
    table[:-1, null_class] = np.where(np.arange(end + 1) >= least, end + 1, -1)
    table[-1, null_class] = end + 1
    token_class = np.searchsorted(steps, automaton.characters).astype(np.int32) + 1
    token_class[automaton.characters < 1] = 0
    token_class[_null_id(automaton)] = null_class
    return SlotAutomaton(table, token_class, np.append(np.arange(end + 1) >= least, True), null_class)


def _null_id(automaton: SlotAutomaton) -> int:
    return int(np.flatnonzero(automaton.token_class == automaton.null_class)[0])


@dataclass(frozen=True, eq=False, slots=True)
class Finite:
    """A list of literals, filled up with nulls; a `SlotLanguage` (see `posterior`).

    A literal counts in the one spelling that is listed: other splits of its text into tokens have no mass here,
    while the automaton of the same texts adds them up.
    """

    classes: TokenClasses
    null_class: int
    is_empty_legal: bool
    words: Int[Tensor, "literals length"]
    """Token classes of each literal."""

    def choose(self, weights: Float[Tensor, "slots length classes"], draw: Draw) -> Int[Tensor, "slots length"]:
        """See `SlotLanguage`."""
        return self.words[draw.pick(self._scores(weights))]

    def add_up(
        self, weights: Float[Tensor, "slots length classes"]
    ) -> tuple[Float[Tensor, " slots"], Float[Tensor, "slots length classes"]]:
        """See `SlotLanguage`."""
        score = self._scores(weights)
        log_z = score.logsumexp(-1)
        share = softmax_or_nothing(score, log_z)[:, None, :].expand(-1, weights.shape[1], -1)
        words = self.words.T.expand(share.shape)
        return log_z, torch.zeros_like(weights).scatter_add_(-1, words, share)

    def _scores(self, weights: Float[Tensor, "slots length classes"]) -> Float[Tensor, "slots literals"]:
        """Log probability of each literal."""
        words = self.words.T.expand(len(weights), -1, -1)
        return weights.gather(-1, words).sum(1)


def finite(literals: tuple[tuple[int, ...], ...], length: int, null_id: int, device: torch.device) -> Finite:
    """The distinct `literals` (token ids) that fit `length` positions; at least one must."""
    padded = sorted({(*w, *[null_id] * (length - len(w))) for w in literals if len(w) <= length})
    assert padded, "no literal fits the slot"
    used, words = np.unique(np.array(padded), return_inverse=True)
    used, words = (used, words) if null_id in used else (np.append(used, null_id), words)
    table = np.full(used.max() + 1, -1)
    table[used] = np.arange(len(used))
    return Finite(
        token_classes(table, len(used), device),
        int(table[null_id]),
        (null_id,) * length in padded,
        torch.from_numpy(words.reshape(len(padded), length)).to(device),
    )


def closed_form(automaton: SlotAutomaton, length: int, device: torch.device) -> FreeText | Finite | Lattice | None:
    """The closed form of `automaton` over `length` positions, where it has one.

    It leaves out spellings that the automaton knows: characters cut between tokens, other splits of a literal. So use
    one of the two for a slot from beginning to end.
    """
    if automaton.literals is not None and any(len(word) <= length for word in automaton.literals):
        return finite(automaton.literals, length, _null_id(automaton), device)
    if automaton.lengths is not None:
        return counted_text(automaton, length, device)
    return None


def softmax_or_nothing(
    scores: Float[Tensor, "slots candidates"], log_z: Float[Tensor, " slots"]
) -> Float[Tensor, "slots candidates"]:
    """Probabilities of the candidates; all 0 where none is possible."""
    return (scores - log_z.masked_fill(log_z == -torch.inf, 0.0)[:, None]).exp()
