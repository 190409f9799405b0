"""A diffusion model that drafts and a causal one that writes; and a causal one alone."""

import json
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Annotated

import large_replicas
import pytest
import torch
from fills import Watched
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, Field

import scaffold
from scaffold.constraints.slot_automaton import compile_slot
from scaffold.denoise.capabilities import Capabilities
from scaffold.denoise.options import DenoiseOptions
from scaffold.denoise.regions.slot_by_slot import SlotBySlot
from scaffold.denoise.row import OPEN
from scaffold.layout.pointers import slots_at
from scaffold.models.load import load
from scaffold.testing import RandomPredictor, ScriptedPredictor

TEXT = "Ada Lovelace wrote the first program, in 1843."
SHORT = DenoiseOptions(max_slot=16, max_steps=200)


class Note(BaseModel):
    """Something of each kind: a short text, a number, a long text, and one in a list."""

    name: Annotated[str, Field(max_length=12)]
    year: int | None
    summary: str
    remark: str | None
    parts: list[str]


ANSWERS = {"name": "Ada", "year": "1843", "summary": "a draft", "parts": ["one", "two"]}


@dataclass(frozen=True)
class Causal(RandomPredictor):
    """Knows of the first open position alone, and only what stands before it."""

    words: str = ""

    @property
    def capabilities(self):
        return Capabilities("stand-in", sees_later=False, is_sequential=True)

    def prompt_with_form(self, text, form):
        return self.prompt(text)

    def __call__(self, canvas, rows, columns):
        first = (canvas.masked & canvas.attend).long().argmax(1)
        places = torch.arange(canvas.tokens.shape[1])
        shown = replace(canvas, attend=canvas.attend & (places < first[:, None]))
        found = super().__call__(shown, rows, columns) if not self.words else self._said(canvas, rows, columns)
        found[columns != first[rows]] = 0.0
        return found

    def _said(self, canvas, rows, columns):
        ids = (*self.words.encode(), self.null_id)
        found = torch.zeros(len(rows), len(self.tokenizer.token_bytes))
        for index, (row, column) in enumerate(zip(rows.tolist(), columns.tolist(), strict=True)):
            found[index, ids[min(int(canvas.offset[row, column]), len(ids) - 1)]] = 20.0
        return found


def hybrid(writer, **fields):
    return scaffold.Hybrid(scaffold.Filler(ScriptedPredictor(ANSWERS)), scaffold.Filler(writer), **fields)


def test_the_writer_writes_long_texts_and_nothing_else():
    found = hybrid(Causal(words="in my own words")).fill(Note, TEXT)
    assert found.value == Note(
        name="Ada", year=1843, summary="in my own words", remark=None, parts=["in my own words", "in my own words"]
    )
    assert found.fields["/summary"].status == "generated"
    assert found.fields["/name"].status != "known"
    assert [step.call for step in found.trace] == list(range(1, found.model_calls + 1))
    assert found.model["writer"]["family"] == "stand-in"


def test_only_the_fields_that_are_named_are_written():
    found = hybrid(Causal(words="words"), fields=("/parts/*", "/name")).fill(Note, TEXT)
    assert found.value == Note(name="words", year=1843, summary="a draft", remark=None, parts=["words", "words"])


def test_a_field_that_is_not_there_is_refused():
    with pytest.raises(scaffold.DenoiseError):
        hybrid(Causal(), fields=("/sumary",)).fill(Note, TEXT)


def test_where_nothing_long_was_drafted_the_writer_is_not_asked():
    writer = Watched(Causal())
    found = hybrid(writer, long=10**6, fields=()).fill({"type": "string", "maxLength": 9}, TEXT)
    assert isinstance(found.value, str)
    assert writer.canvases == []


