"""Train the byte-complete tokenizer of the embedded default.

Words are learned without their leading space, and each word that begins after a space gets a second token with it.
So ` Ada` and `Ada` differ in their first token only, and a span of the prompt can be copied into a slot token by token.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator

from tokenizers import Regex, Tokenizer
from tokenizers.models import BPE
from tokenizers.pre_tokenizers import ByteLevel, PreTokenizer, Sequence, Split
from tokenizers.trainers import BpeTrainer

from scaffold.models.embedded import MASK, NULL

SPACE = "Ġ"  # the byte-level spelling of a space
_WORD = r"\p{L}[\p{L}\p{M}]*|\p{N}{1,3}|[^\s\p{L}\p{N}]"


def train_tokenizer(texts: Iterable[str], merges: int, min_count: int = 20) -> Tokenizer:
    """Learn `merges` merges, then a spaced twin of each token that starts a word `min_count` times or more."""
    words = Counter(word for text in texts for word in _words(text))
    plain = _learn(words, merges)
    model = json.loads(plain.to_str())["model"]
    vocabulary, pairs = model["vocab"], [tuple(pair) for pair in model["merges"]]
    starts: Counter[str] = Counter()
    for word, count in words.items():
        starts[plain.encode(word).tokens[0]] += count
    twins = [t for t, count in starts.most_common() if count >= min_count and SPACE + t not in vocabulary]
    for token in twins:
        vocabulary[SPACE + token] = len(vocabulary)
        pairs.append((SPACE, token))
    tokenizer = Tokenizer(BPE(vocab=vocabulary, merges=pairs))
    tokenizer.pre_tokenizer = _splitter(f" ?(?:{_WORD})|\\s")
    tokenizer.add_special_tokens([MASK, NULL])  # null last: `SlotFiller` relies on it
    return tokenizer


def _splitter(pattern: str) -> PreTokenizer:
    split = Split(Regex(pattern), "isolated")
    return Sequence([split, ByteLevel(add_prefix_space=False, use_regex=False)])


def _words(text: str) -> Iterator[str]:
    splitter = Split(Regex(rf"{_WORD}|\s"), "isolated")
    return (word for word, _ in splitter.pre_tokenize_str(text) if not word.isspace())


def _learn(words: Counter[str], merges: int) -> Tokenizer:
    tokenizer = Tokenizer(BPE())
    tokenizer.pre_tokenizer = ByteLevel(add_prefix_space=False, use_regex=False)
    trainer = BpeTrainer(
        vocab_size=256 + merges, initial_alphabet=ByteLevel.alphabet(), show_progress=False, min_frequency=2
    )
    tokenizer.train_from_iterator((w for word, n in words.items() for w in [word] * min(n, 1000)), trainer)
    return tokenizer
