"""Every family, as a tiny replica under its published names, against a forward pass written from the papers."""

import pytest
import replicas
import torch
from canvases import asked, canvas_of
from reference_forward import causal_then_blocks, everything, in_blocks

import scaffold
from scaffold.models.load import load

FAMILIES = {
    "LLaDA": (replicas.llada, everything, 0),
    "iLLaDA": (replicas.illada, everything, 0),
    "Dream": (replicas.dream, everything, 1),
    "Fast_dLLM_v2": (
        lambda folder: replicas.dream(folder, "Fast_dLLM_Qwen", "|<MASK>|", bd_size=8), lambda n: in_blocks(n, 8), 1,
    ),
    "SDAR": (replicas.sdar, lambda n: in_blocks(n, 4), 0),
    "SDAR in blocks of 8": (lambda folder: replicas.sdar(folder, block_size=8), lambda n: in_blocks(n, 8), 0),
    "SDAR-MoE": (replicas.sdar_moe, lambda n: in_blocks(n, 4), 0),
    "DreamReasoner": (replicas.dream_reasoner, lambda n: in_blocks(n, 32), 0),
    "LLaDA-MoE": (replicas.llada_moe, everything, 0),
    "LLaDA-MoE with a dense layer": (lambda folder: replicas.llada_moe(folder, dense=(0,)), everything, 0),
    "RND1": (replicas.rnd1, everything, 1),
    "A2D (Qwen3)": (lambda folder: replicas.a2d(folder, "qwen3"), everything, 0),
    "A2D (Qwen3) in blocks": (
        lambda folder: replicas.a2d(folder, "qwen3", block_size=16), lambda n: in_blocks(n, 16), 0,
    ),
    "A2D (Qwen2)": (lambda folder: replicas.a2d(folder, "qwen2"), everything, 0),
    "A2D (Llama)": (lambda folder: replicas.a2d(folder, "llama"), everything, 0),
    "Nemotron-Labs-Diffusion": (replicas.nemotron, lambda n: causal_then_blocks(n, 8, 32), 0),
    "Stable-DiffCoder": (replicas.stable_diffcoder, lambda n: in_blocks(n, 4), 0),
}  # fmt: skip


@pytest.mark.parametrize("name", FAMILIES)
def test_an_adapter_says_what_the_papers_say(name, tmp_path):
    write, sees, shift = FAMILIES[name]
    reference = write(tmp_path)
    model = load(str(tmp_path), "cpu")
    canvas = canvas_of(model)
    rows, columns = asked(canvas)
    found = model(canvas, rows, columns)
    expected = reference.logits(canvas.tokens[0], sees(40))[columns - shift]
    text = torch.tensor([bool(piece) for piece in model.tokenizer.token_bytes])
    assert text.sum() > 256
    torch.testing.assert_close(found[:, text].double(), expected[:, text], atol=1e-5, rtol=0)


@pytest.mark.parametrize("name", FAMILIES)
def test_a_family_fills_through_the_public_path(name, tmp_path):
    FAMILIES[name][0](tmp_path)
    filler = scaffold.Filler(model=str(tmp_path), device="cpu", preset="fast")
    schema = {"type": "object", "properties": {"kind": {"enum": ["red", "green"]}, "ok": {"type": "boolean"}}}
    found = filler.fill(schema | {"required": ["kind", "ok"]}, "Ada Lovelace was born in London.").value
    assert found["kind"] in {"red", "green"}
    assert found["ok"] in {True, False}
