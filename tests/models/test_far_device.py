"""What a GPU would be asked, without one: no operands on two devices, and one wait per step."""

import large_replicas
import pytest
import replicas
import torch
from far_device import FAR, FarDevice, carried_away

import scaffold
from scaffold.denoise.constraints import BlockPaths
from scaffold.denoise.lengths.daedal import Daedal
from scaffold.denoise.options import DenoiseOptions
from scaffold.denoise.revisits.token_editing import TokenEditing
from scaffold.denoise.revisits.wino import Wino
from scaffold.denoise.transfer import received, sent
from scaffold.models import feed_forward
from scaffold.models.load import LoadOptions, load

SCHEMA = {
    "type": "object",
    "properties": {
        "name": {"type": "string"},
        "age": {"type": "integer", "minimum": 0, "maximum": 99},
        "kind": {"enum": ["person", "place"]},
        "born": {"type": "string", "format": "date"},
        "pets": {"type": "array", "items": {"type": "boolean"}, "maxItems": 2},
    },
    "required": ["name", "age", "kind", "born"],
    "additionalProperties": False,
}
PROMPTS = ["Ada was born on 1815-12-10.", "Bob is 36."]
SMALL = {"max_steps": 4, "max_slot": 8}
LOADED = {
    "plain": (replicas.llada, LoadOptions()),
    "shifted": (replicas.dream, LoadOptions()),
    "prompt kept": (replicas.llada, LoadOptions(reuse="prompt")),
    "slots only": (replicas.dream, LoadOptions(reuse="slots")),
    "blocks": (replicas.sdar, LoadOptions()),
    "causal, then blocks": (replicas.nemotron, LoadOptions()),
    "experts of transformers": (replicas.llada_moe, LoadOptions()),
    "uniform": (large_replicas.diffusion_gemma, LoadOptions()),
    "left to right": (large_replicas.causal, LoadOptions()),
}


@pytest.fixture(autouse=True)
def _capable(monkeypatch):
    """Experts of transformers ask which kernels a GPU has."""
    monkeypatch.setattr(torch.cuda, "get_device_capability", lambda *_: (9, 0))


OF_TRANSFORMERS = ("__bool__ at models/diffusion_gemma.py",)
"""Looks at masks within transformers' own DiffusionGemma."""


def here_and_there(folder, write, loading, options=None, strings="auto"):
    """The same rows filled on the processor and on a device that is not there."""
    write(folder)
    asked = {"denoise": options or DenoiseOptions(**SMALL), "strings": strings, "on_overflow": "cut"}
    model = load(str(folder), "cpu", loading)
    here = list(scaffold.Filler(model=model).fill_many(SCHEMA, PROMPTS, **asked))
    for _ in range(2):  # tables are carried there in the first round
        model = load(str(folder), "cpu", loading)
        put_away(model)
        with FarDevice() as mode:
            there = list(scaffold.Filler(model=model).fill_many(SCHEMA, PROMPTS, **asked))
        assert [facts(one) for one in there] == [facts(one) for one in here]
    waiting = [where for where in mode.uploads if "diffusion_gemma" not in where]  # transformers' own encoder, once
    assert not waiting, "what a step needs is sent without waiting"
    return mode, max(one.model_calls for one in there)


def facts(found):
    return found.text, found.model_calls, {path: field.confidence for path, field in found.fields.items()}


def put_away(model):
    inner = getattr(model, "inner", model)
    if hasattr(inner, "module"):
        carried_away(inner.module)
    else:
        carried_away(inner.engine.network.module)
        inner.engine.device = FAR


@pytest.mark.parametrize("name", LOADED)
def test_a_step_waits_for_the_device_once_and_says_there_what_it_says_here(name, tmp_path):
    mode, calls = here_and_there(tmp_path, *LOADED[name])
    own = {where: count for where, count in mode.reads.items() if not where.startswith(OF_TRANSFORMERS)}
    assert sum(own.values()) == calls, mode.reads


OPTIONS = {
    "raw": {"length": Daedal()},
    "guidance": {"guidance": 1.0},
    "temperature": {"temperature": 0.8},
    "entropy": {"score": "entropy"},
    "checks": {"revisit": Wino()},
    "edits": {"revisit": TokenEditing(0.0)},
    "drafts": {"speculation": 2},
    "blocks": {"constraint": BlockPaths(4)},
}


@pytest.mark.parametrize("name", OPTIONS)
def test_so_it_does_with_other_options(name, tmp_path):
    options = DenoiseOptions(**SMALL, **OPTIONS[name])
    strings = "free" if name in {"raw", "edits", "blocks"} else "quote"
    mode, calls = here_and_there(tmp_path, replicas.llada, LoadOptions(), options, strings)
    # A check may meet a spelling that a closed form does not know.
    assert calls <= sum(mode.reads.values()) <= (1 + (name == "checks")) * calls, mode.reads


def test_experts_cost_no_wait_of_their_own(tmp_path):
    mode, calls = here_and_there(tmp_path, large_replicas.llada2, LoadOptions(reuse="none"))
    assert sum(mode.reads.values()) == calls, mode.reads


def test_experts_cost_a_wait_for_each_layer_where_products_cannot_be_grouped(tmp_path, monkeypatch):
    monkeypatch.setattr(feed_forward, "_can_group", lambda *_: False)
    mode, calls = here_and_there(tmp_path, large_replicas.llada2, LoadOptions(reuse="none"))
    elsewhere = sum(count for where, count in mode.reads.items() if "feed_forward" not in where)
    assert elsewhere == calls
    assert calls <= sum(mode.reads.values()) - elsewhere <= len(PROMPTS) * calls  # one layer, so many batches


def test_a_wait_is_counted_and_operands_on_two_devices_are_refused():
    with FarDevice() as mode:
        one = torch.ones(3).to(FAR)
        assert one.device == FAR
        assert (one + 1).sum().item() == 6
        assert (one > 0).nonzero().device == FAR
        assert one[one > 0].tolist() == [1, 1, 1]
        with pytest.raises(AssertionError):
            one + torch.ones(3)
    assert sum(mode.reads.values()) == 4
    assert sum(mode.uploads.values()) == 1


def test_what_is_sent_and_received_arrives_as_it_was():
    ids = torch.tensor([[0, 262_143], [-1, 7]])
    truth, chances = torch.tensor([True, False]), torch.rand(2, 3, generator=torch.Generator().manual_seed(0))
    with FarDevice() as mode:
        there = sent([ids, truth], FAR)
        assert {tensor.device for tensor in there} == {FAR}
        back = received([*there, truth, chances.double().log().to(FAR), chances.to(FAR)])
    for found, expected in zip(back, [ids, truth, truth, chances.double().log(), chances], strict=True):
        assert found.dtype == expected.dtype
        assert torch.equal(found, expected)
    assert sum(mode.reads.values()) == 1
