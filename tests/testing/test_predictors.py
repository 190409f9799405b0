from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from scaffold.denoise.canvas import Canvas
from scaffold.denoise.predictor import MaskPredictor
from scaffold.testing import AdversarialPredictor, ByteTokenizer, RandomPredictor, ScriptedPredictor
from scaffold.tokenizer import Tokenizer

PREDICTORS = [RandomPredictor(7), AdversarialPredictor(7), ScriptedPredictor(answers={"a": "xy", "b": ["1", "2"]})]
MASK, NULL = 256, 257


def canvas_of(*rows: str, prompt: str = 'P "a": ', padding: int = 0) -> Canvas:
    """A canvas of byte tokens; `_` is an open slot position."""
    ids, offsets, width = [], [], max(len((prompt + row).encode()) for row in rows) + padding
    for row in rows:
        spelled = [MASK if byte == ord("_") else byte for byte in (prompt + row).encode()]
        offset: list[int] = []
        for token in spelled:
            offset.append((offset[-1] if offset else -1) + 1 if token == MASK else -1)
        ids.append(spelled + [0] * (width - len(spelled)))
        offsets.append(offset + [-1] * (width - len(spelled)))
    tokens, at = torch.tensor(ids), torch.tensor(offsets)
    lengths = torch.tensor([[len((prompt + row).encode())] for row in rows])
    columns = torch.arange(width)[None, :]
    source = (columns < len(prompt.encode())).expand(len(rows), -1)
    return Canvas(tokens, tokens == MASK, columns < lengths, at, source)


def predicted(predictor: Any, canvas: Canvas) -> list[int]:
    rows, columns = canvas.masked.nonzero(as_tuple=True)
    return predictor(canvas, rows, columns).argmax(-1).tolist()


@pytest.mark.parametrize("predictor", PREDICTORS, ids=lambda p: type(p).__name__)
def test_stand_ins_are_predictors(predictor):
    assert isinstance(predictor, MaskPredictor)
    assert (predictor.mask_id, predictor.null_id) == (MASK, NULL)
    assert predictor.prompt("é") == ((0xC3, 0xA9, 10), 0, 2)


@pytest.mark.parametrize("predictor", PREDICTORS, ids=lambda p: type(p).__name__)
@given(others=st.lists(st.sampled_from(['{"b":_}', '{"a":"____","c":__}', "_"]), max_size=3), padding=st.integers(0, 5))
def test_a_row_is_predicted_alike_in_any_batch_and_at_any_padding(predictor, others, padding):
    row = '{"a":"___","b":_}'
    alone, batch = canvas_of(row), canvas_of(row, *others, padding=padding)
    at = alone.masked.nonzero(as_tuple=True)
    assert torch.equal(predictor(alone, *at), predictor(batch, *at))


@pytest.mark.parametrize("kind", [RandomPredictor, AdversarialPredictor])
def test_the_seed_and_the_row_decide_the_logits(kind):
    canvas, other = canvas_of('{"a":"____"}'), canvas_of('{"b":"____"}')
    at = canvas.masked.nonzero(as_tuple=True)
    assert torch.equal(kind(1)(canvas, *at), kind(1)(canvas, *at))
    assert not torch.equal(kind(1)(canvas, *at), kind(2)(canvas, *at))
    assert not torch.equal(kind(1)(canvas, *at), kind(1)(other, *at))


def test_random_predictions_are_null_at_about_a_third_of_all_positions():
    share = predicted(RandomPredictor(3), canvas_of("_" * 600)).count(NULL) / 600
    assert 0.25 < share < 0.42


def test_adversarial_predictions_would_break_any_document():
    chosen = predicted(AdversarialPredictor(3), canvas_of("_" * 400))
    assert all(i in {ord('"'), ord("\\"), MASK, NULL} or i < 0x20 or 0x80 <= i < 256 for i in chosen)
    assert {ord('"'), ord("\\"), MASK, NULL} <= set(predicted(AdversarialPredictor(3), canvas_of("_" * 4000)))


def test_a_script_answers_each_slot_by_the_key_before_it_and_then_null():
    canvas = canvas_of('{"a":/* "b": */"____","b":[_,__],"c":"_"}')
    script = ScriptedPredictor(answers={"a": "xy", "b": ["1", "22"], "c": ""})
    assert predicted(script, canvas) == [*b"xy", NULL, NULL, *b"1", *b"22", NULL]


def test_a_script_knows_a_slot_by_its_place_when_part_of_it_is_committed():
    canvas = canvas_of('{"a":"____"}')
    first = int(canvas.masked[0].nonzero()[0])
    chosen = torch.zeros_like(canvas.masked)
    chosen[0, first] = True
    later = canvas.commit(chosen, torch.full_like(canvas.tokens, ord("q")))
    assert predicted(ScriptedPredictor(answers={"a": "xyz"}), later) == [*b"yz", NULL]


def test_a_slot_too_short_for_its_answer_gets_the_start_of_it():
    assert predicted(ScriptedPredictor(answers={"a": "xyz", "b": "1"}), canvas_of('{"a":"__","b":_}')) == [*b"xy1"]


@given(st.text())
def test_the_byte_tokenizer_spells_every_text(text):
    tokenizer = ByteTokenizer()
    ids = tokenizer.encode(text)
    assert tokenizer.decode(ids) == text
    assert b"".join(tokenizer.token_bytes[i] for i in ids) == text.encode()
    assert not set(ids) & {MASK, NULL}


def test_the_byte_tokenizer_is_a_tokenizer_with_a_short_name():
    assert isinstance(ByteTokenizer(), Tokenizer)

    assert len(ByteTokenizer().fingerprint) == 12
