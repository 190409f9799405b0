from dataclasses import dataclass
from itertools import pairwise
from math import ceil

import pytest
import torch
from fills import Watched, filled, options, texts
from hypothesis import given
from hypothesis import strategies as st

import scaffold
from scaffold.denoise.commits import Constant
from scaffold.denoise.lengths.daedal import Daedal, null_confidence
from scaffold.denoise.lengths.density import NullDensity
from scaffold.denoise.lengths.expand import Expand
from scaffold.denoise.lengths.fixed import Fixed
from scaffold.denoise.lengths.null_growth import NullGrowth
from scaffold.denoise.lengths.seam import Change, Resizing, Sizing
from scaffold.denoise.lengths.search import LengthSearch
from scaffold.denoise.look import Look, Raw
from scaffold.denoise.row import OPEN
from scaffold.errors import DenoiseError
from scaffold.testing import RandomPredictor, ScriptedPredictor

KEY = (("text",), "value")
NULL, EXPAND = 9, 8
TEXT = {
    "type": "object",
    "properties": {"text": {"type": "string"}, "date": {"type": "string", "format": "date"}},
    "required": ["text", "date"],
    "additionalProperties": False,
}


def sizing(raw, *, tokens=None, most=64, least=1, path=None):
    size = len(raw.chances)
    look = Look(path or (1,) * size, (1.0,) * size, (0.0,) * size, (1.0,) * size, 0.0, 0.0, -9.0, 0.0, True, raw=raw)
    return Sizing(KEY, tokens or (OPEN,) * size, look, least, most, NULL, EXPAND, {}, True, most)


def raw(chances, nulls=None):
    nulls = nulls or [0.0] * len(chances)
    return Raw(tuple(NULL if n >= c else 1 for c, n in zip(chances, nulls, strict=True)), tuple(chances), tuple(nulls))


PAIRS = st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)).map(lambda p: (max(p), p[1])), min_size=1, max_size=12)


@given(PAIRS, st.integers(1, 6))
def test_null_confidence_is_a_share_of_the_window(pairs, window):
    chances, nulls = zip(*pairs, strict=True)
    found = null_confidence(raw(chances, list(nulls)), window)
    assert 0 <= found <= 1
    if all(n < c for c, n in pairs):
        assert found == 0
    assert null_confidence(raw([1.0] * 8, [1.0] * 8), window) == 1


@given(st.integers(1, 40), st.integers(1, 80))
def test_stage_one_adds_steps_at_the_end_and_never_more_than_there_may_be(size, most):
    most = max(size, most)
    found = Daedal()([sizing(raw([0.9] * size), most=most)], None)
    assert found.changes == ({KEY: Change(size, min(8, most - size))} if most > size else {})


def test_stage_two_opens_eight_places_in_place_of_the_least_sure_one():
    doubtful = sizing(raw([0.9, 0.05, 0.9]), tokens=(1, OPEN, OPEN))
    found = Daedal()([doubtful], {KEY: 0})
    assert found.changes == {KEY: Change(1, 7)}
    assert found.kept == {KEY: 1}
    assert Daedal(expansions=1)([doubtful], found.kept).changes == {}
    assert Daedal()([sizing(raw([0.9, 0.5, 0.9]), tokens=(1, OPEN, OPEN))], {KEY: 0}).changes == {}


@given(st.floats(0, 1))
def test_within_the_band_nothing_changes_below_grows_and_above_shrinks(density):
    wanted = NullDensity().wanted(density)
    assert (wanted > 0) == (density < 0.4)
    assert (wanted < 0) == (density > 0.6)
    distance = max(0.4 - density, density - 0.6)
    if distance > 1e-5:
        assert abs(wanted) == min(8 * 2 ** (max(1, ceil(round(distance / 0.1, 6))) - 1), 64)


def test_only_open_nulls_are_taken_away_and_one_stays():
    nulls = raw([0.9, 0.9, *[1.0] * 10], [0.0, 0.0, *[1.0] * 10])
    slot = sizing(nulls, tokens=(1, *[OPEN] * 11), path=(1, 1, *[NULL] * 10))
    assert NullDensity()([slot], None).changes == {KEY: Change(3, -9)}


@given(st.integers(1, 12), st.integers(0, 12))
def test_what_the_best_text_takes_is_kept_although_each_position_tends_to_null(size, said):
    path = tuple(1 if k < said else NULL for k in range(size))
    changes = NullDensity()([sizing(raw([1.0] * size, [1.0] * size), path=path)], None).changes
    left = size + sum(change.by for change in changes.values())
    assert min(said + 1, size) <= left <= size


