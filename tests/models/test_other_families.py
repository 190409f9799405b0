"""LLaDA2.x, masked encoders, DiffusionGemma, causal models, remote code and a state-space backbone."""

from dataclasses import replace

import large_replicas
import pytest
import torch
from canvases import asked, canvas_of, stacked
from reference_forward import in_blocks
from replicas import VOCABULARY, write_tokenizer

import scaffold
from scaffold.denoise.options import DenoiseOptions
from scaffold.errors import ModelError
from scaffold.models.chat import Framing
from scaffold.models.diffusion_gemma import noised
from scaffold.models.engine import Engine
from scaffold.models.hub_tokenizer import read_tokenizer
from scaffold.models.load import LoadOptions, load
from scaffold.models.masked_model import MaskedModel, Traits
from scaffold.models.network import memory_name
from scaffold.models.nulls import NullReader
from scaffold.models.special_ids import SpecialIds
from scaffold.models.state_space import StateSpace, StateSpaceNetwork
from scaffold.models.topology import Everything

SCHEMA = {
    "type": "object",
    "properties": {
        "kind": {"enum": ["red", "green"]},
        "name": {"type": "string", "maxLength": 5},
        "age": {"type": "integer"},
    },
    "required": ["kind", "name", "age"],
}
TEXT = "Ada Lovelace, aged 36, was born in London."


def is_text(model):
    return torch.tensor([bool(piece) for piece in model.tokenizer.token_bytes])


def fills(model):
    found = scaffold.Filler(model=model, device="cpu", preset="fast").fill(SCHEMA, TEXT)
    return (
        found.value["kind"] in {"red", "green"}
        and len(found.value["name"]) <= 5
        and isinstance(found.value["age"], int)
    )


def test_llada2_says_what_its_description_says(tmp_path):
    reference = large_replicas.llada2(tmp_path)
    model = load(str(tmp_path), "cpu")
    canvas = canvas_of(model, 70, 1, ((30, 36), (50, 60)))
    rows, columns = asked(canvas)
    expected = reference.logits(canvas.tokens[0], in_blocks(70, 32))[columns]
    found = model(canvas, rows, columns)
    torch.testing.assert_close(found[:, is_text(model)].double(), expected[:, is_text(model)], atol=1e-5, rtol=0)
    assert model.engine.reuse == "exact"
    torch.testing.assert_close(model(canvas, rows, columns), found, atol=1e-5, rtol=0)
    assert fills(model)


@pytest.mark.parametrize("kind", ["bert", "roberta", "modernbert"])
def test_a_masked_encoder_says_what_its_own_module_says(kind, tmp_path):
    module = large_replicas.encoder(tmp_path, kind)
    model = load(str(tmp_path), "cpu")
    canvas = canvas_of(model, 60)
    rows, columns = asked(canvas)
    places = torch.arange(60)[None] + (2 if kind == "roberta" else 0)
    with torch.no_grad():
        expected = module(input_ids=canvas.tokens, position_ids=places).logits[0][columns]
    found = model(canvas, rows, columns)
    torch.testing.assert_close(found[:, is_text(model)], expected[:, is_text(model)], atol=1e-5, rtol=0)
    padded = stacked([canvas, canvas_of(model, 40)], 5)
    again = model(padded, *asked(padded))[: len(found)]
    torch.testing.assert_close(again, found, atol=2e-5, rtol=0)
    assert fills(model)


def gemma_alone(module, canvas, first, heard=None):
    """One row through the module's own forward: context, then canvas."""
    from transformers import DynamicCache

    with torch.no_grad():
        return module(
            input_ids=canvas.tokens[:, :first],
            **{memory_name(module): DynamicCache(config=module.config.text_config)},
            decoder_input_ids=heard[0][None] if heard else canvas.tokens[:, first:],
            self_conditioning_logits=None if heard is None or heard[1] is None else heard[1][None],
        ).logits[0]


def test_diffusion_gemma_says_in_a_batch_what_its_own_forward_says_alone(tmp_path):
    module = large_replicas.diffusion_gemma(tmp_path)
    model = load(str(tmp_path), "cpu")
    one, other = canvas_of(model, 40, 1), canvas_of(model, 33, 2, ((12, 20),))
    both = stacked([one, other], 3)
    rows, columns = asked(both)
    found = model(both, rows, columns)
    for row, (canvas, first) in enumerate(((one, 8), (other, 12))):
        shown = noised(model.said[row].sight, VOCABULARY)
        expected = gemma_alone(module, canvas, first, (shown, None))[columns[rows == row] - first]
        said = found[rows == row]
        torch.testing.assert_close(said[:, is_text(model)], expected[:, is_text(model)], atol=2e-5, rtol=0)
        assert torch.equal(shown[~canvas.masked[0, first:]], canvas.tokens[0, first:][~canvas.masked[0, first:]])


