import random
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_tokenizers import GreedyTokenizer, with_merges

from scaffold.constraints import cache
from scaffold.constraints.language import slot_language
from scaffold.constraints.slot_automaton import compile_slot
from scaffold.constraints.token_classes import build_index, classify, follow_live, walk_all
from scaffold.errors import TokenBorderError, UnsatisfiableSchemaError
from scaffold.layout.pieces import Slot
from scaffold.schema import ir

MERGES = (
    b"12", b"123", b"00", b"20", b"202", b"-", b"-1", b".5", b"e-", b" a", b"ab", b"abc", b"bc", b"true", b"fal", b'"',
    b"\",", b"\\n", b"\\u00", b"\\", b"\n", b"\xc3\xa9", b"\xa9a", b"\xc3", b"\xe6\xbc", b"\xa2\xe5\xad", b"nul",
    b"l",
)  # fmt: skip
TOKENIZER = with_merges(*MERGES)
NULL = TOKENIZER.null_id
NODES = [
    ir.String(),
    ir.String(2, 5),
    ir.String(patterns=("^[a-c]*1$",)),
    ir.String(formats=("date",)),
    ir.String(patterns=(r"^\p{L}{0,3}$",)),
    ir.Number(),
    ir.Number(is_integer=True, minimum=Fraction(-20), maximum=Fraction(123)),
    ir.Boolean(),
    ir.Enum(('"abc"', '"ab"', '"é"')),
]
IDS = st.lists(st.integers(0, len(TOKENIZER.pieces) + 1), max_size=6) | st.lists(
    st.sampled_from([*range(256, 256 + len(MERGES)), *b'0123abct"'])
)


def text_of(ids, tokenizer=TOKENIZER):
    return b"".join(tokenizer.token_bytes[i] for i in ids)


def is_filling(slot, ids, tokenizer=TOKENIZER):
    """Whether `ids` are tokens with bytes that spell a legal text, then nulls: by definition."""
    content = list(ids)
    while content and content[-1] == tokenizer.null_id:
        content.pop()
    has_bytes = all(tokenizer.token_bytes[i] for i in content)
    return has_bytes and slot_language(slot).automaton.accepts(text_of(content, tokenizer))


@pytest.mark.parametrize("node", NODES, ids=repr)
@pytest.mark.parametrize("is_bare", [False, True])
@given(ids=IDS, nulls=st.integers(0, 2))
def test_fillings_are_the_spellings_of_legal_texts_then_nulls(node, is_bare, ids, nulls):
    slot = Slot(node, is_bare=is_bare)
    ids = (*ids, *[NULL] * nulls)
    assert compile_slot(slot, TOKENIZER, NULL).accepts(ids) == is_filling(slot, ids)


@pytest.mark.parametrize("node", NODES, ids=repr)
@given(seed=st.integers(0, 2**32))
def test_every_way_through_the_automaton_spells_a_legal_text(node, seed):
    slot, rng = Slot(node), random.Random(seed)
    automaton = compile_slot(slot, TOKENIZER, NULL)
    state, ids = 0, []
    while len(ids) < 12 and not (automaton.accepting[state] and rng.random() < 0.2):
        ways = np.flatnonzero(automaton.transitions[state, automaton.token_class] >= 0)
        ids.append(int(rng.choice(ways)))
        state = automaton.transitions[state, automaton.token_class[ids[-1]]]
    assert not automaton.accepting[state] or is_filling(slot, ids)


@pytest.mark.parametrize("node", NODES, ids=repr)
@given(data=st.data())
def test_every_way_to_split_a_legal_text_into_tokens_is_a_filling(node, data):
    slot = Slot(node)
    language = slot_language(slot)
    text = data.draw(
        st.sampled_from(
            [b"", b"abc", b"ab", b"ab1", b"2024-02-29", b"123", b"-12.5", b"true", "é漢字".encode(), b"\\u001f\\n"]
        )
    )
    rest, ids = text, []
    while rest:
        ids.append(data.draw(st.sampled_from([i for i, p in enumerate(TOKENIZER.pieces) if p and rest.startswith(p)])))
        rest = rest[len(TOKENIZER.pieces[ids[-1]]) :]
    assert compile_slot(slot, TOKENIZER, NULL).accepts(tuple(ids)) == language.automaton.accepts(text)


