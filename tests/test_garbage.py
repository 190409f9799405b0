import gc

import pytest

from scaffold.garbage import uncollected


@uncollected
def is_collecting(*, fails=False):
    if fails:
        raise LookupError
    return gc.isenabled()


def test_the_collector_is_off_while_the_work_is_done_and_on_again_after_it():
    assert not is_collecting()
    assert gc.isenabled()


def test_the_collector_is_on_again_after_an_error():
    with pytest.raises(LookupError):
        is_collecting(fails=True)
    assert gc.isenabled()


def test_a_collector_that_the_caller_put_off_stays_off():
    gc.disable()
    try:
        assert not is_collecting()
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_work_inside_of_work_does_not_put_the_collector_on_early():
    @uncollected
    def outer():
        is_collecting()
        return gc.isenabled()

    assert not outer()
