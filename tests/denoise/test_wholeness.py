"""Texts without an end: those that the model means grow or are errors, those that a constraint forced are cut."""

import math
from dataclasses import dataclass

import pytest
import torch
from byte_model import ByteModel

import scaffold
from scaffold.denoise.options import DenoiseOptions
from scaffold.denoise.wholeness import BLIND_GROWTH
from scaffold.testing import AdversarialPredictor

TEXT = "A text that says nothing of what is asked."
NOTE = {"type": "object", "properties": {"note": {"type": "string"}}, "required": ["note"]}
SCALAR = {"type": "object", "properties": {"note": {"type": ["string", "integer"]}}, "required": ["note"]}
MAP = {"type": "object", "additionalProperties": {"type": "integer"}, "minProperties": 1}


@dataclass
class Torn(ByteModel):
    """Wants the letter x at every position with some probability, and else what would break the document."""

    legal: float

    def __call__(self, canvas, rows, columns):
        logits = torch.full((len(rows), 258), -9e3)
        logits[:, ord("x")] = math.log(self.legal)
        logits[:, ord('"')] = math.log(1 - self.legal)
        return logits


def free(predictor, schema=NOTE):
    return scaffold.Filler(predictor).fill(schema, TEXT, strings="free", denoise=DenoiseOptions(max_slot=512))


def test_a_text_that_the_model_means_is_an_error_where_it_has_no_end():
    with pytest.raises(scaffold.SlotBudgetError) as caught:
        free(Torn(legal=0.6))
    assert caught.value.path == ("note",)


def test_a_text_that_the_model_does_not_mean_stops_growing_and_has_no_confidence():
    found = free(Torn(legal=0.4))
    size = len(found.value["note"])
    assert BLIND_GROWTH < size < 3 * BLIND_GROWTH
    assert found.fields["/note"].confidence == 0
    assert any(f"/note: cut at {size} tokens" in step.decided for step in found.trace)


@pytest.mark.parametrize("schema", [SCALAR, MAP])
@pytest.mark.parametrize("seed", range(3))
def test_a_model_that_means_harm_gets_a_short_object_in_few_calls(schema, seed):
    found = scaffold.Filler(AdversarialPredictor(seed=seed)).fill(schema, TEXT)
    assert found.model_calls < 64
    assert len(found.text.encode()) < 600
