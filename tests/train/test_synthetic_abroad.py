"""Names and addresses of other countries: complete, in their own order, and the same for the same seed."""

import string
import sys
from random import Random

import pytest

from scaffold.errors import ModelError
from scaffold.train.synthetic import abroad
from scaffold.train.synthetic.clusters import foreign
from scaffold.train.synthetic.words import country_of


def parts_of(form):
    return [name for _, name, _, _ in string.Formatter().parse(form) if name]


@pytest.mark.parametrize("locale", abroad.LOCALES)
def test_every_part_of_a_form_can_be_drawn_and_stands_apart(locale):
    writings = abroad.names(locale), abroad.addresses(locale)
    assert writings[0].forms
    for writing in writings:
        for form in writing.forms:
            names = parts_of(form)
            assert len(names) > 1
            assert set(names) <= writing.kinds.keys()
            said = {name: abroad.drawn(Random(1), writing.kinds[name], locale) for name in names}
            assert all(said.values())
            marked = form.format(**{name: f"\0{value}\0" for name, value in said.items()})
            assert "\0\0" not in marked  # something divides them


def test_most_countries_have_addresses():
    assert sum(bool(abroad.addresses(locale).forms) for locale in abroad.LOCALES) > 35


def test_a_hungarian_says_the_family_first_and_a_prefix_within_a_name_is_left_out():
    assert abroad.names("hu_HU").forms[0] == "{family} {given}"
    assert not any(" {honorific}" in form for form in abroad.names("es_ES").forms)


def test_addresses_are_those_of_the_country():
    assert abroad.addresses("en_US").forms[0] == "{number} {road}\n{city}, {region} {postcode}"
    assert abroad.addresses("de_DE").forms == ("{road} {number}\n{postcode} {city}",)
    assert abroad.drawn(Random(0), "postcode", "de_DE").isdigit()
    assert country_of("de_AT") == "Austria"


def test_the_same_seed_draws_the_same():
    kinds = ("name", "company", "city")
    first, second = ([abroad.drawn(rng, kind) for kind in kinds for _ in range(20)] for rng in (Random(3), Random(3)))
    assert first == second
    assert len(set(first)) > 50


def test_a_cluster_of_another_country_asks_for_all_of_its_parts():
    countries = 0
    for seed in range(300):
        cluster = foreign(Random(seed))
        asked = {name for form in cluster.forms for name in parts_of(form)}
        assert asked == cluster.parts.keys()
        countries += "country" in cluster.parts
    assert 20 < countries < 100


def test_without_faker_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "faker", None)
    abroad._source.cache_clear()
    with pytest.raises(ModelError, match=r"scaffold-dllm\[train\]"):
        abroad.drawn(Random(0), "name", "de_DE")
