"""Large answers: nothing is cut silently, and what does not fit is said with numbers."""

import math
from dataclasses import dataclass
from time import process_time

import pytest
import torch
from byte_model import ByteModel

import scaffold
from scaffold.denoise.options import DenoiseOptions
from scaffold.testing import RandomPredictor, ScriptedPredictor

TEXT = "A text that says nothing of what is asked."
LONG = "word " * 30 + "end"
NOTE = {"type": "object", "properties": {"note": {"type": "string"}}, "required": ["note"]}


@dataclass
class KeysAndValues(ByteModel):
    """Says one text after the other: slot k of a canvas holds `texts[k]`, and slots beyond the last are null."""

    texts: list[str]

    def __call__(self, canvas, rows, columns):
        logits = torch.zeros(len(rows), 258)
        slots = (canvas.offset == 0).cumsum(1) - 1
        for at, (row, column) in enumerate(zip(rows.tolist(), columns.tolist(), strict=True)):
            slot, offset = int(slots[row, column]), int(canvas.offset[row, column])
            ids = self.texts[slot].encode() if slot < len(self.texts) else b""
            logits[at, ids[offset] if offset < len(ids) else self.null_id] = 24.0
        return logits


def scripted(window=1 << 16, **answers):
    return scaffold.Filler(ScriptedPredictor(answers, max_length=window))


def test_a_text_beyond_the_largest_slot_is_an_error_that_names_the_field_and_the_limit():
    with pytest.raises(scaffold.SlotBudgetError) as caught:
        scripted(note=LONG).fill(NOTE, TEXT, denoise=DenoiseOptions(max_slot=50))
    assert caught.value.path == ("note",)
    assert "50" in caught.value.message
    assert "max_slot" in caught.value.hint


def test_more_items_than_any_window_has_tokens_are_refused_before_they_are_written():
    compiled = scaffold.compile({"type": "array", "minItems": 10**20})
    begun = process_time()
    with pytest.raises(scaffold.SlotBudgetError):
        compiled.cost()
    assert process_time() - begun < 0.5  # half a million items take three times as long to write


def test_a_text_beyond_the_window_is_an_error_that_names_the_field_and_the_window():
    with pytest.raises(scaffold.SlotBudgetError) as caught:
        scripted(window=140, note=LONG).fill(NOTE, TEXT)
    assert caught.value.path == ("note",)
    assert "140" in caught.value.message


@pytest.mark.parametrize("size", [5, 11, 12, 13, 23, 24, 25, 48, 100, 2000])
def test_a_text_that_fits_is_whole(size):
    text = ("word " * size)[: size - 1] + "!"
    found = scripted(note=text).fill(NOTE, TEXT, denoise=DenoiseOptions(max_slot=4096))
    assert found.value == {"note": text}


def test_the_last_free_positions_of_the_window_are_used_before_a_text_is_given_up():
    fixed = len(TEXT) + 1 + len('{"note":""}')
    found = scripted(window=fixed + len(LONG) + 1, note=LONG).fill(NOTE, TEXT)
    assert found.value == {"note": LONG}


@pytest.mark.parametrize(
    ("node", "answer"),
    [
        ({"type": "integer"}, "7" * 12),
        ({"type": "number"}, "0." + "3" * 14),
        ({"type": ["string", "integer"]}, f'"{"x" * 60}"'),
        ({"type": "string", "maxLength": 99}, "x" * 60),
        ({"type": "string", "pattern": "^[a-z]+$"}, "x" * 60),
    ],
)
def test_no_kind_of_open_value_is_cut_silently(node, answer):
    schema = {"type": "object", "properties": {"note": node}, "required": ["note"]}
    with pytest.raises(scaffold.SlotBudgetError):
        scripted(note=answer).fill(schema, TEXT, denoise=DenoiseOptions(max_slot=8))


@pytest.mark.parametrize(
    ("node", "answer"),
    [
        ({"enum": ["US", "USA", "x" * 40]}, "US"),
        ({"type": "boolean"}, "true"),
        ({"type": "string", "pattern": "^[A-Z]{12}$"}, "ABCDEFGHIJKL"),
        ({"type": "string", "maxLength": 12}, "ABCDEFGHIJKL"),
        ({"type": ["string", "null", "integer"], "maxLength": 10}, '"ABCDEFGHIJ"'),
        ({"type": "integer", "minimum": 100, "maximum": 999}, "123"),
    ],
)
def test_a_value_that_can_be_no_longer_is_whole(node, answer):
    schema = {"type": "object", "properties": {"note": node}, "required": ["note"]}
    found = scripted(note=answer).fill(schema, TEXT, denoise=DenoiseOptions(max_slot=0), strings="free")
    assert str(found.value["note"]).lower() == answer.strip('"').lower()


def test_a_quotation_that_fills_its_slot_is_whole():
    text = "Report by Ada Lovelace on engines."
    found = scripted(note="Ada Lovelace").fill(NOTE, text, denoise=DenoiseOptions(max_slot=0), strings="quote")
    assert found.value == {"note": "Ada Lovelace"}


def test_a_caller_who_asks_for_the_beginning_gets_it_without_confidence():
    found = scripted(note=LONG).fill(NOTE, TEXT, denoise=DenoiseOptions(max_slot=50), on_overflow="cut")
    assert found.value == {"note": LONG[:50]}
    assert found.fields["/note"].confidence == 0
    assert found.needs_review(0.01) == ["/note"]


