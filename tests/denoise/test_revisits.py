import pytest
import torch
from fills import Watched, document, filled, options, texts
from hypothesis import given
from hypothesis import strategies as st

from scaffold.denoise.capabilities import Capabilities
from scaffold.denoise.commits import Constant, Threshold
from scaffold.denoise.revisits.low_confidence import LowConfidence
from scaffold.denoise.revisits.remdm import SCHEDULES, ReMDM
from scaffold.denoise.revisits.reopen import reopened, standings
from scaffold.denoise.revisits.seam import Standing
from scaffold.denoise.revisits.token_editing import Draft, TokenEditing, overwritten
from scaffold.denoise.revisits.wino import Wino
from scaffold.denoise.row import OPEN, free_spans
from scaffold.errors import DenoiseError
from scaffold.evals.soundness import rejected
from scaffold.testing import RandomPredictor, ScriptedPredictor

WORD = {
    "type": "object",
    "properties": {"word": {"type": "string"}, "other": {"type": "string"}},
    "required": ["word", "other"],
    "additionalProperties": False,
}
KEY = (("word",), "value")
SURE = st.dictionaries(st.integers(0, 7), st.floats(0, 1), min_size=1)


def standing(sure, *, fresh=(), closed=True, quoted=False, times=0, checked=None):
    return Standing(KEY, 8, sure, frozenset(fresh), closed, quoted, times, checked or {})


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


def same_fills(one, other, schema=WORD):
    return all(
        texts(filled(RandomPredictor(seed), options(**one), schema)[0])
        == texts(filled(RandomPredictor(seed), options(**other), schema)[0])
        for seed in range(3)
    )


@pytest.mark.parametrize("schedule", ["cap", "rescale", "loop"])
def test_remdm_without_strength_is_the_base_sampler(schedule):
    base = {"commit": Constant(8)}
    assert same_fills(base, {**base, "revisit": ReMDM(schedule, eta=0.0)})


def test_wino_and_low_confidence_without_a_threshold_are_the_base_sampler():
    base = {"commit": Constant(8)}
    assert same_fills(base, {**base, "revisit": Wino(tau=0.0)})
    assert same_fills(base, {**base, "revisit": LowConfidence(tau=0.0)})


@given(SURE, st.sampled_from(SCHEDULES), st.integers(0, 20), st.floats(0, 1), st.integers(1, 16))
def test_probabilities_of_opening_again_are_such_and_end_with_the_schedule(sure, schedule, step, eta, steps):
    chances = ReMDM(schedule, eta, steps).chances(list(sure.values()), step)
    assert all(0 <= chance <= 1 for chance in chances)
    if step + 1 >= steps:
        assert not any(chances)


def test_the_schedules_are_their_formulas():
    sure = [0.2, 0.9]
    most = (1 - 9 / 16) / (8 / 16)
    assert ReMDM("cap", 0.1).chances(sure, 7) == [0.1, 0.1]
    assert ReMDM("cap", 1.0).chances(sure, 7) == [most, most]
    assert ReMDM("rescale", 0.5).chances(sure, 7) == [0.5 * most] * 2
    weights = torch.tensor(sure, dtype=torch.float64).neg().softmax(0)
    assert ReMDM("conf").chances(sure, 7) == pytest.approx((most * weights).tolist())
    assert ReMDM("loop", 0.3).chances(sure, 7) == [0.3, 0.3]
    assert ReMDM("loop", 0.3).chances(sure, 3) == [0.0, 0.0]
    assert ReMDM("loop", 0.3).chances(sure, 13) == [0.0, 0.0]


@given(SURE, st.integers(0, 99))
def test_what_was_just_committed_is_not_opened_again_at_random(sure, seed):
    fresh = frozenset(list(sure)[::2])
    places = ReMDM("rescale", 1.0, rounds=1)([standing(sure, fresh=fresh)], 0, generator(seed))
    assert not places.get(KEY, frozenset()) & fresh
    assert ReMDM("rescale", 1.0, rounds=1)([standing(sure, times=1)], 0, generator(seed)) == {}


@given(SURE, st.floats(0, 1))
def test_low_confidence_opens_exactly_what_is_below_its_threshold_once(sure, tau):
    expected = frozenset(k for k, value in sure.items() if value < tau)
    rule = LowConfidence(tau)
    assert rule([standing(sure, fresh=sure)], 0, generator()).get(KEY, frozenset()) == expected
    assert rule([standing(sure, fresh=sure, times=1)], 0, generator()) == {}
    assert rule([standing(sure, fresh=sure, closed=False)], 0, generator()) == {}


