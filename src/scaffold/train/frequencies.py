"""Count tokens in the texts that a model was trained on, for position-calibrated scores."""

from collections import Counter
from random import Random

from scaffold.denoise.scores import TokenFrequencies
from scaffold.tokenizer import Tokenizer
from scaffold.train.batches import Blend


def count_tokens(blend: Blend, tokenizer: Tokenizer, rows: int = 20_000, seed: int = 0) -> TokenFrequencies:
    """Count the tokens of as many texts, drawn as training draws them."""
    rng = Random(seed)
    counts: Counter[int] = Counter()
    for _ in range(rows):
        counts.update(tokenizer.encode(str(blend.draw(rng)["text"])))
    return TokenFrequencies(tokenizer.fingerprint, tuple(counts[i] for i in range(len(tokenizer.token_bytes))))
