"""Parts computed on several threads: their order, what holds inside of them, and what is as before afterwards."""

import threading

import pytest
import torch

from scaffold.denoise.side_by_side import side_by_side


@pytest.fixture
def two_cores():
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    yield
    assert torch.get_num_threads() == 2, "what the threads of torch were told must not stay"
    torch.set_num_threads(before)


@pytest.mark.usefixtures("two_cores")
def test_parts_run_together_in_order_and_each_on_one_core():
    together = threading.Barrier(2, timeout=30)

    def look(part):
        together.wait()  # nobody gets past it alone
        return part, torch.get_num_threads(), torch.is_inference_mode_enabled()

    with torch.inference_mode():
        assert side_by_side(look, [3, 1, 2, 0]) == [(part, 1, True) for part in (3, 1, 2, 0)]
    assert side_by_side(look, [0, 1]) == [(0, 1, False), (1, 1, False)]


@pytest.mark.usefixtures("two_cores")
def test_one_part_is_computed_where_it_is_asked_for():
    here = threading.get_ident()
    assert side_by_side(lambda _: threading.get_ident(), ["only"]) == [here]


@pytest.mark.usefixtures("two_cores")
def test_an_error_in_a_part_is_an_error_of_all():
    with pytest.raises(ZeroDivisionError):
        side_by_side(lambda part: 1 / part, [1, 0, 2])