@given(SURE, st.floats(0, 1))
def test_wino_revokes_exactly_what_a_check_puts_below_its_threshold(checked, tau):
    slot = standing(dict.fromkeys(checked, 0.7), checked=checked)
    expected = frozenset(k for k, value in checked.items() if value < tau)
    assert Wino(tau)([slot], 0, generator()).get(KEY, frozenset()) == expected


@given(SURE, st.integers(1, 4))
def test_wino_checks_the_least_sure_of_what_is_new_and_not_forced(sure, most):
    chosen = Wino(most=most).checks([standing(sure, fresh=sure)]).get(KEY, frozenset())
    able = {k: value for k, value in sure.items() if value < 1}
    assert len(chosen) == min(most, len(able))
    assert not chosen or max(able[k] for k in chosen) <= min([able[k] for k in able if k not in chosen], default=1)


class Fickle(ScriptedPredictor):
    """Says one word while everything is open, and another one once it sees some of its own text."""

    def __call__(self, canvas, rows, columns):
        later = ((canvas.offset >= 0) & ~canvas.masked).any()
        answers = {"word": "house" if later else "mouse", "other": ""}
        return ScriptedPredictor(answers)(canvas, rows, columns) / 3


@pytest.mark.parametrize("revisit", [None, Wino()])
def test_wino_revokes_a_token_that_the_rest_speaks_against(revisit):
    found, _ = filled(Fickle(), options(commit=Threshold(0.6), revisit=revisit, max_steps=30), WORD)
    assert texts(found)["/word"] == ("mouse" if revisit is None else "house")


def test_checks_are_rows_of_the_same_call():
    watched = Watched(Fickle())
    found, _ = filled(watched, options(commit=Threshold(0.6), revisit=Wino(), max_steps=30), WORD)
    assert found.model_calls == len(watched.canvases)
    assert max(len(canvas.tokens) for canvas in watched.canvases) > 1


@given(st.integers(0, 30), st.sets(st.integers(0, 15), min_size=1))
def test_opening_places_again_keeps_the_rest_legal_and_takes_whole_tails_of_nulls(seed, places):
    found, _ = filled(RandomPredictor(seed), options(), WORD)
    row = found.row
    span = next(s for s in free_spans(row) if s.key == KEY)
    wanted = frozenset(k for k in places if k < span.size)
    after = reopened(row, {KEY: wanted})
    old, new = row.tokens(span), after.tokens(span)
    assert all(new[k] == OPEN for k in wanted)
    assert all(token in {OPEN, was} for token, was in zip(new, old, strict=True))
    null_id = row.request.null_id
    assert OPEN not in new or null_id not in new[: max(k for k, t in enumerate(new) if t == OPEN)]
    assert KEY not in after.readings
    assert set(after.sure.get(KEY, {})) == {k for k in row.sure.get(KEY, {}) if new[k] != OPEN}


def test_a_quotation_is_opened_as_a_whole_and_forgets_its_source():
    found, _ = filled(ScriptedPredictor({"word": "Ada Lovelace", "other": "English"}), options(), WORD, strings="quote")
    assert KEY in found.row.readings
    after = reopened(found.row, {KEY: frozenset({2})})
    span = next(s for s in free_spans(after) if s.key == KEY)
    assert set(after.tokens(span)) == {OPEN}
    assert KEY not in after.readings
    assert after.chances[KEY] == 0


def test_known_values_tags_and_what_has_one_text_are_never_opened_again():
    schema = {**WORD, "properties": {**WORD["properties"], "only": {"const": "this"}}, "required": ["word", "only"]}
    found, _ = filled(RandomPredictor(3), options(), schema, known={("other",): "said"})
    keys = {slot.key[0] for slot in standings(found.row, found.row, {}, {})}
    assert keys <= {("word",)}


@pytest.mark.parametrize(
    "make", [lambda: ReMDM(eta=2.0), lambda: LowConfidence(rounds=-1), lambda: Wino(most=0), lambda: TokenEditing(-1.0)]
)
def test_a_revisit_out_of_range_is_refused(make):
    with pytest.raises(DenoiseError):
        make()


@st.composite
def drafts(draw):
    """A slot as it stands, part of some legal filling, and another filling that is preferred."""
    legal = draw(st.sets(st.tuples(*[st.integers(0, 2)] * 4), min_size=2, max_size=12))
    now, path = draw(st.sampled_from(sorted(legal))), draw(st.sampled_from(sorted(legal)))
    is_open = draw(st.lists(st.booleans(), min_size=4, max_size=4))
    tokens = tuple(OPEN if hidden else token for token, hidden in zip(now, is_open, strict=True))
    able = frozenset(k for k in draw(st.sets(st.integers(0, 3))) if tokens[k] != OPEN)
    sure = tuple(draw(st.lists(st.floats(0, 1), min_size=4, max_size=4)))

    def completes(changed):
        return any(all(a in {OPEN, b} for a, b in zip(changed, word, strict=True)) for word in legal)

    return Draft(tokens, able, path, sure, completes)