def test_a_slot_that_was_lengthened_is_not_shortened_again():
    much = sizing(raw([1.0] * 12, [1.0] * 12), path=(1, *[NULL] * 11))
    assert NullDensity()([much], {KEY: 1}).changes == {}
    assert NullDensity()([much], {KEY: -64}).changes == {}
    assert NullDensity()([much], {KEY: -63}).changes


def test_a_slot_that_was_shortened_is_lengthened_again_only_when_its_text_reaches_the_end():
    sure = raw([0.9] * 4)
    ended, full = sizing(sure, path=(1, 1, 1, NULL)), sizing(sure)
    assert NullDensity()([ended], {KEY: -1}).changes == {}
    again = NullDensity()([full], {KEY: -1})
    assert again.changes == {KEY: Change(4, 8)}
    assert again.kept == {KEY: 2}


@given(st.integers(1, 8), st.integers(1, 8), st.integers(0, 3))
def test_a_slot_whose_end_is_committed_keeps_its_length(still_open, nulls, before):
    tokens = (1, *[OPEN] * still_open, *[NULL] * nulls)
    slot = sizing(raw([0.9] * len(tokens)), tokens=tokens)
    assert NullDensity()([slot], {KEY: before}).changes == {}


class LateToSpeak(ScriptedPredictor):
    """Tends to null at every single position until something is committed."""

    def __call__(self, canvas, rows, columns):
        found = super().__call__(canvas, rows, columns)
        is_begun = ((canvas.offset >= 0) & ~canvas.masked).any(1)
        is_text = found[:, self.null_id] <= 0
        found[is_text & ~is_begun[rows], self.null_id] += 31.0
        return found


def test_a_text_that_shows_late_is_not_cut_by_a_slot_that_was_shortened_before():
    answers = {"text": "a house", "date": "2024-02-29"}
    found, _ = filled(
        LateToSpeak(answers),
        options(length=NullDensity(), commit=Constant(1000), max_steps=99, max_slot=64),
        TEXT,
        on_overflow="error",
    )
    assert found.error is None
    assert texts(found) == {"/text": "a house", "/date": "2024-02-29"}


def test_the_published_bias():
    expected = {1: 0.94, 2: 0.77, 4: 0.68, 8: 0.59, 16: 0.45, 32: 0.32, 64: 0.25}
    for length, value in expected.items():
        assert LengthSearch().expected(length) == pytest.approx(value, abs=0.006)


@given(st.integers(1, 64), st.integers(1, 64))
def test_a_peak_that_steps_lead_up_to_is_found(peak, begin):
    search = LengthSearch(begin=begin)
    surest = {n: search.expected(n) * (1 - abs(n - peak) / 100) for n in range(1, 65)}
    assert search.climb(surest, 1, 64) == (peak, None)


@given(st.integers(1, 64), st.floats(0.1, 2))
def test_without_any_gain_the_search_stays_where_it_begins(begin, factor):
    search = LengthSearch(begin=begin)
    surest = {n: search.expected(n) * factor * (1 - 1e-9 * abs(n - begin)) for n in range(1, 65)}
    assert search.climb(surest, 1, 64)[0] == begin


@given(st.dictionaries(st.integers(1, 20), st.floats(0, 1)), st.integers(1, 20), st.integers(1, 20))
def test_a_search_asks_for_lengths_it_does_not_know_and_stays_in_range(found, low, high):
    low, high = sorted((low, high))
    best, missing = LengthSearch(begin=8).climb(found, low, high)
    assert low <= best <= high
    assert missing is None or (missing not in found and low <= missing <= high)


@dataclass(frozen=True)
class Sure(ScriptedPredictor):
    """Surer of its best tokens the nearer a slot is to a length, and knows the text."""

    length: int = 20

    def __call__(self, canvas, rows, columns):
        found = super().__call__(canvas, rows, columns)
        size = torch.tensor([size_at(canvas, r, c) for r, c in zip(rows.tolist(), columns.tolist(), strict=True)])
        return found * (1.0 - (size - self.length).abs() / 100.0)[:, None] / 4


def size_at(canvas, row, column):
    offset = canvas.offset[row].tolist()
    start = column - offset[column]
    return next((k for k in range(len(offset) - start) if offset[start + k] != k), len(offset) - start)


def test_a_search_looks_at_many_lengths_in_one_batch_and_takes_the_surest():
    watched = Watched(Sure({"text": "a house by the sea", "date": "2024-02-29"}))
    flat = LengthSearch(bias=(0.0, 0.0, 0.0, 0.0, 1.0), slack=0)
    found, _ = filled(watched, options(length=flat, max_slot=64), TEXT)
    size = next(span.size for span in found.row.template.spans if span.key == KEY)
    assert size == 20
    assert texts(found)["/text"] == "a house by the sea"
    assert max(len(canvas.tokens) for canvas in watched.canvases) > 4
    assert found.model_calls < 30


