"""Start a slot filler from a small pretrained encoder: its body as it is, its vocabulary carried over by text."""

from collections.abc import Sequence
from pathlib import Path

import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer as Backend
from torch import Tensor
from transformers import BertConfig

from scaffold.errors import ModelError
from scaffold.models.embedded import EmbeddedModel
from scaffold.models.slot_filler import SlotFiller, SlotFillerConfig
from scaffold.tokenizer import BytePairTokenizer

MAX_LENGTH = 1024


def from_scratch(tokenizer: BytePairTokenizer, width: int = 384, layers: int = 6) -> SlotFiller:
    """A slot filler with random weights."""
    return _with_bare_ids(
        SlotFiller(
            SlotFillerConfig(
                vocab_size=len(tokenizer.token_bytes),
                hidden_size=width,
                num_hidden_layers=layers,
                num_attention_heads=width // 32,
                intermediate_size=4 * width,
                max_position_embeddings=MAX_LENGTH,
                type_vocab_size=1,
                hidden_dropout_prob=0.0,
                attention_probs_dropout_prob=0.0,
            )
        ),
        tokenizer,
    )


def mean_of(models: Sequence[EmbeddedModel]) -> SlotFiller:
    """The first model's network with the mean of the weights of all; the others must be of the same make.

    Raises:
        ModelError: a model has another tokenizer or other sizes than the first.
    """
    first, states = models[0].network, [model.network.state_dict() for model in models]
    for model, state in zip(models, states, strict=True):
        same_sizes = {n: w.shape for n, w in state.items()} == {n: w.shape for n, w in states[0].items()}
        if not same_sizes or model.tokenizer.token_bytes != models[0].tokenizer.token_bytes:
            raise ModelError((), "models of different makes have no mean", "name runs that began with the same weights")
    with torch.no_grad():
        for name, weights in first.named_parameters() if len(models) > 1 else ():
            weights.copy_(torch.stack([state[name] for state in states]).mean(0))
    return first


def from_encoder(tokenizer: BytePairTokenizer, folder: Path, layers: int | None = None) -> SlotFiller:
    """Take the body of the BERT-style encoder saved in `folder` (config.json, model.safetensors, tokenizer.json).

    A new token starts as the mean of the old pieces of its text; positions beyond the old window repeat it. Where
    fewer `layers` are wanted than the encoder has, the first ones are taken.
    """
    old = BertConfig.from_pretrained(folder)
    taken = min(layers or old.num_hidden_layers, old.num_hidden_layers)
    model = from_scratch(tokenizer, old.hidden_size, taken)
    state = {name.removeprefix("bert."): tensor for name, tensor in load_file(folder / "model.safetensors").items()}
    words = state.pop("embeddings.word_embeddings.weight")
    places = state.pop("embeddings.position_embeddings.weight")
    kinds = state.pop("embeddings.token_type_embeddings.weight")
    repeats = -(-MAX_LENGTH // len(places))
    embeddings = model.body.embeddings
    with torch.no_grad():
        embeddings.position_embeddings.weight.copy_(places.repeat(repeats, 1)[:MAX_LENGTH])
        embeddings.token_type_embeddings.weight.copy_(kinds[:1])
        embeddings.word_embeddings.weight.copy_(transplant(words, folder, tokenizer))
    wanted = ("embeddings.LayerNorm", *(f"encoder.layer.{index}." for index in range(taken)))
    body = {name: tensor for name, tensor in state.items() if name.startswith(wanted)}
    missing, unexpected = model.body.load_state_dict(body, strict=False)
    assert not unexpected, f"weights that the body has no place for: {unexpected}"
    assert all(name.startswith("embeddings.") for name in missing), f"the encoder lacks {missing}"
    return model


def transplant(words: Tensor, folder: Path, tokenizer: BytePairTokenizer) -> Tensor:
    """Embeddings of the new vocabulary: each the mean over the old pieces of its text, noise where there are none."""
    old = Backend.from_file(str(folder / "tokenizer.json"))
    old.no_padding()
    old.no_truncation()
    spread = float(words.std())
    rows = torch.randn(len(tokenizer.token_bytes), words.shape[1]) * spread
    unknown = old.token_to_id("[UNK]")
    for token, piece in enumerate(tokenizer.token_bytes):
        text = piece.decode("utf-8", errors="ignore").strip()
        ids = [i for i in old.encode(text, add_special_tokens=False).ids if i != unknown] if text else []
        if ids:
            rows[token] = words[ids].mean(0)
    rows[tokenizer.special_id("<|mask|>")] = words[old.token_to_id("[MASK]")]
    return rows


def _with_bare_ids(model: SlotFiller, tokenizer: BytePairTokenizer) -> SlotFiller:
    """Tell the model which token spells the same text without the space before it."""
    ids = {piece: token for token, piece in enumerate(tokenizer.token_bytes) if piece}
    bare = [ids.get(piece.removeprefix(b" "), token) for token, piece in enumerate(tokenizer.token_bytes)]
    model.bare_ids.copy_(torch.tensor(bare))
    return model
