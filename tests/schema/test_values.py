import pytest

from scaffold.errors import SchemaError
from scaffold.schema.lower import lower


@pytest.mark.parametrize("pattern", ["(", "[z-a]", "a**", "\\", "a{2,1}", "(?i)a", "\\p{Foo}", "(a{9999}){9999}"])
def test_a_pattern_that_cannot_be_read_is_an_error_that_names_its_place(pattern):
    within = {"properties": {"a": {"items": {"type": "string", "pattern": pattern}}}}
    with pytest.raises(SchemaError) as caught:
        lower(within)
    assert caught.value.path == ("properties", "a", "items", "pattern")
    with pytest.raises(SchemaError) as caught:
        lower({"allOf": [{"patternProperties": {pattern: True}}]})
    assert caught.value.path == ("allOf", 0, "patternProperties", pattern)


def test_a_pattern_where_no_pattern_stands_is_not_read():
    assert lower({"properties": {"pattern": {"const": "("}}, "default": {"pattern": "("}, "x": {"pattern": "("}})