@given(drafts(), st.floats(0, 1))
def test_only_committed_tokens_that_another_one_is_preferred_to_are_edited_and_the_slot_stays_legal(draft, tau):
    edits = TokenEditing(tau)(draft)
    for place, token in edits.items():
        assert place in draft.able
        assert draft.tokens[place] != token == draft.path[place]
        assert draft.confidence[place] > tau
    assert draft.completes(overwritten(draft.tokens, edits))


@given(drafts())
def test_where_everything_is_legal_everything_that_is_wanted_is_edited(draft):
    anything = Draft(draft.tokens, draft.able, draft.path, draft.confidence, lambda _: True)
    wanted = {k for k in draft.able if draft.path[k] != draft.tokens[k] and draft.confidence[k] > 0.5}
    assert set(TokenEditing(0.5)(anything)) == wanted


@given(drafts(), st.floats(1.0, 9.0, exclude_min=True))
def test_a_threshold_above_one_edits_nothing(draft, tau):
    assert TokenEditing(tau)(draft) == {}


def test_of_edits_that_are_not_legal_together_the_surest_are_made():
    legal = {(0, 0), (1, 0), (0, 1)}

    def completes(tokens):
        return tokens in legal

    draft = Draft((0, 0), frozenset({0, 1}), (1, 1), (0.6, 0.9), completes)
    assert TokenEditing(0.5)(draft) == {1: 1}


@pytest.mark.parametrize("revisit", [None, TokenEditing(), TokenEditing(2.0), TokenEditing(rounds=0)])
def test_a_token_that_the_rest_speaks_against_is_overwritten_in_place(revisit):
    found, calls = filled(Fickle(), options(commit=Threshold(0.6), revisit=revisit, max_steps=30), WORD)
    is_editing = revisit == TokenEditing()
    assert texts(found)["/word"] == ("house" if is_editing else "mouse")
    assert any(is_edit(call.before, call.after) for call in calls) == is_editing


def test_editing_ends_after_so_many_rounds_whatever_the_model_says():
    class Flickering(ScriptedPredictor):
        """Never says the same twice."""

        turns = 0

        def __call__(self, canvas, rows, columns):
            type(self).turns += 1
            answers = {"word": ("mouse", "house")[self.turns % 2], "other": ""}
            return ScriptedPredictor(answers)(canvas, rows, columns)

    for rounds in (1, 3):
        found, calls = filled(
            Flickering(), options(commit=Threshold(0.0), revisit=TokenEditing(rounds=rounds), max_steps=30), WORD
        )
        changes = [call.before.written.get(KEY) != call.after.written.get(KEY) for call in calls]
        assert found.row.is_done
        assert sum(changes) == rounds + 1  # and the one that wrote it


def test_editing_takes_no_row_of_its_own_and_one_call_more_where_nothing_is_edited():
    plain, edited = Watched(ScriptedPredictor({"word": "mouse"})), Watched(ScriptedPredictor({"word": "mouse"}))
    one, _ = filled(plain, options(commit=Threshold(0.6)), WORD)
    two, _ = filled(edited, options(commit=Threshold(0.6), revisit=TokenEditing()), WORD)
    assert texts(one) == texts(two)
    assert len(edited.canvases) == len(plain.canvases) + 1
    assert {len(canvas.tokens) for canvas in edited.canvases} == {1}


@pytest.mark.parametrize("seed", range(6))
def test_an_edited_document_is_valid_whatever_the_model_says(seed):
    schema = {
        "type": "object",
        "properties": {
            "day": {"type": "string", "format": "date"},
            "n": {"type": "integer", "minimum": 3, "maximum": 250},
        },
        "required": ["day", "n"],
        "additionalProperties": False,
    }
    found, calls = filled(
        RandomPredictor(seed), options(commit=Constant(8), revisit=TokenEditing(0.0), max_steps=30), schema
    )
    assert found.error is None
    assert rejected(schema, document(found)) is None
    assert any(is_edit(call.before, call.after) for call in calls), "or the test shows nothing"


def is_edit(before, after):
    """Whether a committed token was replaced by another one."""
    return any(
        was not in {OPEN, now}
        for key, tokens in before.written.items()
        for was, now in zip(tokens, after.written.get(key, tokens), strict=False)
    )


def test_a_model_that_writes_from_left_to_right_is_not_asked_to_edit():
    class Sequential(RandomPredictor):
        capabilities = Capabilities("left to right", False, True, "none", "trained", False)

        def prompt_with_form(self, text, form):
            return self.prompt(text)

    with pytest.raises(DenoiseError):
        filled(Sequential(0), options(revisit=TokenEditing()), WORD)
