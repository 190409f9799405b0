import json
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, Field, TypeAdapter

from scaffold.decode.validate import problems, validator_for
from scaffold.schema import canonical
from scaffold.testing import strategies

SAMPLES = sorted((Path(__file__).parents[2] / "schemas").glob("*.json"))
QUICK = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)

WANTED = """
type enum const minimum maximum exclusiveMinimum exclusiveMaximum multipleOf minLength maxLength pattern
format items prefixItems minItems maxItems uniqueItems contains maxContains properties required
additionalProperties patternProperties propertyNames minProperties maxProperties dependentRequired
unevaluatedProperties unevaluatedItems allOf anyOf oneOf not if then else $ref $defs
dependencies dependentSchemas additionalItems $dynamicRef $dynamicAnchor $recursiveRef $recursiveAnchor $id
"""


def keywords_of(schema):
    if isinstance(schema, list):
        return [keyword for item in schema for keyword in keywords_of(item)]
    if not isinstance(schema, dict):
        return []
    return [*schema, *(keyword for value in schema.values() for keyword in keywords_of(value))]


@QUICK
@given(st.data())
def test_every_schema_has_values_and_they_are_valid(data):
    schema = data.draw(strategies.schemas())
    value = data.draw(strategies.instances(schema))
    assert problems(canonical.dumps(value), validator_for(schema)) == ()


def test_the_schemas_use_every_keyword_of_the_scope():
    seen = Counter()

    @settings(max_examples=2000, database=None, derandomize=True, phases=[Phase.generate])
    @given(strategies.schemas())
    def collect(schema):
        seen.update(set(keywords_of(schema)))

    collect()
    assert set(WANTED.split()) - set(seen) == set()


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
@QUICK
@given(data=st.data())
def test_the_sample_schemas_have_values(path, data):
    schema = json.loads(path.read_text("utf-8"))
    value = data.draw(strategies.instances(schema))
    assert problems(canonical.dumps(value), validator_for(schema)) == ()


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_the_sample_schemas_are_schemas(path):
    schema = json.loads(path.read_text("utf-8"))
    assert problems(json.dumps(schema), validator_for({"$ref": schema["$schema"]})) == ()


class Part(BaseModel):
    name: str = Field(min_length=1, max_length=5)
    weight: float = Field(gt=0, le=10)
    inner: list["Part"] = []


@QUICK
@given(value=strategies.fills(Part))
def test_fills_of_a_type_are_valid_values_of_it(value):
    part = TypeAdapter(Part).validate_json(canonical.dumps(value))
    assert 1 <= len(part.name) <= 5


@QUICK
@given(value=strategies.fills({"type": "integer", "multipleOf": 7, "minimum": 5, "maximum": 15}))
def test_fills_of_a_schema_are_valid_values_of_it(value):
    assert value in {7, 14}
