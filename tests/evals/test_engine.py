"""The engine benchmark measures what it says, on a tiny model."""

import pytest
import torch

import scaffold
from scaffold.errors import ModelError
from scaffold.evals.autoregressive import segments
from scaffold.evals.engine import Plan, bench_engine, roofline_seconds
from scaffold.evals.engine_workload import SCHEMA, SIZES, prompt_text, target_text
from scaffold.evals.memory import peak_bytes


def test_the_object_has_104_tokens_of_which_40_are_content_and_is_allowed():
    text, is_content = target_text()
    assert len(text) == len(is_content) == 104
    assert sum(is_content) == 40
    import json

    assert scaffold.compile(SCHEMA).accepts(json.loads(text))


def test_jump_forward_takes_46_steps_and_plain_decoding_104():
    text, is_content = target_text()
    for jumps, expected in ((False, 104), (True, 46)):
        parts = list(segments(list(text.encode()), is_content, jumps=jumps))
        assert len(parts) == expected
        assert bytes(token for part in parts for token in part).decode() == text


@pytest.mark.parametrize("length", [1, 64, 512])
def test_a_prompt_has_as_many_tokens_as_asked(length):
    assert len(prompt_text(length)) == length


def test_the_roofline_of_an_8b_forward_is_that_of_the_reference():
    size = SIZES["8b"]
    assert roofline_seconds(size, 1, (1, 512, 1)) == pytest.approx(3.5e-3, rel=0.05)
    assert roofline_seconds(size, 1, (640, 0, 64)) == pytest.approx(11.7e-3, rel=0.05)
    assert roofline_seconds(size, 32, (640, 0, 64)) == pytest.approx(373e-3, rel=0.05)
    assert roofline_seconds(size, 8, (128, 512, 64)) == pytest.approx(19.2e-3, rel=0.05)


def test_every_method_is_measured_on_a_tiny_model():
    plan = Plan(device="cpu", batches=(2,), steps=(2,), prompts=(64,), repeats=1)
    found = list(bench_engine(plan))
    by_name = {line.method: line for line in found}
    assert list(by_name) == [
        "autoregressive", "autoregressive, jump-forward", "2 steps, reuse none", "2 steps, reuse prompt",
        "2 steps, reuse slots",
    ]  # fmt: skip
    assert by_name["autoregressive"].calls == 104
    assert by_name["autoregressive"].speedup == 1
    assert all(line.calls == 2 for name, line in by_name.items() if "steps" in name)
    assert all(line.peak_mib > 0 for line in found)
    assert all(line.objects_per_second == pytest.approx(2 / line.seconds) for line in found)


def test_the_peak_of_memory_is_what_is_held_at_once():
    kept = torch.zeros(1000)

    def run():
        one = torch.zeros(1000, 1000)
        two = one + 1
        del one
        three = two * 2
        del two
        return kept.sum() + three.sum()

    found = peak_bytes(run, torch.device("cpu"))
    assert 8_000_000 <= found < 9_000_000


@pytest.mark.parametrize("more", [{"batches": (1, 4)}, {"prompts": (64, 512)}])
def test_the_peak_of_memory_grows_with_batch_and_prompt(more):
    plan = Plan(**{"device": "cpu", "batches": (1,), "steps": (2,), "prompts": (64,), "repeats": 1} | more)
    peaks = [line.peak_mib for line in bench_engine(plan) if line.method == "2 steps, reuse none"]
    assert peaks[1] > 1.5 * peaks[0]


def test_a_size_that_is_not_there_is_refused():
    with pytest.raises(ModelError):
        next(bench_engine(Plan(size="huge")))
