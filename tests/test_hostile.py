"""Schemas written to exhaust: each ends in bounded time and memory, filled and valid or refused in words of ours."""

import builtins
import json
import resource
import socket
import sys
import time
import urllib.request
from contextlib import contextmanager
from random import Random

import pytest

import scaffold
from scaffold.decode.validate import problems
from scaffold.denoise.options import DenoiseOptions
from scaffold.evals.soundness import rejected
from scaffold.testing import RandomPredictor

LIMIT_S = 10.0
"""Of processor time, so that a busy machine does not fail a test."""
LIMIT_KIB = 1 << 20
FEW = DenoiseOptions(max_steps=3, max_slot=64)
TEXT = {"type": "string"}


def words(count):
    random = Random(0)
    return ["".join(random.choices("abcdefghijklmnop", k=8)) for _ in range(count)]


def matching(pattern):
    return TEXT | {"pattern": pattern}


def nested(wrap, depth, schema=TEXT):
    for _ in range(depth):
        schema = wrap(schema)
    return schema


def chain(link, length):
    """Definitions of which each refers to the next."""
    definitions = {f"d{i}": link({"$ref": f"#/$defs/d{i + 1}"}) for i in range(length)}
    return {"$ref": "#/$defs/d0", "$defs": {**definitions, f"d{length}": TEXT}}


def pair(schema, **more):
    return {"type": "object", "properties": {"a": schema, "b": schema}, **more}


def loop():
    schema = {"type": "object"}
    schema["properties"] = {"a": schema}
    return schema


