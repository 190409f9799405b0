import pytest
from fills import Watched, filled, options

from scaffold.denoise.commits import Constant, Even, Threshold
from scaffold.denoise.regions.blocks import Blocks
from scaffold.denoise.speculate import is_same
from scaffold.testing import AdversarialPredictor, RandomPredictor, ScriptedPredictor

STEPS = {"max_steps": 30}
WAYS = [
    {"commit": Constant(1000)},
    {"commit": Threshold(0.9)},
    {"commit": Even(5)},
    {"commit": Constant(1000), "region": Blocks(4)},
]
ANSWERS = {"name": "Ada Lovelace", "kind": "person", "year": "18", "role": "poet", "is": "cat", "lives": "9"}
PREDICTORS = [RandomPredictor(1), AdversarialPredictor(2), ScriptedPredictor(ANSWERS)]


@pytest.mark.parametrize("way", WAYS, ids=str)
@pytest.mark.parametrize("drafts", [1, 2, 9])
@pytest.mark.parametrize("predictor", PREDICTORS, ids=["random", "adversarial", "scripted"])
def test_the_result_is_that_of_single_steps_for_every_draft_length(predictor, drafts, way):
    plain, steps = filled(predictor, options(**STEPS, **way))
    found, calls = filled(predictor, options(**STEPS, **way, speculation=drafts))
    assert is_same(plain.row, found.row)
    assert plain.row.chances == found.row.chances
    assert plain.row.notes == found.row.notes
    assert len(calls) <= len(steps)


@pytest.mark.parametrize("drafts", [1, 3, 9])
def test_a_model_that_stays_with_what_it_said_takes_as_many_fewer_calls_as_it_drafts(drafts):
    predictor = ScriptedPredictor(ANSWERS)
    one_by_one = options(commit=Constant(1000), max_steps=200)
    plain, _ = filled(predictor, one_by_one)
    found, _ = filled(predictor, options(commit=Constant(1000), max_steps=200, speculation=drafts))
    assert plain.model_calls > 20
    assert found.model_calls <= 6 + plain.model_calls // (drafts + 1)


def test_drafts_are_rows_of_one_call():
    watched = Watched(ScriptedPredictor(ANSWERS))
    found, calls = filled(watched, options(commit=Constant(1000), max_steps=200, speculation=4))
    assert found.model_calls == len(calls) == len(watched.canvases)
    assert max(len(canvas.tokens) for canvas in watched.canvases) >= 5
