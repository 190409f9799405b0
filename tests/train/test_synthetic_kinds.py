"""Kinds of made-up texts and questions: each value stands in its text, or follows from it."""

import json
import re
import unicodedata
from functools import cache
from random import Random

import pytest
from jsonschema import Draft202012Validator

from scaffold.decode.normalise_durations import durations
from scaffold.decode.normalise_numbers import numbers
from scaffold.train.synthetic import generate
from scaffold.train.synthetic.bind import Asked, merged, wrapped
from scaffold.train.synthetic.said import telephone
from scaffold.train.synthetic.scripts import LANGUAGES
from scaffold.train.synthetic.spelling import speak
from scaffold.train.synthetic.subjects import DOMAINS

SCRIPTS = {"ru": "CYRILLIC", "el": "GREEK", "ar": "ARABIC", "hi": "DEVANAGARI", "ja": "HIRAGANA", "zh": "CJK"}
NOTICE = next(domain for domain in DOMAINS if domain.name == "notice")
FILM = next(domain for domain in DOMAINS if domain.name == "film")


@cache
def sample():
    rng = Random(3)
    return [generate(rng) for _ in range(1500)]


def of(name):
    return [row for row in sample() if name in row["source"].rpartition("/")[2].split("_")]


def speech(language, seed):
    return speak(Random(seed), (language,))


def at(value, place):
    for step in place.split("/")[1:]:
        value = value[int(step)] if isinstance(value, list) else value[step.replace("~1", "/").replace("~0", "~")]
    return value


def test_every_script_is_written_and_quoted():
    assert set(NOTICE.phrases) == set(LANGUAGES) == set(SCRIPTS)
    quoted = {row["text"][start:stop] for row in of("notice") for start, stop in row["spans"].values()}
    written = {unicodedata.name(letter, "").split()[0] for text in quoted for letter in text}
    assert set(SCRIPTS.values()) - {"HIRAGANA"} <= written
    assert any("HIRAGANA" in unicodedata.name(c, "") for row in of("notice") for c in row["text"])


@pytest.mark.parametrize("language", ["en", "de"])
def test_a_length_of_time_is_what_its_words_say(language):
    for seed in range(60):
        minutes = Random(seed).randint(2, 400)
        said = speech(language, seed).duration(minutes)
        assert said.value in {one.value_text for one in durations(said.raw) if one.stop - one.start == len(said.raw)}
        days = speech(language, seed).days(seed + 1)
        assert days.value in {one.value_text for one in durations(days.raw)}


@pytest.mark.parametrize("language", ["en", "de"])
def test_millions_are_what_their_words_say(language):
    for seed in range(60):
        said = speech(language, seed).millions(Random(seed), unit="currency")
        if said.raw.endswith(("m", "mn")):
            continue  # letters that no reader of ours knows
        assert float(said.value) in {float(one.value_text) for one in numbers(said.raw)}


def test_a_day_of_the_week_is_said_but_not_quoted():
    from datetime import date

    talkative = next(s for s in (speech("en", seed) for seed in range(200)) if s.names_weekday)
    said = talkative.date(date(2024, 5, 14))
    assert said.before == "Tuesday, "
    assert "Tuesday" not in said.raw


def test_lengths_of_time_are_asked_for_as_durations():
    asked = [
        (row, place)
        for row in of("film")
        for place, span in row["spans"].items()
        if isinstance(at(row["value"], place), str)
        and at(row["value"], place).startswith("P")
        and span
        and place in row["non_extractive"]
        and at(row["value"], place)[1:2] in "T123456789"
    ]
    assert len(asked) > 10
    assert any("duration" in json.dumps(row["schema"]) for row, _ in asked)


def test_wrapped_and_merged_answers_are_valid_and_their_spans_hold():
    bound = [row for row in sample() if "_" in row["source"] or len(row["value"]) == 1]
    assert sum("_" in row["source"] for row in bound) > 30
    for row in bound:
        Draft202012Validator(row["schema"]).validate(row["value"])
        for place, (start, stop) in row["spans"].items():
            if place not in row["non_extractive"]:
                assert str(at(row["value"], place)) == row["text"][start:stop]


def test_a_merged_answer_keeps_both_parts_apart():
    row = next(row for row in sample() if "_" in row["source"])
    names = row["source"].rpartition("/")[2].split("_")
    assert list(row["value"]) == names
    assert all(row["schema"]["properties"][name]["type"] == "object" for name in names)


def asked(name, text, *quotations, **definitions):
    schema = {"$defs": definitions, "properties": {"a": {"type": "string"}}, "type": "object"}
    return Asked(name, text, schema, {"a": text[:3]}, {"/a": [0, 3]}, (), quotations)


def test_texts_of_which_one_says_what_the_other_leaves_out_are_not_merged():
    rng = Random(0)
    assert merged(rng, asked("x", "Ada came."), asked("y", "Bob left.")) is not None
    assert merged(rng, asked("x", "Ada came.", "Bob"), asked("y", "Bob left.")) is None
    assert merged(rng, asked("x", "Ada came."), asked("y", "Bob left.", "ada")) is None


def test_answers_whose_definitions_collide_are_not_merged():
    rng = Random(0)
    assert merged(rng, asked("x", "Ada", D={}), asked("y", "Bob", D={})) is None
    assert merged(rng, asked("x", "Ada", D={}), asked("x", "Bob", E={})) is None
    assert merged(rng, asked("x", "Ada", D={}), asked("y", "Bob", E={})).schema["$defs"].keys() == {"D", "E"}


def test_a_wrapper_moves_pointers_and_leaves_the_text_alone():
    found = wrapped(Random(1), asked("x", "Ada came."))
    ((place, span),) = found.spans.items()
    assert (place.rpartition("/")[2], span) == ("a", [0, 3])
    assert place.count("/") > 1
    assert at(found.value, place) == found.text[span[0] : span[1]] == "Ada"


def test_a_telephone_number_is_asked_for_as_e164_only_with_its_country():
    assert telephone("+44 (205) 555 1234").value == "+442055551234"
    assert telephone("(205) 555-1234").value is None
    asked = [
        (row, place)
        for row in sample()
        for place in row["non_extractive"]
        if str(at(row["value"], place)).startswith("+") and place in row["spans"]
    ]
    assert asked
    for row, place in asked:
        start, stop = row["spans"][place]
        assert at(row["value"], place) == telephone(row["text"][start:stop]).value


@pytest.mark.parametrize("name", ["event", "match"])
def test_lists_stand_in_lists(name):
    inner = [
        member
        for row in of(name)
        for place in row["spans"]
        if re.search(r"/\d+/[^/]+/\d+$", place)
        for member in [at(row["value"], place.rpartition("/")[0])]
    ]
    assert sum(len(member) > 1 for member in inner) > 3


def test_some_texts_are_several_hundred_words_long():
    lengths = [len(row["text"].split()) for row in sample()]
    assert 0.02 < sum(length >= 180 for length in lengths) / len(lengths) < 0.15
