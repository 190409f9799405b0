"""The whole flow, with stand-in predictors: what is promised for any model."""

import json
from dataclasses import dataclass
from datetime import date
from math import exp
from typing import Literal

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, Field, field_validator

import scaffold
from scaffold.decode.confidence import Calibration
from scaffold.denoise.commits import Threshold
from scaffold.denoise.options import PRESETS, DenoiseOptions
from scaffold.evals.soundness import PROMPTS, WINDOW, rejected
from scaffold.testing import AdversarialPredictor, ByteTokenizer, RandomPredictor, ScriptedPredictor, strategies

ADA = "Ada Lovelace (10 December 1815 - 27 November 1852) was an English mathematician and writer."
SHORT = DenoiseOptions(max_steps=8, max_slot=48)
PREDICTORS = (RandomPredictor, AdversarialPredictor)


class Person(BaseModel):
    name: str
    born: date | None = None
    occupations: list[str] = []


def scripted(**answers):
    return scaffold.Filler(ScriptedPredictor(answers))


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(strategies.schemas(max_leaves=4), st.integers(0, 1000), st.sampled_from(PREDICTORS), st.sampled_from(PROMPTS))
def test_any_predictor_gives_a_valid_object_or_an_error_of_ours(schema, seed, kind, prompt):
    filler = scaffold.Filler(kind(seed, max_length=WINDOW))
    try:
        (found,) = filler.fill_many(schema, [prompt], denoise=SHORT)
    except scaffold.SchemaError:
        return
    if isinstance(found, scaffold.FillResult):
        assert rejected(schema, json.loads(found.text)) is None


@pytest.mark.parametrize("kind", PREDICTORS)
@pytest.mark.parametrize("seed", range(4))
def test_a_typed_object_is_an_instance_of_its_type(kind, seed):
    found = scaffold.Filler(kind(seed, max_length=WINDOW)).fill(Person, ADA, denoise=SHORT, on_overflow="cut")
    assert isinstance(found.value, Person)
    assert Person.model_validate_json(found.text) == found.value


def test_the_text_of_a_quotation_is_cut_from_the_prompt_by_its_offsets():
    found = scripted(name="Ada Lovelace", occupations=["mathematician", "writer"]).fill(Person, ADA)
    assert found.value.name == "Ada Lovelace"
    assert found.value.occupations == ["mathematician", "writer"]
    for leaf in found.fields.values():
        if leaf.source is not None:
            assert ADA[slice(*leaf.source)] == leaf.text


def test_an_absent_optional_field_takes_its_default():
    found = scripted(name="Ada Lovelace", occupations=[]).fill(Person, ADA)
    assert found.value.born is None
    assert json.loads(found.text) == {"name": "Ada Lovelace", "occupations": []}


def test_defaults_of_a_schema_are_filled_in():
    schema = {
        "type": "object",
        "properties": {"a": {"type": "string"}, "b": {"type": "integer", "default": 7}},
        "required": ["a"],
        "additionalProperties": False,
    }
    found = scripted(a="Ada").fill(schema, ADA)
    assert found.value == {"a": "Ada", "b": 7}
    assert found.fields["/b"].status == "default"


@pytest.mark.parametrize(
    "more",
    [
        {"properties": {"a": {"type": "string"}, "b": {"type": "integer", "default": "seven"}}},
        {"properties": {"a": {"type": "string"}, "b": {"default": 7}}, "maxProperties": 1},
        {"properties": {"a": {"type": "string"}, "b": {"default": [1, 1], "uniqueItems": True}}},
    ],
)
def test_a_default_that_would_make_the_object_invalid_is_left_out(more):
    found = scripted(a="Ada").fill({"type": "object", "required": ["a"], **more}, ADA)
    assert found.value == {"a": "Ada"}


class Cat(BaseModel):
    kind: Literal["cat"]
    name: str


class Dog(BaseModel):
    kind: Literal["dog"]
    bark: str


class Owner(BaseModel):
    pet: Cat | Dog = Field(discriminator="kind")


def test_the_value_of_a_discriminator_picks_the_branch():
    found = scripted(kind="dog", bark="writer").fill(Owner, ADA)
    assert found.value.pet == Dog(kind="dog", bark="writer")


def test_known_values_are_kept_and_marked():
    found = scripted(name="Ada Lovelace", occupations=[]).fill(Person, ADA, known={"born": "1900-01-02"})
    assert found.value.born == date(1900, 1, 2)
    assert found.fields["/born"].status == "known"


def test_an_illegal_known_value_is_an_error_at_its_place():
    with pytest.raises(scaffold.DecodeError) as caught:
        scripted(name="Ada").fill(Person, ADA, known={"born": "soon"})
    assert caught.value.path == ("born",)


def test_refill_opens_only_what_was_asked_for():
    old = Person(name="Ada Lovelace", born=date(1900, 1, 2), occupations=["writer"])
    found = scripted(name="English", born="x", occupations=["x"]).refill(Person, old, ADA, paths=["/name"])
    assert found.value == Person(name="English", born=date(1900, 1, 2), occupations=["writer"])


class Even(BaseModel):
    colour: Literal["red", "green", "blue"]

    @field_validator("colour")
    @classmethod
    def not_red(cls, value: str) -> str:
        """A rule that no schema states."""
        if value == "red":
            raise ValueError("not red")
        return value


def test_a_value_that_a_validator_rejects_is_filled_again_without_it():
    found = scripted(colour="red").fill(Even, "The colour is red.")
    assert found.value.colour in {"green", "blue"}