@pytest.mark.parametrize("length", [NullGrowth(), Daedal(), NullDensity(), LengthSearch(limit=128)])
def test_a_text_longer_than_its_slot_gets_room(length):
    text = "a house by the sea with a garden, a cat and two old apple trees"
    found, _ = filled(
        ScriptedPredictor({"text": text, "date": "2024-02-29"}),
        options(length=length, max_slot=256, max_steps=99),
        TEXT,
        on_overflow="error",
    )
    assert found.error is None or isinstance(length, LengthSearch)  # a script is as sure at any length
    if found.error is None:
        assert texts(found) == {"/text": text, "/date": "2024-02-29"}


@pytest.mark.parametrize("size", [4, 40])
def test_a_fixed_slot_keeps_its_length_and_does_not_cut_in_silence(size):
    answers = {"text": "a house by the sea", "date": "2024-02-29"}
    found, calls = filled(ScriptedPredictor(answers), options(length=Fixed(size)), TEXT, on_overflow="error")
    span = next(span for span in calls[0].before.template.spans if span.key == KEY)
    assert span.size == size
    assert (found.error is None) == (size == 40)


@dataclass(frozen=True)
class Asking(ScriptedPredictor):
    """Asks for one more position at the end of a slot until there are enough for the text."""

    @property
    def expand_id(self):
        return self.mask_id + 1

    def __call__(self, canvas, rows, columns):
        found = super().__call__(canvas, rows, columns)
        for index, (row, column) in enumerate(zip(rows.tolist(), columns.tolist(), strict=True)):
            is_last = canvas.offset[row, column] == size_at(canvas, row, column) - 1
            if is_last and size_at(canvas, row, column) < 20 and canvas.offset[row, column] >= 3:
                found[index, self.expand_id] = 99.0
        return found


def test_one_mask_becomes_two_where_the_model_asks_for_it():
    predictor = Asking({"text": "a house by the sea", "date": "2024-02-29"})
    asked = options(length=Expand(), max_slot=64, max_steps=60)
    found, calls = filled(predictor, asked, TEXT)
    sizes = [next(s.size for s in call.after.template.spans if s.key == KEY) for call in calls]
    assert sizes[0] == 5
    assert all(b - a in {0, 1} for a, b in pairwise(sizes))
    assert texts(found) == {"/text": "a house by the sea", "/date": "2024-02-29"}


def test_an_expansion_stops_at_its_limit():
    predictor = Asking({"text": "a house by the sea", "date": "2024-02-29"})
    _, calls = filled(predictor, options(length=Expand(limit=7), max_slot=64, max_steps=60), TEXT)
    assert max(span.size for call in calls for span in call.after.template.spans if span.key == KEY) == 7


def test_room_in_the_middle_moves_what_stands_behind_it():
    class Once(NullGrowth):
        """Makes room once, before what is committed last."""

        def __call__(self, slots, kept):
            able = [s for s in slots if s.key == KEY and not kept and len(s.open) < s.size and s.open]
            return Resizing({s.key: Change(s.open[0], 3) for s in able}, kept=bool(kept or able))

    answers = {"text": "a house", "date": "2024-02-29"}
    found, calls = filled(ScriptedPredictor(answers), options(length=Once(), commit=Constant(1000), max_steps=99), TEXT)
    assert found.error is None
    for call in calls:
        old, new = (row.written.get(KEY, ()) for row in (call.before, call.after))
        kept = [t for t in old if t != OPEN]
        rest = iter(new)
        assert all(token in rest for token in kept)


@pytest.mark.parametrize(
    "make",
    [lambda: Fixed(-1), lambda: Daedal(step=1), lambda: NullDensity(0.7), lambda: LengthSearch(0), lambda: Expand(0)],
)
def test_a_length_out_of_range_is_refused(make):
    with pytest.raises(DenoiseError):
        make()


def test_a_slot_that_must_hold_something_grows_even_where_the_model_would_leave_it_empty():
    schema = {
        "type": "object",
        "properties": {"file": {"type": "string", "pattern": "^(.*?)\\.alfred3?workflow$"}},
        "required": ["file"],
    }
    for seed in range(4):
        value = scaffold.Filler(RandomPredictor(seed=seed)).fill(schema, "Some text.").value
        assert value["file"].endswith("workflow")
