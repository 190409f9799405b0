import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scaffold.schema import canonical

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)


@given(JSON)
def test_what_is_written_reads_back_equal(value):
    assert canonical.equal(canonical.loads(canonical.dumps(value)), value)


@given(JSON, JSON)
def test_identity_is_the_same_for_equal_values_only(left, right):
    assert (canonical.identity(left) == canonical.identity(right)) == canonical.equal(left, right)


@given(JSON)
def test_canonical_text_is_compact_json(value):
    text = canonical.dumps(value)
    assert json.dumps(json.loads(text), ensure_ascii=False, separators=(",", ":")) == text


@pytest.mark.parametrize(("left", "right"), [(1, 1.0), ({"a": 1, "b": 2}, {"b": 2.0, "a": 1}), ([1], [1.0])])
def test_json_schema_calls_these_equal(left, right):
    assert canonical.equal(left, right)


@pytest.mark.parametrize(
    ("left", "right"), [(1, True), (0, False), ("1", 1), (None, False), ([1, 2], [2, 1]), ({}, [])]
)
def test_json_schema_calls_these_different(left, right):
    assert not canonical.equal(left, right)


def test_an_integral_float_is_written_as_an_integer():
    assert canonical.dumps({"é": [2.0, 0.5, -0.0]}) == '{"é":[2,0.5,0]}'


@pytest.mark.parametrize("value", [float("nan"), float("inf"), [float("-inf")]])
def test_what_json_cannot_say_is_refused(value):
    with pytest.raises(ValueError):  # noqa: PT011  (the message is the json module's)
        canonical.dumps(value)


def test_nan_is_not_json():
    with pytest.raises(ValueError):  # noqa: PT011
        canonical.loads("NaN")
