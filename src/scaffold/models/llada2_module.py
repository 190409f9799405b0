"""The network of LLaDA2.x, which transformers does not have: grouped sigmoid routing, partial rotary positions."""

from dataclasses import dataclass
from typing import Any

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn
from torch.nn import functional

from scaffold.errors import ModelError
from scaffold.models.family import Fields
from scaffold.models.feed_forward import Experts, FeedForward
from scaffold.models.network import LayerMemory

Rotation = tuple[Tensor, Tensor]
States = Float[Tensor, "batch queries width"]


@dataclass(frozen=True, slots=True)
class Llada2Shape:
    """Sizes of the network; fields are named as in the published config, and have its defaults."""

    vocab_size: int
    hidden_size: int
    intermediate_size: int
    moe_intermediate_size: int
    num_hidden_layers: int
    num_attention_heads: int
    num_key_value_heads: int
    num_experts: int
    num_experts_per_tok: int
    head_dim: int
    max_position_embeddings: int = 16384
    num_shared_experts: int = 0
    n_group: int = 8
    topk_group: int = 4
    routed_scaling_factor: float = 2.5
    first_k_dense_replace: int = 0
    partial_rotary_factor: float = 0.5
    rope_theta: float = 1e4
    rms_norm_eps: float = 1e-5
    use_qkv_bias: bool = False
    use_qk_norm: bool = True
    use_bias: bool = False
    """Published as True, for biases that start at zero: checkpoints whose config is silent have none."""

    @property
    def rotary_size(self) -> int:
        """Components of a head that positions turn."""
        return int(self.head_dim * self.partial_rotary_factor)


