"""Misspelled keywords are told: JSON Schema itself would take them for annotations."""

import json

import pytest
from typer.testing import CliRunner

import scaffold
from scaffold.cli import app
from scaffold.schema.look_alikes import look_alike
from scaffold.schema.records import MOST_LOOKED_AT
from scaffold.schema.support import known_keywords

MISSPELLED = {
    "type": "object",
    "require": ["name"],
    "properties": {
        "name": {"type": "string", "minlength": 3, "title": "Name", "x-order": 1},
        "required:": {"type": "string"},  # a name, not a keyword
    },
    "additonalProperties": False,
}


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("minlength", "minLength"),
        ("max_items", "maxItems"),
        ("additonalProperties", "additionalProperties"),
        ("properites", "properties"),
        ("any_of", "anyOf"),
        ("note", None),
        ("_format", None),
        ("description", None),
        ("x-type", None),
        ("a" * 100_000, None),
    ],
)
def test_what_looks_like_a_keyword(name, meant):
    assert look_alike(name, 2020) == meant


@pytest.mark.parametrize("draft", [4, 6, 7, 2019, 2020])
def test_no_keyword_looks_like_another(draft):
    assert not any(look_alike(keyword, draft) for keyword in known_keywords(draft))


def test_a_schema_knows_its_strangers_and_where_they_stand():
    found = scaffold.compile(MISSPELLED).schema.strangers
    assert [(one.pointer, one.name, one.keyword) for one in found] == [
        ("", "require", "required"),
        ("", "additonalProperties", "additionalProperties"),
        ("/properties/name", "minlength", "minLength"),
    ]


def test_a_schema_without_any_has_none():
    assert not scaffold.compile({"type": "object", "properties": {"minlength": {"type": "string"}}}).schema.strangers


def test_of_endlessly_many_strange_names_only_so_many_are_looked_at():
    schema = {"type": "string"} | {f"minLength{chr(0x4E00 + number)}": 1 for number in range(MOST_LOOKED_AT + 500)}
    assert len(scaffold.compile(schema).schema.strangers) == MOST_LOOKED_AT


@pytest.mark.parametrize("as_json", [False, True])
def test_show_names_them(tmp_path, as_json):
    (tmp_path / "one.json").write_text(json.dumps(MISSPELLED))
    done = CliRunner().invoke(app, ["show", str(tmp_path / "one.json"), *(["--json"] if as_json else [])])
    assert done.exit_code == 0
    if as_json:
        assert [one["name"] for one in json.loads(done.stdout)["strangers"]] == [
            "require", "additonalProperties", "minlength",
        ]  # fmt: skip
    else:
        assert "assert nothing" in done.stdout
        assert "minlength" in done.stdout
