"""The seam to a tokenizer: text in, ids out, and the bytes of every id."""

from functools import cached_property
from hashlib import sha256
from typing import Protocol, runtime_checkable

from scaffold.errors import ModelError, TokenBorderError


@runtime_checkable
class Tokenizer(Protocol):
    """Splits text into ids, and says which bytes every id stands for.

    Law: joining `token_bytes` over `encode(text)` gives `text` in UTF-8. Special tokens
    (mask, null, padding) have empty bytes and never come out of `encode`, whatever the text says.
    """

    def __hash__(self) -> int:
        """Tokenizers key caches of encoded text."""

    @property
    def fingerprint(self) -> str:
        """A short key that differs whenever `token_bytes` does; used by caches."""

    @property
    def token_bytes(self) -> tuple[bytes, ...]:
        """The bytes of each id, in order of id; empty for special and unusable ids."""

    def encode(self, text: str) -> tuple[int, ...]:
        """Ids of `text`; special-token strings inside it are ordinary text."""


def character_offsets(token_bytes: tuple[bytes, ...], ids: tuple[int, ...]) -> list[tuple[int, int]]:
    """Character span (start, stop) of each id in the text that `ids` spell.

    A token that ends inside a character is given the whole of it.
    """
    spans, at = [], 0
    for token in ids:
        piece = token_bytes[token]
        begun = sum(byte & 0xC0 != 0x80 for byte in piece)  # bytes that start a character
        inside = bool(piece) and piece[0] & 0xC0 == 0x80
        spans.append((at - inside, at + begun))
        at += begun
    return spans


def fingerprint(token_bytes: tuple[bytes, ...]) -> str:
    """Twelve hex digits over all token bytes."""
    digest = sha256()
    for piece in token_bytes:
        digest.update(len(piece).to_bytes(4, "big") + piece)
    return digest.hexdigest()[:12]


class BytePairTokenizer:
    """A byte-level BPE kept by the `tokenizers` library; no normalisation, no added prefix.

    Raises:
        TokenBorderError: a text does not survive the round trip (the file normalises text).
    """

    def __init__(self, path: str) -> None:
        from tokenizers import Tokenizer as Backend  # noqa: PLC0415  (22 ms, and only when a model is used)

        self._backend = Backend.from_file(path)
        self._special = frozenset(self._backend.get_added_tokens_decoder())
        self._backend.encode_special_tokens = True

    @cached_property
    def token_bytes(self) -> tuple[bytes, ...]:
        """See `Tokenizer`."""
        characters = {character: byte for byte, character in byte_characters().items()}
        size = self._backend.get_vocab_size()
        pieces = (self._backend.id_to_token(i) or "" for i in range(size))
        return tuple(
            b"" if i in self._special else bytes(characters[c] for c in piece) for i, piece in enumerate(pieces)
        )

    @cached_property
    def fingerprint(self) -> str:
        """See `Tokenizer`."""
        return fingerprint(self.token_bytes)

    def special_id(self, text: str) -> int:
        """Id of a special token by its text."""
        found = self._backend.token_to_id(text)
        if found is None:
            raise ModelError((), f"the tokenizer has no special token {text!r}", "use the tokenizer of the model")
        return int(found)

    def encode(self, text: str) -> tuple[int, ...]:
        """See `Tokenizer`."""
        ids = tuple(self._backend.encode(text, add_special_tokens=False).ids)
        if any(i in self._special for i in ids):
            raise TokenBorderError((), f"the tokenizer turned ordinary text into a special token: {text!r}")
        return ids


def byte_characters() -> dict[int, str]:
    """The printable character that stands for each byte in a byte-level BPE file (GPT-2's table)."""
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    hidden = [byte for byte in range(256) if byte not in printable]
    return {b: chr(b) for b in printable} | {b: chr(256 + i) for i, b in enumerate(hidden)}
