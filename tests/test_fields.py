"""What is told of each leaf: defaults of a type, constants, empty lists; and quotations that stay quotations."""

import json
from decimal import Decimal
from typing import Annotated, Literal

import pytest
from pydantic import BaseModel, Field, computed_field

import scaffold
from scaffold import Quote
from scaffold.testing import RandomPredictor, ScriptedPredictor

TEXT = "Ada paid 12 pounds."


class Cash(BaseModel):
    kind: Literal["cash"]
    coins: int


class Card(BaseModel):
    kind: Literal["card"]
    digits: int


class Payment(BaseModel):
    payer: str
    unit: Literal["item"]
    currency: str = "EUR"
    tags: list[str] = Field(default_factory=lambda: ["new"])
    note: str | None = None
    how: Cash | Card = Field(discriminator="kind")
    lines: list[str]

    @computed_field
    @property
    def shout(self) -> str:
        return self.payer.upper()


@pytest.fixture(scope="module")
def paid():
    answers = {"payer": "Ada", "kind": "cash", "coins": "12", "lines": []}
    return scaffold.Filler(ScriptedPredictor(answers)).fill(Payment, TEXT)


def leaves(value, path=""):
    match value:
        case dict() if value:
            return [leaf for name, item in value.items() for leaf in leaves(item, f"{path}/{name}")]
        case list() if value:
            return [leaf for index, item in enumerate(value) for leaf in leaves(item, f"{path}/{index}")]
        case _:
            return [path]


def test_what_a_type_fills_in_is_told_as_its_default(paid):
    assert (paid.value.currency, paid.value.tags) == ("EUR", ["new"])
    assert {name: leaf.value for name, leaf in paid.fields.items() if leaf.status == "default"} == {
        "/currency": "EUR",
        "/tags": ["new"],
    }
    assert paid.fields["/note"].status == "null", "that nothing was said is the model's decision"
    assert not {"/currency", "/tags"} & set(paid.needs_review(1.1))


def test_the_text_of_a_typed_object_has_its_defaults_and_is_read_as_it(paid):
    assert list(json.loads(paid.text)) == ["payer", "unit", "currency", "tags", "how", "lines"]
    assert Payment.model_validate_json(paid.text) == paid.value
    assert paid.to_dict()["value"]["currency"] == "EUR"


def test_every_leaf_of_the_value_is_told(paid):
    told = set(paid.fields)
    assert all(
        any(leaf == name or leaf.startswith(f"{name}/") for name in told) for leaf in leaves(json.loads(paid.text))
    )
    constants = ["/unit", "/how/kind", "/lines"]
    assert [paid.fields[name].value for name in constants] == ["item", paid.value.how.kind, []]


def test_an_empty_list_is_as_sure_as_the_model_was_that_nothing_is_in_it():
    schema = {"type": "array", "items": {"type": "integer"}}
    found = [scaffold.Filler(RandomPredictor(seed)).fill(schema, TEXT, on_overflow="cut") for seed in range(30)]
    empty = [one.fields[""].confidence for one in found if one.value == []]
    assert empty
    assert all(0.5 <= chance <= 1 for chance in empty)


QUOTATIONS = (
    Annotated[str, Quote] | int,
    Annotated[str | int, Quote],
    Annotated[str | None, Quote],
    list[Annotated[str, Quote]],
)


@pytest.mark.parametrize("target", QUOTATIONS, ids=str)
@pytest.mark.parametrize("seed", range(6))
def test_what_is_marked_as_a_quotation_is_one_also_where_other_types_may_stand(target, seed):
    found = scaffold.Filler(RandomPredictor(seed)).fill(target, TEXT, on_overflow="cut")
    texts = [leaf for leaf in found.fields.values() if isinstance(leaf.value, str)]
    assert all(leaf.status == "quoted" and TEXT[slice(*leaf.source)] == leaf.value for leaf in texts)


def test_a_marked_date_that_is_not_normalised_is_quoted_as_it_stands():
    schema = {"type": "string", "format": "date", "x-scaffold": {"quote": True}}
    filler = scaffold.Filler(RandomPredictor(0))
    assert filler.fill(schema, "It was on 1815-12-10.", normalise=False).value == "1815-12-10"
    with pytest.raises(scaffold.DecodeError):
        filler.fill(schema, "It was in December.", normalise=False)


@pytest.mark.parametrize("target", [Annotated[Literal["a", "b"], Quote], Annotated[list[str], Quote]], ids=str)
def test_what_cannot_be_a_quotation_must_not_be_marked_as_one(target):
    with pytest.raises(scaffold.UnsupportedKeywordError) as caught:
        scaffold.compile(target)
    assert (caught.value.pointer, caught.value.keyword) == ("/x-scaffold", "x-scaffold")


class Line(BaseModel):
    what: str
    number: int | str
    is_paid: bool


class Order(BaseModel):
    title: str
    lines: list[Line]
    counts: dict[str, int]


@pytest.mark.parametrize("seed", range(4))
def test_after_each_step_the_object_so_far_is_plain_data_and_in_the_end_the_object(seed):
    steps = []
    found = scaffold.Filler(RandomPredictor(seed)).fill(Order, TEXT, on_step=steps.append, on_overflow="cut")
    assert all(set(step.value) <= {"title", "lines", "counts"} for step in steps)
    assert steps[0].value["title"] is None or steps[0].committed
    assert steps[-1].value == json.loads(found.text)
    assert all(step.value is None for step in scaffold.Filler(RandomPredictor(seed)).fill(Line, TEXT).trace)


class Priced(BaseModel):
    total: Decimal
    rates: list[Decimal] = []


@pytest.mark.parametrize("text", ["Balance: 1,234.50 USD", "Summe: 1.234,50 EUR"])
def test_a_decimal_is_read_from_the_prompt_as_a_number(text):
    found = scaffold.Filler(ScriptedPredictor({"total": "1,234.50" if "USD" in text else "1.234,50"})).fill(
        Priced, text
    )
    assert found.value.total == Decimal("1234.5")
    assert found.fields["/total"].status == "normalised"
    assert text[slice(*found.fields["/total"].source)] in {"1,234.50", "1.234,50"}


def test_decimals_are_encoded_as_the_numbers_that_a_fill_writes():
    priced, compiled = Priced(total=Decimal("12.50"), rates=[Decimal("1E-7"), Decimal(3)]), scaffold.compile(Priced)
    assert compiled.accepts(priced)
    assert set(compiled.encode(priced).texts.values()) == {"12.5", "1e-07", "3"}
