"""Many rows in flight: a finished row makes room for the next one, and none waits for a stranger."""

from dataclasses import dataclass, field

import pytest

import scaffold
from scaffold.denoise.options import DenoiseOptions
from scaffold.testing import RandomPredictor, ScriptedPredictor

SHORT = {"type": "object", "properties": {"a": {"enum": ["x", "y"]}}, "required": ["a"]}
MIXED = {
    "type": "object",
    "properties": {"a": {"enum": ["x", "y"]}, "b": {"type": "string", "maxLength": 8}},
    "required": ["a", "b"],
}


@dataclass
class Counted:
    """A predictor that keeps how many rows each call had."""

    inner: RandomPredictor = field(default_factory=RandomPredictor)
    rows: list[int] = field(default_factory=list)

    @property
    def tokenizer(self):
        return self.inner.tokenizer

    @property
    def mask_id(self):
        return self.inner.mask_id

    @property
    def null_id(self):
        return self.inner.null_id

    @property
    def max_length(self):
        return self.inner.max_length

    def prompt(self, text):
        return self.inner.prompt(text)

    def __call__(self, canvas, rows, columns):
        self.rows.append(len(canvas.tokens))
        return self.inner(canvas, rows, columns)


def prompts(count):
    return [f"text number {number}" for number in range(count)]


@pytest.mark.parametrize("width", [1, 3, 8, 50])
def test_results_come_in_order_and_do_not_depend_on_how_many_are_filled_at_once(width):
    filler = scaffold.Filler(model=RandomPredictor(seed=1))
    alone = [filler.fill(MIXED, text, denoise=DenoiseOptions(max_steps=12)).text for text in prompts(20)]
    options = DenoiseOptions(max_steps=12)
    together = [found.text for found in filler.fill_many(MIXED, prompts(20), batch_size=width, denoise=options)]
    assert together == alone


def test_a_batch_stays_full_until_prompts_run_out():
    model = Counted()
    list(scaffold.Filler(model=model).fill_many(MIXED, prompts(30), batch_size=4, denoise=DenoiseOptions(max_steps=12)))
    assert max(model.rows) == 4
    full = sum(count == 4 for count in model.rows)
    assert full > 0.7 * len(model.rows)


def test_prompts_are_taken_only_as_far_ahead_as_twice_the_batch():
    taken = []

    def endless():
        number = 0
        while True:
            taken.append(number)
            yield f"text {number}"
            number += 1

    rows = scaffold.Filler(model=ScriptedPredictor(answers={"a": "x"})).fill_many(SHORT, endless(), batch_size=3)
    first = [next(rows) for _ in range(5)]
    assert len(first) == 5
    assert len(taken) <= 5 + 2 * 3 + 1


def test_rows_that_cannot_even_begin_keep_their_place():
    texts = ["", "a", "", "", "b", ""]
    found = list(scaffold.Filler(model=ScriptedPredictor(answers={"a": "x"})).fill_many(SHORT, texts, batch_size=1))
    kinds = [type(one).__name__ for one in found]
    assert kinds == ["FillFailure", "FillResult", "FillFailure", "FillFailure", "FillResult", "FillFailure"]
    assert [one.index for one in found if isinstance(one, scaffold.FillFailure)] == [0, 2, 3, 5]
