from itertools import groupby

import pytest

from scaffold.schema.lower import lower
from scaffold.schema.support import FORMATS, KEYWORDS, known_keywords, markdown_table


def test_every_keyword_is_in_exactly_one_class():
    names = [support.keyword for support in KEYWORDS]
    assert len(names) == len(set(names))
    assert {support.how for support in KEYWORDS} == {"by construction", "checked and repaired"}


def test_the_table_shows_every_keyword_and_format():
    table = markdown_table()
    assert all(f"| `{support.keyword}` |" in table for support in KEYWORDS)
    assert all(f"`{name}`" in table for name in FORMATS)
    rows = [line for line in table.splitlines() if line.startswith("|")]
    assert len(list(groupby(row.count("|") for row in rows))) == 1


VALUES = {
    "type": "object", "enum": [1], "const": 1, "minLength": 1, "maxLength": 1, "pattern": "a", "format": "date",
    "minimum": 1, "maximum": 1, "exclusiveMinimum": 1, "exclusiveMaximum": 1, "multipleOf": 1, "properties": {},
    "required": [], "additionalProperties": {}, "patternProperties": {}, "propertyNames": {}, "minProperties": 1,
    "maxProperties": 1, "dependentRequired": {}, "dependentSchemas": {}, "dependencies": {}, "prefixItems": [{}],
    "items": {}, "additionalItems": {}, "minItems": 1, "maxItems": 1, "uniqueItems": True, "contains": {},
    "minContains": 1, "maxContains": 1, "allOf": [{}], "anyOf": [{}], "oneOf": [{}], "not": {"type": "null"},
    "if": {}, "then": {}, "else": {}, "$ref": "#/definitions/a", "$dynamicRef": "#a",
    "$recursiveRef": "#/definitions/a",
    "unevaluatedProperties": {}, "unevaluatedItems": {},
}  # fmt: skip
DRAFT = {
    4: "http://json-schema.org/draft-04/schema#",
    2019: "https://json-schema.org/draft/2019-09/schema",
    2020: "https://json-schema.org/draft/2020-12/schema",
}


def test_every_keyword_of_the_table_has_a_value_to_try():
    assert VALUES.keys() == {support.keyword for support in KEYWORDS}


@pytest.mark.parametrize("draft", DRAFT)
@pytest.mark.parametrize("keyword", VALUES)
def test_a_keyword_is_reported_exactly_in_the_drafts_that_know_it(draft, keyword):
    anchor = {"$anchor": "a"} if draft > 4 else {}
    document = {"$schema": DRAFT[draft], "definitions": {"a": anchor}, keyword: VALUES[keyword]}
    if draft == 4 and keyword.startswith("exclusive"):
        document[keyword] = False
    found = {e.keyword for e in lower(document).enforcement if e.path == ()}
    assert found == ({keyword} if keyword in known_keywords(draft) else set())


def test_no_assertion_of_the_newest_draft_is_missing():
    annotations = {"contentEncoding", "contentMediaType", "contentSchema"}
    annotations |= {"title", "description", "default", "deprecated", "readOnly", "writeOnly", "examples"}
    core = {
        "$id",
        "$schema",
        "$anchor",
        "$dynamicAnchor",
        "$vocabulary",
        "$comment",
        "$defs",
        "definitions",
        "$recursiveAnchor",
        "$recursiveRef",
    }
    assert _keywords_of_the_newest_draft() - annotations - core == known_keywords(2020)


def _keywords_of_the_newest_draft():
    from jsonschema_specifications import REGISTRY

    found = set()
    for name in (
        "schema",
        "meta/core",
        "meta/applicator",
        "meta/validation",
        "meta/unevaluated",
        "meta/format-annotation",
        "meta/meta-data",
        "meta/content",
    ):
        found |= REGISTRY.contents(f"https://json-schema.org/draft/2020-12/{name}")["properties"].keys()
    return found