@pytest.mark.parametrize("node", NODES, ids=repr)
def test_every_state_is_reachable_and_live_and_nulls_end_a_text(node):
    automaton = compile_slot(Slot(node), TOKENIZER, NULL)
    transitions, sink = automaton.transitions, automaton.sink
    edges = [set(row.tolist()) - {-1} for row in transitions]
    reached, queue = {0}, [0]
    for state in queue:
        queue += edges[state] - reached
        reached |= edges[state]
    assert reached | {sink} == set(range(len(transitions)))
    live = set(np.flatnonzero(automaton.accepting).tolist())
    for _ in edges:
        live |= {state for state, targets in enumerate(edges) if targets & live}
    assert live == set(range(len(transitions)))
    assert edges[sink] == {sink}
    assert (transitions[:, automaton.null_class] == np.where(automaton.accepting, sink, -1)).all()


@pytest.mark.parametrize("node", NODES, ids=repr)
def test_tokens_without_bytes_are_dead_and_class_zero_leads_nowhere(node):
    automaton = compile_slot(Slot(node), TOKENIZER, NULL)
    assert automaton.token_class[NULL - 1] == 0
    assert (automaton.transitions[:, 0] == -1).all()
    assert automaton.token_class[NULL] == automaton.null_class
    assert np.bincount(automaton.token_class)[automaton.null_class] == 1


def test_a_null_token_with_bytes_never_stands_for_them():
    null_id = TOKENIZER.pieces.index(b"true")
    automaton = compile_slot(Slot(ir.Boolean()), TOKENIZER, null_id)
    assert not automaton.accepts((null_id,))
    assert automaton.accepts((*b"true", null_id))


@given(st.lists(st.binary(max_size=5), max_size=40))
def test_classes_lead_where_the_bytes_of_their_tokens_lead(pieces):
    automaton = slot_language(Slot(ir.String(max_length=2), is_bare=True)).automaton
    classes = classify(automaton, build_index(tuple(pieces)))
    for token, piece in enumerate(pieces):
        for state in range(len(automaton.accepting)):
            target = state if piece else -1
            for byte in piece:
                target = target if target < 0 else automaton.transitions[target, automaton.byte_class[byte]]
            assert classes.columns[classes.token_class[token], state] == target


@pytest.mark.parametrize("node", [*NODES, ir.Enum(tuple(f'"{n}"' for n in range(500))), ir.String(3, 200)], ids=repr)
@given(pieces=st.lists(st.binary(max_size=3) | st.sampled_from(MERGES)))
def test_following_what_is_alive_finds_the_same_as_walking_every_node(node, pieces):
    automaton = slot_language(Slot(node)).automaton
    index = build_index((*pieces, *map(bytes, zip(range(256), strict=True))))
    slow, fast = walk_all(automaton, index), follow_live(automaton, index)
    assert fast is not None or isinstance(node, ir.String)
    if fast is not None:
        np.testing.assert_array_equal(fast.columns[fast.token_class], slow.columns[slow.token_class])


def test_no_two_classes_are_alike():
    index = build_index(TOKENIZER.token_bytes)
    columns = classify(slot_language(Slot(ir.String(1, 9))).automaton, index).columns
    assert len({column.tobytes() for column in columns}) == len(columns)


def test_small_finite_languages_list_the_tokens_of_their_texts():
    automaton = compile_slot(Slot(ir.Enum(('"abc"', '"true"', '"b"'))), TOKENIZER, NULL)
    assert automaton.literals == tuple(TOKENIZER.encode(text) for text in ("abc", "true", "b"))
    assert compile_slot(Slot(ir.String()), TOKENIZER, NULL).literals is None