LARGE = {
    "10 MB of properties": lambda: {
        "type": "object",
        "properties": {f"property {i}": TEXT | {"description": "x" * 150} for i in range(50_000)},
    },
    "10 MB of description": lambda: {"type": "object", "properties": {"a": TEXT | {"description": "x" * 10_000_000}}},
    "10 MB of definitions": lambda: {"$defs": {f"d{i}": {"const": "z" * 400} for i in range(25_000)}, **TEXT},
    "10 MB of one constant": lambda: {"const": ["a" * 100] * 100_000},
    "50 000 numbers": lambda: {"enum": list(range(0, 500_000, 10))},
    "50 000 texts and numbers": lambda: {"enum": [*words(25_000), *range(25_000)]},
    "50 000 objects": lambda: {"enum": [{"a": word, "b": i} for i, word in enumerate(words(50_000))]},
    "50 000 texts, thrice": lambda: {
        "allOf": [{"enum": words(50_000)}, {"enum": words(50_000)[::2]}, {"not": {"enum": words(50_000)[::3]}}]
    },
    "few texts of 5 MB": lambda: {"enum": ["x" * 100_000 + str(i) for i in range(50)]},
    "900 patterns of names": lambda: {"patternProperties": {f"^k{i}": {} for i in range(900)}},
    "a name of 1 MB": lambda: {"type": "object", "properties": {"k" * 1_000_000: TEXT}, "required": ["k" * 1_000_000]},
}
DEEP = {
    "properties": lambda: nested(lambda s: {"type": "object", "properties": {"a": s}, "required": ["a"]}, 10_000),
    "optional properties": lambda: nested(lambda s: {"properties": {"a": s}}, 10_000),
    "items": lambda: nested(lambda s: {"items": s}, 10_000),
    "200 lists": lambda: nested(lambda s: {"type": "array", "items": s, "minItems": 1}, 200),
    "allOf": lambda: nested(lambda s: {"allOf": [s]}, 10_000),
    "not": lambda: nested(lambda s: {"not": s}, 10_000),
    "const": lambda: {"const": nested(lambda s: [s], 10_000)},
    "enum": lambda: {"enum": [nested(lambda s: {"a": s}, 10_000)]},
    "an annotation": lambda: TEXT | {"examples": [nested(lambda s: [s], 10_000)]},
    "an unknown keyword": lambda: TEXT | {"x-unknown": nested(lambda s: {"a": s}, 10_000)},
    "references": lambda: chain(lambda s: {"$ref": s["$ref"]}, 10_000),
    "objects by reference": lambda: chain(
        lambda s: {"type": "object", "properties": {"n": s}, "required": ["n"]}, 10_000
    ),
    "itself": loop,
}
EXPONENTIAL = {
    "allOf": lambda: chain(lambda s: {"allOf": [s, s]}, 60),
    "anyOf": lambda: chain(lambda s: {"anyOf": [s, {"type": "array", "items": s}]}, 60),
    "oneOf": lambda: chain(lambda s: {"oneOf": [s, {"type": "array", "items": s}]}, 60),
    "required properties": lambda: chain(lambda s: pair(s, required=["a", "b"]), 60),
    "optional properties": lambda: chain(pair, 60),
    "items": lambda: chain(lambda s: {"type": "array", "items": s, "minItems": 2}, 40),
    "three times a thousand": lambda: nested(lambda s: {"type": "array", "items": s, "minItems": 1000}, 3),
    "as many items of any kind as no machine has bits": lambda: {"minItems": 10**20},
    "a billion items": lambda: {"type": "array", "items": TEXT, "minItems": 10**9},
    "a billion properties": lambda: {"type": "object", "minProperties": 10**9},
    "at least a billion characters": lambda: TEXT | {"minLength": 10**9},
    "at most a billion characters": lambda: TEXT | {"maxLength": 10**9},
    "conditions": lambda: {
        "allOf": [
            {"if": {"properties": {f"a{i}": {"const": 1}}, "required": [f"a{i}"]}, "then": {"required": [f"b{i}"]}}
            for i in range(60)
        ]
    },
    "dependencies": lambda: {
        "dependentRequired": {f"a{i}": [f"b{i}"] for i in range(500)},
        "properties": {f"a{i}": {} for i in range(500)},
    },
    "400 digits": lambda: {"type": "integer", "maximum": 10**400},
    "5 000 digits": lambda: {"type": "integer", "maximum": 10**5000},
    "a large prime": lambda: {"type": "integer", "multipleOf": 1_000_003, "minimum": 1},
    "a tiny step": lambda: {"type": "number", "multipleOf": 1e-300},
    "many steps": lambda: {"allOf": [{"multipleOf": n} for n in (2, 3, 5, 7, 11, 13, 17, 19, 23)], "type": "integer"},
}
PATTERNS = {
    "nested stars": matching("^(a+)+$"),
    "nested stars, found anywhere": matching("(a+)+$"),
    "50 nested stars": matching("^" + "(" * 50 + "a" + "*)" * 50 + "$"),
    "a million": matching("^(x{1,1000}){1,1000}$"),
    "a thousand million at once": matching("^a{1000000000}$"),
    "a repeat of 20 digits": matching("^a{99999999999999999999}$"),
    "5 000 groups": matching("(" * 5000 + "a" + ")" * 5000),
    "2 000 optional groups": matching("^" + "(a" * 2000 + ")?" * 2000 + "$"),
    "20 000 alternatives": matching("^(" + "|".join(words(20_000)) + ")$"),
    "9 conditions ahead": matching("^" + "".join(f"(?=.*{c})" for c in "abcdefgh0") + ".{8,}$"),
    "a condition that must fail": matching("^(?!.*(foo|bar|baz)).*$"),
    "a condition behind": matching("(?<=a)b"),
    "a reference back": matching("^(a+)\\1$"),
    "a million states": matching("^[ab]*a[ab]{20}$"),
    "100 000 of anything": matching("^.{0,100000}$"),
    "1 000 letters of any script": matching("^\\p{L}{1,1000}$"),
    "20 labels": matching("^" + "[\\w\\-.]{1,63}\\." * 20 + "$"),
    "a literal of 100 000": matching("^" + "a" * 100_000 + "$"),
    "5 000 stars": matching("^" + "x*" * 5000 + "y$"),
    "5 000 stars before a border": matching("^" + "x*" * 5000 + "\\b$"),
    "borders behind anything": matching("^" + ".*\\b" * 12 + "$"),
    "a border behind 200 letters that may be missing": matching("^(?!.*\\b" + "x?" * 200 + "\\b)[a-z ]+$"),
    "6 at once": TEXT | {"allOf": [{"pattern": f"[a-z].{{{i}}}[0-9]"} for i in range(6)]},
    "none of": TEXT | {"not": {"pattern": "a.{20}b"}},
    "6 fields": {
        "type": "object",
        "properties": {f"p{i}": matching(f"^[a-z]{{1,{i + 1}}}-(x{{1,{i}}}){{1,{i}}}$") for i in range(12, 18)},
    },
    "unbalanced": matching("(a"),
    "nothing to repeat": matching("*"),
    "an open class": matching("["),
    "half a character": matching("^\ud800$"),
    "of names": {"patternProperties": {"^(a+)+$": TEXT}, "required": ["a" * 40 + "b"]},
}
STRANGE = {
    "not a number": {"const": float("nan")},
    "infinity": {"maximum": float("inf")},
    "half a character": {"const": "\ud800"},
    "half a character in an enum": {"enum": ["\ud800", "a"]},
    "half a character in a name": {"type": "object", "properties": {"\ud800": TEXT}, "required": ["\ud800"]},
    "a null character": {"const": "\x00"},
    "an object of Python": TEXT | {"const": object()},
    "bytes": {"const": b"x"},
    "a set": {"type": {"string"}},
    "a tuple": {"enum": ("a", "b")},
    "names that are numbers": {"type": "object", "properties": {1: TEXT}},
}
REMOTE = {
    "http": {"$ref": "http://127.0.0.1:9/x.json"},
    "https": {"properties": {"a": {"$ref": "https://example.com/schema.json#/a"}}},
    "a file": {"$ref": "file:///etc/passwd"},
    "an absolute path": {"$ref": "/etc/passwd"},
    "a relative path": {"items": {"$ref": "other.json#/x"}},
    "against an id": {"$id": "http://127.0.0.1:9/a", "$ref": "b"},
    "a dynamic reference": {"$dynamicRef": "http://127.0.0.1:9/#x"},
}


