"""From a row to a canvas with targets."""

from random import Random

import pytest

from scaffold.constraints.language import escape
from scaffold.decode.normalise import candidates
from scaffold.layout.decisions import Decisions
from scaffold.layout.encode import encode
from scaffold.layout.json_syntax import lay_out
from scaffold.pipeline.compiled import is_legal
from scaffold.schema.lower import lower
from scaffold.testing import ByteTokenizer
from scaffold.train.batches import SLOT_NOISE, collate
from scaffold.train.examples import BUILT_IN, LENGTHS, ExampleMaker, opened, places_of, words
from scaffold.train.synthetic import generate

MASK, NULL = 256, 257
ROW = {
    "text": "Ada Lovelace was born on 10 December 1815.",
    "schema": {
        "type": "object",
        "properties": {
            "name": {"type": "string"},
            "born": {"anyOf": [{"type": "string", "format": "date"}, {"type": "null"}]},
            "died": {"anyOf": [{"type": "string", "format": "date"}, {"type": "null"}]},
        },
        "required": ["name", "born", "died"],
        "additionalProperties": False,
    },
    "value": {"name": "Ada Lovelace", "born": "1815-12-10", "died": None},
    "spans": {"/name": [0, 12], "/born": [25, 41]},
}


def slot_texts(example):
    """Content of each slot, nulls left out, in order."""
    found = []
    for token, offset in zip(example.tokens, example.offset, strict=True):
        if offset == 0:
            found.append(b"")
        if offset >= 0 and token != NULL:
            found[-1] += bytes([token])
    return [text.decode() for text in found]


EMPTY = {
    "text": "x",
    "schema": {"type": "object", "properties": {n: {"type": "string"} for n in "abc"}, "required": list("abc")},
    "value": dict.fromkeys("abc", ""),
}
"""Three empty slots."""
KINDS = ("date", "time", "date-time", "integer", "number", "duration")


def of_one_text(text, said, value, **schema):
    """A row with one field, which `said` states."""
    whole = {"type": "object", "properties": {"a": {"type": "string", **schema}}, "required": ["a"]}
    start = text.index(said)
    return {"text": text, "schema": whole, "value": {"a": value}, "spans": {"/a": [start, start + len(said)]}}


def target_of(row):
    """What the only slot of a row's value should hold."""
    (target,) = (words(span, found, row) for span, found in spans_of(row) if span.site == ("a",))
    return target


def slot_sizes(example):
    """Positions of each slot, in order."""
    found = []
    for offset in example.offset:
        if offset == 0:
            found.append(0)
        if offset >= 0:
            found[-1] += 1
    return found


def spans_of(row):
    """The slots of a row's value, with the value as slot texts."""
    layout = lay_out(lower(row["schema"]))
    found = encode(layout, row["value"], is_legal)
    return [(span, found) for span in maker().template(layout, found.decisions, BUILT_IN).spans]


def maker(length=4096):
    return ExampleMaker(ByteTokenizer(), MASK, NULL, length)


def test_slots_hold_the_words_of_the_prompt_and_nothing_where_a_field_is_absent():
    texts = [slot_texts(maker()(ROW, Random(seed))) for seed in range(30)]
    full = [sorted(t) for t in texts if len(t) == 3 and all(len(x) in (0, 12, 16) for x in t)]
    assert full, "no seed left room for the whole texts"
    assert all(t == ["", "10 December 1815", "Ada Lovelace"] for t in full)


def test_a_target_is_the_value_where_the_slot_may_not_hold_the_words():
    clock = {"pattern": "^[0-2][0-9]:[0-5][0-9]$"}
    assert target_of(of_one_text("Beginn 6.00 Uhr", "6.00", "06:00", **clock)) == "06:00"
    assert target_of(of_one_text("Starts at 16:30.", "16:30", "16:30", **clock)) == "16:30"
    phone = {"pattern": r"^\+[1-9]\d{6,14}$"}
    assert target_of(of_one_text("Call +44 20 555 1234", "+44 20 555 1234", "+44205551234", **phone)) == "+44205551234"
    assert target_of(of_one_text("On 10 May 1815.", "10 May 1815", "1815-05-10", format="date")) == "10 May 1815"
    assert target_of(of_one_text("On 10 May 1815.", "10 May 1815", "1815-05-10", description="ISO")) == "1815-05-10"


