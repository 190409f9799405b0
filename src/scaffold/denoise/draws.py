"""Exact draws from log weights; at temperature 0 the best."""

from dataclasses import dataclass

import torch
from jaxtyping import Float, Int
from torch import Tensor

from scaffold.denoise.emissions import precise
from scaffold.denoise.transfer import carried


@dataclass(frozen=True, eq=False, slots=True)
class Draw:
    """How to pick: the best at temperature 0, else at random in proportion to `exp(weight / temperature)`.

    By inversion of the cumulative sum in double precision: the same distribution as LLaDA's Gumbel noise, with one
    random number for each pick instead of one for each token. Single precision would cut off the tail
    (arXiv:2409.02908).
    """

    temperature: float = 0.0
    generator: torch.Generator | None = None

    def __post_init__(self) -> None:
        """See `Draw`."""
        assert self.temperature >= 0
        assert self.is_greedy or self.generator is not None, "a random draw without a generator"

    @property
    def is_greedy(self) -> bool:
        """The best is picked."""
        return self.temperature == 0

    def pick(self, weights: Float[Tensor, "*picks choices"]) -> Int[Tensor, "*picks"]:
        """Index of the choice; `weights` are already divided by the temperature; any index where all are -inf."""
        if self.is_greedy:
            return weights.argmax(-1)
        weights = precise(weights)
        highest = weights.amax(-1, keepdim=True).clamp(min=torch.finfo(weights.dtype).min)
        reached = (weights - highest).exp().cumsum(-1)
        total = reached[..., -1:]
        drawn = torch.minimum(self._uniform(total) * total, total.nextafter(torch.zeros_like(total)))
        return torch.searchsorted(reached, drawn, right=True).squeeze(-1).clamp(max=weights.shape[-1] - 1)

    def _uniform(self, like: Tensor) -> Tensor:
        """Random numbers in [0, 1), shaped as `like`."""
        assert self.generator is not None
        source = self.generator.device  # a generator works on its own device only
        drawn = torch.rand(like.shape, dtype=torch.float64, device=source, generator=self.generator)
        return carried(drawn.to(like.dtype), like.device)


GREEDY = Draw()


def shuffled(scores: Float[Tensor, " choices"], temperature: float, draw: Draw) -> Float[Tensor, " choices"]:
    """Scores whose order is that of draws without replacement from `softmax(scores / temperature)`.

    Dream's `alg_temp` (arXiv:2508.15487): Gumbel noise in double precision, added to the logarithm of the weights.
    """
    assert temperature > 0
    uniform = torch.rand(scores.shape, dtype=torch.float64, generator=draw.generator).clamp(min=1e-300)
    return scores.double() / temperature - (-uniform.log()).clamp(min=1e-300).log()