def outcome(document):
    """What becomes of a schema; any error that is not ours is a failure of the test."""
    filler = scaffold.Filler(RandomPredictor(0, max_length=2000))
    try:
        compiled = scaffold.compile(document)
        compiled.report()
        compiled.cost()
        found = filler.fill(document, "some text", denoise=FEW, on_overflow="cut")
    except scaffold.ScaffoldError as error:
        return error
    return json.loads(found.text)


@contextmanager
def untraced():
    """Without the tracer of a coverage run, which makes loops five times as slow as they are."""
    tracer = sys.gettrace()
    sys.settrace(None)
    try:
        yield
    finally:
        sys.settrace(tracer)


def check_bounded(make):
    document = make()
    begun, peak = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with untraced():
        found = outcome(document)
    assert time.process_time() - begun < LIMIT_S
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - peak < LIMIT_KIB
    if isinstance(found, scaffold.ScaffoldError):
        assert found.message
        assert len(str(found)) < 1000
    return found


@pytest.mark.parametrize("make", LARGE.values(), ids=LARGE)
def test_a_large_schema_ends_in_bounded_time_and_memory(make):
    check_bounded(make)


@pytest.mark.parametrize("make", DEEP.values(), ids=DEEP)
def test_a_schema_ten_thousand_levels_deep_is_refused(make):
    assert isinstance(check_bounded(make), scaffold.ScaffoldError)


@pytest.mark.parametrize("make", EXPONENTIAL.values(), ids=EXPONENTIAL)
def test_a_schema_that_unfolds_without_end_is_bounded(make):
    check_bounded(make)


@pytest.mark.parametrize("schema", PATTERNS.values(), ids=PATTERNS)
def test_a_catastrophic_pattern_is_bounded(schema):
    check_bounded(lambda: schema)


@pytest.mark.parametrize("schema", STRANGE.values(), ids=STRANGE)
def test_what_is_not_json_is_refused_or_read_as_json(schema):
    found = check_bounded(lambda: schema)
    if not isinstance(found, scaffold.ScaffoldError):
        assert rejected(json.loads(json.dumps(schema)), found) is None


@pytest.mark.parametrize("schema", REMOTE.values(), ids=REMOTE)
def test_a_reference_to_elsewhere_is_refused_and_nothing_is_opened(schema, monkeypatch):
    def refuse(*where, **options):
        raise AssertionError(f"opened {where}")

    scaffold.compile({"$ref": "#/$defs/a", "$defs": {"a": TEXT}})  # what is imported late is there from here on
    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(urllib.request, "urlopen", refuse)
    monkeypatch.setattr(builtins, "open", refuse)
    with pytest.raises(scaffold.UnresolvableReferenceError):
        scaffold.compile(schema)


def test_a_schema_that_names_a_remote_dialect_is_read_without_it():
    found = outcome(TEXT | {"$schema": "http://127.0.0.1:9/meta"})
    assert isinstance(found, str | scaffold.ScaffoldError)


def test_what_shared_definitions_reject_is_still_rejected():
    twice = chain(lambda s: {"allOf": [s, s]}, 40)
    validator = scaffold.compile(twice).validator
    assert [problem.path for problem in problems("1", validator)] == [()]
    assert not problems('"text"', validator)


@pytest.mark.parametrize("value", [[1, "a"], ["a", 1], ["a", "a"], [1, 1]])
def test_equal_values_in_different_places_are_each_checked(value):
    part = {"items": {"anyOf": [{"$ref": "#/$defs/s"}, {"$ref": "#/$defs/n"}]}, "contains": {"$ref": "#/$defs/s"}}
    schema = part | {"$defs": {"s": TEXT, "n": {"type": "integer"}}, "not": {"items": {"$ref": "#/$defs/s"}}}
    expected = rejected(schema, value) is None
    assert (not problems(json.dumps(value), scaffold.compile(schema).validator)) == expected
