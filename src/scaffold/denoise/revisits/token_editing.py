"""Token editing: overwriting committed tokens that the model, seeing them, would now write otherwise."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from scaffold.denoise.ranges import AMOUNT, COUNT, hold


@dataclass(frozen=True, eq=False, slots=True)
class Draft:
    """One slot as it stands, and what the model would write there with all of it in view."""

    tokens: tuple[int, ...]
    """What stands now, -1 where open."""
    able: frozenset[int]
    """Committed places that the model decided, and that stand as it saw them."""
    path: tuple[int, ...]
    confidence: tuple[float, ...]
    completes: Callable[[tuple[int, ...]], bool]
    """Whether tokens, -1 where open, are part of some legal filling."""


@dataclass(frozen=True, slots=True)
class TokenEditing:
    """Overwrite a committed token where another one is preferred with more than `tau`, `rounds` times per slot at most.

    The token-to-token half of LLaDA2.1's decoding (arXiv:2602.08676), whose other half is a threshold
    (`commit=Threshold(0.7)`); published pairs of (commit, edit) are 0.7 and 0.5 for quality, 0.5 and 0.0 for speed.
    Above 1 nothing is edited. What is preferred is read from the best legal text of the whole slot, with the
    probabilities that the model gives to positions whose tokens it sees: models that were not trained to correct
    themselves have learnt nothing about those. Edits that would leave no legal filling are not made. A quotation is
    one decision and is not edited, nor is a slot that is null. A finished row is looked at again until nothing changes,
    which takes one model call more than it has rounds of edits.

    Raises:
        DenoiseError: a value is out of range.
    """

    tau: float = 0.5
    rounds: int = 4

    def __post_init__(self) -> None:
        """See `TokenEditing`."""
        hold(self, tau=AMOUNT, rounds=COUNT)

    def __call__(self, draft: Draft) -> Mapping[int, int]:
        """Places to overwrite, and with what: all that are wanted, or as many, the surest first, as are legal."""
        wanted = {
            k: draft.path[k]
            for k in sorted(draft.able, key=lambda k: -draft.confidence[k])
            if draft.path[k] != draft.tokens[k] and draft.confidence[k] > self.tau
        }
        if not wanted or draft.completes(overwritten(draft.tokens, wanted)):
            return wanted
        made: dict[int, int] = {}
        for place, token in wanted.items():
            if draft.completes(overwritten(draft.tokens, {**made, place: token})):
                made[place] = token
        return made


def overwritten(tokens: tuple[int, ...], edits: Mapping[int, int]) -> tuple[int, ...]:
    """`tokens` with some of them replaced."""
    return tuple(edits.get(k, token) for k, token in enumerate(tokens))
