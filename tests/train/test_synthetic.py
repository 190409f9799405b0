import json
from datetime import date
from functools import cache
from random import Random

import pytest
from jsonschema import Draft202012Validator

from scaffold.train.synthetic import generate
from scaffold.train.synthetic.attributes import LISTINGS
from scaffold.train.synthetic.compose import compose, unsaid
from scaffold.train.synthetic.composed import composed
from scaffold.train.synthetic.said import Said
from scaffold.train.synthetic.subjects import DOMAINS, HELD_OUT_DOMAINS


def rows(count, seed):
    rng = Random(seed)
    return [generate(rng) for _ in range(count)]


@cache
def sample():
    """Rows about the subjects that are written out, then as many about composed ones."""
    rng = Random(8)
    return rows(600, seed=7) + [generate(rng, composed_share=1.0) for _ in range(600)]


def leaves(value, path=""):
    """All scalars of a value by JSON pointer."""
    match value:
        case dict():
            for key, member in value.items():
                yield from leaves(member, f"{path}/{key.replace('~', '~0').replace('/', '~1')}")
        case list():
            for index, item in enumerate(value):
                yield from leaves(item, f"{path}/{index}")
        case _:
            yield path, value


def test_every_value_is_valid_under_its_schema():
    checker = Draft202012Validator.FORMAT_CHECKER
    for row in sample()[300:900]:
        Draft202012Validator.check_schema(row["schema"])
        Draft202012Validator(row["schema"], format_checker=checker).validate(row["value"])


def test_every_declared_field_is_in_the_value():
    for row in sample():
        assert row["value"].keys() == row["schema"]["properties"].keys()


def test_spans_quote_exactly_the_values_that_are_called_extractive():
    for row in sample():
        spans, indirect = row["spans"], set(row["non_extractive"])
        for place, value in leaves(row["value"]):
            if value is None:
                assert place not in spans
            elif place not in indirect:
                start, stop = spans[place]
                assert row["text"][start:stop] == str(value)
        assert row["extractive"] == (not indirect)


def test_normalised_values_have_a_span_with_their_spelling():
    years = 0
    for row in sample():
        for place in row["non_extractive"]:
            value = dict(leaves(row["value"]))[place]
            if isinstance(value, str) and len(value) == 10 and value[4] == value[7] == "-":
                day = date.fromisoformat(value)
                start, stop = row["spans"][place]
                spelled = row["text"][start:stop]
                years += 1
                assert str(day.year) in spelled
                assert str(day.day) in spelled.replace("1er", "1")
    assert years > 100


def test_the_same_seed_gives_the_same_rows():
    assert rows(60, seed=3) == rows(60, seed=3)
    assert rows(60, seed=3) != rows(60, seed=4)


def test_a_row_is_plain_json():
    for row in sample()[:60]:
        assert json.loads(json.dumps(row)) == row


@pytest.mark.parametrize("domain", [*DOMAINS, *HELD_OUT_DOMAINS], ids=lambda domain: domain.name)
def test_a_quotation_that_is_not_written_stands_nowhere_in_the_text(domain):
    rng = Random(11)
    for _ in range(40):
        text, written, facts = compose(rng, domain)
        words = f" {''.join(c if c.isalnum() else ' ' for c in text)} "
        for key, fact in facts.items():
            if isinstance(fact, Said) and not fact.is_cue and key not in written and key[0] != "_":
                raw = f" {''.join(c if c.isalnum() else ' ' for c in fact.raw)} "
                assert raw not in words


@pytest.mark.parametrize("domain", [*DOMAINS, *HELD_OUT_DOMAINS], ids=lambda domain: domain.name)
def test_every_field_of_a_domain_is_stated_by_some_text(domain):
    rng, stated = Random(13), set()
    for _ in range(150):
        _, written, _ = compose(rng, domain)
        stated |= {key.split("/")[0] for key in written}
    assert {field.key for field in domain.fields} <= stated


def test_a_composed_list_of_records_is_asked_for_by_the_name_under_which_it_is_told():
    rng, told = Random(5), 0
    for _ in range(400):
        domain = composed(rng)
        asked = [field.names for field in domain.fields if field.kind == "records"]
        (sentences,) = [[one for (one,) in phrases.others] for phrases in domain.phrases.values()]
        for names in asked if any("{c}" in one for one in sentences) else ():
            (listing,) = [one for one in LISTINGS if one.names == names]
            ways = [clause.replace("~", "{c}") for clause in listing.clauses]
            assert any(way.lower() in one.lower() for one in sentences for way in ways)
            told += 1
    assert told > 20


def test_composed_rows_ask_for_many_things_under_many_names():
    names = {name for row in sample()[600:] for name in row["schema"]["properties"]}
    assert len(names) > 900
    assert sum(bool(row["spans"]) for row in sample()[600:]) > 540


def test_a_composed_quotation_that_is_not_written_stands_nowhere_in_the_text():
    rng = Random(21)
    for _ in range(300):
        text, written, facts = compose(rng, composed(rng))
        words = f" {''.join(c if c.isalnum() else ' ' for c in text)} "
        for raw in unsaid(facts, written):
            assert f" {''.join(c if c.isalnum() else ' ' for c in raw)} " not in words


def test_there_is_variety_in_subjects_styles_and_lengths():
    made = sample()
    assert len({row["source"] for row in made}) >= 16
    assert len({json.dumps(row["schema"], sort_keys=True) for row in made}) > 560
    assert any("$defs" in row["schema"] for row in made)
    assert any(row["schema"].get("additionalProperties") is False for row in made)
    lengths = [len(row["text"]) for row in made]
    assert sum(600 <= length <= 1600 for length in lengths) > 15
    values = [value for row in made for _, value in leaves(row["value"])]
    assert 0.1 < sum(value is None for value in values) / len(values) < 0.5


def test_a_held_out_subject_is_none_of_those_to_learn_from():
    known = {domain.name for domain in DOMAINS}
    held_out = {domain.name for domain in HELD_OUT_DOMAINS}
    assert not known & held_out
    drawn = {name for row in sample() for name in row["source"].rpartition("/")[2].split("_")}
    assert not drawn & held_out


def test_rows_of_held_out_subjects_are_valid_and_quote_their_texts():
    rng = Random(4)
    for _ in range(60):
        row = generate(rng, HELD_OUT_DOMAINS)
        assert row["source"].rpartition("/")[2].split("_")[0] in {domain.name for domain in HELD_OUT_DOMAINS}
        Draft202012Validator(row["schema"], format_checker=Draft202012Validator.FORMAT_CHECKER).validate(row["value"])
        for place, value in leaves(row["value"]):
            if value is not None and place not in row["non_extractive"]:
                start, stop = row["spans"][place]
                assert row["text"][start:stop] == str(value)
