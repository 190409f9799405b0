import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scaffold.constraints.language import escape, slot_language
from scaffold.errors import UnsatisfiableSchemaError
from scaffold.layout.pieces import Slot
from scaffold.schema import ir

ABOUT = ir.About("A title", "A description", ("an example",))


def accepts(node, text, *, is_bare=False):
    return slot_language(Slot(node, is_bare=is_bare)).automaton.accepts(text.encode())


@given(st.text())
def test_escaped_text_is_that_of_json_without_ascii_escapes(text):
    assert escape(text) == json.dumps(text, ensure_ascii=False)[1:-1]


@given(st.text(max_size=6) | st.text('"\\\n', max_size=4))
def test_a_string_is_bare_text_where_the_quotes_stand_outside_and_quoted_where_they_do_not(text):
    spelled = json.dumps(text, ensure_ascii=False)
    assert accepts(ir.String(), spelled[1:-1])
    assert accepts(ir.String(), spelled, is_bare=True)
    assert not accepts(ir.String(), spelled[1:-1], is_bare=True)


@pytest.mark.parametrize(
    ("node", "texts"),
    [
        (ir.Boolean(), ("true", "false")),
        (ir.Null(), ("null",)),
        (ir.Enum(('"b"', '"a"')), ("b", "a")),
        (ir.Enum(('"b"', "1", "null")), ('"b"', "1", "null")),
        (ir.Enum(('"é\\n"', '"\\u00e8"')), ("é\\n", "è")),
        (ir.Enum(("[1,2]", '{"a":1}')), ("[1,2]", '{"a":1}')),
        (ir.Union((ir.Enum(('"b"',)), ir.Boolean(), ir.Null(), ir.Enum(("true",)))), ('"b"', "true", "false", "null")),
    ],
)
def test_literals_are_kept_in_order_of_declaration(node, texts):
    language = slot_language(Slot(node))
    assert language.literals == tuple(text.encode() for text in texts)
    assert all(language.automaton.accepts(text.encode()) for text in texts)


def test_a_bare_enum_of_strings_keeps_its_quotes():
    assert slot_language(Slot(ir.Enum(('"a"', '"b"')), is_bare=True)).literals == (b'"a"', b'"b"')


@given(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.floats(-1e30, 1e30) | st.text('a"\\\n', max_size=4)
)
def test_a_union_of_all_scalars_holds_every_scalar(value):
    node = ir.Union((ir.String(), ir.Number(), ir.Boolean(), ir.Null()))
    assert accepts(node, json.dumps(value, ensure_ascii=False), is_bare=True)


@given(st.text('12.eat"ru-', max_size=5))
def test_a_union_holds_what_a_branch_holds_and_nothing_else(text):
    branches = (ir.String(max_length=2), ir.Number(is_integer=True), ir.Boolean(), ir.Enum(("1.5",)))
    together = accepts(ir.Union(branches), text, is_bare=True)
    assert together == any(accepts(branch, text, is_bare=True) for branch in branches)


@pytest.mark.parametrize("role", ["value", "key", "branch"])
def test_annotations_and_roles_do_not_make_another_language(role):
    node = ir.Union((ir.String(max_length=7), ir.Null()))
    annotated = ir.Union((ir.String(max_length=7, about=ABOUT), ir.Null(about=ABOUT)), about=ABOUT)
    assert slot_language(Slot(annotated, role, is_bare=True)) is slot_language(Slot(node, is_bare=True))


@pytest.mark.parametrize(
    "node",
    [
        ir.String(3, 2),
        ir.String(patterns=("^a$", "^b$")),
        ir.String(patterns=("^a$",), excluded=("a",)),
        ir.String(max_length=9, formats=("date",)),
        ir.Enum(()),
    ],
)
def test_a_slot_without_any_legal_text_is_an_error(node):
    with pytest.raises(UnsatisfiableSchemaError):
        slot_language(Slot(node))


def test_widened_parts_of_branches_are_all_named():
    node = ir.Union((ir.String(max_length=1000), ir.String(patterns=(r"(a)\1",)), ir.Null()))
    assert [reason.partition(":")[0] for reason in slot_language(Slot(node, is_bare=True)).widened] == [
        "maxLength",
        "pattern",
    ]


def test_only_free_text_says_so():
    assert slot_language(Slot(ir.String())).lengths == (0, None)
    assert slot_language(Slot(ir.String(1, 300))).lengths == (1, 300)
    assert slot_language(Slot(ir.String(), is_bare=True)).lengths is None
    assert slot_language(Slot(ir.String(1, patterns=("a",)))).lengths is None
    assert slot_language(Slot(ir.Number())).lengths is None


def test_small_finite_languages_are_listed():
    assert slot_language(Slot(ir.String(patterns=("^[ab]?$",)))).literals == (b"", b"a", b"b")
    assert slot_language(Slot(ir.String())).literals is None


def test_an_enum_of_too_many_objects_keeps_the_first_and_says_so():
    literals = tuple(f'{{"a":1{i:0>20}}}' for i in range(50_000))
    found = slot_language(Slot(ir.Enum(literals)))
    assert found.automaton.accepts(literals[0].encode())
    assert not found.automaton.accepts(literals[-1].encode())
    assert [reason.partition(":")[0] for reason in found.widened] == ["enum"]
