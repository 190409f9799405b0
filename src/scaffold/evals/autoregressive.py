"""The baseline of the engine benchmark: token by token under a grammar mask, with or without jump-forward."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import torch
from torch import Tensor

from scaffold.errors import ModelError
from scaffold.evals.synthetic_vocabulary import SyntheticTokenizer
from scaffold.extras import optional
from scaffold.models.network import Decoder
from scaffold.models.reuse import KeyValues, capacity_for
from scaffold.models.topology import visible

_BITS = 32


class _Vocabulary:
    """What llguidance wants to know of a tokenizer."""

    def __init__(self, tokenizer: SyntheticTokenizer) -> None:
        self.eos_token_id, self.bos_token_id = tokenizer.null_id, None
        self.special_token_ids = [tokenizer.null_id - 1, tokenizer.null_id]
        self.tokens = [piece or f"<special {number}>".encode() for number, piece in enumerate(tokenizer.token_bytes)]

    def __call__(self, text: bytes | str) -> list[int]:
        return list(text.encode() if isinstance(text, str) else text)


@dataclass(frozen=True, eq=False, slots=True)
class Grammar:
    """Masks of the tokens that may come next, by llguidance."""

    tokenizer: Any
    schema: str
    size: int

    def matchers(self, count: int) -> list[Any]:
        """A fresh state per row."""
        from llguidance import LLMatcher  # noqa: PLC0415  (an optional dependency)

        return [LLMatcher(self.tokenizer, LLMatcher.grammar_from_json_schema(self.schema)) for _ in range(count)]

    def mask(self, matchers: Sequence[Any], logits: Tensor) -> Tensor:
        """`logits` with everything that the grammar does not allow at -inf."""
        from llguidance.numpy import allocate_token_bitmask, fill_next_token_bitmask  # noqa: PLC0415

        bits = allocate_token_bitmask(len(matchers), self.size)
        for row, matcher in enumerate(matchers):
            fill_next_token_bitmask(matcher, bits, row)
        words = torch.from_numpy(bits).to(logits.device)
        is_legal = (words[..., None] >> torch.arange(_BITS, device=logits.device)) & 1
        return logits.masked_fill(is_legal.flatten(1)[:, : logits.shape[1]] == 0, -torch.inf)


def grammar(tokenizer: SyntheticTokenizer, schema: str) -> Grammar:
    """Compile a JSON Schema.

    Raises:
        ModelError: llguidance is not installed.
    """
    llguidance = optional("llguidance", "bench")
    return Grammar(llguidance.LLTokenizer(llguidance.TokenizerWrapper(_Vocabulary(tokenizer))), schema, tokenizer.size)


def segments(ids: Sequence[int], is_content: Sequence[bool], *, jumps: bool) -> Iterator[list[int]]:
    """Tokens that are fed together: one by one, or all that the grammar forces at once."""
    for is_free, run in groupby(zip(ids, is_content, strict=True), key=lambda pair: pair[1]):
        tokens = [token for token, _ in run]
        yield from ([tokens] if jumps and not is_free else ([token] for token in tokens))


@torch.inference_mode()
def write(network: Decoder, prompts: Tensor, parts: Sequence[Sequence[int]], rules: Grammar) -> int:
    """Write the same tokens behind every prompt, choosing each from masked logits; gives the number of calls.

    What is chosen is replaced by the script: random weights would write texts of any number of tokens.
    """
    batch, length = prompts.shape
    total = length + sum(map(len, parts))
    memory = KeyValues(batch, capacity_for(total))
    matchers = rules.matchers(batch)
    fed, done = prompts, 0
    for part in parts:
        hidden = _step(network, memory, fed, done)
        done += fed.shape[1]
        masked = rules.mask(matchers, network.logits(hidden[:, -1]).float())
        masked.argmax(-1).tolist()  # the grammar has to know what was chosen before it can go on
        for matcher in matchers:
            if not matcher.consume_tokens(list(part)):
                raise ModelError((), f"the grammar refuses its own text: {matcher.get_error()}")
        fed = torch.tensor([list(part)] * batch, device=prompts.device)
    return len(parts)


def _step(network: Decoder, memory: KeyValues, tokens: Tensor, done: int) -> Tensor:
    batch, count = tokens.shape
    places = torch.arange(done, done + count, device=tokens.device).expand(batch, -1)
    keys = torch.arange(done + count, device=tokens.device).expand(batch, -1)
    memory.places, memory.length = places, done + count
    return network.hidden(tokens, places, visible(places, keys, keys >= 0), memory)
