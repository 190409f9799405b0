"""Scores of a position on its own: pure functions of the probabilities of its tokens.

Greater is surer. Give them probabilities that are already conditioned on the slot being legal: a position with one
legal token then has confidence 1, entropy 0 and margin 1.
"""

from typing import Literal, get_args

import torch
from jaxtyping import Float, Int
from torch import Tensor

Score = Literal["confidence", "entropy", "margin", "random"]
SCORES: tuple[Score, ...] = get_args(Score)


def confidence(
    probabilities: Float[Tensor, "*positions vocab"], tokens: Int[Tensor, "*positions"]
) -> Float[Tensor, "*positions"]:
    """Probability of the proposed tokens (LLaDA `low_confidence`, arXiv:2502.09992)."""
    return probabilities.gather(-1, tokens[..., None]).squeeze(-1)


def entropy(probabilities: Float[Tensor, "*positions vocab"]) -> Float[Tensor, "*positions"]:
    """Entropy in nats; smaller is surer, so this is no score but what budgets add up."""
    found: Tensor = torch.special.entr(probabilities).sum(-1)
    return found


def negative_entropy(probabilities: Float[Tensor, "*positions vocab"]) -> Float[Tensor, "*positions"]:
    """Entropy with the sign of a score (Dream `entropy`, arXiv:2508.15487, without its 1e-10)."""
    return -entropy(probabilities)


def margin(probabilities: Float[Tensor, "*positions vocab"]) -> Float[Tensor, "*positions"]:
    """Gap between the two most probable tokens, in [0, 1] (Dream `topk_margin`; Kim et al., arXiv:2502.06768)."""
    best, where = probabilities.max(-1, keepdim=True)
    others = probabilities.scatter(-1, where, 0.0).amax(-1)
    return best.squeeze(-1) - others


def random(probabilities: Float[Tensor, "*positions vocab"], generator: torch.Generator) -> Float[Tensor, "*positions"]:
    """Uniform in [0, 1), whatever the model says (LLaDA `random`)."""
    drawn = torch.rand(probabilities.shape[:-1], generator=generator, device=generator.device)
    return drawn.to(probabilities.device)


def of_whole(
    probability: Float[Tensor, " slots"], score: Score, generator: torch.Generator | None
) -> Float[Tensor, " slots"]:
    """The score of a decision about a whole slot, of which only its own probability is known.

    The entropy is then the least it can be given the largest probability, its negative logarithm; the margin too.
    """
    match score:
        case "confidence":
            return probability
        case "entropy":
            return probability.clamp(min=torch.finfo(probability.dtype).tiny).log()
        case "margin":
            return (2 * probability - 1).clamp(min=0.0)
        case "random":
            assert generator is not None, "random scores without a generator"
            return random(probability[:, None], generator).to(probability.dtype)
