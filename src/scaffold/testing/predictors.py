"""Predictors without weights: random, scripted, and one that wants to break the document.

Each is a pure function of its own fields and of one row's tokens: the same row gives the same
logits in any batch and at any padding.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256

import torch
from torch import Tensor

from scaffold.denoise.canvas import Canvas
from scaffold.denoise.shapes import Logits, Positions
from scaffold.testing.byte_tokenizer import ByteTokenizer
from scaffold.tokenizer import Tokenizer

_LIKED = 24.0
_STRING_OR_HINT = re.compile(rb'"((?:[^"\\]|\\.)*)"(\s*:)?|/\*.*?\*/', re.DOTALL)


@dataclass(frozen=True, kw_only=True)
class _StandIn:
    """What all stand-ins answer alike: the mask and null ids are the tokenizer's first and last special id."""

    tokenizer: Tokenizer = field(default_factory=ByteTokenizer)
    max_length: int = 1 << 16

    @cached_property
    def _special_ids(self) -> tuple[int, ...]:
        return tuple(i for i, piece in enumerate(self.tokenizer.token_bytes) if not piece)

    @property
    def mask_id(self) -> int:
        """See `MaskPredictor`."""
        return self._special_ids[0]

    @property
    def null_id(self) -> int:
        """See `MaskPredictor`."""
        return self._special_ids[-1]

    def prompt(self, text: str) -> tuple[tuple[int, ...], int, int]:
        """See `MaskPredictor`: the text itself, and a line break."""
        ids = self.tokenizer.encode(text)
        return ids + self.tokenizer.encode("\n"), 0, len(ids)


@dataclass(frozen=True)
class RandomPredictor(_StandIn):
    """Believes anything, and null at a third of all positions: what comes out valid, the constraints made so."""

    seed: int = 0

    def __call__(self, canvas: Canvas, rows: Positions, columns: Positions) -> Logits:
        """See `MaskPredictor`."""
        logits = _noise(self.seed, canvas, (rows, columns), len(self.tokenizer.token_bytes))
        logits[logits[:, 0] > 0.43 * 4, self.null_id] = _LIKED  # a third of a normal distribution is above 0.43
        return logits.to(canvas.tokens.device)


@dataclass(frozen=True)
class AdversarialPredictor(_StandIn):
    """Prefers what breaks a document: quotes, backslashes, control bytes, halves of characters, special ids."""

    seed: int = 0

    @cached_property
    def _hostile(self) -> Tensor:
        return torch.tensor([_is_hostile(piece) for piece in self.tokenizer.token_bytes])

    def __call__(self, canvas: Canvas, rows: Positions, columns: Positions) -> Logits:
        """See `MaskPredictor`."""
        logits = _noise(self.seed, canvas, (rows, columns), len(self.tokenizer.token_bytes))
        logits[:, self._hostile] += _LIKED
        return logits.to(canvas.tokens.device)


@dataclass(frozen=True)
class ScriptedPredictor(_StandIn):
    """Answers each slot with the text scripted for the key before it, then null.

    `answers` maps a key to the text of its slot as it stands on the canvas (the body of a string,
    without quotes), or to the texts of the slots that follow the key, in order: items of a list,
    or the same key in the objects of a list. Slots without an answer become null.
    """

    answers: Mapping[str, str | Sequence[str]] = field(default_factory=dict)

    def __call__(self, canvas: Canvas, rows: Positions, columns: Positions) -> Logits:
        """See `MaskPredictor`."""
        script = {row: self._script(canvas, row) for row in set(rows.tolist())}
        ids = [script[row][column] for row, column in zip(rows.tolist(), columns.tolist(), strict=True)]
        logits = torch.zeros(len(ids), len(self.tokenizer.token_bytes))
        logits[torch.arange(len(ids)), torch.tensor(ids, dtype=torch.long)] = _LIKED
        return logits.to(canvas.tokens.device)

    def _script(self, canvas: Canvas, row: int) -> list[int]:
        """The id wanted at every position of a row; null outside the slots."""
        offsets = canvas.offset[row].tolist()
        wanted = [self.null_id] * len(offsets)
        seen: Counter[str] = Counter()
        for start, key in _slots(canvas, row, self.tokenizer.token_bytes):
            ids = self.tokenizer.encode(self._answer(key, seen[key]))
            seen[key] += 1
            stop = next((c for c in range(start + 1, len(offsets)) if offsets[c] != c - start), len(offsets))
            wanted[start : min(stop, start + len(ids))] = ids[: stop - start]
        return wanted

    def _answer(self, key: str, index: int) -> str:
        answer = self.answers.get(key, "")
        texts = (answer,) if isinstance(answer, str) else answer
        return texts[index] if index < len(texts) else ""


def _slots(canvas: Canvas, row: int, token_bytes: tuple[bytes, ...]) -> Iterator[tuple[int, str]]:
    """First position of each slot of a row, and the last key before it."""
    text = b""
    columns = zip(canvas.tokens[row].tolist(), canvas.offset[row].tolist(), strict=True)
    is_fixed = (canvas.attend[row] & ~canvas.source[row]).tolist()
    for column, (token, offset) in enumerate(columns):
        if offset == 0:
            yield column, _last_key(text)
        elif offset < 0 and is_fixed[column]:
            text += token_bytes[token]


def _last_key(text: bytes) -> str:
    keys = [match[1] for match in _STRING_OR_HINT.finditer(text) if match[2] and match[1]]
    return keys[-1].decode() if keys else ""


def _is_hostile(piece: bytes) -> bool:
    """Whether a token holds a quote, a backslash, a control byte, part of a character, or nothing."""
    return not piece or any(byte in b'"\\' or byte < 0x20 or byte >= 0x80 for byte in piece)


def _noise(seed: int, canvas: Canvas, at: tuple[Positions, Positions], vocabulary: int) -> Logits:
    """Normal logits, a function of the seed, the row's own tokens and the column; on the CPU."""
    rows, columns = (positions.tolist() for positions in at)
    digests = {row: _digest(seed, canvas.tokens[row][canvas.attend[row]]) for row in set(rows)}
    generator = torch.Generator()
    logits = torch.empty(len(rows), vocabulary)
    for index, (row, column) in enumerate(zip(rows, columns, strict=True)):
        generator.manual_seed(digests[row] ^ column)
        logits[index] = torch.randn(vocabulary, generator=generator) * 4
    return logits


def _digest(seed: int, tokens: Tensor) -> int:
    content = f"{seed}:{tokens.tolist()}".encode()
    return int.from_bytes(sha256(content).digest()[:5]) << 20  # room for the column below
