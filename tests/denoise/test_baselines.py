"""Published methods as values of the options."""

from dataclasses import dataclass
from math import ceil

import pytest
import torch
from fills import filled, texts

from scaffold.denoise.options import BASELINES
from scaffold.errors import DecodeError
from scaffold.testing import RandomPredictor


@dataclass(frozen=True)
class Letters(RandomPredictor):
    """Any of some letters, never null."""

    letters: str = "abcdefgh"

    def __call__(self, canvas, rows, columns):
        found = super().__call__(canvas, rows, columns)
        able = torch.tensor([ord(letter) for letter in self.letters])
        return torch.full_like(found, -99.0).index_copy(1, able, found[:, able])


def strings(count):
    names = [f"field{k}" for k in range(count)]
    return {
        "type": "object",
        "properties": {name: {"type": "string"} for name in names},
        "required": names,
        "additionalProperties": False,
    }


@pytest.mark.parametrize("count", [1, 3, 5])
def test_s3_fills_sixteen_masks_per_field_in_its_number_of_steps(count):
    found, _ = filled(Letters(1), BASELINES["s3"], strings(count))
    masks = 16 * count
    assert found.model_calls == ceil(masks / ceil(masks / 16))
    assert all(len(text) == 16 and set(text) <= set("abcdefgh") for text in texts(found).values())


def test_s3_does_not_hold_a_model_back_from_a_quote_and_the_text_is_an_error():
    found, _ = filled(Letters(1, letters='ab"'), BASELINES["s3"], strings(2))
    assert isinstance(found.error, DecodeError)
