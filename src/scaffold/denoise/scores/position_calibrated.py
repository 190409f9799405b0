"""Position-calibrated scores: rare tokens and early positions first."""

import json
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from jaxtyping import Float, Int
from torch import Tensor

from scaffold.denoise.commits.open import Open
from scaffold.denoise.ranges import AMOUNT, Range, hold
from scaffold.errors import ModelError
from scaffold.tokenizer import Tokenizer

LEAST = 1e-9


@dataclass(frozen=True, slots=True)
class TokenFrequencies:
    """How often each token id stands in a corpus, for the tokenizer of that `fingerprint`."""

    fingerprint: str
    counts: tuple[int, ...]

    @classmethod
    def read(cls, file: Path, tokenizer: Tokenizer) -> "TokenFrequencies":
        """Read a file that `write` wrote.

        Raises:
            ModelError: there is none, or it was counted with another tokenizer.
        """
        hint = "count them with `scaffold.train.frequencies.count_tokens`"
        try:
            found = json.loads(file.read_text("utf-8"))
        except OSError as error:
            raise ModelError((), f"no token frequencies at {file.name}", hint) from error
        if found["fingerprint"] != tokenizer.fingerprint:
            raise ModelError((), f"{file.name} was counted with another tokenizer", hint)
        return cls(found["fingerprint"], tuple(found["counts"]))

    def write(self, file: Path) -> None:
        """Keep them as JSON."""
        text = json.dumps({"fingerprint": self.fingerprint, "counts": self.counts}, separators=(",", ":"))
        file.write_text(text + "\n", "utf-8")

    def of(self, token: Int[Tensor, " positions"]) -> Float[Tensor, " positions"]:
        """Share of all tokens; a token that was never seen counts as seen once."""
        total = max(sum(self.counts), 1)
        shares = [max(self.counts[one], 1) / total for one in token.tolist()]
        return torch.tensor(shares, dtype=torch.float64, device=token.device)


@dataclass(frozen=True, slots=True)
class PositionCalibrated:
    """Score `exp(-decay * offset) * min(-confidence * log(frequency), ceiling)`.

    PC-Sampler, later Uncode (arXiv:2508.13021): against taking borders first and trivial tokens first. The offset
    counts inside the slot, so all slots advance together from their left ends. Null has a frequency of its own: as a
    token that no corpus holds it would come first everywhere.

    Raises:
        DenoiseError: a value is out of range.
    """

    frequencies: TokenFrequencies
    decay: float = 0.25
    ceiling: float = 10.0
    null_frequency: float = 0.5

    def __post_init__(self) -> None:
        """See `PositionCalibrated`."""
        hold(self, decay=AMOUNT, ceiling=AMOUNT, null_frequency=Range(0, 1, is_above=True))

    def __call__(self, view: Open) -> Open:
        """See `Weighing`."""
        frequency = self.frequencies.of(view.token).masked_fill(view.is_null, self.null_frequency)
        news = (-view.confidence * (frequency + LEAST).log()).clamp(min=0.0, max=self.ceiling)
        return replace(view, scores=(-self.decay * view.offset).exp() * news)
