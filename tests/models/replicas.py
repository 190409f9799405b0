"""Tiny checkpoints in the layout of the published ones: original key names, original config fields, random weights."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from reference_forward import Names, Reference, Shape, llada_names, llama_names, nemotron_names
from safetensors.torch import save_file
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from torch import Tensor

VOCABULARY = 320
WIDTH, INNER = 64, 96
TEXTS = ('{"name": "Ada", "city": "London", "age": 36, "note": null}', "Ada Lovelace was born in London in 1815.")
CHAT = (
    "{{ bos_token }}{% for m in messages %}<|im_start|>{{ m['role'] }}\n{{ m['content'] | trim }}<|im_end|>\n"
    "{% endfor %}<|im_start|>assistant\n"
)


def write_tokenizer(folder: Path, specials: Sequence[str], **roles: str) -> Mapping[str, int]:
    """A byte-level BPE with a few merges; gives the ids of the special tokens."""
    backend = Tokenizer(models.BPE())
    backend.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    backend.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(vocab_size=290, special_tokens=[], initial_alphabet=alphabet, show_progress=False)
    backend.train_from_iterator(TEXTS, trainer)
    backend.add_special_tokens(list(specials))
    backend.save(str(folder / "tokenizer.json"))
    settings = roles | ({"chat_template": CHAT} if "<|im_start|>" in specials else {})
    write_json(folder / "tokenizer_config.json", settings)
    return {text: backend.token_to_id(text) for text in specials}


def write_json(path: Path, value: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(value), "utf-8")


def changed(folder: Path, name: str, **values: Any) -> None:
    """Set some fields of a JSON file; None takes one out."""
    found = json.loads((folder / name).read_text()) if (folder / name).exists() else {}
    write_json(folder / name, {key: value for key, value in (found | values).items() if value is not None})


def tensors(shape: Shape, names: Names, seed: int = 0, *, bias: bool = False, tied: bool = False) -> dict[str, Tensor]:
    """Random weights under published names."""
    generator = torch.Generator().manual_seed(seed)
    made: dict[str, Tensor] = {}

    def put(name: str, *size: int) -> None:
        made[name] = torch.randn(*size, generator=generator) * (0.5 if len(size) == 1 else 1.0 / size[-1] ** 0.5)

    def scale(name: str, size: int) -> None:
        put(name, size)
        made[name] += 1.0

    put(names("embed", None) + ".weight", VOCABULARY, WIDTH)
    scale(names("norm", None) + ".weight", WIDTH)
    if not tied:
        put(names("head", None) + ".weight", VOCABULARY, WIDTH)
    queries, keys = shape.heads * shape.head_size, shape.key_heads * shape.head_size
    for layer in range(shape.layers):
        scale(names("norm1", layer) + ".weight", WIDTH)
        scale(names("norm2", layer) + ".weight", WIDTH)
        for part, size in (("q", queries), ("k", keys), ("v", keys)):
            put(names(part, layer) + ".weight", size, WIDTH)
            if bias:
                put(names(part, layer) + ".bias", size)
        put(names("o", layer) + ".weight", WIDTH, queries)
        if not shape.experts or layer in shape.dense:
            experts = [""]
        else:
            put(names("router", layer) + ".weight", shape.experts, WIDTH)
            experts = [f"mlp.experts.{number}." for number in range(shape.experts)]
        for prefix in experts:
            gate, up, down = ((f"{prefix}{p}_proj" if prefix else p) for p in ("gate", "up", "down"))
            put(names(gate, layer) + ".weight", INNER, WIDTH)
            put(names(up, layer) + ".weight", INNER, WIDTH)
            put(names(down, layer) + ".weight", WIDTH, INNER)
    return made


def with_head_norms(made: dict[str, Tensor], shape: Shape, names: Names) -> dict[str, Tensor]:
    """Qwen3 normalises queries and keys, head by head."""
    generator = torch.Generator().manual_seed(7)
    parts = [(part, layer) for layer in range(shape.layers) for part in ("q_norm", "k_norm")]
    return made | {
        names(part, layer) + ".weight": 1 + 0.5 * torch.randn(shape.head_size, generator=generator)
        for part, layer in parts
    }


def write(folder: Path, config: Mapping[str, Any], made: Mapping[str, Tensor]) -> None:
    """Config and weights, in two shards as large checkpoints have them."""
    write_json(folder / "config.json", config)
    names = sorted(made)
    halves = (names[: len(names) // 2], names[len(names) // 2 :])
    places = {}
    for number, half in enumerate(halves, 1):
        file = f"model-{number:05}-of-00002.safetensors"
        save_file({name: made[name] for name in half}, folder / file, metadata={"format": "pt"})
        places |= dict.fromkeys(half, file)
    write_json(folder / "model.safetensors.index.json", {"metadata": {}, "weight_map": places})


LLADA = Shape(2, 4, 4, 16, 5e5, 1e-5)


def llada(folder: Path, shape: Shape = LLADA, **more: Any) -> Reference:
    ids = write_tokenizer(
        folder, ("<|mdm_mask|>", "<|endoftext|>", "<|eot_id|>"), eos_token="<|endoftext|>", pad_token="<|endoftext|>"
    )
    config = {
        "model_type": "llada", "architectures": ["LLaDAModelLM"], "auto_map": {"AutoModel": "m.LLaDAModelLM"},
        "d_model": WIDTH, "mlp_hidden_size": INNER, "mlp_ratio": 4, "n_layers": 2, "n_heads": 4, "n_kv_heads": 4,
        "multi_query_attention": None, "max_sequence_length": 512, "rms_norm_eps": 1e-5, "rope_theta": 5e5,
        "vocab_size": 310, "embedding_size": VOCABULARY, "weight_tying": False, "include_bias": False,
        "include_qkv_bias": False, "bias_for_layer_norm": False, "layer_norm_with_affine": True,
        "activation_type": "silu", "block_type": "llama", "block_group_size": 1, "layer_norm_type": "rms",
        "attention_layer_norm": False, "attention_layer_norm_with_affine": True, "input_emb_norm": False,
        "scale_logits": False, "rope": True, "rope_full_precision": True, "alibi": False, "alibi_bias_max": 8.0,
        "attention_dropout": 0.0, "embedding_dropout": 0.0, "residual_dropout": 0.0, "flash_attention": False,
        "init_device": "meta", "init_fn": "mitchell", "init_std": 0.02, "precision": "amp_bf16",
        "mask_token_id": ids["<|mdm_mask|>"], "eos_token_id": ids["<|endoftext|>"],
        "pad_token_id": ids["<|endoftext|>"], "use_cache": False,
    }  # fmt: skip
    made = tensors(shape, llada_names)
    write(folder, config | more, made)
    return Reference(made, shape, llada_names)


def illada(folder: Path) -> Reference:
    shape = Shape(2, 4, 2, 16, 5e5, 1e-5)
    ids = write_tokenizer(
        folder, ("<s>", "<pad>", "</s>", "<[MASK]>"), eos_token="</s>", pad_token="<pad>", bos_token="<s>"
    )
    config = {
        "model_type": "illada", "architectures": ["ILLaDAForCausalLM"], "hidden_size": WIDTH,
        "intermediate_size": INNER, "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2,
        "max_position_embeddings": 512, "rms_norm_eps": 1e-5, "layer_norm_eps": None, "rope_theta": 5e5,
        "rope_scaling": None, "hidden_act": "silu", "attention_bias": False, "mlp_bias": False, "resid_pdrop": 0.0,
        "attention_dropout": 0.0, "initializer_range": 0.01, "vocab_size": VOCABULARY, "bos_token_id": ids["<s>"],
        "eos_token_id": ids["</s>"], "pad_token_id": ids["<pad>"],
    }  # fmt: skip
    made = tensors(shape, llama_names, tied=True)
    write(folder, config, made)
    return Reference(made, shape)


QWEN = ("<|endoftext|>", "<|im_start|>", "<|im_end|>")


def qwen_fields(shape: Shape, ids: Mapping[str, int], **more: Any) -> dict[str, Any]:
    """Fields that all configs after Qwen's manner share."""
    return {
        "hidden_size": WIDTH, "intermediate_size": INNER, "num_hidden_layers": shape.layers,
        "num_attention_heads": shape.heads, "num_key_value_heads": shape.key_heads, "vocab_size": VOCABULARY,
        "rms_norm_eps": shape.epsilon, "rope_theta": shape.theta, "rope_scaling": None, "hidden_act": "silu",
        "max_position_embeddings": 512, "tie_word_embeddings": False, "use_sliding_window": False,
        "eos_token_id": ids["<|endoftext|>"], "pad_token_id": ids["<|endoftext|>"], "sliding_window": None,
    } | more  # fmt: skip


