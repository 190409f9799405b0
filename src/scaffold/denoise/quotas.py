"""How many positions to commit in each step of a fixed number of steps."""


def even_quota(masked: int, steps: int) -> tuple[int, ...]:
    """Split `masked` over `steps` as evenly as integers allow, the larger first (LLaDA, arXiv:2502.09992).

    Raises:
        ValueError: `steps` < 1 or `masked` < 0.
    """
    _check(masked, steps)
    share, rest = divmod(masked, steps)
    return tuple(share + (step < rest) for step in range(steps))


def constant_quota(masked: int, steps: int) -> tuple[int, ...]:
    """Commit `ceil(masked / steps)` in every step until none is left: perhaps fewer steps (S3, arXiv:2507.04504).

    Raises:
        ValueError: `steps` < 1 or `masked` < 0.
    """
    _check(masked, steps)
    share = -(-masked // steps)
    return tuple(min(share, masked - done) for done in range(0, masked, share or 1))


def dream_quota(masked: int, steps: int, end: float = 1e-3) -> tuple[int, ...]:
    """Commit the share of what is left by which time falls, rounded down; all in the last step (arXiv:2508.15487).

    Time falls evenly from 1 to `end`. Early steps may commit nothing.

    Raises:
        ValueError: `steps` < 1 or `masked` < 0.
    """
    _check(masked, steps)
    quota: list[int] = []
    for step in range(steps):
        left = masked - sum(quota)
        quota.append(int(left * dream_share(step, steps, end)))
    return tuple(quota)


def dream_share(step: int, steps: int, end: float = 1e-3) -> float:
    """Share of what is left by which time falls in a step, counted from 0; all of it in the last step."""
    now, following = (1 + (end - 1) * index / steps for index in (step, step + 1))
    return 1.0 if step == steps - 1 else 1 - following / now


def _check(masked: int, steps: int) -> None:
    if steps < 1 or masked < 0:
        raise ValueError(f"cannot split {masked} positions over {steps} steps")
