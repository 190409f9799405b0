"""What a caller gets wrong is an error of ours, at once, or a failure of its own row."""

from datetime import date
from decimal import Decimal

import pytest
from pydantic import BaseModel, Field, SecretStr, computed_field, field_validator
from typing_extensions import TypedDict

import scaffold
from scaffold.denoise.options import DenoiseOptions
from scaffold.testing import ByteTokenizer, RandomPredictor, ScriptedPredictor
from scaffold.train.corpora import read_rows


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
    assert scaffold.Filler(RandomPredictor(0), device="cpu").fill(Bill, "text").value
    with pytest.raises(scaffold.ModelError, match="on cpu, not on 'cuda'"):
        scaffold.Filler(RandomPredictor(0), device="cuda")


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


class Secret(BaseModel):
    word: SecretStr
    n: int


class Doubled(BaseModel):
    a: int

    @computed_field
    @property
    def twice(self) -> int:
        return 2 * self.a


class Choosy(BaseModel):
    name: str

    @field_validator("name")
    @classmethod
    def known(cls, name: str) -> str:
        return {"Ada": "Ada", "Carl": "Carl"}[name]


def test_a_secret_is_not_replaced_by_its_stars():
    with pytest.raises(scaffold.LayoutError, match="secret"):
        FILLER.refill(Secret, Secret(word="hunter2", n=4), "n is 5", paths=["/n"])


def test_what_a_type_computes_is_no_part_of_what_is_kept():
    found = FILLER.refill(Doubled, Doubled(a=2), "a is 5", paths=["/a"])
    assert set(found.fields) == {"/a"}
    assert Doubled.model_validate_json(found.text) == found.value


def test_known_values_are_refused_where_everything_else_is_kept():
    with pytest.raises(scaffold.DenoiseError, match="known"):
        FILLER.refill(Bill, Bill(total=3), "text", paths=["/total"], known={"total": 4})


def test_a_validator_that_breaks_costs_its_own_row_alone():
    filler = scaffold.Filler(ScriptedPredictor({"name": "Bob"}))
    found = [*filler.fill_many(Choosy, ["Bob was here.", "Bob was there."])]
    assert [type(one) for one in found] == [scaffold.FillFailure] * 2
    assert "KeyError" in found[0].error.message


@pytest.mark.parametrize("options", [{"on_unresolved": "ommit"}, {"formats": "anotate"}], ids=str)
def test_options_of_compile_are_checked(options):
    with pytest.raises(scaffold.SchemaError, match="not offered"):
        scaffold.compile({"type": "integer"}, **options)


def test_a_draft_of_other_keywords_is_refused():
    with pytest.raises(scaffold.UnsupportedKeywordError, match="draft 3"):
        scaffold.compile({"$schema": "http://json-schema.org/draft-03/schema#", "divisibleBy": 7})


@pytest.mark.parametrize("device", ["foo", "cuda:99", ""])
def test_a_device_that_is_not_there_is_an_error_of_ours(device):
    with pytest.raises(scaffold.ModelError, match="device"):
        scaffold.Filler(device=device)


@pytest.mark.parametrize("line", ["{", "[]", '{"text": "x", "value": 1}', "\udcff"], ids=ascii)
def test_a_line_that_is_no_row_is_named(tmp_path, line):
    file = tmp_path / "rows.jsonl"
    file.write_bytes(b'{"text": "x", "schema": {}, "value": 1}\n\n' + line.encode(errors="surrogateescape"))
    with pytest.raises(scaffold.ModelError, match=r"line 3 of rows\.jsonl|cannot be read"):
        list(read_rows(file))


WRONG = [
    {"denoise": "fast"},
    {"denoise": {}},
    {"normalise": "no"},
    {"repair_rounds": "3"},
    {"on_step": 5},
]


@pytest.mark.parametrize("options", WRONG, ids=str)
def test_an_option_of_another_type_is_refused(options):
    with pytest.raises(scaffold.DenoiseError, match=next(iter(options))):
        FILLER.fill(Bill, "text", **options)


@pytest.mark.parametrize("known", [["total"], {3: 4}, "total"], ids=str)
def test_known_values_have_names(known):
    with pytest.raises(scaffold.DecodeError, match="names"):
        FILLER.fill(Bill, "text", known=known)


AXES = [
    {"commit": "threshold"},
    {"commit": None},
    {"region": "whole"},
    {"length": None},
    {"memory": "x"},
    {"constraint": None},
    {"temperature": "1"},
    {"max_steps": None},
    {"seed": 1.5},
]


@pytest.mark.parametrize("axis", AXES, ids=str)
def test_a_member_of_an_axis_is_a_value_of_it(axis):
    with pytest.raises(scaffold.DenoiseError, match=next(iter(axis))):
        DenoiseOptions(**axis)


def test_a_schema_file_is_read_anew(tmp_path):
    file = tmp_path / "schema.json"
    file.write_text('{"type": "integer"}')
    assert isinstance(FILLER.fill(str(file), "5 apples").value, int)
    file.write_text('{"type": "boolean"}')
    assert isinstance(FILLER.fill(file, "5 apples").value, bool)


@pytest.mark.parametrize("target", ["Ada Lovelace was here. " * 50, "a\0b"], ids=["text", "nul"])
def test_a_text_in_the_place_of_the_type_is_named_in_short(target):
    with pytest.raises(scaffold.SchemaError, match="cannot read the schema file") as caught:
        FILLER.fill(target, Bill)
    assert len(str(caught.value)) < 250


class Hidden(TypedDict):
    word: SecretStr
    n: int


@pytest.mark.parametrize(
    ("target", "value", "path"),
    [
        (list[SecretStr], [SecretStr("hunter2"), SecretStr("x")], "/1"),
        (Hidden, {"word": SecretStr("hunter2"), "n": 4}, "/n"),
    ],
    ids=["list", "dict"],
)
def test_nor_is_one_in_a_list_or_a_dict(target, value, path):
    with pytest.raises(scaffold.LayoutError, match="secret"):
        FILLER.refill(target, value, "n is 5", paths=[path])


class Fussy(BaseModel):
    n: int
    name: str = "Bob"

    known = field_validator("name")(lambda name: {"Ada": "Ada"}[name])


def test_a_validator_that_breaks_on_a_default_costs_nothing():
    """Pydantic does not validate defaults, and what is told of them must not either."""
    found = scaffold.Filler(ScriptedPredictor({"n": "5"})).fill(Fussy, "n is 5")
    assert found.value == Fussy(n=5)


class Exact(BaseModel):
    total: Decimal


def test_a_known_decimal_is_a_number():
    assert FILLER.fill(Exact, "text", known={"total": Decimal("12.5")}).value.total == Decimal("12.5")