def shape_of(fields: Fields) -> Llada2Shape:
    """Read a published config; newer ones keep what concerns rotary positions together.

    Raises:
        ModelError: positions are scaled.
    """
    rope = fields.get("rope_parameters") or fields.get("rope_scaling") or {}
    kind = rope.get("rope_type", rope.get("type", "default"))
    if kind != "default":
        raise ModelError((), f"LLaDA2 is not computed here with rotary positions of the type {kind!r}, only 'default'")
    together = {name: rope[name] for name in ("rope_theta", "partial_rotary_factor") if name in rope}
    named = together | {name: fields[name] for name in Llada2Shape.__slots__ if fields.get(name) is not None}
    named.setdefault("head_dim", fields["hidden_size"] // fields["num_attention_heads"])
    return Llada2Shape(**named)


class Router(nn.Module):
    """Chooses experts among the best groups; the bias steers the choice, not the weights (arXiv:2412.19437)."""

    expert_bias: Tensor

    def __init__(self, shape: Llada2Shape) -> None:
        super().__init__()
        self.shape = shape
        self.weight = nn.Parameter(torch.empty(shape.num_experts, shape.hidden_size))
        self.register_buffer("expert_bias", torch.zeros(shape.num_experts))

    def forward(
        self, states: Float[Tensor, "tokens width"]
    ) -> tuple[Int[Tensor, "tokens chosen"], Float[Tensor, "tokens chosen"]]:
        """Chosen experts and their weights, in 32 bits."""
        shape = self.shape
        scores = functional.linear(states.float(), self.weight.float()).sigmoid()
        grouped = (scores + self.expert_bias.float()).unflatten(1, (shape.n_group, -1))
        best = grouped.topk(2, dim=-1).values.sum(-1).topk(shape.topk_group, dim=-1).indices
        is_out = torch.ones_like(grouped[..., 0], dtype=torch.bool).scatter(1, best, value=False)
        chosen = grouped.masked_fill(is_out[..., None], -torch.inf).flatten(1).topk(shape.num_experts_per_tok).indices
        weights = scores.gather(1, chosen)
        if shape.num_experts_per_tok > 1:
            weights = weights / (weights.sum(-1, keepdim=True) + 1e-20)
        return chosen, weights * shape.routed_scaling_factor


class Mixture(nn.Module):
    """Routed experts, and shared ones beside them."""

    def __init__(self, shape: Llada2Shape) -> None:
        super().__init__()
        width, inner = shape.hidden_size, shape.moe_intermediate_size
        self.experts = Experts(shape.num_experts, width, inner)
        self.gate = Router(shape)
        shared = shape.num_shared_experts
        self.shared_experts = FeedForward(width, inner * shared) if shared else None

    def forward(self, states: States) -> States:
        """Both together."""
        flat = states.flatten(0, 1)
        found = self.experts(flat, *self.gate(flat))
        shared = 0 if self.shared_experts is None else self.shared_experts(states)
        return found.view_as(states) + shared


class Attention(nn.Module):
    """Grouped-query attention with one projection for queries, keys and values."""

    def __init__(self, shape: Llada2Shape, layer: int) -> None:
        super().__init__()
        self.shape, self.layer = shape, layer
        heads = shape.num_attention_heads + 2 * shape.num_key_value_heads
        self.query_key_value = nn.Linear(shape.hidden_size, heads * shape.head_dim, bias=shape.use_qkv_bias)
        if shape.use_qk_norm:
            self.query_layernorm = nn.RMSNorm(shape.head_dim, eps=shape.rms_norm_eps)
            self.key_layernorm = nn.RMSNorm(shape.head_dim, eps=shape.rms_norm_eps)
        self.dense = nn.Linear(shape.num_attention_heads * shape.head_dim, shape.hidden_size, bias=shape.use_bias)

    def forward(self, states: States, rotation: Rotation, seen: Tensor, memory: LayerMemory | None) -> States:
        """Attend to the keys that `seen` allows."""
        shape = self.shape
        sizes = [shape.num_attention_heads, shape.num_key_value_heads, shape.num_key_value_heads]
        heads = self.query_key_value(states).unflatten(-1, (-1, shape.head_dim)).transpose(1, 2)
        queries, keys, values = heads.split(sizes, dim=1)
        if shape.use_qk_norm:
            queries, keys = self.query_layernorm(queries), self.key_layernorm(keys)
        queries, keys = _rotated(queries, rotation), _rotated(keys, rotation)
        if memory is not None:
            keys, values = memory.update(keys, values, self.layer)
        group = shape.num_attention_heads // shape.num_key_value_heads
        keys, values = keys.repeat_interleave(group, 1), values.repeat_interleave(group, 1)
        mixed = functional.scaled_dot_product_attention(queries, keys, values, attn_mask=seen[:, None])
        return self.dense(mixed.transpose(1, 2).flatten(2))


def _rotated(heads: Tensor, rotation: Rotation) -> Tensor:
    cosine, sine = rotation
    turned, kept = heads.split([cosine.shape[-1], heads.shape[-1] - cosine.shape[-1]], dim=-1)
    a, b = turned.chunk(2, dim=-1)
    return torch.cat((turned * cosine + torch.cat((-b, a), -1) * sine, kept), -1)


class Layer(nn.Module):
    """Attention, then a dense layer or a mixture."""

    def __init__(self, shape: Llada2Shape, layer: int) -> None:
        super().__init__()
        self.attention = Attention(shape, layer)
        is_dense = layer < shape.first_k_dense_replace
        self.mlp = FeedForward(shape.hidden_size, shape.intermediate_size) if is_dense else Mixture(shape)
        self.input_layernorm = nn.RMSNorm(shape.hidden_size, eps=shape.rms_norm_eps)
        self.post_attention_layernorm = nn.RMSNorm(shape.hidden_size, eps=shape.rms_norm_eps)

    def forward(self, states: States, rotation: Rotation, seen: Tensor, memory: LayerMemory | None) -> States:
        """Both with a way around."""
        states = states + self.attention(self.input_layernorm(states), rotation, seen, memory)
        return states + self.mlp(self.post_attention_layernorm(states))


class Body(nn.Module):
    """Embeddings, layers, norm; called as transformers' bodies are."""

    def __init__(self, shape: Llada2Shape) -> None:
        super().__init__()
        self.shape = shape
        self.word_embeddings = nn.Embedding(shape.vocab_size, shape.hidden_size)
        self.layers = nn.ModuleList(Layer(shape, layer) for layer in range(shape.num_hidden_layers))
        self.norm = nn.RMSNorm(shape.hidden_size, eps=shape.rms_norm_eps)

    def forward(
        self, tokens: Int[Tensor, "batch queries"], places: Int[Tensor, "batch queries"], seen: Tensor, memory: Any
    ) -> States:
        """Hidden states of `tokens`."""
        states = self.word_embeddings(tokens)
        rotation = self._rotation(places, states.dtype)
        for layer in self.layers:
            states = layer(states, rotation, seen, memory)
        return self.norm(states)

    def _rotation(self, places: Tensor, dtype: torch.dtype) -> Rotation:
        size = self.shape.rotary_size
        speeds = self.shape.rope_theta ** (-torch.arange(0, size, 2, device=places.device).float() / size)
        angles = (places[..., None].float() * speeds).repeat(1, 1, 2)[:, None]
        return angles.cos().to(dtype), angles.sin().to(dtype)


class Llada2(nn.Module):
    """The whole network, its parameters under their published names."""

    def __init__(self, shape: Llada2Shape) -> None:
        super().__init__()
        self.config = shape
        self.model = Body(shape)
        self.lm_head = nn.Linear(shape.hidden_size, shape.vocab_size, bias=False)
