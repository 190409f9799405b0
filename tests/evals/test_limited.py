import math
import os
import time
from functools import partial

from chores import waste

from scaffold.evals.limited import PATIENCE, Died, Done, Late, limited


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


def test_processor_time_is_cut_off_long_before_patience_ends():
    start = time.monotonic()
    late, done = limited(math.factorial, [3_000_000, 3], 0.5)  # minutes, and not a line of Python to stop at
    assert late == Late()
    assert isinstance(done, Done)
    assert time.monotonic() - start < PATIENCE * 0.5 + 60


def test_every_process_is_prepared_before_its_first_item_without_a_limit(tmp_path):
    prepare = partial(waste, tmp_path)
    assert all(isinstance(one, Died) for one in limited(os._exit, [3, 4], 0.2, prepare))
    assert len(list(tmp_path.iterdir())) == 2


def test_a_process_that_cannot_be_prepared_has_died():
    (died,) = limited(math.sqrt, [4], 1, partial(os._exit, 5))
    assert died == Died(5)


def test_an_item_that_ends_its_process_does_not_stop_the_next_one():
    died, late = limited(os._exit, [3, 4], 10)
    assert died == Died(3)
    assert late == Died(4)


def test_without_items_nothing_is_started():
    assert list(limited(time.sleep, [], 1)) == []
