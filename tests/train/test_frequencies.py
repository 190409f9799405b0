from collections import Counter

import pytest

import scaffold
from scaffold.denoise.scores import TokenFrequencies
from scaffold.models.embedded import FREQUENCIES, embedded_folder
from scaffold.testing import ByteTokenizer
from scaffold.tokenizer import BytePairTokenizer
from scaffold.train.batches import Blend
from scaffold.train.frequencies import count_tokens

DEFAULT = embedded_folder("default")
ROWS = ({"text": "abba"}, {"text": "cab"})


def test_every_text_that_is_drawn_is_counted():
    tokenizer = ByteTokenizer()
    found = count_tokens(Blend(((ROWS[0],), (ROWS[1],)), (1.0, 0.0)), tokenizer, rows=3)
    expected = Counter(tokenizer.encode("abba" * 3))
    assert found.fingerprint == tokenizer.fingerprint
    assert {token: n for token, n in enumerate(found.counts) if n} == expected


def test_counts_are_a_function_of_their_seed():
    blend = Blend((ROWS,), (1.0,))
    assert count_tokens(blend, ByteTokenizer(), rows=9) == count_tokens(blend, ByteTokenizer(), rows=9)


def test_the_embedded_default_has_frequencies_of_its_own_tokenizer_in_which_points_beat_names():
    tokenizer = BytePairTokenizer(str(DEFAULT / "tokenizer.json"))
    found = TokenFrequencies.read(DEFAULT / FREQUENCIES, tokenizer)
    assert len(found.counts) == len(tokenizer.token_bytes)
    (point,), (name, *_) = tokenizer.encode("."), tokenizer.encode(" Lovelace")
    assert found.counts[point] > 20 * max(found.counts[name], 1)


def test_frequencies_of_another_tokenizer_are_refused():
    with pytest.raises(scaffold.ModelError):
        TokenFrequencies.read(DEFAULT / FREQUENCIES, ByteTokenizer())
