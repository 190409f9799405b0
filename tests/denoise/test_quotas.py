import pytest
from hypothesis import given
from hypothesis import strategies as st

from scaffold.denoise.quotas import constant_quota, dream_quota, even_quota

RULES = [even_quota, constant_quota, dream_quota]


@pytest.mark.parametrize("rule", RULES)
@given(masked=st.integers(0, 500), steps=st.integers(1, 64))
def test_every_masked_position_is_committed_exactly_once(rule, masked, steps):
    quota = rule(masked, steps)
    assert sum(quota) == masked
    assert len(quota) <= steps
    assert min(quota, default=0) >= 0


@given(masked=st.integers(0, 500), steps=st.integers(1, 64))
def test_even_steps_differ_by_one_at_most_and_the_larger_come_first(masked, steps):
    quota = even_quota(masked, steps)
    assert list(quota) == sorted(quota, reverse=True)
    assert quota[0] - quota[-1] <= 1


@pytest.mark.parametrize(
    ("rule", "masked", "steps", "expected"),
    [
        (even_quota, 33, 16, (3, *[2] * 15)),
        (constant_quota, 33, 16, (3,) * 11),
        (constant_quota, 100, 8, (*[13] * 7, 9)),
        (constant_quota, 0, 8, ()),
        (dream_quota, 16, 16, (0, *[1] * 14, 2)),
        (dream_quota, 10, 16, (*[0] * 7, *dream_quota(10, 16)[7:])),
    ],
)
def test_quotas_are_those_of_the_published_code(rule, masked, steps, expected):
    assert rule(masked, steps) == expected


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize(("masked", "steps"), [(1, 0), (-1, 1)])
def test_impossible_numbers_are_refused(rule, masked, steps):
    with pytest.raises(ValueError):  # noqa: PT011  (one reason only)
        rule(masked, steps)
