"""Words of a kind: which there are, and that composed texts use them."""

import unicodedata
from random import Random

import pytest

from scaffold.train.synthetic import generate, words
from scaffold.train.synthetic.attributes import LISTS, POOLS


def test_countries_languages_and_currencies_go_by_names_that_people_use():
    rng = Random(0)
    countries = {words.country(rng) for _ in range(3000)}
    assert {"Angola", "Kyrgyzstan", "Cape Verde"} <= countries
    assert {"LATIN", "CYRILLIC", "ARABIC", "CJK"} <= {unicodedata.name(name[0]).split()[0] for name in countries}
    assert not {"World", "Europe"} & countries
    assert {"Dutch", "Swahili"} <= {words.language(rng) for _ in range(2000)}
    currencies = {words.currency(rng) for _ in range(2000)}
    assert {"EUR", "Swiss Franc"} <= currencies
    assert not {"DEM", "German Mark"} & currencies


@pytest.mark.parametrize("kind", words.WORDS)
def test_words_of_a_kind_are_many_and_all_different(kind):
    found = words.WORDS[kind]
    assert len(found) == len(set(found)) >= 20
    assert all(word == word.strip() and word for word in found)


def test_an_attribute_goes_by_the_same_names_in_one_place_only():
    """What asks for a word of a kind says so by its first name, which no other attribute has."""
    first = [attribute.names[0] for attribute in {id(a): a for pool in POOLS for a in pool}.values()]
    assert {name for name in first if first.count(name) > 1} == set()
    assert all(attribute.clauses and all("~" in c for c in attribute.clauses) for attribute in LISTS)


def test_composed_texts_quote_words_of_every_kind():
    rng = Random(1)
    quoted = set()
    for _ in range(1500):
        row = generate(rng, composed_share=1.0)
        quoted |= {row["text"][start:stop] for start, stop in row["spans"].values()}
    assert all(quoted & set(of_a_kind) for of_a_kind in words.WORDS.values())
