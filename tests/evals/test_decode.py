"""The benchmark of decoding methods: outcomes that are kept, intervals that hold, a table and a picture."""

import json
import sys
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

import scaffold
from scaffold.cli import app
from scaffold.decode.trace import Step
from scaffold.denoise.commits import Even, Threshold
from scaffold.denoise.lengths.search import LengthSearch
from scaffold.denoise.memory.soft_mask import SoftMask
from scaffold.denoise.options import DenoiseOptions
from scaffold.evals import decode_members
from scaffold.evals.decode_effects import CLAIMS, Claim, effects, effects_table
from scaffold.evals.decode_members import Member, members
from scaffold.evals.decode_plot import Point, frontier, plot
from scaffold.evals.decode_report import MEASURES, gain, lines, markdown, share
from scaffold.evals.decode_runs import Outcome, Plan, right_over_steps, run
from scaffold.evals.metrics import Counts
from scaffold.models.fitted import Fitted
from scaffold.testing import RandomPredictor, ScriptedPredictor

SCHEMA = {
    "type": "object",
    "properties": {"a": {"type": "string"}, "b": {"type": ["string", "null"]}},
    "required": ["a", "b"],
    "additionalProperties": False,
}
ROWS = [
    {"text": "Ada met Bob.", "schema": SCHEMA, "value": {"a": "Ada", "b": None}},
    {"text": "Bob met Ada.", "schema": SCHEMA, "value": {"a": "Bob", "b": None}},
    {"text": " ", "schema": SCHEMA, "value": {"a": "Ada", "b": None}},
]
TWO = {
    "all": Member("commit", DenoiseOptions(commit=Threshold(0.0))),
    "even": Member("vote", DenoiseOptions(commit=Even(2)), "uniform", is_watched=True),
}


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "data" / "people").mkdir(parents=True)
    text = "".join(json.dumps(row) + "\n" for row in ROWS)
    (tmp_path / "data" / "people" / "test.jsonl").write_text(text)
    return tmp_path / "data"


class Counted:
    """A model that counts its calls."""

    def __init__(self):
        self.inner, self.calls = ScriptedPredictor(answers={"a": "Ada"}), 0

    def __getattr__(self, name):
        return getattr(self.inner, name)

    def __call__(self, *asked):
        self.calls += 1
        return self.inner(*asked)


def outcome(member="all", row=0, **counts):
    return Outcome(member, "people", row, Counts(objects=1, **counts))


def test_every_row_is_filled_by_every_member_and_judged(folder, tmp_path):
    found = run(scaffold.Filler(Counted()), TWO, Plan(str(folder), "test", 9, 0), tmp_path / "kept.jsonl")
    assert {one.key for one in found} == {(m, "people", k) for m in TWO for k in range(3)}
    for member in TWO:
        total = sum((one.counts for one in found if one.member == member), start=Counts())
        assert (total.objects, total.exact_objects, total.failed, total.present_right) == (3, 1, 1, 1)
    watched = [one for one in found if one.member == "even" and not one.counts.failed]
    assert sum(one.steps.items for one in watched) == 2


def test_a_run_goes_on_where_it_was_cut_off(folder, tmp_path):
    kept, plan = tmp_path / "kept.jsonl", Plan(str(folder), "test", 9, 0)
    whole = run(scaffold.Filler(Counted()), TWO, plan, kept)
    text = kept.read_text().splitlines(keepends=True)
    kept.write_text("".join(text[:3]) + text[3][:20])
    model = Counted()
    again = run(scaffold.Filler(model), TWO, plan, kept)
    assert 0 < model.calls < sum(one.counts.model_calls for one in whole)
    assert {one.key: one.counts for one in again} == {one.key: one.counts for one in whole}
    assert run(scaffold.Filler(RandomPredictor(0)), TWO, plan, kept) == again  # nothing was left to fill


def test_a_file_of_another_run_is_an_error(folder, tmp_path):
    plan = Plan(str(folder), "test", 1, 0)
    run(scaffold.Filler(Counted()), TWO, plan, tmp_path / "kept.jsonl")
    with pytest.raises(scaffold.DecodeError):
        run(scaffold.Filler(Counted()), TWO, replace(plan, seed=1), tmp_path / "kept.jsonl")