@pytest.mark.parametrize(
    ("node", "fewest", "most"),
    [
        (ir.Boolean(), 1, 5),
        (ir.String(), 0, None),
        (ir.String(1, 2), 1, 12),
        (ir.Enum(('"abc"', '"true"')), 1, 4),
        (ir.String(formats=("date",)), 6, 10),
        (ir.Number(is_integer=True, minimum=Fraction(0)), 1, 20),
    ],
)
def test_token_counts_are_those_of_the_shortest_and_longest_spelling(node, fewest, most):
    automaton = compile_slot(Slot(node), with_merges(b"abc", b"true", b"fal", b"123", b"-0", b"20"), 263)
    assert (automaton.min_tokens, automaton.max_tokens) == (fewest, most)


def test_states_that_a_vocabulary_cannot_leave_are_dropped():
    tokenizer = GreedyTokenizer((b"a", b"b", b"bc"))
    automaton = compile_slot(Slot(ir.Enum(('"ad"', '"abc"', '"xa"'))), tokenizer, tokenizer.null_id)
    assert automaton.accepts((0, 2))
    assert automaton.max_tokens == 2
    assert not automaton.accepts((0, 1))
    assert len(automaton.accepting) == 4  # start, "a", "abc" and the sink


def test_a_text_that_a_vocabulary_cannot_spell_is_an_error():
    tokenizer = GreedyTokenizer((b"a",))
    with pytest.raises(TokenBorderError):
        compile_slot(Slot(ir.Boolean()), tokenizer, tokenizer.null_id)


def test_a_slot_without_legal_text_is_an_error():
    with pytest.raises(UnsatisfiableSchemaError):
        compile_slot(Slot(ir.String(3, 2)), TOKENIZER, NULL)


def test_the_same_language_is_compiled_once_whatever_its_annotations():
    first = compile_slot(Slot(ir.String(1, 7)), TOKENIZER, NULL)
    assert compile_slot(Slot(ir.String(1, 7, about=ir.About("x")), "key"), with_merges(*MERGES), NULL) is first
    assert compile_slot(Slot(ir.String(1, 7)), with_merges(b"12"), 257) is not first


def test_an_enum_that_is_too_large_for_tables_is_widened_and_says_so():
    rng = random.Random(0)
    words = {"".join(rng.choices("abcdefghijklmnop", k=24)) for _ in range(3000)}
    pieces = tuple({w[i : i + n].encode() for w in words for i in range(0, 24, 8) for n in (2, 4, 5, 7)} - {b""})
    tokenizer = with_merges(*sorted(pieces)[:3000])
    automaton = compile_slot(Slot(ir.Enum(tuple(f'"{w}"' for w in sorted(words)))), tokenizer, tokenizer.null_id)
    assert [reason.partition(":")[0] for reason in automaton.widened] == ["enum"]
    assert automaton.accepts(tuple(b"anything"))


@pytest.mark.parametrize("node", [*NODES, ir.String(max_length=999)], ids=repr)
def test_what_is_read_from_disk_is_what_was_compiled(node, tmp_path):
    fresh = compile_slot(Slot(node), TOKENIZER, NULL)
    tokenizer = with_merges(*MERGES)
    compile_slot(Slot(node), tokenizer, NULL, tmp_path / "first")
    [stored] = (tmp_path / "first").iterdir()
    (tmp_path / "second").mkdir()
    stored.rename(tmp_path / "second" / stored.name)
    read = compile_slot(Slot(node), tokenizer, NULL, tmp_path / "second")
    assert (read.transitions == fresh.transitions).all()
    assert (read.token_class == fresh.token_class).all()
    assert (read.accepting == fresh.accepting).all()
    assert (read.null_class, read.literals, read.widened) == (fresh.null_class, fresh.literals, fresh.widened)
    assert read.lengths == fresh.lengths
    assert np.array_equal(read.characters, fresh.characters) or read.characters is fresh.characters


def test_a_file_that_is_damaged_is_compiled_again(tmp_path):
    node = ir.String(max_length=3)
    compile_slot(Slot(node), TOKENIZER, NULL, tmp_path)
    [stored] = tmp_path.iterdir()
    other = tmp_path / "other"
    other.mkdir()
    (other / stored.name).write_bytes(stored.read_bytes()[:100])
    assert compile_slot(Slot(node), TOKENIZER, NULL, other).accepts(tuple(b"abc"))
    assert cache.load(other, stored.name) is not None
