import math
import os
import time

from scaffold.evals.limited import Died, Done, Late, limited


def test_every_item_is_answered_in_order():
    assert [one.found for one in limited(math.sqrt, [1, 4, 9], 10)] == [1, 2, 3]


def test_an_item_that_takes_too_long_does_not_stop_the_next_one():
    late, done = limited(time.sleep, [60, 0], 0.5)
    assert isinstance(late, Late)
    assert late.seconds < 10
    assert isinstance(done, Done)


def test_an_item_that_ends_its_process_does_not_stop_the_next_one():
    died, late = limited(os._exit, [3, 4], 10)
    assert died == Died(3)
    assert late == Died(4)


def test_without_items_nothing_is_started():
    assert list(limited(time.sleep, [], 1)) == []
