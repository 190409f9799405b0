import json

import pytest

from scaffold.decode.result import FieldResult, FillFailure, FillResult
from scaffold.decode.trace import Step
from scaffold.errors import UnresolvableReferenceError


def leaf(status, confidence, path=("total",), source=None):
    return FieldResult(path, 3.0, "3,00", confidence, source, status)


def result_of(*leaves):
    return FillResult({"total": 3.0}, '{"total":3.0}', {leaf.pointer: leaf for leaf in leaves}, model_calls=2)


@pytest.mark.parametrize("status", ["quoted", "normalised", "generated", "null"])
def test_what_the_model_was_unsure_of_needs_review(status):
    assert result_of(leaf(status, 0.79)).needs_review(0.8) == ["/total"]
    assert result_of(leaf(status, 0.80)).needs_review(0.8) == []


@pytest.mark.parametrize("status", ["known", "default"])
def test_what_the_model_did_not_decide_needs_no_review(status):
    assert result_of(leaf(status, 0.0)).needs_review() == []


def test_fields_to_review_are_json_pointers_in_document_order():
    doubtful = result_of(leaf("generated", 0.1, ("items", 0, "a/b")), leaf("generated", 0.2, ("b",)))
    assert doubtful.needs_review() == ["/items/0/a~1b", "/b"]


def test_the_plain_form_of_a_result_survives_json():
    plain = result_of(leaf("quoted", 0.9, source=(7, 11))).to_dict()
    assert json.loads(json.dumps(plain)) == plain
    assert plain["value"] == {"total": 3.0}
    assert plain["fields"]["/total"] == {
        "pointer": "/total",
        "value": 3.0,
        "text": "3,00",
        "confidence": 0.9,
        "source": [7, 11],
        "status": "quoted",
    }


def test_the_plain_form_of_a_text_template_is_its_text():
    assert FillResult("Dear Ada", "Dear Ada").to_dict()["value"] == "Dear Ada"


def test_the_printed_result_shows_the_object_and_what_to_review():
    assert repr(result_of(leaf("generated", 0.5))) == (
        "FillResult({'total': 3.0}, 1 fields, 2 model calls, needs_review=['/total'])"
    )


def test_results_and_steps_compare_by_value():
    assert result_of(leaf("quoted", 0.9)) == result_of(leaf("quoted", 0.9))
    assert Step(1, (("/a", "x"),), (), "{}") != Step(2, (("/a", "x"),), (), "{}")


def test_the_plain_form_of_a_failure_names_the_place_and_the_way_out():
    failure = FillFailure(4, UnresolvableReferenceError(("a",), "leads nowhere", "define it"))
    assert failure.to_dict() == {
        "index": 4,
        "error": "UnresolvableReferenceError",
        "pointer": "/a",
        "message": "leads nowhere",
        "hint": "define it",
    }