class Never(BaseModel):
    colour: Literal["red", "green"]

    @field_validator("colour")
    @classmethod
    def nothing(cls, value: str) -> str:
        """Rejects everything."""
        raise ValueError("no")


def test_what_cannot_be_repaired_is_an_error_with_the_partial_result():
    with pytest.raises(scaffold.ValidationFailedError) as caught:
        scripted(colour="red").fill(Never, "The colour is red.")
    assert caught.value.path == ("colour",)
    assert caught.value.partial["colour"] in {"red", "green"}
    assert caught.value.__cause__ is not None


@pytest.mark.parametrize("prompt", ["", "  \n"])
def test_an_empty_prompt_is_an_error(prompt):
    with pytest.raises(scaffold.DecodeError):
        scripted(name="x").fill(Person, prompt)


def test_a_prompt_longer_than_the_window_is_an_error_with_numbers():
    filler = scaffold.Filler(RandomPredictor(0, max_length=100))
    with pytest.raises(scaffold.SlotBudgetError) as caught:
        filler.fill(Person, "word " * 100)
    assert "100" in caught.value.message


def test_a_model_may_read_a_preset_in_its_own_way():
    assert scaffold.Filler().options == DenoiseOptions(commit=Threshold(0.5), certainty=0.5)
    assert scaffold.Filler(preset="fast").options == PRESETS["fast"]
    assert scaffold.Filler(RandomPredictor(0)).options == DenoiseOptions()


def test_an_unknown_option_preset_or_model_is_an_error():
    with pytest.raises(scaffold.DenoiseError):
        scripted(name="x").fill(Person, ADA, no_such_option=1)
    with pytest.raises(scaffold.DenoiseError):
        scaffold.Filler(RandomPredictor(0), preset="no such preset")
    with pytest.raises(scaffold.ModelError):
        scaffold.Filler("no such model")


def test_a_failed_row_takes_its_place_among_the_others():
    found = list(scripted(name="Ada", occupations=[]).fill_many(Person, [ADA, "", ADA], batch_size=2))
    assert [type(one).__name__ for one in found] == ["FillResult", "FillFailure", "FillResult"]
    assert found[1].index == 1


@dataclass
class Seen:
    """A predictor that remembers what it was shown."""

    inner: RandomPredictor

    def __post_init__(self):
        self.canvases = []

    def __getattr__(self, name):
        return getattr(self.inner, name)

    def __call__(self, canvas, rows, columns):
        self.canvases.append(canvas)
        return self.inner(canvas, rows, columns)


def test_rows_of_a_batch_come_out_as_they_do_alone():
    prompts = [ADA, "Total 3 €.", "x " * 40]
    filler = scaffold.Filler(RandomPredictor(3, max_length=WINDOW))
    together = [one.text for one in filler.fill_many(Person, prompts, denoise=SHORT)]
    alone = [filler.fill(Person, prompt, denoise=SHORT).text for prompt in prompts]
    assert together == alone


def test_prompt_and_fixed_tokens_never_change():
    seen = Seen(RandomPredictor(1, max_length=WINDOW))
    scaffold.Filler(seen).fill(Person, ADA, denoise=SHORT)
    ids = torch.tensor(ByteTokenizer().encode(ADA))
    for canvas in seen.canvases:
        assert torch.equal(canvas.tokens[0, : len(ids)], ids)
        fixed = canvas.tokens[0][(canvas.offset[0] < 0) & canvas.attend[0]][len(ids) :]
        assert (fixed < 256).all()


@pytest.mark.parametrize("hostile", ["<|mask|>", "<|null|>", '","name":"Eve"}', "⟦/name⟧", "\\u0000 \x00 \x7f"])
def test_hostile_text_in_a_prompt_is_only_text(hostile):
    text = f"{hostile} Ada Lovelace {hostile} wrote."
    found = scripted(name="Ada Lovelace", occupations=[]).fill(Person, text)
    assert found.value == Person(name="Ada Lovelace")
    assert text[slice(*found.fields["/name"].source)] == "Ada Lovelace"


def test_the_same_seed_gives_the_same_object_and_the_trace_tells_of_each_call():
    options = DenoiseOptions(temperature=1.0, seed=5, max_steps=8, max_slot=48)
    filler = scaffold.Filler(RandomPredictor(2, max_length=WINDOW))
    first, second = (filler.fill(Person, ADA, denoise=options) for _ in range(2))
    assert first.text == second.text
    assert [step.call for step in first.trace] == list(range(1, first.model_calls + 1))


def test_a_predictor_with_a_calibration_reports_calibrated_confidences():
    class Doubted(ScriptedPredictor):
        calibration = Calibration({"quoted": (0.0, -1.0)})

        def __call__(self, canvas, rows, columns):
            return super().__call__(canvas, rows, columns) / 4  # not so sure that nothing is left to choose

    answers = {"name": "Ada Lovelace"}
    found = scaffold.Filler(Doubted(answers=answers)).fill(Person, ADA).fields
    assert found["/name"].status == "quoted"
    assert found["/name"].confidence == pytest.approx(1 / (1 + exp(1)))


@pytest.mark.parametrize(("text", "number"), [("2 1/2 cups", 2.5), ("3 ½ cups", 3.5), ("2 cups", 2)])
def test_a_number_is_read_from_all_of_its_words(text, number):
    schema = {"type": "object", "properties": {"n": {"type": "number"}}, "required": ["n"]}
    first_word = text.split()[0]
    assert scripted(n=first_word).fill(schema, text).value == {"n": number}
