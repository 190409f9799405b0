"""A decoder-only transformer written from the papers alone, in double precision: what adapters are compared with."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

Names = Callable[[str, int | None], str]


@dataclass(frozen=True)
class Shape:
    """Sizes and variants of a published model."""

    layers: int
    heads: int
    key_heads: int
    head_size: int
    theta: float
    epsilon: float
    experts: int = 0
    chosen: int = 0
    normalises_chosen: bool = False
    rotary_share: float = 1.0
    dense: tuple[int, ...] = ()
    """Layers without experts."""
    activation: Callable[[Tensor], Tensor] = torch.nn.functional.silu


def llama_names(part: str, layer: int | None) -> str:
    """The names of Llama, Qwen2, Qwen3 and what keeps to them."""
    inside = {
        "norm1": "input_layernorm", "norm2": "post_attention_layernorm", "q": "self_attn.q_proj",
        "k": "self_attn.k_proj", "v": "self_attn.v_proj", "o": "self_attn.o_proj", "gate": "mlp.gate_proj",
        "up": "mlp.up_proj", "down": "mlp.down_proj", "q_norm": "self_attn.q_norm", "k_norm": "self_attn.k_norm",
        "router": "mlp.gate",
    }  # fmt: skip
    outside = {"embed": "model.embed_tokens", "norm": "model.norm", "head": "lm_head"}
    return outside[part] if layer is None else f"model.layers.{layer}.{inside.get(part, part)}"


def llada_names(part: str, layer: int | None) -> str:
    """The names of LLaDA."""
    inside = {
        "norm1": "attn_norm", "norm2": "ff_norm", "q": "q_proj", "k": "k_proj", "v": "v_proj", "o": "attn_out",
        "gate": "ff_proj", "up": "up_proj", "down": "ff_out",
    }  # fmt: skip
    outside = {"embed": "wte", "norm": "ln_f", "head": "ff_out"}
    return (
        f"model.transformer.{outside[part]}"
        if layer is None
        else f"model.transformer.blocks.{layer}.{inside.get(part, part)}"
    )


def nemotron_names(part: str, layer: int | None) -> str:
    """The names of Nemotron-Labs-Diffusion."""
    if part == "head":
        return "diffusion_head"
    return llama_names(part, layer).replace("model.", "encoder.", 1)


@dataclass(frozen=True)
class Reference:
    """Weights under their published names, and how to read them."""

    weights: Mapping[str, Tensor]
    shape: Shape
    names: Names = llama_names

    def logits(self, tokens: Tensor, sees: Tensor) -> Tensor:
        """Scores at every position of one row; `sees[i, j]` says whether i attends to j."""
        x = self.weight("embed")[tokens]
        for layer in range(self.shape.layers):
            x = x + self.attention(self.normal(x, self.weight("norm1", layer)), layer, sees)
            x = x + self.feed_forward(self.normal(x, self.weight("norm2", layer)), layer)
        return self.normal(x, self.weight("norm")) @ self.head().T

    def head(self) -> Tensor:
        name = self.names("head", None) + ".weight"
        return self.weights[name].double() if name in self.weights else self.weight("embed")

    def weight(self, part: str, layer: int | None = None) -> Tensor:
        return self.weights[self.names(part, layer) + ".weight"].double()

    def linear(self, x: Tensor, part: str, layer: int) -> Tensor:
        bias = self.weights.get(self.names(part, layer) + ".bias")
        return x @ self.weight(part, layer).T + (0 if bias is None else bias.double())

    def normal(self, x: Tensor, scale: Tensor) -> Tensor:
        return x / (x.square().mean(-1, keepdim=True) + self.shape.epsilon).sqrt() * scale

    def attention(self, x: Tensor, layer: int, sees: Tensor) -> Tensor:
        length, shape = len(x), self.shape
        q = self.rotated(self.heads(x, "q", layer, shape.heads))
        k = self.rotated(self.heads(x, "k", layer, shape.key_heads))
        v = self.linear(x, "v", layer).view(length, shape.key_heads, shape.head_size)
        mixed = torch.empty(length, shape.heads, shape.head_size, dtype=torch.double)
        for head in range(shape.heads):
            shared = head * shape.key_heads // shape.heads
            scores = (q[:, head] @ k[:, shared].T) / shape.head_size**0.5
            mixed[:, head] = scores.masked_fill(~sees, -torch.inf).softmax(-1) @ v[:, shared]
        return self.linear(mixed.reshape(length, -1), "o", layer)

    def heads(self, x: Tensor, part: str, layer: int, count: int) -> Tensor:
        found = self.linear(x, part, layer).view(len(x), count, self.shape.head_size)
        name = self.names(f"{part}_norm", layer) + ".weight"
        return self.normal(found, self.weights[name].double()) if name in self.weights else found

    def rotated(self, x: Tensor) -> Tensor:
        """Rotary positions: components i and i + half turn together, each pair at its own speed."""
        half = int(x.shape[-1] * self.shape.rotary_share) // 2
        speed = self.shape.theta ** (-torch.arange(half, dtype=torch.double) / half)
        angle = torch.arange(len(x), dtype=torch.double)[:, None, None] * speed
        a, b, rest = x[..., :half], x[..., half : 2 * half], x[..., 2 * half :]
        return torch.cat((a * angle.cos() - b * angle.sin(), b * angle.cos() + a * angle.sin(), rest), -1)

    def feed_forward(self, x: Tensor, layer: int) -> Tensor:
        if not self.shape.experts or layer in self.shape.dense:
            return self.expert(x, layer, "")
        share = (x @ self.weight("router", layer).T).softmax(-1)
        found = torch.zeros_like(x)
        for place in range(len(x)):
            best = share[place].topk(self.shape.chosen)
            total = best.values.sum() if self.shape.normalises_chosen else 1.0
            for weight, expert in zip(best.values, best.indices, strict=True):
                found[place] += weight / total * self.expert(x[place], layer, f"mlp.experts.{int(expert)}.")
        return found

    def expert(self, x: Tensor, layer: int, prefix: str) -> Tensor:
        gate, up, down = ((f"{prefix}{p}_proj" if prefix else p) for p in ("gate", "up", "down"))
        opened = self.shape.activation(self.linear(x, gate, layer))
        return self.linear(opened * self.linear(x, up, layer), down, layer)


def everything(length: int) -> Tensor:
    """All positions see each other."""
    return torch.ones(length, length, dtype=torch.bool)


def in_blocks(length: int, block: int) -> Tensor:
    """A position sees its own block and those before."""
    number = torch.arange(length) // block
    return number[:, None] >= number[None, :]


def causal_then_blocks(length: int, start: int, block: int) -> Tensor:
    """Causal up to `start`, then blocks that see all before them."""
    sees = torch.ones(length, length, dtype=torch.bool).tril()
    for first in range(start, length, block):
        sees[first : first + block, : first + block] = True
    return sees


@dataclass(frozen=True)
class Llada2Reference(Reference):
    """LLaDA2.x: fused projections, sigmoid routing among groups of experts, one dense layer first."""

    groups: int = 4
    kept_groups: int = 2
    scaling: float = 2.5

    def heads(self, x: Tensor, part: str, layer: int, count: int) -> Tensor:
        shape = self.shape
        fused = self.linear(x, "attention.query_key_value", layer).view(len(x), -1, shape.head_size)
        first = 0 if part == "q" else shape.heads
        name = {"q": "query", "k": "key"}[part]
        return self.normal(fused[:, first : first + count], self.weight(f"attention.{name}_layernorm", layer))

    def linear(self, x: Tensor, part: str, layer: int) -> Tensor:
        if part != "v":
            return super().linear(x, part, layer)
        fused = super().linear(x, "attention.query_key_value", layer)
        return fused[:, -self.shape.key_heads * self.shape.head_size :]

    def feed_forward(self, x: Tensor, layer: int) -> Tensor:
        if layer == 0:
            return self.expert(x, layer, "mlp.")
        bias = self.weights[f"model.layers.{layer}.mlp.gate.expert_bias"].double()
        found = self.expert(x, layer, "mlp.shared_experts.")
        for place, one in enumerate(x):
            share = (self.weight("mlp.gate", layer) @ one).sigmoid()
            steered = (share + bias).view(self.groups, -1)
            worth = steered.topk(2).values.sum(-1)
            allowed = worth.topk(self.kept_groups).indices
            open_to = torch.full_like(steered, -torch.inf).index_copy(0, allowed, steered[allowed]).flatten()
            chosen = open_to.topk(self.shape.chosen).indices
            for expert in chosen:
                weight = self.scaling * share[expert] / share[chosen].sum()
                found[place] += weight * self.expert(one, layer, f"mlp.experts.{int(expert)}.")
        return found


def llada2_names(part: str, layer: int | None) -> str:
    """The names of LLaDA2.x."""
    inside = {"norm1": "input_layernorm", "norm2": "post_attention_layernorm", "o": "attention.dense"}
    outside = {"embed": "model.word_embeddings", "norm": "model.norm", "head": "lm_head"}
    return outside[part] if layer is None else f"model.layers.{layer}.{inside.get(part, part)}"
