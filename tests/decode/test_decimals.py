"""Decimals keep the digits that the document spells, also those that a binary float would round."""

from decimal import Decimal
from typing import Any

import pytest
from pydantic import BaseModel, Field, TypeAdapter, field_serializer

import scaffold
from scaffold.decode.validate import check
from scaffold.errors import DecodeError, LayoutError
from scaffold.testing import ScriptedPredictor

LONG = "12345678901234567.89"


class Row(BaseModel):
    amount: Decimal = Field(alias="netAmount")
    rate: float = 0.0
    note: str = ""


class Bill(BaseModel):
    total: Decimal
    rows: list[Row] = []
    pair: tuple[Decimal, int] | None = None
    rates: dict[str, Decimal] = {}
    anything: Any = None


def read(text, of=Bill):
    return check(text, None, TypeAdapter(of)).value


def test_decimals_keep_their_digits_wherever_they_stand():
    text = (
        f'{{"total":{LONG},"rows":[{{"netAmount":0.10000000000000000001,"rate":0.12345678901234567891,'
        f'"note":"{LONG}"}}],"pair":[{LONG},3],"rates":{{"a/b":{LONG}}},"anything":{LONG}}}'
    )
    found = read(text)
    assert found.total == found.pair[0] == found.rates["a/b"] == Decimal(LONG)
    assert found.rows[0].amount == Decimal("0.10000000000000000001")
    assert found.rows[0].rate == 0.12345678901234567891
    assert found.rows[0].note == LONG
    assert found.anything == float(LONG)


def test_short_decimals_are_what_pydantic_reads():
    assert read('{"total":0.30}') == Bill(total=Decimal("0.3"))
    assert read(f"[{LONG}]", list[float]) == [float(LONG)]


def test_a_type_whose_serializer_fails_is_read_all_the_same():
    class Odd(BaseModel):
        total: Decimal

        @field_serializer("total")
        def refuse(self, value: Decimal) -> str:
            raise TypeError

    assert read(f'{{"total":{LONG}}}', Odd).total == Decimal(str(float(LONG)))


def test_a_fill_returns_all_digits_that_the_text_has():
    class Total(BaseModel):
        total: Decimal

    result = scaffold.Filler(model=ScriptedPredictor(answers={"total": LONG})).fill(Total, f"It came to {LONG}.")
    assert result.text == f'{{"total":{LONG}}}'
    assert result.value == Total(total=Decimal(LONG))


def test_a_known_decimal_of_more_digits_than_are_kept_is_refused():
    filler = scaffold.Filler(model=ScriptedPredictor(answers={}))
    with pytest.raises(DecodeError, match="more digits"):
        filler.fill(Bill, "nothing", known={"total": Decimal(LONG)})
    with pytest.raises(LayoutError, match="more digits"):
        filler.refill(Bill, Bill(total=Decimal(LONG)), "nothing", paths=["/anything"])
