"""Of two slots that would quote the same words in one call, the surer is written and the other looked at again."""

from dataclasses import dataclass, field

import pytest

import scaffold
from scaffold.denoise.options import PRESETS, DenoiseOptions
from scaffold.testing import ScriptedPredictor

TEXT = "Ada of Ockham wrote to Bo of Lund."
STRING = {"type": "string"}


PAIR = {
    "type": "object",
    "properties": {"name": STRING, "pen_name": STRING},
    "required": ["name", "pen_name"],
    "additionalProperties": False,
}
MAYBE = {**PAIR, "required": ["name"]}


@dataclass(frozen=True)
class SecondThought(ScriptedPredictor):
    """Answers otherwise once something is written."""

    later: dict = field(default_factory=dict)

    def __call__(self, canvas, rows, columns):
        is_new = bool((canvas.tokens[canvas.offset >= 0] == self.mask_id).all())
        script = self.answers if is_new else self.later
        return ScriptedPredictor(answers=script)(canvas, rows, columns)


def filled(schema, first, later, **options):
    return scaffold.Filler(SecondThought(answers=first, later=later)).fill(schema, TEXT, **options)


@pytest.mark.parametrize("preset", ["fast", "balanced"])
@pytest.mark.parametrize("words", ["Bo", "Bo of Lund", "of Lund"])
def test_the_less_sure_field_sees_that_the_words_are_taken(words, preset):
    answers = {"name": "Bo of Lund", "pen_name": words}
    found = filled(PAIR, answers, {"name": "Ada", "pen_name": "Ada"}, denoise=PRESETS[preset])
    assert sorted(found.value.values()) == ["Ada", words]
    assert found.model_calls == 2


def test_words_may_be_meant_twice():
    found = filled(PAIR, {"name": "Ada", "pen_name": "Ada"}, {"pen_name": "Ada"})
    assert found.value == {"name": "Ada", "pen_name": "Ada"}
    assert found.model_calls == 2


def test_a_field_that_may_be_missing_is_not_yet_said_to_be_there():
    found = filled(MAYBE, {"name": "Ada", "pen_name": "Ada"}, {})
    assert found.value == {"name": "Ada"}


def test_other_words_do_not_wait():
    found = filled(PAIR, {"name": "Ada", "pen_name": "Bo"}, {})
    assert found.value == {"name": "Ada", "pen_name": "Bo"}
    assert found.model_calls == 1


def test_what_is_not_quoted_does_not_wait():
    assert filled(PAIR, {"name": "Ada", "pen_name": "Ada"}, {}, strings="free").model_calls == 1


def test_items_of_a_list_do_not_wait_for_each_other():
    people = {
        "type": "object",
        "properties": {"people": {"type": "array", "items": PAIR, "minItems": 2, "maxItems": 2}},
        "required": ["people"],
    }
    answers = {"name": ["Ada", "Bo"], "pen_name": ["Ockham", "Ockham"]}
    assert filled(people, answers, {}).model_calls == 1


def test_it_ends_where_the_last_step_comes_first():
    asked = DenoiseOptions(max_steps=1)
    found = filled(PAIR, {"name": "Ada", "pen_name": "Ada"}, {}, denoise=asked)
    assert found.value == {"name": "Ada", "pen_name": "Ada"}
