import pytest
from hypothesis import given
from hypothesis import strategies as st

from scaffold.decode.order import global_ar_ness, local_ar_ness, slot_orders, tokens_per_call
from scaffold.decode.trace import Step

ORDERS = st.lists(st.integers(1, 8).flatmap(lambda n: st.permutations(range(n))), min_size=1, max_size=3)
KS = st.integers(1, 9)


@given(lengths=st.lists(st.integers(2, 9), min_size=1, max_size=3), k=KS)
def test_left_to_right_is_local_and_global_for_every_k(lengths, k):
    orders = [range(length) for length in lengths]
    assert local_ar_ness(orders, k) == 1.0
    assert global_ar_ness(orders, k) == 1.0


@given(length=st.integers(2, 9))
def test_right_to_left_is_never_local_and_leftmost_at_its_last_position_only(length):
    order = range(length)[::-1]
    assert local_ar_ness([order], 1) == 0.0
    assert global_ar_ness([order], 1) == pytest.approx(1 / length)


@given(orders=ORDERS, k=KS)
def test_longer_runs_are_rarer_and_more_positions_are_among_the_leftmost(orders, k):
    if any(len(order) > 1 for order in orders):
        assert local_ar_ness(orders, k + 1) <= local_ar_ness(orders, k)
    assert global_ar_ness(orders, k + 1) >= global_ar_ness(orders, k)
    assert global_ar_ness(orders, 8) == 1.0


def test_of_nothing_there_is_no_order():
    assert local_ar_ness([[0], [0]], 1) is None
    assert global_ar_ness([], 1) is None


def test_an_order_is_read_slot_by_slot_and_each_call_counts_left_to_right():
    trace = (
        Step(1, positions=(("/a", (2, 0)), ("/b", (1,)))),
        Step(2, positions=(("/b", (0,)),)),
        Step(3, positions=(("/a", (1,)),)),
    )
    assert slot_orders(trace) == {"/a": (0, 2, 1), "/b": (1, 0)}
    assert tokens_per_call(trace) == (3, 1, 1)


def test_a_position_that_was_opened_again_counts_where_it_was_written_last():
    trace = (Step(1, positions=(("/a", (0, 1)),)), Step(2, positions=(("/a", (0,)),)))
    assert slot_orders(trace) == {"/a": (1, 0)}
