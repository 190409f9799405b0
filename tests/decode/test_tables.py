from io import StringIO

import pytest
from rich.console import Console

from scaffold.decode.result import FieldResult
from scaffold.decode.tables import fields_table, step_line
from scaffold.decode.trace import Step


def shown(leaf, text="born in 1815"):
    console = Console(file=StringIO(), width=120)
    console.print(fields_table([leaf], text))
    return console.file.getvalue()


@pytest.mark.parametrize("value", [1815, "[bold]", None, "é", {"a": [1]}])
def test_a_value_is_shown_as_json_and_never_read_as_markup(value):
    leaf = FieldResult(("a", 0), value, "", 0.5, None, "generated")
    json_text = {1815: "1815", "[bold]": '"[bold]"', None: "null", "é": '"é"'}
    expected = '{"a": [1]}' if isinstance(value, dict) else json_text[value]
    assert expected in shown(leaf)
    assert "/a/0" in shown(leaf)


def test_a_source_is_shown_with_its_place_and_its_words():
    leaf = FieldResult(("born",), 1815, "1815", 0.93, (8, 12), "quoted")
    assert "8-12 '1815'" in shown(leaf)
    assert "0.93" in shown(leaf)


def test_a_step_tells_what_was_written_and_decided():
    step = Step(2, (("/name", "Ada"),), ("/items: 2 items",), '{"name":"Ada"}')
    assert step_line(step) == 'call 2: /name = \'Ada\', /items: 2 items\n  {"name":"Ada"}'