def test_what_is_there_and_what_is_not_stays_so_when_texts_are_rewritten():
    filler = scaffold.Filler(Causal(words=""), preset="balanced")
    value = Note(name="Ada", year=None, summary="old", remark=None, parts=["x"])
    found = filler.rewrite(Note, value, TEXT, ["/summary", "/parts/0"], denoise=SHORT, on_overflow="cut")
    assert found.value.model_copy(update={"summary": "old", "parts": ["x"]}) == value
    assert found.value.summary
    assert len(found.value.parts) == 1
    with pytest.raises(scaffold.LayoutError):
        filler.rewrite(Note, value, TEXT, ["/remark"])


@settings(max_examples=25)
@given(st.integers(0, 10**6))
def test_any_writer_leaves_what_it_may_not_write_and_gives_a_valid_object(seed):
    writer = Watched(Causal(seed, max_length=900))
    drafter = scaffold.Filler(ScriptedPredictor(ANSWERS))
    both = scaffold.Hybrid(drafter, scaffold.Filler(writer))
    both.writer.options = SHORT
    found = both.fill(Note, TEXT, on_overflow="cut", repair_rounds=0)
    drafted = drafter.fill(Note, TEXT).value
    assert Note.model_validate(json.loads(found.text)) == found.value
    kept = {"summary": drafted.summary, "parts": drafted.parts}
    assert found.value.model_copy(update=kept) == drafted
    assert len(found.value.parts) == len(drafted.parts)


CODED = {
    "type": "object",
    "properties": {"code": {"type": "string", "pattern": "^[a-c]{2,5}x$"}, "kind": {"enum": ["red", "green"]}},
    "required": ["code", "kind"],
    "additionalProperties": False,
}


@dataclass
class Heard(Watched):
    """A predictor that also keeps what it said."""

    said: list = field(default_factory=list)

    def __call__(self, canvas, rows, columns):
        found = super().__call__(canvas, rows, columns)
        self.said.append((canvas, columns, found))
        return found


@pytest.mark.parametrize("seed", range(3))
def test_a_causal_model_alone_takes_its_best_legal_token_at_the_first_open_position(seed):
    model = Heard(Causal(seed))
    found = scaffold.Filler(model).fill(CODED, TEXT, strings="free", denoise=DenoiseOptions(null_tail=1.0))
    assert found.model_calls == len(model.said) > 3
    for (canvas, columns, said), (after, *_) in pairwise(model.said):
        changed = (after.tokens != canvas.tokens)[0].nonzero()[:, 0].tolist()
        first = int((canvas.masked & canvas.attend)[0].long().argmax())
        assert changed[0] == first
        assert all(int(after.tokens[0, column]) == model.null_id for column in changed[1:])
        logits, legal = said[columns == first][0], legal_tokens(canvas, first, model)
        assert logits[int(after.tokens[0, first])] == logits[legal].max()


def legal_tokens(canvas, at, model):
    """The tokens after which the slot around a column can still be completed."""
    offsets = canvas.offset[0].tolist()
    begin = at - offsets[at]
    end = next((k for k in range(begin + 1, len(offsets)) if offsets[k] != k - begin), len(offsets))
    name = list(CODED["properties"])[offsets[:begin].count(0)]
    (slot,) = slots_at(scaffold.compile(CODED).layout, [name])
    automaton = compile_slot(slot, model.tokenizer, model.null_id)
    before = canvas.tokens[0, begin:at].tolist()
    rest = (OPEN,) * (end - at - 1)
    return [t for t in range(len(automaton.token_class)) if automaton.completes((*before, t, *rest))]


def test_a_causal_model_is_not_told_to_write_in_another_order():
    with pytest.raises(scaffold.DenoiseError):
        scaffold.Filler(Causal()).fill(CODED, TEXT, denoise=DenoiseOptions(region=SlotBySlot()))


def test_a_network_of_the_hub_writes_behind_a_draft(tmp_path):
    large_replicas.causal(tmp_path)
    writer = scaffold.Filler(load(str(tmp_path), "cpu"))
    writer.options = SHORT
    found = scaffold.Hybrid(scaffold.Filler(ScriptedPredictor(ANSWERS)), writer).fill(Note, TEXT, on_overflow="cut")
    assert found.value.name == "Ada"
    assert found.value.summary != "a draft"
    assert found.value.summary
