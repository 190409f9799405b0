import numpy as np
import pytest

from scaffold.remembered import bytes_of, remembered


def counted(megabytes, size):
    calls = []

    @remembered(megabytes)
    def build(key):
        calls.append(key)
        return np.zeros(size, np.uint8)

    return build, calls


def test_the_same_arguments_give_the_same_object():
    build, calls = counted(1, 1000)
    assert build("a") is build("a")
    assert calls == ["a"]


def test_what_was_used_longest_ago_is_forgotten_when_the_room_is_full():
    build, calls = counted(1, 400_000)
    for key in ("a", "b", "a", "c", "a", "b"):
        build(key)
    assert calls == ["a", "b", "c", "b"]


def test_what_is_larger_than_the_room_is_not_remembered_and_forgets_nothing():
    build, calls = counted(1, 100_000)
    build("small")
    large, _ = counted(1, 2 << 20)
    assert large("x") is not large("x")
    build("small")
    assert calls == ["small"]


def test_an_error_is_raised_each_time():
    @remembered(1)
    def fail(key):
        raise KeyError(key)

    for _ in range(2):
        with pytest.raises(KeyError):
            fail("a")


def test_arguments_have_weight_too():
    calls = []

    @remembered(1)
    def build(key):
        calls.append(len(key))
        return len(key)

    texts = ["a" * 600_000, "b" * 600_001]
    for text in (*texts, *texts):
        build(text)
    assert calls == [600_000, 600_001, 600_000, 600_001]


def test_long_tuples_are_weighed_by_their_first_members():
    assert bytes_of(("ab",) * 10_000) == pytest.approx(10_000 * bytes_of("ab"), rel=0.01)
