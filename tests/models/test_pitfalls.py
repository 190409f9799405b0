"""What goes wrong elsewhere when diffusion models fill text (kept in the order in which others met it).

1 padding, 2 order of a batch, 6 kept keys: test_engine. 9 an end of text inside a value: test_nulls.
10 weights: test_load. The others are here.
"""

from dataclasses import dataclass, field, replace
from typing import Any

import pytest
import replicas
import torch
from canvases import asked, canvas_of

import scaffold
from scaffold.denoise.canvas import Canvas
from scaffold.errors import ModelError
from scaffold.models.load import load

SCHEMA = {
    "type": "object",
    "properties": {"name": {"type": "string", "maxLength": 6}, "kind": {"enum": ["red", "green", "blue"]}},
    "required": ["name", "kind"],
}
WRITERS = {"LLaDA": replicas.llada, "Dream": replicas.dream, "SDAR": replicas.sdar}


@dataclass
class Watched:
    """A predictor that keeps every canvas it is shown."""

    inner: Any
    seen: list[Canvas] = field(default_factory=list)

    def __getattr__(self, name):
        return getattr(self.inner, name)

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
        self.seen.append(canvas)
        return self.inner(canvas, rows, columns)


@pytest.mark.parametrize("name", WRITERS)
def test_3_a_prompt_that_quotes_special_tokens_is_ordinary_text(name, tmp_path):
    WRITERS[name](tmp_path)
    model = Watched(load(str(tmp_path), "cpu"))
    quoted = [model.tokenizer.text_of(model.mask_id), model.tokenizer.text_of(model.null_id), "<|im_end|>"]
    text = f"She wrote {' and '.join(quoted)} on the wall."
    ids, start, stop = model.prompt(text)
    spelled = b"".join(model.tokenizer.token_bytes[number] for number in ids[start:stop])
    assert spelled.decode() == text
    found = scaffold.Filler(model=model, preset="fast").fill(SCHEMA, text)
    assert found.value["kind"] in {"red", "green", "blue"}
    for canvas in model.seen:
        assert canvas.tokens[0, :stop].tolist() == list(ids[:stop])
        assert not canvas.masked[0, :stop].any()


@pytest.mark.parametrize("name", WRITERS)
def test_4_fixed_tokens_stay_what_they_are_to_the_last_call(name, tmp_path):
    WRITERS[name](tmp_path)
    model = Watched(load(str(tmp_path), "cpu"))
    scaffold.Filler(model=model).fill(SCHEMA, "Ada painted it red.")
    canvases = [c for c in model.seen if c.offset.shape == model.seen[-1].offset.shape]
    canvases = [c for c in canvases if torch.equal(c.offset, model.seen[-1].offset)]
    is_fixed = canvases[-1].offset < 0
    assert len(canvases) > 1
    assert all(torch.equal(c.tokens[is_fixed], canvases[0].tokens[is_fixed]) for c in canvases)


@pytest.mark.parametrize("name", WRITERS)
def test_5_surplus_mask_padding_and_start_never_stand_in_a_slot(name, tmp_path):
    WRITERS[name](tmp_path)
    model = load(str(tmp_path), "cpu")
    canvas = canvas_of(model)
    best = model(canvas, *asked(canvas))
    legal = {i for i, piece in enumerate(model.tokenizer.token_bytes) if piece} | {model.null_id}
    assert len(model.tokenizer.token_bytes) == 320
    assert set(best.topk(len(legal), dim=-1).indices.flatten().tolist()) <= legal


def test_7_a_slot_right_behind_the_prompt_works_in_a_shifted_model_and_one_at_the_start_is_refused(tmp_path):
    reference = replicas.dream(tmp_path)
    model = load(str(tmp_path), "cpu")
    canvas = canvas_of(model, 20, 1, ((1, 5),))
    rows, columns = asked(canvas)
    expected = reference.logits(canvas.tokens[0], torch.ones(20, 20, dtype=torch.bool))[columns - 1]
    torch.testing.assert_close(model(canvas, rows, columns)[:, :256].double(), expected[:, :256], atol=1e-5, rtol=0)
    at_start = canvas_of(model, 20, 1, ((0, 5),))
    with pytest.raises(ModelError):
        model(at_start, *asked(at_start))
    padded = replace(at_start, attend=torch.arange(20)[None] >= 0)
    with pytest.raises(ModelError):
        model(padded, *asked(padded))


@pytest.mark.parametrize("name", WRITERS)
def test_8_a_row_that_is_done_early_is_what_it_would_be_alone(name, tmp_path):
    WRITERS[name](tmp_path)
    filler = scaffold.Filler(model=load(str(tmp_path), "cpu"))
    texts = ["Red.", "Ada painted a house in London green, and then all of it blue again.", "It is blue."]
    together = [found.text for found in filler.fill_many(SCHEMA, texts)]
    backwards = [found.text for found in filler.fill_many(SCHEMA, texts[::-1])]
    alone = [filler.fill(SCHEMA, text).text for text in texts]
    assert together == alone
    assert backwards == alone[::-1]