def test_every_generated_target_may_stand_in_its_slot_or_quotes_what_comes_to_the_value():
    quoted = 0
    for seed in range(60):
        row = dict(generate(Random(seed)))
        for span, found in spans_of(row):
            target, value = words(span, found, row), found.texts.get(span.key, "")
            if not target or is_legal(span.slot, target) or is_legal(span.slot, escape(target)):
                continue
            read = {
                one.value_text
                for kind in KINDS
                for one in candidates(row["text"], kind)
                if row["text"][one.start : one.stop] == target
            }
            assert value in read or float(value) in {float(text) for text in read}
            quoted += 1
    assert quoted > 20


def test_a_description_that_asks_for_a_form_is_never_left_out():
    row = of_one_text("On 10 May 1815.", "10 May 1815", "1815-05-10", description="Day, in ISO format")
    texts = [
        bytes(t for t in maker()(one, Random(seed)).tokens if t < MASK).decode()
        for one in (row | {"non_extractive": ["/a"]}, row)
        for seed in range(60)
    ]
    assert all("ISO" in text for text in texts[:60])
    assert not all("ISO" in text for text in texts[60:])


def test_all_slots_of_an_example_start_alike_and_users_sizes_are_among_them():
    seen = []
    for seed in range(300):
        sizes = slot_sizes(maker()(EMPTY, Random(seed)))
        seen.append(sizes[0] if len(set(sizes)) == 1 else 0)
    shares = {size: seen.count(size) / len(seen) for size in (8, 12, 16, 32)}
    assert 0.05 < shares[8] < 0.25
    assert 0.05 < shares[16] < 0.25
    assert 0.08 < shares[32] < 0.22
    assert shares[12] > 0.2
    assert abs(sum(LENGTHS.values()) - 1) < 1e-9


def test_what_only_long_slots_make_too_long_is_laid_out_with_the_built_in_ones():
    whole = next(e for e in (maker()(EMPTY, Random(seed)) for seed in range(99)) if slot_sizes(e) == [32] * 3)
    made = [maker(length=len(whole.tokens) - 1)(EMPTY, Random(seed)) for seed in range(99)]
    assert all(example is not None and 32 not in slot_sizes(example) for example in made)


def test_a_row_that_does_not_fit_is_left_out():
    assert maker(length=50)(ROW, Random(0)) is None


@pytest.mark.parametrize("seed", range(20))
def test_generated_rows_give_examples_whose_slots_carry_weight(seed):
    example = maker()(dict(generate(Random(seed))), Random(seed))
    assert example is not None
    assert all((w > 0) == (o >= 0) for w, o in zip(example.weight, example.offset, strict=True))


def test_a_batch_shows_the_targets_everywhere_but_at_masked_positions():
    example = maker()(ROW, Random(3))
    batch = collate([example, example], maker(), SLOT_NOISE, Random(0))
    shown = ~batch.canvas.masked[0, : len(example.tokens)]
    assert [t for t, s in zip(example.tokens, shown, strict=True) if s] == batch.canvas.tokens[0][: len(shown)][
        shown
    ].tolist()
    assert batch.targets.tolist() == [example.tokens[column] for column in batch.columns.tolist()]
    assert abs(float(batch.weights.sum()) - 2) < 1e-5


def test_opening_up_never_claims_more_items_than_there_are():
    truth = Decisions(counts={("a",): 3, ("b",): 0})
    for seed in range(50):
        decisions = opened(truth, Random(seed))
        assert all(decisions.counts[site] <= truth.counts[site] for site in truth.counts)
        assert all(decisions.counts[site] == truth.counts[site] for site in decisions.ended)


def test_a_target_is_copied_from_where_the_whole_of_it_stands():
    make = ExampleMaker(ByteTokenizer(), MASK, NULL)
    schema = {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]}
    example = make(
        {"text": "The fox; The Plough, The Plough", "schema": schema, "value": {"a": "The Plough"}}, Random(0)
    )
    slot = [at for at, offset in enumerate(example.offset) if offset >= 0]
    assert [example.origins[at] for at in slot[:3]] == [(9, 21), (10, 22), (11, 23)]
    assert not any(example.origins[at] for at in slot if example.tokens[at] == NULL)
    written = make({"text": "The fox", "schema": schema, "value": {"a": "The Plough"}}, Random(0))
    assert not any(written.origins), "no part of a target that must be written is copied from a place of its own"


def test_the_first_word_of_a_target_may_follow_a_space():
    tokens, pieces = [0, 1, 2, 9, 1, 2], [b"x", b" a", b" b", b"a"]
    assert places_of((3, 2), tokens, [True] * 6, pieces + [b"?"] * 6) == (1, 4)
    assert places_of((3, 2), tokens, [True] * 5 + [False], pieces + [b"?"] * 6) == (1,)
