"""Voting per field over the steps of a fill, and what the steps say about it."""

import json
from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, field_validator

import scaffold
from scaffold.decode.order import slot_orders, tokens_per_call
from scaffold.decode.votes import VOTES
from scaffold.denoise.commits import Even, Threshold
from scaffold.denoise.options import DenoiseOptions
from scaffold.evals.soundness import PROMPTS, WINDOW, rejected
from scaffold.testing import RandomPredictor, ScriptedPredictor, strategies

TEXT = "Ada and Bob and Cyd and Dan were born in 1815."
ONE_BY_ONE = DenoiseOptions(commit=Even(4))
SHORT = DenoiseOptions(commit=Even(6), max_steps=8, max_slot=48)


class Four(BaseModel):
    a: str
    b: str
    c: str
    d: str


class Optional(BaseModel):
    a: str
    b: str
    c: str
    born: int | None = None


@dataclass
class Wavering:
    """Answers each call from the next script, the last one for good; less sure of it the greater `doubt` is."""

    scripts: list
    doubt: float = 1.0

    def __post_init__(self):
        self.inner, self.calls = ScriptedPredictor(answers={}), 0

    def __getattr__(self, name):
        return getattr(self.inner, name)

    def __call__(self, canvas, rows, columns):
        script = self.scripts[min(self.calls, len(self.scripts) - 1)]
        self.calls += 1
        return ScriptedPredictor(answers=script)(canvas, rows, columns) / self.doubt


def names(d):
    return {"a": "Ada", "b": "Bob", "c": "Cyd", "d": d}


def filled(target, scripts, *, doubt=1.0, **options):
    return scaffold.Filler(Wavering(scripts, doubt)).fill(target, TEXT, **{"denoise": ONE_BY_ONE, **options})


@pytest.mark.parametrize(("vote", "expected"), [("last", "Dan"), ("uniform", "Ada"), ("linear", "Ada")])
def test_the_elected_answer_stands_in_the_object(vote, expected):
    found = filled(Four, [names("Ada")] * 3 + [names("Dan")], vote=vote)
    assert found.value == Four(**names(expected))
    assert json.loads(found.text)["d"] == expected
    leaf = found.fields["/d"]
    assert TEXT[slice(*leaf.source)] == expected


def test_exponential_weights_listen_to_the_last_steps():
    assert filled(Four, [names("Ada")] * 3 + [names("Dan")], vote="exponential").value.d == "Dan"


@pytest.mark.parametrize("vote", VOTES)
def test_a_vote_costs_no_model_call(vote):
    scripts = [names("Ada"), names("Bob"), names("Cyd"), names("Dan")]
    assert filled(Four, scripts, vote=vote).model_calls == filled(Four, scripts).model_calls == 4


@pytest.mark.parametrize("vote", VOTES)
def test_where_every_step_agrees_a_vote_changes_nothing(vote):
    same = filled(Four, [names("Dan")])
    found = filled(Four, [names("Dan")], vote=vote)
    assert (found.value, found.fields) == (same.value, same.fields)


class Picky(Four):
    @field_validator("d")
    @classmethod
    def not_ada(cls, value: str) -> str:
        """A rule that no schema states."""
        if value == "Ada":
            raise ValueError("not Ada")
        return value


def test_an_elected_object_that_is_not_valid_gives_way_to_the_last_one():
    found = filled(Picky, [names("Ada")] * 3 + [names("Dan")], vote="uniform")
    assert found.value == Picky(**names("Dan"))
    assert found.model_calls == 4


@pytest.mark.parametrize(("years", "vote", "expected"), [
    (["1815"] * 3 + [""], "last", None),
    (["1815"] * 3 + [""], "uniform", 1815),
    ([""] * 3 + ["1815"], "last", 1815),
    ([""] * 3 + ["1815"], "uniform", None),
])  # fmt: skip
def test_whether_an_optional_part_is_there_is_voted_on(years, vote, expected):
    scripts = [{"a": "Ada", "b": "Bob", "c": "Cyd", "born": year} for year in years]
    waiting = DenoiseOptions(commit=Even(4), certainty=1.0)
    found = filled(Optional, scripts, doubt=24 / 7, vote=vote, denoise=waiting)
    assert found.value.born == expected
    assert Optional.model_validate_json(found.text) == found.value


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(strategies.schemas(max_leaves=4), st.integers(0, 1000), st.sampled_from(VOTES), st.sampled_from(PROMPTS))
def test_an_elected_object_is_valid_whatever_the_model_says(schema, seed, vote, prompt):
    filler = scaffold.Filler(RandomPredictor(seed, max_length=WINDOW))
    try:
        (found,) = filler.fill_many(schema, [prompt], denoise=SHORT, vote=vote)
    except scaffold.SchemaError:
        return
    if isinstance(found, scaffold.FillResult):
        assert rejected(schema, json.loads(found.text)) is None


def test_known_values_are_not_voted_on():
    found = filled(Four, [names("Ada")] * 3 + [names("Dan")], vote="uniform", known={"d": "Cyd"})
    assert found.value.d == "Cyd"
    assert found.fields["/d"].status == "known"


def test_an_unknown_vote_is_an_error():
    with pytest.raises(scaffold.DenoiseError):
        filled(Four, [names("Ada")], vote="loudest")


def test_each_step_tells_how_every_field_would_be_answered():
    steps = []
    filled(Four, [names("Ada")] * 3 + [names("Dan")], on_step=steps.append)
    assert [step.guess["/d"] for step in steps] == ['"Ada"'] * 3 + ['"Dan"']
    assert all(step.guess["/a"] == '"Ada"' for step in steps)


@pytest.mark.parametrize("vote", VOTES)
def test_the_beginning_of_a_long_text_is_no_answer(vote):
    long, steps = "word " * 30 + "end", []
    filler = scaffold.Filler(ScriptedPredictor(answers=names(long)))
    found = filler.fill(Four, TEXT, denoise=ONE_BY_ONE, strings="free", vote=vote, on_step=steps.append)
    assert found.value.d == long
    assert "/d" not in steps[0].guess
    assert {step.guess.get("/d") for step in steps} == {None, json.dumps(long)}


def test_a_trace_holds_every_content_position_once():
    options = DenoiseOptions(commit=Threshold(2.0), max_slot=16)
    filler = scaffold.Filler(ScriptedPredictor(answers=names("Dan")))
    found = filler.fill(Four, TEXT, denoise=options, strings="free")
    orders = slot_orders(found.trace)
    assert {name: sorted(order) for name, order in orders.items()} == {f"/{k}": [0, 1, 2] for k in "abcd"}
    assert sum(tokens_per_call(found.trace)) == 12
    assert max(tokens_per_call(found.trace)) == 1
