"""Published effects of decoding methods, judged on the rows that `scaffold bench decode` has filled."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import mean
from typing import Literal

from scaffold.evals.decode_report import MEASURES, Share, difference
from scaffold.evals.decode_runs import Outcome

Kind = Literal["more", "no more", "no more calls"]


@dataclass(frozen=True, slots=True)
class Claim:
    """That `member` does better than `other` by a measure (or no better, or takes no more model calls)."""

    words: str
    member: str
    other: str
    measure: str
    kind: Kind = "more"


CLAIMS = (
    Claim("a null keeps fields empty that a scaffold without one invents", "fixed 16", "no null", "absent right"),
    Claim("spacing beats confidence when many tokens land per call", "dilated", "score confidence", "present exact"),
    Claim("spacing beats chance when many tokens land per call", "dilated", "score random", "present exact"),
    Claim("a vote per field costs no calls", "vote exponential", "vote last", "present exact", "no more calls"),
    Claim("a vote per field is right more often", "vote exponential", "vote last", "present exact"),
    Claim("more than 16 steps do not help", "even, 32 steps", "even, 16 steps", "present exact", "no more"),
    Claim("many steps do not help over one", "even, 16 steps", "all at once", "present exact", "no more"),
    Claim("exact marginals beat raw confidence", "preset balanced", "no constraint", "present exact"),
    Claim("exact marginals beat masks per position", "preset balanced", "masks only", "present exact"),
)
"""S3 (arXiv:2507.04504), DUS (arXiv:2506.19037), temporal voting (arXiv:2508.09138), DINGO (arXiv:2505.23061)."""
ENOUGH = 10
"""Rows below which intervals say nothing."""


@dataclass(frozen=True, slots=True)
class Effect:
    """A claim, and what the rows that both members have filled say of it."""

    claim: Claim
    rows: int
    calls: tuple[float, float]
    """Mean model calls of the two."""
    difference: Share
    verdict: str


def effects(outcomes: Sequence[Outcome], claims: Sequence[Claim] = CLAIMS, seed: int = 0) -> list[Effect]:
    """The claims whose members have both been run."""
    by_member: dict[str, list[Outcome]] = {}
    for one in outcomes:
        by_member.setdefault(one.member, []).append(one)
    known = [claim for claim in claims if claim.member in by_member and claim.other in by_member]
    return [_effect(claim, by_member, seed) for claim in known]


def _effect(claim: Claim, by_member: Mapping[str, Sequence[Outcome]], seed: int) -> Effect:
    own, other = by_member[claim.member], by_member[claim.other]
    both = {(one.data_set, one.row) for one in own} & {(one.data_set, one.row) for one in other}
    sides = [[one for one in side if (one.data_set, one.row) in both] for side in (own, other)]
    calls = (_calls(sides[0]), _calls(sides[1]))
    found = difference(sides[0], sides[1], MEASURES[claim.measure], seed)
    return Effect(
        claim, len(both), calls, found, _verdict(claim.kind, found, calls) if len(both) >= ENOUGH else "too few rows"
    )


def _calls(outcomes: Sequence[Outcome]) -> float:
    return mean([one.counts.model_calls for one in outcomes if not one.counts.failed] or [0.0])


def _verdict(kind: Kind, found: Share, calls: tuple[float, float]) -> str:
    """What the interval allows to say; an effect that is too small to see is none."""
    if kind == "no more calls":
        return "holds" if calls[0] <= calls[1] else "does not hold"
    if found.low is None or found.high is None:
        return "not asked"
    if kind == "no more":
        return "does not hold" if found.low > 0 else "holds: no gain seen"
    if found.low > 0:
        return "holds"
    return "the reverse" if found.high < 0 else "not seen"


def effects_table(found: Sequence[Effect]) -> str:
    """The effects as Markdown."""
    head = ("claim", "members", "measure", "difference", "calls", "rows", "verdict")
    rows = [head, ("---",) * len(head), *map(_cells, found)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows) + "\n"


def _cells(one: Effect) -> tuple[str, ...]:
    claim = one.claim
    return (
        claim.words,
        f"{claim.member} against {claim.other}",
        claim.measure,
        str(one.difference),
        f"{one.calls[0]:.1f} against {one.calls[1]:.1f}",
        str(one.rows),
        one.verdict,
    )