def test_diffusion_gemma_hears_again_what_it_said_and_fixed_tokens_as_they_are(tmp_path):
    module = large_replicas.diffusion_gemma(tmp_path)
    model = load(str(tmp_path), "cpu")
    canvas = canvas_of(model, 30, 1, ((8, 14),))
    model(canvas, *asked(canvas))
    before = model.said[0].logits
    chosen = torch.zeros_like(canvas.masked).index_put((torch.tensor([0]), torch.tensor([9])), torch.tensor([True]))
    canvas = canvas.commit(chosen, torch.full_like(canvas.tokens, 65))
    found = model(canvas, *asked(canvas))
    heard = torch.full((22, VOCABULARY), -1e4).scatter(1, canvas.tokens[0, 8:, None], 0.0)
    heard[canvas.masked[0, 8:]] = before[[0, 2, 3, 4, 5]]
    shown = noised(model.said[0].sight, VOCABULARY)
    expected = gemma_alone(module, canvas, 8, (shown, heard))[asked(canvas)[1] - 8]
    torch.testing.assert_close(found[:, is_text(model)], expected[:, is_text(model)], atol=2e-5, rtol=0)
    assert fills(model)


def test_a_causal_model_speaks_of_the_first_open_position_and_is_not_shown_nulls(tmp_path):
    module = large_replicas.causal(tmp_path)
    model = load(str(tmp_path), "cpu")
    canvas = canvas_of(model, 40, 3, ((8, 12), (20, 24)))
    closing = torch.zeros_like(canvas.masked)
    closing[0, 9:12] = True
    canvas = canvas.commit(closing, torch.full_like(canvas.tokens, model.null_id))
    closing = torch.zeros_like(canvas.masked)
    closing[0, 8] = True
    canvas = canvas.commit(closing, torch.full_like(canvas.tokens, 66))
    rows, columns = asked(canvas)
    found = model(canvas, rows, columns)
    written = torch.cat((canvas.tokens[:, :9], canvas.tokens[:, 12:20]), 1)
    with torch.no_grad():
        expected = module(input_ids=written).logits[0, -1]
    text = is_text(model)
    torch.testing.assert_close(found[0, text], expected[text], atol=1e-5, rtol=0)
    assert (found[1:, text] == 0).all()
    assert not model.capabilities.sees_later
    assert fills(model)


def test_a_causal_model_keeps_its_keys_from_token_to_token(tmp_path):
    large_replicas.causal(tmp_path)
    model = load(str(tmp_path), "cpu")
    filler = scaffold.Filler(model=model, device="cpu")
    options = DenoiseOptions(max_steps=64)
    found = filler.fill(SCHEMA, TEXT, denoise=options)
    assert found.model_calls > 3
    prompt = len(model.prompt(TEXT)[0])
    assert model.inner.engine.computed < prompt + 30 * found.model_calls


def test_code_of_a_model_runs_only_if_the_caller_says_so(tmp_path):
    large_replicas.remote(tmp_path)
    with pytest.raises(ModelError):
        load(str(tmp_path), "cpu")
    model = load(str(tmp_path), "cpu", LoadOptions(allow_remote_code=True, is_probed=False))
    assert fills(model)


def test_a_recurrence_fits_the_seam_and_ignores_padding(tmp_path):
    ids = write_tokenizer(tmp_path, ("<|mask|>", "<|null|>"))
    tokenizer = read_tokenizer(tmp_path, VOCABULARY)
    special = SpecialIds(ids["<|mask|>"], (ids["<|null|>"],), "trained")
    torch.manual_seed(0)
    network = StateSpaceNetwork(StateSpace(VOCABULARY).eval())
    model = MaskedModel(
        Engine(network, torch.device("cpu")), tokenizer, special, Traits("state space", Everything(), False, 512),
        Framing("", "\n", ""), NullReader(tokenizer.token_bytes, special),
    )  # fmt: skip
    rows = [canvas_of(model, 40, 1), canvas_of(model, 29, 2, ((9, 12),))]
    both = stacked(rows, 4)
    alone = torch.cat([model(row, *asked(row)) for row in rows])
    torch.testing.assert_close(model(both, *asked(both)), alone, atol=1e-5, rtol=0)
    later = replace(rows[0], tokens=rows[0].tokens.clone().index_fill(1, torch.tensor([39]), 7))
    assert not torch.equal(model(later, *asked(later)), alone[:15])
    assert fills(model)
