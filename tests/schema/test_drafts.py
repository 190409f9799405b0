"""What `$schema` names: a draft, or a meta-schema that leaves vocabularies out."""

from datetime import date

import pytest

import scaffold
from scaffold.errors import LayoutError, SchemaError
from scaffold.schema.documents import registry_of
from scaffold.schema.drafts import draft_of

NEWEST = "https://json-schema.org/draft/2020-12/"
OLDER = "https://json-schema.org/draft/2019-09/"
META = "https://example.com/meta"


def meta(*vocabularies, schema=NEWEST + "schema", **others):
    return {"$id": META, "$schema": schema, "$vocabulary": dict.fromkeys(vocabularies, True) | others}


@pytest.mark.parametrize("base", [NEWEST, OLDER])
def test_keywords_of_a_vocabulary_that_the_meta_schema_leaves_out_are_annotations(base):
    registry = registry_of([(META, meta(base + "vocab/core", base + "vocab/applicator", schema=base + "schema"))])
    document = {
        "$schema": META,
        "required": ["gone"],
        "properties": {"minimum": {"$ref": "#/$defs/small"}, "never": False, "x": {"enum": [1]}},
        "$defs": {"small": {"maximum": 3, "allOf": [{"type": "string"}]}},
    }
    compiled = scaffold.compile(document, registry)
    assert compiled.accepts({"minimum": 4, "x": 2})
    assert not compiled.accepts({"never": 1})
    assert {entry.keyword for entry in compiled.report()} == {"properties", "$ref", "allOf"}
    assert not scaffold.compile({**document, "$schema": base + "schema"}).accepts({"minimum": 4, "x": 2})


def test_a_meta_schema_that_is_not_given_changes_nothing():
    compiled = scaffold.compile({"$schema": META, "type": "integer", "maximum": 3})
    assert not compiled.accepts(4)


def test_formats_are_asserted_where_a_vocabulary_has_them():
    document = {"$schema": META, "type": "string", "format": "ipv4"}
    core = (NEWEST + "vocab/core", NEWEST + "vocab/validation")
    assert scaffold.compile(document, registry_of([(META, meta(*core))])).accepts("x")
    with_format = registry_of([(META, meta(*core, NEWEST + "vocab/format-assertion"))])
    assert not scaffold.compile(document, with_format).accepts("x")


def test_an_unknown_vocabulary_is_an_error_if_it_is_required_and_ignored_if_not():
    core, own = NEWEST + "vocab/core", "https://example.com/vocab"
    with pytest.raises(SchemaError) as caught:
        scaffold.compile({"$schema": META, "type": "integer"}, registry_of([(META, meta(core, own))]))
    assert (caught.value.path, own in caught.value.message) == (("$schema",), True)
    optional = registry_of([(META, meta(core, **{own: False}))])
    assert scaffold.compile({"$schema": META, "type": "integer"}, optional).accepts("x")


def test_a_meta_schema_is_of_the_draft_that_its_own_meta_schema_is_of():
    between = "https://example.com/between"
    documents = [(META, {"$id": META, "$schema": between}), (between, {"$id": between, "$schema": OLDER + "schema"})]
    compiled = scaffold.compile({"$schema": META, "items": [{"type": "string"}]}, registry_of(documents))
    assert compiled.accepts(["x", 1])
    assert not compiled.accepts([1])


def test_meta_schemas_that_name_each_other_are_of_the_newest_draft():
    other = "https://example.com/other"
    documents = [(META, {"$id": META, "$schema": other}), (other, {"$id": other, "$schema": META})]
    compiled = scaffold.compile({"$schema": META, "prefixItems": [{"type": "string"}]}, registry_of(documents))
    assert not compiled.accepts([1])


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("end", ["", "#"])
def test_a_draft_is_known_over_http_and_https_with_and_without_a_fragment(scheme, end):
    uri = f"{scheme}://json-schema.org/draft-07/schema{end}"
    assert draft_of({"$schema": uri}) == 7
    compiled = scaffold.compile({"$schema": uri, "items": [{"type": "string"}]})  # a list of 2020-12 is no schema
    assert not compiled.accepts([1])


def test_a_part_of_the_standard_meta_schemas_is_no_meta_schema_that_leaves_keywords_out():
    document = {"$schema": NEWEST + "meta/core", "type": "array", "uniqueItems": True, "maxItems": 2}
    compiled = scaffold.compile(document, registry_of([]))
    assert compiled.accepts([1, 2])
    assert not compiled.accepts([1, 1])
    assert not compiled.accepts([1, 2, 3])


def test_formats_are_annotations_where_the_caller_says_so():
    document = {"type": "string", "format": "ipv4", "maxLength": 7}
    compiled = scaffold.compile(document, formats="annotate")
    assert compiled.accepts("abc")
    assert not compiled.accepts("abcdefgh")
    assert [entry.keyword for entry in compiled.report()] == ["type", "maxLength"]
    assert not scaffold.compile(document).accepts("abc")
    checked = {"type": "string", "format": "regex"}
    assert scaffold.compile(checked, formats="annotate").accepts("(")
    assert not scaffold.compile(checked).accepts("(")


def test_the_formats_of_a_python_type_hold_whatever_the_caller_says():
    compiled = scaffold.compile(date, formats="annotate")
    assert compiled.accepts("2024-02-29")
    assert compiled.encode("2024-02-29")
    with pytest.raises(LayoutError):
        compiled.encode("2023-02-29")
