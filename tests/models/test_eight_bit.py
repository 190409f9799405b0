"""Products of 8-bit integers: how far they are off, what they do not depend on, and who may have them."""

import pytest
import torch
from torch import nn
from transformers import BertConfig
from transformers.models.bert.modeling_bert import BertSelfAttention

import scaffold
from scaffold.errors import ModelError
from scaffold.models.eight_bit import MOST, EightBitAttention, EightBitLinear, EightBitMatrix, is_fast, to_eight_bit
from scaffold.models.embedded import embedded_folder, embedded_precision, load_embedded
from scaffold.models.load import LoadOptions, load
from scaffold.train.fit_decoding import fit_decoding

SCHEMA = {"type": "object", "properties": {"name": {"type": "string"}, "age": {"type": "integer"}}}
TEXT = "Ada Lovelace was 36."


def drawn(*shape, seed=0):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


@pytest.mark.parametrize("positions", [1, 7, 40])
def test_a_product_is_off_by_half_a_step_of_each_factor_at_most(positions):
    states, weight = drawn(positions, 48), drawn(20, 48, seed=1)
    found = EightBitMatrix.of(weight).product(states)
    state_step, weight_step = (x.abs().amax(-1, keepdim=True) / MOST / 2 for x in (states, weight))
    most = state_step * weight.abs().sum(-1) + states.abs().sum(-1, keepdim=True) * weight_step.T
    most += 48 * state_step * weight_step.T
    error = (found - states @ weight.T).abs()
    assert (error <= most + 1e-4).all()
    assert error.max() > 0


def test_what_stands_beside_a_position_does_not_change_its_product():
    matrix, states = EightBitMatrix.of(drawn(20, 48)), drawn(9, 48, seed=1)
    loud = torch.cat([1000 * drawn(5, 48, seed=2), states])
    assert torch.equal(matrix.product(loud)[5:], matrix.product(states))


def test_what_is_all_zero_stays_zero():
    assert torch.equal(EightBitMatrix.of(torch.zeros(3, 8)).product(torch.zeros(2, 8)), torch.zeros(2, 3))


def test_a_layer_keeps_its_weights_as_they_were():
    linear = nn.Linear(16, 8)
    layer = EightBitLinear(linear)
    assert layer.state_dict().keys() == linear.state_dict().keys()
    assert torch.equal(layer.weight, linear.weight)
    states = drawn(2, 3, 16)
    with torch.no_grad():
        assert torch.allclose(layer(states), linear(states), atol=0.05)


def test_one_product_for_queries_keys_and_values_is_the_same_attention():
    config = BertConfig(hidden_size=48, num_attention_heads=4, attention_probs_dropout_prob=0.0)
    config._attn_implementation = "sdpa"
    plain = BertSelfAttention(config).eval()
    states, attend = drawn(2, 9, 48), torch.ones(2, 1, 1, 9, dtype=torch.bool)
    attend[1, ..., 6:] = False
    joined = EightBitAttention(plain)
    assert joined.state_dict().keys() == plain.state_dict().keys()
    to_eight_bit(plain)
    with torch.no_grad():
        found, expected = joined(states, attend)[0], plain(states, attend.expand(2, 1, 9, 9))[0]
    assert torch.allclose(found[0], expected[0], atol=1e-5)
    assert torch.allclose(found[1, :6], expected[1, :6], atol=1e-5)
    assert not found[1, 6:].any()


def test_a_padded_row_attends_bit_for_bit_as_it_does_alone():
    config = BertConfig(hidden_size=48, num_attention_heads=4, attention_probs_dropout_prob=0.0)
    attention, states = EightBitAttention(BertSelfAttention(config).eval()), drawn(4, 40, 48)
    attend = torch.arange(40) < torch.tensor([[40], [17], [33], [17]])[:, None, None]
    with torch.no_grad():
        together = attention(states, attend)[0]
        for row, size in enumerate((40, 17, 33, 17)):
            assert torch.equal(together[row, :size], attention(states[row : row + 1, :size])[0][0])


def test_the_default_in_8_bits_is_the_same_model():
    whole = load("default", "cpu", LoadOptions(dtype=torch.float32))
    small = load("default", "cpu", LoadOptions(dtype=torch.int8))
    assert isinstance(small.network.body.encoder.layer[0].intermediate.dense, EightBitLinear)
    assert small.fingerprint == whole.fingerprint
    fills = [scaffold.Filler(model=one).fill(SCHEMA, TEXT) for one in (whole, small)]
    assert fills[0].text == fills[1].text


def test_what_is_filled_beside_a_row_does_not_change_how_sure_the_model_is():
    filler = scaffold.Filler(model=load("default", "cpu", LoadOptions(dtype=torch.int8)))
    texts = [TEXT, "The youngest of the four, Bo, is 7 years old by now, as everybody knows.", "Cy?", "Di, 90, and Ed"]
    together = list(filler.fill_many(SCHEMA, texts))
    alone = [filler.fill(SCHEMA, text) for text in texts]
    assert [one.text for one in together] == [one.text for one in alone]
    for one, other in zip(together, alone, strict=True):
        sure = ([field.confidence for field in result.fields.values()] for result in (one, other))
        assert next(sure) == pytest.approx(next(sure), abs=1e-5)


@pytest.mark.parametrize("dtype", [torch.int8, torch.bfloat16])
def test_the_default_fills_in_every_precision_it_offers(dtype):
    model = load("default", "cpu", LoadOptions(dtype=dtype))
    assert scaffold.Filler(model=model).fill(SCHEMA, TEXT).value["age"] == 36


def test_8_bits_are_chosen_where_the_processor_is_made_for_them(monkeypatch):
    cpu = torch.device("cpu")
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: {"avx2": True, "avx512_vnni": True}, raising=False)
    assert embedded_precision(cpu) == torch.int8
    assert not is_fast(torch.device("cuda"))
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: {"avx2": True, "avx512_vnni": False})
    assert embedded_precision(cpu) == torch.float32


@pytest.mark.parametrize(
    ("options", "named"),
    [
        (LoadOptions(compiled="eager", block_length=4), {"compiled", "block_length"}),
        (LoadOptions(quantization={"load_in_8bit": True}), {"quantization"}),
        (LoadOptions(dtype=torch.float16), {"torch.float16"}),
        (LoadOptions(revision="main"), {"'main'"}),
    ],
)
def test_an_option_that_is_not_for_the_default_is_refused_by_name(options, named):
    with pytest.raises(ModelError) as caught:
        load("default", "cpu", options)
    assert all(name in str(caught.value) for name in named)


def test_8_bits_are_refused_on_devices_that_cannot():
    with pytest.raises(ModelError):
        load_embedded(embedded_folder("default"), torch.device("cuda"), torch.int8)


def test_nothing_is_fitted_through_rounded_products(tmp_path):
    with pytest.raises(ModelError):
        fit_decoding(load("default", "cpu", LoadOptions(dtype=torch.int8)), tmp_path)
