"""Tokenizers as the hub publishes them, so that any text survives and special tokens stay out of it."""

import json
from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from scaffold.errors import ModelError, TokenBorderError
from scaffold.models.checkpoint import read_json
from scaffold.tokenizer import byte_characters, fingerprint

_SPACE = "▁"
_SAMPLES = ("a", " a", '{"key": "Zoë’s 10.5 €"}', "two  spaces\n\ttab", "日本 e\u0301")
# Qwen2's split, for the checkpoints that publish vocabulary and merges only.
_QWEN_SPLIT = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)


class HubTokenizer:
    """A byte-level or byte-fallback BPE with its added tokens; `size` rows, of which surplus ones have no bytes.

    Normalisation is left out, since a text that changes cannot be quoted by offset.

    Raises:
        ModelError: the file is of another kind, or changes texts.
    """

    def __init__(
        self, specification: Mapping[str, Any], settings: Mapping[str, Any], size: int, silent: int | None = None
    ) -> None:
        from tokenizers import Tokenizer as Backend  # noqa: PLC0415  (22 ms, and only when a model is used)

        self._backend = Backend.from_str(json.dumps(_plain(specification)))
        self._given = (specification, settings, size)
        self._silent = silent
        self._special = frozenset(self._backend.get_added_tokens_decoder())
        self._is_byte_level = "ByteLevel" in json.dumps([specification.get("pre_tokenizer"), specification["decoder"]])
        self.settings = settings
        self.size = max(size, self._backend.get_vocab_size())
        self._check()

    def _check(self) -> None:
        for text in _SAMPLES:
            if b"".join(self.token_bytes[i] for i in self.encode(text)) != text.encode():
                raise ModelError(
                    (), f"the tokenizer turns {text!r} into something else", "only BPE over bytes is supported"
                )

    @cached_property
    def token_bytes(self) -> tuple[bytes, ...]:
        """See `Tokenizer`."""
        known = self._backend.get_vocab_size()
        mute = self._special | {self._silent}
        pieces = (None if i in mute or i >= known else self._backend.id_to_token(i) for i in range(self.size))
        return tuple(b"" if piece is None else self._bytes_of(piece) for piece in pieces)

    @cached_property
    def _bytes_of(self) -> Callable[[str], bytes]:
        return _byte_level() if self._is_byte_level else _byte_fallback

    @cached_property
    def fingerprint(self) -> str:
        """See `Tokenizer`."""
        return fingerprint(self.token_bytes)

    def encode(self, text: str) -> tuple[int, ...]:
        """See `Tokenizer`."""
        self._backend.encode_special_tokens = True
        ids = tuple(self._backend.encode(text, add_special_tokens=False).ids)
        if any(i in self._special for i in ids):
            raise TokenBorderError((), f"the tokenizer turned ordinary text into a special token: {text!r}")
        return ids if self._silent is None else self._without(self._silent, ids)

    def _without(self, silent: int, ids: tuple[int, ...]) -> tuple[int, ...]:
        """The silent token's text, byte by byte."""
        letters = {piece: number for number, piece in enumerate(self.token_bytes) if len(piece) == 1}
        piece = self._bytes_of(self.text_of(silent))
        spelled = tuple(letters[piece[k : k + 1]] for k in range(len(piece)))
        return tuple(one for number in ids for one in (spelled if number == silent else (number,)))

    def encode_frame(self, text: str) -> tuple[int, ...]:
        """Ids of a text of our own (a chat template's), in which special tokens are meant."""
        self._backend.encode_special_tokens = False
        return tuple(self._backend.encode(text, add_special_tokens=False).ids)

    def silencing(self, number: int) -> "HubTokenizer":
        """The same tokenizer, but one ordinary token stands for nothing: texts are spelled without it."""
        return HubTokenizer(*self._given, silent=number)

    def text_of(self, number: int) -> str:
        """What a token looks like, also a special or silent one."""
        return str(self._backend.id_to_token(number))

    def special_id(self, text: str) -> int | None:
        """Id of a special token by its text; None where there is none."""
        found = self._backend.token_to_id(text)
        return found if found in self._special else None

    def named(self, role: str) -> str | None:
        """Text of the special token with a role: `mask_token`, `eos_token` and the like."""
        found = self.settings.get(role)
        return found.get("content") if isinstance(found, Mapping) else found


