"""Tiny checkpoints of the families that do not look like Llama: LLaDA2.x, masked encoders, DiffusionGemma."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from reference_forward import Llada2Reference, Shape, llada2_names
from replicas import QWEN, VOCABULARY, WIDTH, write, write_json, write_tokenizer
from safetensors.torch import save_file


def llada2(folder: Path, specials: Sequence[str] = (), **more: str) -> Llada2Reference:
    """`more` names fields of the config by the special tokens that they mean."""
    shape = Shape(2, 4, 2, 16, 6e5, 1e-6, experts=8, chosen=2, rotary_share=0.5)
    ids = write_tokenizer(folder, ("<|endoftext|>", "<|role_end|>", "<|mask|>", *specials), eos_token="<|endoftext|>")
    config = {
        "model_type": "llada2_moe", "architectures": ["LLaDA2MoeModelLM"], "vocab_size": VOCABULARY,
        "hidden_size": WIDTH, "intermediate_size": 96, "moe_intermediate_size": 32, "num_hidden_layers": 2,
        "num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 16, "num_experts": 8, "num_experts_per_tok": 2,
        "num_shared_experts": 1,
        "n_group": 4, "topk_group": 2, "routed_scaling_factor": 2.5, "first_k_dense_replace": 1, "rope_theta": 6e5,
        "partial_rotary_factor": 0.5, "rms_norm_eps": 1e-6, "use_qkv_bias": False, "use_qk_norm": True,
        "use_bias": False, "max_position_embeddings": 512, "pad_token_id": ids["<|endoftext|>"],
        "eos_token_id": ids["<|endoftext|>"],
    } | {name: ids[text] for name, text in more.items()}  # fmt: skip
    generator = torch.Generator().manual_seed(3)
    sizes = {"model.word_embeddings.weight": (VOCABULARY, WIDTH), "lm_head.weight": (VOCABULARY, WIDTH)}
    ones = ["model.norm.weight"]
    for layer in range(2):
        start = f"model.layers.{layer}"
        sizes |= {
            f"{start}.attention.query_key_value.weight": (8 * 16, WIDTH),
            f"{start}.attention.dense.weight": (WIDTH, 64),
        }
        ones += [f"{start}.{name}.weight" for name in ("input_layernorm", "post_attention_layernorm")]
        heads = [f"{start}.attention.{name}_layernorm.weight" for name in ("query", "key")]
        sizes |= dict.fromkeys(heads, (16,))
        parts = {"mlp": 96} if layer == 0 else {f"mlp.experts.{k}": 32 for k in range(8)} | {"mlp.shared_experts": 32}
        for part, inner in parts.items():
            sizes |= {f"{start}.{part}.{way}_proj.weight": (inner, WIDTH) for way in ("gate", "up")}
            sizes[f"{start}.{part}.down_proj.weight"] = (WIDTH, inner)
    sizes |= {"model.layers.1.mlp.gate.weight": (8, WIDTH), "model.layers.1.mlp.gate.expert_bias": (8,)}
    sizes |= dict.fromkeys(ones, (WIDTH,))
    made = {name: torch.randn(*size, generator=generator) / size[-1] ** 0.5 for name, size in sizes.items()}
    made = {name: x + 1 if "norm" in name else x for name, x in made.items()}
    write(folder, config, made)
    return Llada2Reference(made, shape, llada2_names)


def encoder(folder: Path, kind: str) -> Any:
    """A masked language model of transformers, saved by itself; gives the module."""
    import transformers

    classes = {"bert": "Bert", "roberta": "Roberta", "modernbert": "ModernBert"}
    write_tokenizer(
        folder,
        ("[PAD]", "[CLS]", "[SEP]", "[MASK]"),
        cls_token="[CLS]",
        sep_token="[SEP]",
        pad_token="[PAD]",
        mask_token="[MASK]",
    )
    sizes = {
        "vocab_size": VOCABULARY, "hidden_size": WIDTH, "intermediate_size": 96, "num_hidden_layers": 2,
        "num_attention_heads": 4, "max_position_embeddings": 258, "pad_token_id": 1,
    }  # fmt: skip
    if kind == "modernbert":
        sizes |= {"local_attention": 16, "global_attn_every_n_layers": 2}
        sizes |= dict.fromkeys(("bos_token_id", "eos_token_id", "cls_token_id", "sep_token_id"))
    config = getattr(transformers, classes[kind] + "Config")(**sizes)
    torch.manual_seed(0)
    module = getattr(transformers, classes[kind] + "ForMaskedLM")(config).eval()
    with torch.no_grad():
        for tensor in module.parameters():
            tensor.add_(torch.randn_like(tensor) * 0.1)
    config.save_pretrained(folder)
    state = module.state_dict()
    tied = {f"{head}.decoder.{part}" for head in ("cls.predictions", "lm_head") for part in ("weight", "bias")}
    tied |= {"decoder.weight"}
    extra = {"bert.pooler.dense.weight": torch.zeros(2, 2)} if kind == "bert" else {}
    save_file({n: x.clone() for n, x in state.items() if n not in tied} | extra, folder / "model.safetensors")
    return module


def diffusion_gemma(folder: Path) -> Any:
    """DiffusionGemma at a tiny size, saved by transformers; gives the module."""
    import transformers

    ids = write_tokenizer(folder, ("<pad>", "<bos>", "<eos>"), eos_token="<eos>", pad_token="<pad>", bos_token="<bos>")
    text = {
        "vocab_size": VOCABULARY, "hidden_size": WIDTH, "intermediate_size": 96, "num_hidden_layers": 3,
        "num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 16, "global_head_dim": 32,
        "num_global_key_value_heads": 1, "sliding_window": 8, "num_experts": 4, "top_k_experts": 2,
        "moe_intermediate_size": 32, "max_position_embeddings": 512, "pad_token_id": ids["<pad>"],
        "layer_types": ["sliding_attention", "sliding_attention", "full_attention"], "eos_token_id": ids["<eos>"],
    }  # fmt: skip
    vision = {
        "model_type": "gemma4_vision", "hidden_size": 32, "intermediate_size": 32, "num_hidden_layers": 1,
        "num_attention_heads": 2, "num_key_value_heads": 2, "head_dim": 16,
    }  # fmt: skip
    config = transformers.DiffusionGemmaConfig(text_config=text, vision_config=vision, canvas_length=32)
    torch.manual_seed(0)
    module = transformers.DiffusionGemmaForBlockDiffusion(config).eval()
    with torch.no_grad():
        for tensor in module.parameters():
            tensor.add_(torch.randn_like(tensor) * 0.05)
    module.save_pretrained(folder)
    return module


def causal(folder: Path, **settings: str) -> Any:
    """A Qwen2 that was never trained to fill masks; gives the module."""
    import transformers

    ids = write_tokenizer(folder, QWEN, **({"eos_token": "<|endoftext|>"} | settings))
    torch.manual_seed(0)
    config = transformers.Qwen2Config(
        vocab_size=VOCABULARY, hidden_size=WIDTH, intermediate_size=96, num_hidden_layers=2, num_attention_heads=4,
        num_key_value_heads=2, max_position_embeddings=512, eos_token_id=ids["<|endoftext|>"], bos_token_id=None,
    )  # fmt: skip
    module = transformers.Qwen2ForCausalLM(config).eval()
    module.save_pretrained(folder)
    return module


def remote(folder: Path) -> None:
    """A folder whose model is code of its own."""
    write_tokenizer(folder, ("<|endoftext|>", "<|mask|>"), eos_token="<|endoftext|>", mask_token="<|mask|>")
    (folder / "own_model.py").write_text(
        "import torch\nfrom transformers import PretrainedConfig, PreTrainedModel\n\n\n"
        "class OwnConfig(PretrainedConfig):\n    model_type = 'nobody_knows'\n\n\n"
        "class OwnModel(PreTrainedModel):\n    config_class = OwnConfig\n\n"
        "    def __init__(self, config):\n        super().__init__(config)\n"
        "        self.embed = torch.nn.Embedding(config.vocab_size, 8)\n        self.post_init()\n\n"
        "    def forward(self, input_ids):\n"
        "        hidden = self.embed(input_ids)\n"
        "        hidden = hidden + hidden.cumsum(1) + hidden.flip(1).cumsum(1).flip(1)\n"
        "        return (hidden @ self.embed.weight.T,)\n"
    )
    config = {
        "model_type": "nobody_knows", "vocab_size": VOCABULARY, "max_position_embeddings": 512,
        "auto_map": {"AutoConfig": "own_model.OwnConfig", "AutoModel": "own_model.OwnModel"},
    }  # fmt: skip
    write_json(folder / "config.json", config)
    weight = torch.randn(VOCABULARY, 8, generator=torch.Generator().manual_seed(0))
    save_file({"embed.weight": weight}, folder / "model.safetensors", metadata={"format": "pt"})
