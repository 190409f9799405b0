"""What a caller gets wrong is an error of ours, at once, or a failure of its own row."""

from datetime import date

import pytest
from pydantic import BaseModel, Field

import scaffold
from scaffold.testing import ByteTokenizer, RandomPredictor


class Bill(BaseModel):
    due: date | None = None
    total: int = 0
    shop: str = Field(default="", alias="shopName")


FILLER = scaffold.Filler(RandomPredictor(0))
HALF = "a\ud800b"


@pytest.mark.parametrize("prompt", [None, 12, b"text", HALF, " "], ids=ascii)
def test_what_is_no_text_is_refused(prompt):
    with pytest.raises(scaffold.DecodeError):
        FILLER.fill(Bill, prompt)


def test_a_prompt_that_is_no_text_fails_in_its_place():
    found = [*FILLER.fill_many(Bill, ["one", None, HALF, "two"])]
    assert [type(one) for one in found] == [
        scaffold.FillResult,
        scaffold.FillFailure,
        scaffold.FillFailure,
        scaffold.FillResult,
    ]


@pytest.mark.parametrize(
    "options", [{"batch_size": 0}, {"on_error": "ignore"}, {"strings": "x"}, {"speed": 1}], ids=str
)
def test_options_are_checked_before_the_first_row(options):
    with pytest.raises(scaffold.DenoiseError):
        FILLER.fill_many(Bill, ["one"], **options)


def test_one_text_is_not_many():
    with pytest.raises(scaffold.DenoiseError, match="one text"):
        FILLER.fill_many(Bill, "one")


def test_known_values_may_be_python_objects_that_json_can_say():
    assert FILLER.fill(Bill, "text", known={"due": date(2020, 1, 1)}).value.due == date(2020, 1, 1)


@pytest.mark.parametrize("value", [object(), float("nan"), float("inf")], ids=["object", "nan", "inf"])
def test_a_known_value_that_json_cannot_say_is_an_error_at_its_place(value):
    with pytest.raises(scaffold.DecodeError) as caught:
        FILLER.fill(Bill, "text", known={"total": value})
    assert caught.value.pointer == "/total"


def test_a_known_value_under_no_field_names_the_fields_there_are():
    with pytest.raises(scaffold.LayoutError, match="due, total, shopName"):
        FILLER.fill(Bill, "text", known={"shop": "x"})


@pytest.mark.parametrize("paths", [["/nope"], ["/due/day"], "/total", []], ids=repr)
def test_paths_to_fill_again_have_to_be_there(paths):
    with pytest.raises(scaffold.LayoutError):
        FILLER.refill(Bill, Bill(total=3), "text", paths=paths)


def test_a_predictor_stands_where_it_stands():
    with pytest.raises(scaffold.ModelError, match="device"):
        scaffold.Filler(RandomPredictor(0), device="cpu")


def test_instances_and_plain_data_are_encoded_alike():
    bill, compiled = Bill(due=date(2020, 1, 1), total=3), scaffold.compile(Bill)
    assert compiled.accepts(bill)
    assert compiled.accepts(bill.model_dump(by_alias=True))
    assert compiled.encode(bill) == compiled.encode(bill.model_dump(mode="json", by_alias=True))


@pytest.mark.parametrize("value", [{"total": {1}}, float("nan"), object()], ids=["set", "nan", "object"])
def test_what_json_cannot_say_is_not_accepted(value):
    compiled = scaffold.compile(Bill)
    assert not compiled.accepts(value)
    with pytest.raises(scaffold.LayoutError):
        compiled.encode(value)


def test_the_cost_counts_positions_by_what_stands_in_them():
    members = {"a": {"type": "boolean"}, "b": {"type": "integer"}}
    schema = {"type": "object", "properties": members, "required": ["a", "b"], "additionalProperties": False}
    tokenizer = ByteTokenizer()
    found = scaffold.compile(schema).cost(tokenizer)
    assert found.positions == len("false") + scaffold.compile({"type": "integer"}).cost(tokenizer).positions
