"""A vocabulary of any size that looks like a byte-level BPE's: for measuring, without a download."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from random import Random

from scaffold.tokenizer import fingerprint

_SYLLABLES = "a e i o u an en er in on ti re st al le ar it ou ch th qu str pre ing tion ment ä é ñ ö ß и н о 的 人"
_SIGNS = ("...", "://", '":"', '","', "==", "),", "\n\n", "    ", "-----", '\\"', "%", "€")


@dataclass(frozen=True)
class SyntheticTokenizer:
    """All bytes, numbers up to three digits, signs, and words with or without a space before them.

    The last two ids are a mask and a null. Text is spelled byte by byte: what is measured reads the bytes of tokens.
    """

    size: int = 126_464
    seed: int = 0

    @cached_property
    def token_bytes(self) -> tuple[bytes, ...]:
        """See `Tokenizer`."""
        pieces = [bytes([byte]) for byte in range(256)]
        seen = set(pieces)
        for text in _texts(Random(self.seed)):
            piece = text.encode()
            if len(pieces) == self.size - 2:
                break
            if piece not in seen:
                seen.add(piece)
                pieces.append(piece)
        return (*pieces, b"", b"")

    @cached_property
    def fingerprint(self) -> str:
        """See `Tokenizer`."""
        return fingerprint(self.token_bytes)

    @property
    def null_id(self) -> int:
        """The last id."""
        return self.size - 1

    def encode(self, text: str) -> tuple[int, ...]:
        """See `Tokenizer`."""
        return tuple(text.encode())


def _texts(random: Random) -> Iterator[str]:
    """Texts of tokens, for ever; some twice."""
    yield from _SIGNS
    yield from (f"{number:0{width}}" for width in (2, 3) for number in range(10**width))
    syllables = _SYLLABLES.split()
    while True:
        word = "".join(random.choices(syllables, k=random.randint(1, 5)))
        yield random.choice((word, " " + word, " " + word, word.title(), " " + word.title(), word.upper()))
