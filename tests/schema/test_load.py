import json
from dataclasses import dataclass
from datetime import datetime, time
from typing import Annotated, Literal

import pytest
from annotated_types import Len
from pydantic import AliasChoices, AwareDatetime, BaseModel, Field, NaiveDatetime, StringConstraints, TypeAdapter
from typing_extensions import TypedDict

from scaffold.errors import SchemaError
from scaffold.schema import ir
from scaffold.schema.accepts import accepts
from scaffold.schema.load import Quote, load
from scaffold.schema.lower import lower


class Person(BaseModel):
    """Somebody."""

    name: Annotated[str, Quote]
    age: int = Field(3, validation_alias=AliasChoices("years", "age"), description="in years")


@dataclass
class Point:
    x: float
    y: float = 0.0


class Movie(TypedDict):
    title: str


TYPES = [
    (Person, {"name": "Ada", "years": 36}),
    (Point, {"x": 1.5}),
    (Movie, {"title": "M"}),
    (Literal["a", 1], "a"),
    (list[Person], [{"name": "Ada"}]),
    (int, 7),
    (int | str, "x"),
    (dict[str, int], {"k": 1}),
    (Annotated[list[int], Len(1, 2)], [1, 2]),
    (tuple[int, str], [1, "a"]),
    (Person | None, None),
]


@pytest.mark.parametrize(("target", "value"), TYPES, ids=str)
def test_whatever_pydantic_takes_is_loaded_and_its_values_are_expressible(target, value):
    source = load(target)
    assert source.adapter is not None
    source.adapter.validate_json(json.dumps(value))
    assert accepts(lower(source.document), value)


def test_a_quoted_string_is_marked():
    root = lower(load(Person).document).root
    assert isinstance(root, ir.Object)
    assert [field.node.about.quote for field in root.fields] == [True, None]


def test_the_alias_that_the_adapter_reads_is_the_name_of_the_field():
    root = lower(load(Person).document).root
    assert isinstance(root, ir.Object)
    assert [(field.name, field.is_required, field.default) for field in root.fields] == [
        ("name", True, None),
        ("years", False, "3"),
    ]
    assert root.fields[1].node.about.description == "in years"
    assert root.about.description == "Somebody."


def test_a_map_with_constrained_keys_takes_no_other_keys():
    keys = Annotated[str, StringConstraints(pattern="^k[0-9]$")]
    schema = lower(load(dict[keys, int]).document)
    assert accepts(schema, {"k1": 1})
    assert not accepts(schema, {"z": 1})


def test_an_adapter_is_used_as_it_is():
    adapter = TypeAdapter(list[int])
    assert load(adapter).adapter is adapter


@pytest.mark.parametrize("kind", [str, None])
def test_a_schema_file_is_read(tmp_path, kind):
    file = tmp_path / "schema.json"
    file.write_text('{"type": "integer"}')
    assert load(kind(file) if kind else file).document == {"type": "integer"}


@pytest.mark.parametrize("text", ["{", "3", "[]", "[" * 100_000])
def test_a_malformed_file_is_refused_with_a_hint(tmp_path, text):
    file = tmp_path / "schema.json"
    file.write_text(text)
    with pytest.raises(SchemaError) as caught:
        load(file)
    assert caught.value.hint


@pytest.mark.parametrize("target", ["no file.json", "text", 3, None, [1], object()])
def test_what_is_no_schema_is_refused(target):
    with pytest.raises(SchemaError) as caught:
        load(target)
    assert caught.value.hint


@pytest.mark.parametrize("document", [True, {"type": "string"}])
def test_a_json_schema_is_taken_as_it_is(document):
    source = load(document)
    assert source.document is document
    assert source.adapter is None


@pytest.mark.parametrize(
    ("kind", "expected"),
    [(datetime, "any-date-time"), (NaiveDatetime, "naive-date-time"), (AwareDatetime, "date-time"), (time, "any-time")],
)
def test_a_python_time_may_be_without_an_offset_unless_its_type_asks_for_one(kind, expected):
    assert load(kind).document == {"type": "string", "format": expected}
