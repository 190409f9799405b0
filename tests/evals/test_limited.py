import math
import os
import time

from scaffold.evals.limited import Died, Done, Late, limited


def test_every_item_is_answered_in_order():
    assert [one.found for one in limited(math.sqrt, [1, 4, 9], 10)] == [1, 2, 3]


def test_an_item_that_takes_too_long_does_not_stop_the_next_one():
    late, done = limited(time.sleep, [600, 0], 0.1)
    assert late == Late()
    assert isinstance(done, Done)


def test_waiting_is_no_processor_time():
    (done,) = limited(time.sleep, [0.3], 0.1)
    assert isinstance(done, Done)
    assert done.seconds < 0.1


def test_an_answer_that_took_too_much_processor_time_is_late():
    (late,) = limited(math.factorial, [60_000], 1e-4)
    assert late == Late()


def test_an_item_that_ends_its_process_does_not_stop_the_next_one():
    died, late = limited(os._exit, [3, 4], 10)
    assert died == Died(3)
    assert late == Died(4)


def test_without_items_nothing_is_started():
    assert list(limited(time.sleep, [], 1)) == []
