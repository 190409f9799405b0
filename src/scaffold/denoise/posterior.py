"""What the model believes about a slot, given that the slot ends legal."""

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from scaffold.denoise import scores
from scaffold.denoise.draws import GREEDY, Draw
from scaffold.denoise.emissions import Emissions, TokenClasses, best_token, emit, minus, of_listed, token_log_probs


@runtime_checkable
class SlotLanguage(Protocol):
    """The legal fillings of slots of one length, as words over token classes."""

    @property
    def classes(self) -> TokenClasses:
        """The alphabet."""

    @property
    def null_class(self) -> int:
        """The class that holds the null token alone."""

    @property
    def is_empty_legal(self) -> bool:
        """Nulls alone are a legal filling."""

    def choose(self, weights: Float[Tensor, "slots length classes"], draw: Draw) -> Int[Tensor, "slots length"]:
        """The legal word of greatest weight, or an exact draw from all of them; anything where there is none."""

    def add_up(
        self, weights: Float[Tensor, "slots length classes"]
    ) -> tuple[Float[Tensor, " slots"], Float[Tensor, "slots length classes"]]:
        """Log mass of all legal words, and the probability of each class at each position among them."""


@dataclass(frozen=True, eq=False, slots=True)
class Posterior:
    """Slots that share a language, one row each.

    Where `log_z` is -inf no legal filling is left: `path` means nothing and every probability is 0.
    """

    path: Int[Tensor, "slots length"]
    """The most probable legal filling, or a drawn one; any subset of it may be committed."""
    path_score: Float[Tensor, " slots"]
    """Log probability of `path` under the model, open positions only."""
    log_z: Float[Tensor, " slots"]
    """Log probability of all legal fillings together."""
    null_mass: Float[Tensor, " slots"]
    """Log probability, among the legal fillings, that the whole slot is null."""
    class_marginals: Float[Tensor, "slots length classes"]
    emissions: Emissions

    @property
    def is_feasible(self) -> Bool[Tensor, " slots"]:
        """Some legal filling is left."""
        return self.log_z > -torch.inf

    def log_marginals(self) -> Float[Tensor, "slots length listed"]:
        """Log probability of each listed token, as if no position were committed."""
        classes, mass = self.emissions.classes, self.emissions.mass
        factor = minus(self.class_marginals.log(), mass).masked_fill(mass == -torch.inf, -torch.inf)
        listed = of_listed(classes, self.emissions.log_probs)
        dead = factor.new_full((*factor.shape[:-1], 1), -torch.inf)
        factor = torch.cat([factor, dead], -1).to(listed.dtype)
        return listed + factor.gather(-1, classes.token_class.expand(listed.shape))

    def marginals(self) -> Float[Tensor, "slots length vocab"]:
        """Probability of each token, given that the slot ends legal; one-hot at committed positions."""
        committed = self.emissions.committed
        listed = self.log_marginals().exp()
        dense = listed.new_zeros((*committed.shape, self.emissions.log_probs.shape[-1]))
        dense[..., self.emissions.classes.tokens] = listed
        held = torch.zeros_like(dense).scatter_(-1, committed.clamp(min=0)[..., None], 1.0)
        held = held * self.is_feasible[:, None, None]
        return dense.where((committed < 0)[..., None], held)

    def confidence(self) -> Float[Tensor, "slots length"]:
        """Probability of the path's token; 1 where committed or forced."""
        chosen = self.emissions.classes.table[self.path.clamp(max=len(self.emissions.classes.table) - 1)]
        chosen = chosen.clamp(max=self.emissions.classes.count - 1)[..., None]
        mass = self.emissions.mass.gather(-1, chosen).squeeze(-1)
        share = minus(token_log_probs(self.emissions, self.path), mass).exp()
        return (share * self.class_marginals.gather(-1, chosen).squeeze(-1)).clamp(max=1.0)

    def entropy(self) -> Float[Tensor, "slots length"]:
        """Entropy of the token, in nats; 0 where committed or forced."""
        found = scores.entropy(self.log_marginals().exp())
        return found.masked_fill(self.emissions.committed >= 0, 0.0)

    def margin(self) -> Float[Tensor, "slots length"]:
        """Gap between the two most probable tokens; 1 where committed or forced."""
        found = scores.margin(self.log_marginals().exp())
        return found.masked_fill(self.emissions.committed >= 0, 1.0)


def constrain(
    language: SlotLanguage,
    log_probs: Float[Tensor, "slots length vocab"],
    committed: Int[Tensor, "slots length"],
    require_content: Bool[Tensor, " slots"],
    draw: Draw = GREEDY,
) -> Posterior:
    """Condition the model's prediction on the slots ending in `language`.

    `committed` holds token ids, -1 where open. Where `require_content`, the filling by nulls alone is left out of
    everything. The temperature of `draw` decides the path only: probabilities are the model's own.
    """
    emissions = emit(language.classes, log_probs, committed)
    mass = without_empty(emissions.mass, require_content, language.null_class)
    log_z, marginals = language.add_up(mass)
    path = _path(language, emissions, require_content, draw)
    path_score = token_log_probs(emissions, path).sum(-1).masked_fill(log_z == -torch.inf, -torch.inf)
    empty = mass[..., language.null_class].sum(-1)
    empty = empty if language.is_empty_legal else empty.new_full(empty.shape, -torch.inf)
    return Posterior(path, path_score, log_z, minus(empty, log_z), marginals, emissions)


def without_empty(
    weights: Float[Tensor, "slots length classes"], require_content: Bool[Tensor, " slots"], null_class: int
) -> Float[Tensor, "slots length classes"]:
    """Forbid a null at the first position, after which only nulls could follow, where `require_content`."""
    weights = weights.clone()
    weights[:, 0, null_class] = weights[:, 0, null_class].masked_fill(require_content, -torch.inf)
    return weights


def _path(
    language: SlotLanguage, emissions: Emissions, require_content: Bool[Tensor, " slots"], draw: Draw
) -> Int[Tensor, "slots length"]:
    """The best or a drawn filling, as token ids."""
    classes = emissions.classes
    if draw.is_greedy:
        chosen = language.choose(without_empty(emissions.best, require_content, language.null_class), draw)
        found = best_token(emissions, chosen)
    else:
        log_probs = emissions.log_probs.float() / draw.temperature
        weights = emit(classes, log_probs, emissions.committed).mass
        chosen = language.choose(without_empty(weights, require_content, language.null_class), draw)
        outside = classes.token_class != chosen[..., None]
        found = classes.tokens[draw.pick(of_listed(classes, log_probs).masked_fill(outside, -torch.inf))]
    return found.where(emissions.committed < 0, emissions.committed)