def read_tokenizer(folder: Path, size: int) -> HubTokenizer:
    """Read tokenizer.json, or vocab.json with merges.txt, and what the other files say about it.

    Raises:
        ModelError: there is no tokenizer, or it is of a kind that cannot be used.
    """
    settings = dict(read_json(folder / "special_tokens_map.json")) | dict(read_json(folder / "tokenizer_config.json"))
    template = folder / "chat_template.jinja"
    if template.is_file():
        settings["chat_template"] = template.read_text("utf-8")
    specification = dict(read_json(folder / "tokenizer.json")) or _from_merges(folder)
    return HubTokenizer(_with_added(specification, settings), settings, size)


def _from_merges(folder: Path) -> dict[str, Any]:
    """What tokenizer.json would say of a byte-level BPE in the older layout."""
    vocabulary, merges = folder / "vocab.json", folder / "merges.txt"
    if not vocabulary.is_file() or not merges.is_file():
        raise ModelError((), f"{folder.name} has no tokenizer.json", "convert the tokenizer to a fast one")
    lines = [line for line in merges.read_text("utf-8").splitlines() if line and not line.startswith("#version")]
    byte_level = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": False, "use_regex": False}
    split = {"type": "Split", "pattern": {"Regex": _QWEN_SPLIT}, "behavior": "Isolated", "invert": False}
    return {
        "version": "1.0",
        "added_tokens": [],
        "normalizer": None,
        "pre_tokenizer": {"type": "Sequence", "pretokenizers": [split, byte_level]},
        "post_processor": None,
        "decoder": byte_level,
        "model": {"type": "BPE", "vocab": dict(read_json(vocabulary)), "merges": [line.split(" ") for line in lines]},
    }


def _with_added(specification: Mapping[str, Any], settings: Mapping[str, Any]) -> dict[str, Any]:
    """Added tokens that only tokenizer_config.json knows, beside those of tokenizer.json."""
    known = {token["id"]: token for token in specification.get("added_tokens", [])}
    for number, token in settings.get("added_tokens_decoder", {}).items():
        known.setdefault(int(number), {"id": int(number), **token})
    return {**specification, "added_tokens": [known[i] for i in sorted(known)]}


def _plain(specification: Mapping[str, Any]) -> dict[str, Any]:
    """The same tokenizer without normalisation, all added tokens special, no space put before a text."""
    if specification.get("model", {}).get("type", "BPE") != "BPE":
        raise ModelError((), "the tokenizer is not a BPE", "only BPE over bytes is supported")
    keys = ("content", "single_word", "lstrip", "rstrip", "normalized")
    added = [
        {"id": token["id"], "special": True} | {key: token.get(key, False) for key in keys}
        for token in specification.get("added_tokens", [])
    ]
    spaces = specification.get("normalizer") if _replaces_spaces(specification.get("normalizer")) else None
    splitter = _without_prefix(specification.get("pre_tokenizer"))
    return {**specification, "added_tokens": added, "normalizer": spaces, "pre_tokenizer": splitter}


def _replaces_spaces(normalizer: Mapping[str, Any] | None) -> bool:
    """Whether it does nothing but write ▁ for a space."""
    return normalizer is not None and normalizer.get("type") == "Replace" and normalizer.get("content") == _SPACE


def _without_prefix(splitter: Any) -> Any:
    """The same steps, none of which adds a space in front of a text."""
    match splitter:
        case {"type": "Sequence", "pretokenizers": list(steps)}:
            return {**splitter, "pretokenizers": [_without_prefix(step) for step in steps]}
        case {"type": "ByteLevel"}:
            return {**splitter, "add_prefix_space": False}
        case {"type": "Metaspace"}:
            return {**splitter, "prepend_scheme": "never"}
        case _:
            return splitter


def _byte_level() -> Callable[[str], bytes]:
    bytes_of = {character: byte for byte, character in byte_characters().items()}
    # Pieces that no bytes spell are unused rows: nothing can be encoded to them.
    return lambda piece: bytes(bytes_of[c] for c in piece) if all(c in bytes_of for c in piece) else b""


def _byte_fallback(piece: str) -> bytes:
    if len(piece) == len("<0x00>") and piece.startswith("<0x") and piece.endswith(">"):
        return bytes.fromhex(piece[3:5])
    return piece.replace(_SPACE, " ").encode()
