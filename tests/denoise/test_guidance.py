import pytest
import torch
from fills import PROMPT, Watched, filled, options, texts
from hypothesis import given
from hypothesis import strategies as st

from scaffold.denoise.guidance import guided
from scaffold.testing import ByteTokenizer, RandomPredictor


@given(st.integers(0, 99), st.floats(0, 3))
def test_both_published_spellings_of_guidance_agree_and_none_is_the_conditional(seed, scale):
    given_prompt, without = torch.randn(2, 4, 5, generator=torch.Generator().manual_seed(seed)).double()
    expected = without + (scale + 1) * (given_prompt - without)
    assert torch.allclose(guided(given_prompt, without, scale), expected)
    assert torch.equal(guided(given_prompt, without, 0.0), given_prompt)


def test_the_second_row_has_no_prompt_and_the_whole_template():
    watched = Watched(RandomPredictor(1, max_length=700))
    filled(watched, options(guidance=0.5))
    length = len(ByteTokenizer().encode(PROMPT))
    for canvas in watched.canvases:
        rows = len(canvas.tokens) // 2
        with_prompt, without = canvas.tokens[:rows], canvas.tokens[rows:]
        assert (without[:, :length] == watched.mask_id).all()
        assert torch.equal(without[:, length:], with_prompt[:, length:])
        assert torch.equal(canvas.attend[:rows], canvas.attend[rows:])


def test_guidance_takes_one_call_of_two_rows():
    watched = Watched(RandomPredictor(1, max_length=700))
    found, calls = filled(watched, options(guidance=0.5))
    assert found.model_calls == len(calls) == len(watched.canvases)


class Blind(RandomPredictor):
    """Says the same whatever the prompt is."""

    def __call__(self, canvas, rows, columns):
        length = len(ByteTokenizer().encode(PROMPT))
        canvas.tokens[:, :length] = 0
        return super().__call__(canvas, rows, columns)


@pytest.mark.parametrize("scale", [0.5, 2.0])
def test_guidance_of_a_model_that_does_not_read_the_prompt_changes_nothing(scale):
    plain, _ = filled(Blind(3, max_length=700), options())
    found, _ = filled(Blind(3, max_length=700), options(guidance=scale))
    assert texts(plain) == texts(found)


class Impossible(RandomPredictor):
    """Gives most tokens no probability at all."""

    def __call__(self, canvas, rows, columns):
        found = super().__call__(canvas, rows, columns)
        return found.masked_fill(found < found.amax(-1, keepdim=True), -torch.inf)


def test_impossible_tokens_leave_no_gap_in_guided_predictions():
    found, _ = filled(Impossible(2, max_length=700), options(guidance=1.5))
    assert found.error is None
