"""Lists end where the model says nothing new."""

import pytest

import scaffold
from scaffold.testing import ScriptedPredictor

TAGS = {
    "type": "object",
    "properties": {"tags": {"type": "array", "items": {"type": "string"}}},
    "required": ["tags"],
}
PEOPLE = {
    "type": "object",
    "properties": {
        "people": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"name": {"type": "string"}, "town": {"type": "string"}},
                "required": ["name", "town"],
            },
        }
    },
    "required": ["people"],
}
TEXT = "Ada of Ockham, Bo of Lund, and Cy of Lund."


def filled(schema, answers, **options):
    return scaffold.Filler(model=ScriptedPredictor(answers=answers)).fill(schema, TEXT, **options).value


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        (["Ada", "Bo", "Cy"], ["Ada", "Bo", "Cy"]),
        (["Ada", "Ada", "Bo"], ["Ada"]),
        (["Ada", "Bo", "Ada", "Cy"], ["Ada", "Bo"]),
        (["Ada"] * 50, ["Ada"]),
    ],
)
def test_a_list_ends_where_it_quotes_the_same_words_again(said, meant):
    assert filled(TAGS, {"tags": said}) == {"tags": meant}


def test_free_text_may_repeat():
    assert filled(TAGS, {"tags": ["Ada", "Ada", "Bo"]}, strings="free") == {"tags": ["Ada", "Ada", "Bo"]}


def test_objects_that_share_some_words_are_different():
    found = filled(PEOPLE, {"name": ["Bo", "Cy"], "town": ["Lund", "Lund"]})
    assert found == {"people": [{"name": "Bo", "town": "Lund"}, {"name": "Cy", "town": "Lund"}]}


def test_an_object_that_quotes_what_an_earlier_one_quoted_ends_the_list():
    found = filled(PEOPLE, {"name": ["Bo", "Bo", "Cy"], "town": ["Lund", "Lund", "Lund"]})
    assert found == {"people": [{"name": "Bo", "town": "Lund"}]}
