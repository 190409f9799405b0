"""What is known of a schema before it is filled: its report soon, and no part that nothing can fill."""

import time

import scaffold
from scaffold.constraints import numbers

NAMES = [f"d{n}" for n in range(14)]


def test_a_report_does_not_unfold_a_recursion():
    definitions = {
        name: {"type": "object", "properties": {other: {"$ref": f"#/$defs/{other}"} for other in NAMES}}
        for name in NAMES
    }
    begun = time.process_time()
    rows = scaffold.compile({"$ref": "#/$defs/d0", "$defs": definitions}).report()
    assert time.process_time() - begun < 5
    assert {row.how for row in rows} == {"by construction"}


def test_a_format_that_is_checked_is_reported_however_deep_it_lies():
    node = {"type": "object", "properties": {"again": {"$ref": "#"}, "host": {"format": "idn-hostname"}}}
    rows = scaffold.compile(node).report()
    assert {row.how for row in rows if row.keyword == "format"} == {"checked and repaired"}


def test_a_report_leaves_out_what_no_value_can_have():
    rows = scaffold.compile({"properties": {"a": {"type": "string", "pattern": "^a$", "minLength": 2}}}).report()
    assert {row.keyword for row in rows} == {"properties", "type", "pattern", "minLength"}


def test_entries_that_no_name_can_have_are_not_laid_out():
    schema = {"type": "object", "patternProperties": {".*": {"type": "integer"}}}
    for seed in range(3):
        found = scaffold.Filler(scaffold.testing.RandomPredictor(seed)).fill(schema, "Ada", on_overflow="cut").value
        assert all(isinstance(value, int) for value in found.values())


def test_a_report_explores_equal_numbers_once(monkeypatch):
    explored = []
    term = numbers.term

    def counted(terms, node):
        explored.append(node)
        return term(terms, node)

    monkeypatch.setattr(numbers, "term", counted)
    names = [{"enum": [f"{letter}{k}" for k in range(9)]} for letter in "abcde"]
    odd = {"type": "number", "maximum": 123_457}
    scaffold.compile({"properties": {f"p{k}": {"anyOf": [name, odd]} for k, name in enumerate(names)}}).report()
    assert len(explored) == 1


def test_of_several_keywords_of_one_name_only_those_are_reported_that_are_left_to_check():
    texts = {"plain": "^x$", "back": r"(.)\1", "long": {"minLength": 300}, "short": {"minLength": 3}}
    members = {name: {"type": "string", **(a if isinstance(a, dict) else {"pattern": a})} for name, a in texts.items()}
    how = {(row.pointer, row.keyword): row.how for row in scaffold.compile({"properties": members}).report()}
    assert how["/properties/plain", "pattern"] == how["/properties/short", "minLength"] == "by construction"
    assert how["/properties/back", "pattern"] == how["/properties/long", "minLength"] == "checked and repaired"