def test_an_unknown_data_set_is_an_error(folder, tmp_path):
    with pytest.raises(scaffold.DecodeError):
        run(scaffold.Filler(Counted()), TWO, Plan(str(folder), "test", 1, 0, ("none",)), tmp_path / "kept.jsonl")


@pytest.mark.parametrize("name", sorted(members(RandomPredictor(0))))
def test_every_member_fills(folder, tmp_path, name):
    filler = scaffold.Filler(RandomPredictor(1))
    chosen = {name: replace(members(filler.predictor)[name])}
    (one,) = run(filler, chosen, Plan(str(folder), "test", 1, 1), tmp_path / "kept.jsonl")
    assert not one.counts.failed
    assert one.counts.model_calls >= 1


def test_members_with_weights_of_their_own_stand_beside_those_as_published(monkeypatch):
    filler = scaffold.Filler()
    own = Fitted(filler.predictor.fingerprint, SoftMask(0.1), LengthSearch(begin=5))
    monkeypatch.setattr(decode_members, "fitted", lambda _: own)
    known = members(filler.predictor)
    assert known["soft mask, fitted"].denoise.memory == SoftMask(0.1)
    assert known["length search, fitted"].denoise.length.begin == 5
    assert known["soft mask"].denoise.memory == SoftMask()


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=12))
def test_the_interval_holds_the_share_and_needs_something_to_ask(pairs):
    outcomes = [outcome(present=right + wrong, present_right=right) for right, wrong in pairs]
    found = share(outcomes, "present_right", "present")
    if not any(map(sum, pairs)):
        assert found.value is None
        return
    assert found.value == sum(right for right, _ in pairs) / sum(map(sum, pairs))
    assert 0 <= found.low <= found.high <= 1


def test_more_objects_make_the_interval_narrower():
    few, many = ([outcome(present=1, present_right=k % 2) for k in range(n)] for n in (10, 1000))
    wide, narrow = (share(one, "present_right", "present") for one in (few, many))
    assert narrow.high - narrow.low < 0.2 * (wide.high - wide.low)
    assert narrow.low < 0.5 < narrow.high


def test_fields_of_one_object_are_drawn_together():
    together = [outcome(present=50, present_right=50 * (k % 2)) for k in range(10)]
    found = share(together, "present_right", "present")
    assert found.high - found.low > 0.4


def test_a_gain_is_measured_row_against_row():
    reference = [outcome("other", k, present=2, present_right=k % 3) for k in range(30)]
    better = [outcome("all", k, present=2, present_right=min(k % 3 + 1, 2)) for k in range(40)]
    found = gain(better, reference)
    assert found.value == pytest.approx(20 / 60)
    assert 0 < found.low < found.value < found.high
    same = gain(reference, reference)
    assert (same.value, same.low, same.high) == (0.0, 0.0, 0.0)
    assert gain(better, []).value is None


def test_a_field_is_right_over_the_steps_where_its_answer_equals_the_value_or_an_accepted_one():
    row = {"value": {"a": 1, "b": "x", "c": None}, "accept": {"/b": ["y"]}}
    trace = (Step(1, guess={"/a": "1", "/b": '"z"'}), Step(2, guess={"/a": "2", "/b": '"y"'}))
    found = right_over_steps(row, trace)
    assert (found.items, found.ever, found.last) == (2, 2, 1)


def effect(rights, others, kind="more", calls=(2, 2)):
    """What is said of a claim, given right fields of ten, row by row."""
    claim = Claim("it is so", "all", "other", "present exact", kind)
    own = [outcome("all", k, present=10, present_right=r, model_calls=calls[0]) for k, r in enumerate(rights)]
    two = [outcome("other", k, present=10, present_right=r, model_calls=calls[1]) for k, r in enumerate(others)]
    (found,) = effects([*own, *two], [claim])
    return found