def dream(folder: Path, model_type: str = "Dream", mask: str = "<|mask|>", **more: Any) -> Reference:
    shape = Shape(2, 4, 2, 16, 1e6, 1e-6)
    ids = write_tokenizer(folder, (*QWEN, mask), eos_token="<|endoftext|>", pad_token="<|endoftext|>")
    config = qwen_fields(
        shape, ids, model_type=model_type, mask_token_id=ids[mask], auto_map={"AutoModel": "m.D"}, **more
    )
    made = tensors(shape, llama_names, bias=True)
    write(folder, config, made)
    return Reference(made, shape)


def sdar(folder: Path, model_type: str = "sdar", mask: str = "<|MASK|>", **more: Any) -> Reference:
    shape = Shape(2, 4, 2, 16, 1e6, 1e-6)
    ids = write_tokenizer(folder, (*QWEN, mask), eos_token="<|im_end|>", pad_token="<|endoftext|>")
    config = qwen_fields(shape, ids, model_type=model_type, head_dim=16, attention_bias=False, **more)
    made = with_head_norms(tensors(shape, llama_names), shape, llama_names)
    write(folder, config, made)
    return Reference(made, shape)


def dream_reasoner(folder: Path) -> Reference:
    """Under the model type of Dream, though it is another kind of model."""
    published = {"architectures": ["DreamForCausalLM"], "block_size": 32, "auto_map": {"AutoConfig": "c.DreamConfig"}}
    reference = sdar(folder, "Dream", **published)
    changed(folder, "config.json", head_dim=None)
    return reference


