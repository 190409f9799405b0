"""Vocabularies for tests: bytes and some longer tokens."""

from dataclasses import dataclass
from functools import cached_property

from scaffold.tokenizer import fingerprint

BYTES = tuple(bytes([byte]) for byte in range(256))


@dataclass(frozen=True)
class GreedyTokenizer:
    """Takes the longest token each time; the last two ids are a mask and a null without bytes."""

    pieces: tuple[bytes, ...]

    @cached_property
    def token_bytes(self):
        return (*self.pieces, b"", b"")

    @cached_property
    def fingerprint(self):
        return fingerprint(self.token_bytes)

    @property
    def null_id(self):
        return len(self.pieces) + 1

    def encode(self, text):
        rest, ids = text.encode(), []
        while rest:
            piece = max((p for p in self.pieces if p and rest.startswith(p)), key=len, default=None)
            if piece is None:
                return ()  # a vocabulary without all bytes cannot keep the law of `Tokenizer`
            ids.append(self.pieces.index(piece))
            rest = rest[len(piece) :]
        return tuple(ids)


def with_merges(*merges):
    """All bytes, and these."""
    return GreedyTokenizer((*BYTES, *merges))
