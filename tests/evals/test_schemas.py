import gzip
import json

import pytest
from typer.testing import CliRunner

from scaffold.cli import app
from scaffold.errors import SchemaError
from scaffold.evals.labelled import Labelled, documents_of, read
from scaffold.evals.schemas import FAULTS, Judge, Judged, bench_schemas

TEXT = {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"], "additionalProperties": False}
GOOD, BAD = {"a": "x"}, {"a": 1}


def judged(schema, *instances, documents=()):
    return Judge(documents)(Labelled("name", "corpus", schema, instances))


def faults(found):
    return [one.fault for one in found.findings]


def row(name, schema, *tests, suite=""):
    instances = [{"data": data, "valid": is_valid} for data, is_valid in tests]
    return json.dumps({"id": name, "suite": suite, "schema": schema, "tests": instances})


def corpus(folder, *rows):
    (folder / "some.jsonl.gz").write_bytes(gzip.compress("\n".join(rows).encode()))
    return folder


def test_right_verdicts_are_no_finding():
    assert judged(TEXT, (GOOD, True), (BAD, False)) == Judged()


def test_wrong_labels_show_as_faults_of_their_kind():
    assert faults(judged(TEXT, (GOOD, False))) == ["invalid accepted"]
    assert faults(judged(TEXT, (BAD, True))) == ["valid not expressible"]
    assert faults(judged({"type": "array", "uniqueItems": True}, ([1, 1], True))) == ["valid rejected"]


def test_what_needs_an_unknown_document_is_refused_or_where_it_may_be_left_out_not_expressible():
    row = Labelled("name", "corpus", {"properties": {"a": {"$ref": "other.json"}}}, (({"a": 1}, True), ({}, True)))
    assert faults(Judge()(row)) == ["refused"]
    assert faults(Judge(on_unresolved="omit")(row)) == ["valid not expressible"]


def test_what_only_the_validator_finds_is_counted_apart():
    found = judged({"type": "array", "uniqueItems": True}, ([1, 1], False))
    assert (found.findings, found.left_to_check) == ((), 1)


def test_no_valid_value_is_right_where_no_instance_is_valid():
    assert judged({"allOf": [{"type": "string"}, {"type": "null"}]}, (1, False)) == Judged(is_unsatisfiable=True)
    assert faults(judged({"type": "string", "enum": [1]}, ("x", True))) == ["refused"]


def test_a_refusal_names_the_error_and_the_keyword():
    (found,) = judged({"minLength": -1}).findings
    assert (found.fault, found.what) == ("refused", "SchemaError minLength")


def test_a_reference_is_looked_up_in_the_documents_given():
    schema = {"$ref": "http://localhost:1234/text.json"}
    assert faults(judged(schema, (GOOD, True))) == ["refused"]
    found = judged(schema, (GOOD, True), (BAD, False), documents=(("http://localhost:1234/text.json", TEXT),))
    assert found == Judged()


def test_a_document_that_cannot_be_searched_does_no_harm_to_the_others():
    documents = (("http://b/", {"$defs": [1], "properties": []}), ("http://a/", TEXT))
    assert judged({"$ref": "http://a/"}, (GOOD, True), documents=documents) == Judged()


def test_a_suite_that_is_named_after_a_draft_is_of_that_draft(tmp_path):
    tests = ([[1, "a"], True], [[1, 1], False])
    (found,) = bench_schemas(
        corpus(tmp_path, row("a", {"items": [True, {"type": "string"}]}, *tests, suite="draft7/optional"))
    )
    assert found.name == "some optional"
    assert not any(found.counts.values())


def test_the_documents_of_a_folder_are_its_remotes_and_its_own_schemas(tmp_path):
    (tmp_path / "remotes.json").write_text('{"a.json": true}')
    labelled = [Labelled("b", "corpus", {"$id": "http://b/"})]
    assert [uri for uri, _ in documents_of(tmp_path)] == ["http://localhost:1234/a.json"]
    assert [uri for uri, _ in documents_of(tmp_path, labelled)][1:] == ["http://b/"]
    corpus(tmp_path, row("c", TEXT))
    assert [one.name for one in read(tmp_path)] == ["c"]


def test_a_folder_without_schemas_is_an_error(tmp_path):
    with pytest.raises(SchemaError):
        read(tmp_path)


def test_the_command_prints_counts_and_the_first_of_each_kind_of_fault(tmp_path):
    corpus(tmp_path, row("right", TEXT, [GOOD, True]), row("wrong", TEXT, [BAD, True], [GOOD, True]))
    shown = CliRunner().invoke(app, ["bench", "schemas", str(tmp_path)]).stdout
    assert "1 (33.33 %)" in shown
    assert "wrong" in shown
    printed = CliRunner().invoke(app, ["bench", "schemas", str(tmp_path), "--json"]).stdout
    found = json.loads(printed)
    assert found["schemas"][0]["valid not expressible"] == "1 (33.33 %)"
    assert [one["schema"] for one in found["some"]] == ["wrong"]


def test_a_sample_is_drawn_from_each_corpus(tmp_path):
    corpus(tmp_path, *(row(str(n), {"const": n}) for n in range(5)))
    (found,) = bench_schemas(tmp_path, 2)
    assert found.schemas == 2
    assert found.counts == dict.fromkeys(FAULTS, 0)
