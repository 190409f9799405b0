"""Large answers: nothing is cut silently, and what does not fit is said with numbers."""

import pytest

import scaffold
from scaffold.denoise.options import DenoiseOptions
from scaffold.testing import ScriptedPredictor

TEXT = "A text that says nothing of what is asked."
LONG = "word " * 30 + "end"
NOTE = {"type": "object", "properties": {"note": {"type": "string"}}, "required": ["note"]}


def scripted(window=1 << 16, **answers):
    return scaffold.Filler(ScriptedPredictor(answers, max_length=window))


def test_a_text_beyond_the_largest_slot_is_an_error_that_names_the_field_and_the_limit():
    with pytest.raises(scaffold.SlotBudgetError) as caught:
        scripted(note=LONG).fill(NOTE, TEXT, denoise=DenoiseOptions(max_slot=50))
    assert caught.value.path == ("note",)
    assert "50" in caught.value.message
    assert "max_slot" in caught.value.hint


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
