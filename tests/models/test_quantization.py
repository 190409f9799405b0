"""8 bits through transformers' own options: the weights are what was asked for, and the model says nearly the same."""

import sys

import large_replicas
import pytest
import replicas
import torch
from canvases import asked, canvas_of

import scaffold
from scaffold.errors import ModelError
from scaffold.models.load import LoadOptions, load


def eight_bits():
    """Weights of linear layers as 8-bit integers; what matters here works without a GPU."""
    quantization = pytest.importorskip("torchao.quantization")
    from transformers import TorchAoConfig

    return TorchAoConfig(quantization.Int8WeightOnlyConfig())


@pytest.mark.filterwarnings("ignore")  # of torchao, while it is imported
@pytest.mark.parametrize("write", [replicas.llada, replicas.dream, replicas.sdar])
def test_a_model_in_8_bits_says_nearly_the_same_and_fills(write, tmp_path):
    write(tmp_path)
    whole, small = load(str(tmp_path), "cpu"), load(str(tmp_path), "cpu", LoadOptions(quantization=eight_bits()))
    weight = small.engine.network.module.model.layers[0].mlp.gate_proj.weight
    assert type(weight.data) is not torch.Tensor, "the option did not reach transformers"
    canvas = canvas_of(whole, 40, 2)
    expected, found = whole(canvas, *asked(canvas)), small(canvas, *asked(canvas))
    is_text = expected > -100
    gap = (expected - found)[is_text].abs().max() / expected[is_text].std()
    assert 1e-4 < gap < 0.25
    schema = {"type": "object", "properties": {"n": {"type": "integer", "minimum": 1, "maximum": 9}}, "required": ["n"]}
    assert 1 <= scaffold.Filler(model=small).fill(schema, "three").value["n"] <= 9


@pytest.mark.parametrize("method", ["bitsandbytes", "torchao"])
def test_a_quantization_whose_package_is_missing_names_the_extra(method, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, method, None)
    replicas.llada(tmp_path)
    with pytest.raises(ModelError) as caught:
        load(str(tmp_path), "cpu", LoadOptions(quantization={"quant_method": method, "load_in_8bit": True}))
    assert caught.value.hint == "pip install 'scaffold-dllm[quantization]'"


def test_a_module_of_our_own_is_not_quantized_in_silence(tmp_path):
    large_replicas.llada2(tmp_path)
    with pytest.raises(ModelError):
        load(str(tmp_path), "cpu", LoadOptions(quantization={"quant_method": "none"}))
