"""The smallest tokenizer: one id for each byte, and two special ones."""

from dataclasses import dataclass
from typing import ClassVar

from scaffold.tokenizer import fingerprint

_TOKEN_BYTES = (*(bytes([byte]) for byte in range(256)), b"", b"")
_FINGERPRINT = fingerprint(_TOKEN_BYTES)


@dataclass(frozen=True, slots=True)
class ByteTokenizer:
    """Ids 0-255 are the bytes of UTF-8; `mask_id` and `null_id` follow."""

    mask_id: ClassVar[int] = 256
    null_id: ClassVar[int] = 257

    @property
    def fingerprint(self) -> str:
        """See `Tokenizer`."""
        return _FINGERPRINT

    @property
    def token_bytes(self) -> tuple[bytes, ...]:
        """See `Tokenizer`."""
        return _TOKEN_BYTES

    def encode(self, text: str) -> tuple[int, ...]:
        """See `Tokenizer`."""
        return tuple(text.encode())

    def decode(self, ids: tuple[int, ...]) -> str:
        """Text of `ids`; special ids are silent, broken characters are replaced."""
        return b"".join(_TOKEN_BYTES[i] for i in ids).decode(errors="replace")