def test_an_effect_holds_where_the_interval_of_the_difference_is_above_zero():
    better = effect([6, 7, 6, 8] * 5, [4, 5, 5, 5] * 5)
    assert (better.verdict, better.rows, better.calls) == ("holds", 20, (2, 2))
    assert better.difference.value == pytest.approx(0.2)
    assert effect([4, 5, 5, 5] * 5, [6, 7, 6, 8] * 5).verdict == "the reverse"
    assert effect([4, 6] * 5, [5, 5] * 5).verdict == "not seen"
    assert effect([6, 7, 6, 8] * 5, [4, 5, 5, 5] * 5, "no more").verdict == "does not hold"
    assert effect([4, 6] * 5, [5, 5] * 5, "no more").verdict == "holds: no gain seen"


def test_calls_are_compared_as_they_are():
    assert effect([1] * 10, [1] * 10, "no more calls", calls=(3, 3)).verdict == "holds"
    assert effect([1] * 10, [1] * 10, "no more calls", calls=(4, 3)).verdict == "does not hold"


def test_only_rows_that_both_members_have_are_compared():
    found = effect([5] * 9, [5] * 4)
    assert (found.rows, found.verdict) == (4, "too few rows")


def test_a_claim_about_a_member_that_was_not_run_is_left_out():
    assert effects([outcome("all", present=1, present_right=1)], [Claim("", "all", "other", "present exact")]) == []


def test_every_claim_is_about_members_that_there_are():
    known = members(RandomPredictor(0))
    assert {claim.member for claim in CLAIMS} | {claim.other for claim in CLAIMS} <= set(known)
    table = effects_table([effect([1, 2], [1, 2])])
    assert "all against other" in table


def test_the_table_has_a_line_for_each_member_that_was_run():
    known = {**TWO, "never run": TWO["all"]}
    found = lines([outcome("all", model_calls=3), outcome("even", 1, model_calls=5, failed=1)], known)
    assert [(line.member, line.calls, line.failed) for line in found] == [("all", 3.0, 0), ("even", 0.0, 1)]
    assert markdown(found).count("\n") == 4
    assert all(what in markdown(found) for what in MEASURES)


@given(st.lists(st.builds(Point, st.just("m"), *[st.integers(1, 9)] * 4), max_size=9))
def test_no_member_of_the_frontier_is_beaten_and_all_others_are(points):
    best = {(one.calls, one.value) for one in frontier(points)}
    for one in points:
        cheaper = [other.value for other in points if other.calls < one.calls]
        as_cheap = [other.value for other in points if other.calls == one.calls]
        is_beaten = one.value <= max(cheaper, default=0) or one.value < max(as_cheap)
        assert ((one.calls, one.value) not in best) == is_beaten


def test_the_picture_is_drawn(tmp_path):
    pytest.importorskip("matplotlib", reason="needs the extra `plot`")
    plot(lines([outcome(present=2, present_right=1, model_calls=3)], TWO), tmp_path / "found.svg")
    assert "present exact" in (tmp_path / "found.svg").read_text()


def test_without_its_extra_a_picture_is_an_error_that_names_it(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(scaffold.ScaffoldError) as caught:
        plot([], tmp_path / "found.png")
    assert "scaffold-dllm[plot]" in caught.value.hint


def test_the_command_prints_a_table_or_json(folder, tmp_path, monkeypatch):
    real, model = scaffold.Filler, Counted()
    monkeypatch.setattr(scaffold, "Filler", lambda **_: real(model))
    common = ["bench", "decode", str(folder), "--kept", str(tmp_path / "kept.jsonl"), "--rows", "1"]
    shown = CliRunner().invoke(app, [*common, "--only", "all at once"])
    assert "| commit | all at once |" in shown.stdout
    found = json.loads(CliRunner().invoke(app, [*common, "--only", "all at once", "--json"]).stdout)
    assert found["members"][0]["member"] == "all at once"
    assert found["effects"] == []
    voted = ["--only", "vote last", "--only", "vote exponential"]
    assert "a vote per field costs no calls" in CliRunner().invoke(app, [*common, *voted]).stdout
    wrong = CliRunner().invoke(app, [*common, "--only", "no such member"])
    assert (wrong.exit_code, wrong.stdout) == (2, "")