def mixture(folder: Path, shape: Shape, mask: str, **config: Any) -> Reference:
    ids = write_tokenizer(folder, (*QWEN, mask), eos_token="<|endoftext|>", pad_token="<|endoftext|>")
    made = with_head_norms(tensors(shape, llama_names), shape, llama_names)
    sizes = {"num_experts": shape.experts, "num_experts_per_tok": shape.chosen, "mask_token_id": ids[mask]}
    write(folder, qwen_fields(shape, ids, **sizes) | config, made)
    return Reference(made, shape)


def llada_moe(folder: Path, dense: tuple[int, ...] = (), **more: Any) -> Reference:
    shape = Shape(2, 4, 4, 16, 5e4, 1e-5, experts=8, chosen=2, dense=dense)
    published = {
        "model_type": "llada", "architectures": ["LLaDAMoEModelLM"], "intermediate_size": None,
        "dense_intermediate_size": INNER, "expert_intermediate_size": INNER, "shared_expert_intermediate_size": None,
        "qk_layernorm": True, "clip_qkv": None, "norm_topk_prob": None, "partial_rotary_factor": 1,
        "moe_layer_freq": [int(layer not in dense) for layer in range(2)], "moe_router_enable_expert_bias": False,
        "moe_router_score_function": "softmax", "routed_scaling_factor": 1, "router_num_group": None,
        "router_topk_group": None, "attention_bias": False,
    }  # fmt: skip
    return mixture(folder, shape, "<|mask|>", **published | more)


def rnd1(folder: Path) -> Reference:
    shape = Shape(2, 4, 2, 16, 1e6, 1e-6, experts=8, chosen=2, normalises_chosen=True)
    return mixture(
        folder, shape, "<|mask|>", model_type="rnd1", moe_intermediate_size=INNER, head_dim=16, rope_scaling=False,
        sliding_window=False, mlp_only_layers=[],
    )  # fmt: skip


def sdar_moe(folder: Path) -> Reference:
    shape = Shape(2, 4, 2, 16, 1e6, 1e-6, experts=8, chosen=2, normalises_chosen=True)
    return mixture(
        folder, shape, "<|MASK|>", model_type="sdar_moe", moe_intermediate_size=INNER, head_dim=16, norm_topk_prob=True,
        decoder_sparse_step=1, block_size=4,
    )  # fmt: skip


def nemotron(folder: Path, **more: Any) -> Reference:
    shape = Shape(2, 4, 2, 16, 1e6, 1e-5)
    ids = write_tokenizer(folder, ("<s>", "</s>", "<SPECIAL_100>"), eos_token="</s>", bos_token="<s>")
    rope = {
        "rope_type": "default",
        "rope_theta": 1e6,
        "llama_4_scaling_beta": 0.1,
        "original_max_position_embeddings": 16384,
    }
    config = qwen_fields(
        shape, {"<|endoftext|>": ids["</s>"]}, model_type="nemotron_labs_diffusion", head_dim=16, block_size=32,
        mask_token_id=ids["<SPECIAL_100>"], rope_parameters=rope, dlm_paradigm="bidirectional", dlm_type="llada",
        dlm_arch="encoder", attention_bias=False, mlp_bias=False, attn_implementation="sdpa",
    )  # fmt: skip
    config = more | {name: value for name, value in config.items() if name not in {"rope_theta", "rope_scaling"}}
    made = tensors(shape, nemotron_names)
    write(folder, config, made)
    return Reference(made, shape, nemotron_names)


def a2d(folder: Path, base: str, **more: Any) -> Reference:
    if base == "qwen3":
        return sdar(folder, "a2d-qwen3", "<|mask|>", **more)
    if base == "qwen2":
        return dream(folder, "a2d-qwen2", **more)
    shape = Shape(2, 4, 2, 16, 1e4, 1e-6)
    ids = write_tokenizer(folder, (*QWEN, "<|mask|>"), eos_token="<|endoftext|>", mask_token="<|mask|>")
    made = tensors(shape, llama_names)
    write(folder, qwen_fields(shape, ids, model_type="a2d-llama", **more), made)
    return Reference(made, shape)


def stable_diffcoder(folder: Path) -> Reference:
    shape = Shape(2, 4, 2, 16, 5e5, 1e-5)
    ids = write_tokenizer(folder, ("<s>", "<pad>", "</s>", "<[MASK]>"), eos_token="</s>", pad_token="<pad>")
    config = qwen_fields(
        shape, {"<|endoftext|>": ids["</s>"]}, model_type="llama", architectures=["StableDiffcoderForCausalLM"]
    )
    made = tensors(shape, llama_names)
    write(folder, config, made)
    return Reference(made, shape)