def test_a_text_cut_by_the_last_model_call_has_no_confidence():
    found = scripted(note=LONG).fill(NOTE, TEXT, denoise=DenoiseOptions(max_steps=2))
    assert LONG.startswith(found.value["note"])
    assert found.fields["/note"].confidence == 0


def test_what_becomes_of_an_overflow_is_one_of_the_values_offered():
    with pytest.raises(scaffold.DenoiseError):
        scripted(note="x").fill(NOTE, TEXT, on_overflow="ignore")


WORDS = {"type": "object", "properties": {"word": {"type": "array", "items": {"type": "string"}}}, "required": ["word"]}


@pytest.mark.parametrize("size", [0, 1, 2, 3, 7, 60, 300])
def test_the_model_calls_of_a_list_grow_with_the_logarithm_of_its_length(size):
    words = [f"w{i}" for i in range(size)]
    found = scripted(word=words).fill(WORDS, TEXT)
    assert found.value == {"word": words}
    assert found.model_calls <= 2 + 2 * math.log2(size + 2)


def test_a_list_holds_at_most_max_items():
    schema = {"type": "array", "items": {"type": "integer"}, "maxItems": 11}
    assert len(scripted(**{"": ["7"] * 50}).fill(schema, TEXT).value) == 11


def test_a_list_that_outgrows_the_window_is_an_error_that_names_it_and_the_window():
    with pytest.raises(scaffold.SlotBudgetError) as caught:
        scripted(window=300, word=["some words"] * 50).fill(WORDS, TEXT)
    assert caught.value.path == ("word",)
    assert "300" in caught.value.message


def test_a_list_uses_the_last_free_positions_of_the_window():
    size, item = 13, len('"",') + 12
    window = len(TEXT) + 1 + len('{"word":/* list */[]}') - 1 + (size + 1) * item
    found = scripted(window=window, word=["w"] * size).fill(WORDS, TEXT)
    assert found.value == {"word": ["w"] * size}


def test_a_caller_who_asks_for_the_beginning_of_a_list_gets_it():
    found = scripted(window=300, word=["some words"] * 50).fill(WORDS, TEXT, on_overflow="cut")
    assert found.value["word"] == ["some words"] * len(found.value["word"])
    assert len(found.value["word"]) > 5
    assert any("cut at" in note for step in found.trace for note in step.decided)


def test_an_optional_part_that_the_model_wants_is_not_left_out_for_want_of_room():
    chain = {"type": "object", "properties": {"word": {"type": "string"}, "next": {"$ref": "#"}}, "required": ["word"]}
    with pytest.raises(scaffold.SlotBudgetError) as caught:
        scripted(window=200, word=["w"] * 50).fill(chain, TEXT)
    assert set(caught.value.path) == {"next"}
    assert "200" in caught.value.message


def nested(depth):
    schema = {"type": "string"}
    for _ in range(depth):
        schema = {"type": "object", "properties": {"in": schema}, "required": ["in"], "additionalProperties": False}
    return schema


def test_objects_fifteen_levels_deep_are_filled():
    found = scripted(**{"in": "at the bottom"}).fill(nested(15), TEXT).value
    for _ in range(15):
        found = found["in"]
    assert found == "at the bottom"


def test_a_recursive_type_is_filled_to_fifteen_levels():
    chain = {"type": "object", "properties": {"word": {"type": "string"}, "next": {"$ref": "#"}}, "required": ["word"]}
    found = scripted(word=[f"w{i}" for i in range(15)]).fill(chain, TEXT)
    value, words = found.value, []
    while value:
        words.append(value["word"])
        value = value.get("next")
    assert words == [f"w{i}" for i in range(15)]
    assert found.model_calls <= 20


def test_a_free_form_map_takes_its_keys_from_the_model():
    schema = {"type": "object", "additionalProperties": {"type": "integer"}}
    names = [f"key{i}" for i in range(40)]
    found = KeysAndValues([part for i, name in enumerate(names) for part in (name, str(i))])
    assert scaffold.Filler(found).fill(schema, TEXT).value == {name: i for i, name in enumerate(names)}


def test_any_json_may_become_a_scalar_a_list_or_an_object():
    found = [
        scaffold.Filler(RandomPredictor(seed, max_length=400)).fill(True, TEXT, on_overflow="cut").value
        for seed in range(12)
    ]
    assert {type(value) for value in found} >= {dict, list, str}


def test_a_text_of_two_thousand_tokens_is_whole_without_being_asked_for():
    text = ("word " * 400)[:1999] + "!"
    assert scripted(note=text).fill(NOTE, TEXT).value == {"note": text}


def test_where_not_all_that_is_optional_fits_less_of_it_is_shown_until_it_is_asked_for():
    inner = {"type": "object", "properties": {f"field{n}": {"type": "string"} for n in range(30)}}
    schema = {"type": "object", "properties": {"word": inner, "more": inner, "note": {"type": "string"}}}
    found = scripted(window=1000, field0=["x", ""], field29=["y", ""]).fill(schema, TEXT)
    assert found.value == {"word": {"field0": "x", "field29": "y"}}
