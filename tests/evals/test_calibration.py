"""Confidence held against what was right."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scaffold.decode.confidence import Calibration
from scaffold.decode.result import FieldResult, FillResult
from scaffold.evals.calibration import Judged, calibration_error, fitted, invented, judged, reliability, selective

FIELDS = st.lists(
    st.builds(Judged, st.just("/a"), st.floats(0, 1), st.booleans(), st.booleans(), st.booleans()), min_size=1
)


def field(confidence, *, right):
    return Judged("/a", confidence, right, is_present=True, is_invented=False)


def test_a_model_that_is_right_as_often_as_it_says_has_no_calibration_error():
    fields = [field(0.75, right=k < 3) for k in range(4)]
    assert calibration_error(fields) == pytest.approx(0.0)


def test_a_sure_model_that_is_always_wrong_has_the_greatest_calibration_error():
    assert calibration_error([field(1.0, right=False)] * 3) == pytest.approx(1.0)


@given(FIELDS)
def test_every_field_lies_in_one_bin(fields):
    assert sum(b.count for b in reliability(fields)) == len(fields)


def test_the_surest_half_leaves_the_doubtful_errors_out():
    fields = [field(0.9, right=True), field(0.8, right=True), field(0.3, right=False), field(0.2, right=False)]
    assert selective(fields, 0.5) == 1.0
    assert selective(fields, 1.0) == 0.5


def leaf(path, value, status, confidence=0.5):
    return FieldResult(path, value, str(value), confidence, None, status)


def test_fields_are_judged_against_the_row_and_known_ones_are_not():
    leaves = [
        leaf(("name",), "Ada", "quoted"),
        leaf(("tags", 0), "poet", "generated"),
        leaf(("died",), None, "null"),
        leaf(("id",), 7, "known"),
    ]
    result = FillResult({}, "{}", {one.pointer: one for one in leaves})
    row = {"text": "Ada wrote.", "schema": {}, "value": {"name": "Ada", "tags": ["writer"], "died": None, "id": 7}}
    found = list(judged(row, result))
    assert [(one.field, one.is_right, one.is_present, one.is_invented) for one in found] == [
        ("/name", True, True, False),
        ("/tags/*", False, True, True),
        ("/died", True, False, False),
    ]
    assert invented(found) == pytest.approx(1 / 3)


def overconfident(number):
    """Fields that are right in half of the cases where the model says .9, and in .8 where it says .99."""
    return [
        Judged("/a", said, k % 10 < 10 * right, is_present=True, is_invented=False, status="quoted")
        for said, right in ((0.9, 0.5), (0.99, 0.8))
        for k in range(number)
    ]


def test_a_fitted_line_says_how_often_fields_were_right():
    line = fitted(overconfident(500))
    assert line(leaf(("a",), "x", "quoted", 0.9)).confidence == pytest.approx(0.5, abs=0.02)
    assert line(leaf(("a",), "x", "quoted", 0.99)).confidence == pytest.approx(0.8, abs=0.02)


def test_what_was_not_fitted_and_what_was_forced_keep_their_confidence():
    line = fitted(overconfident(500))
    assert line(leaf(("a",), "x", "generated", 0.9)).confidence == 0.9
    assert line(leaf(("a",), "x", "quoted", 1.0)).confidence == 1.0
    assert fitted(overconfident(5)).lines == {}


def test_lines_survive_a_file(tmp_path):
    line = fitted(overconfident(100))
    line.write(tmp_path / "confidence.json")
    assert Calibration.read(tmp_path / "confidence.json") == line
    assert Calibration.read(tmp_path / "none.json") == Calibration()


@given(st.lists(st.tuples(st.floats(0.01, 0.99), st.booleans()), min_size=30, max_size=60))
def test_a_line_never_turns_the_order_round(pairs):
    line = fitted([Judged("/a", p, right, is_present=True, is_invented=False) for p, right in pairs])
    found = [line(leaf(("a",), "x", "generated", p)).confidence for p in (0.1, 0.5, 0.9)]
    assert found == sorted(found)


def test_a_choice_that_the_schema_offers_is_not_invented():
    result = FillResult({}, "{}", {"/kind": leaf(("kind",), "urgent", "generated")})
    row = {"text": "Now!", "schema": {"properties": {"kind": {"enum": ["urgent", 1]}}}, "value": {"kind": "late"}}
    assert [one.is_invented for one in judged(row, result)] == [False]
