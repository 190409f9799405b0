import pytest
import torch
from fills import filled, options, texts
from hypothesis import given
from hypothesis import strategies as st

import scaffold
from scaffold.denoise.commits import Constant, Threshold
from scaffold.denoise.regions.adaptive_blocks import AdaptiveBlocks, block_size
from scaffold.denoise.regions.blocks import Blocks
from scaffold.denoise.regions.field_order import FieldOrder, is_below, steps_of
from scaffold.denoise.regions.slot_by_slot import SlotBySlot
from scaffold.denoise.row import OPEN
from scaffold.errors import DenoiseError
from scaffold.layout.pointers import has_pointer, pointers
from scaffold.testing import RandomPredictor, ScriptedPredictor

TWO = {
    "type": "object",
    "properties": {"answer": {"type": "string"}, "reasoning": {"type": "string"}, "last": {"type": "string"}},
    "required": ["answer", "reasoning", "last"],
    "additionalProperties": False,
}
ONE_BY_ONE = Constant(1000)


def order(calls):
    """The places of each step: slots by their last step of the path, and offsets."""
    found = []
    for call in calls:
        for span in call.after.template.spans:
            old, new = call.before.tokens(span), call.after.tokens(span)
            wrote = [k for k, token in enumerate(new) if token != OPEN and (k >= len(old) or old[k] == OPEN)]
            if wrote:
                found.append((span.site[-1], wrote))
    return found


@pytest.mark.parametrize("length", [1, 3, 7])
def test_a_block_is_finished_before_the_next_one_begins(length):
    asked = options(region=Blocks(length), commit=Threshold(0.0), max_steps=64)
    _, calls = filled(RandomPredictor(3), asked, TWO)
    for call in calls:
        open_places = []
        for span in call.before.template.spans:
            tokens = call.before.tokens(span)
            open_places += [(span.key, k) for k, token in enumerate(tokens) if token == OPEN]
        written = {
            (span.key, k)
            for span in call.after.template.spans
            for k, token in enumerate(call.after.tokens(span))
            if token != OPEN and (span.key, k) in open_places
        }
        # Nulls reach beyond the block: the first one of a text decides them all.
        content = {(key, k) for key, k in written if call.after.written[key][k] != call.after.request.null_id}
        assert content <= set(open_places[:length])


@pytest.mark.parametrize("seed", range(3))
def test_slot_by_slot_finishes_each_slot_in_template_order(seed):
    _, calls = filled(RandomPredictor(seed), options(region=SlotBySlot(), commit=ONE_BY_ONE, max_steps=99), TWO)
    names = [name for name, _ in order(calls)]
    assert names == sorted(names, key=["answer", "reasoning", "last"].index)
    assert set(names) == {"answer", "reasoning", "last"}


def test_a_field_that_is_needed_first_is_filled_first_wherever_it_stands():
    asked = options(region=FieldOrder("/reasoning", "/last"), commit=ONE_BY_ONE, max_steps=99)
    _, calls = filled(RandomPredictor(1), asked, TWO)
    names = [name for name, _ in order(calls)]
    assert names == sorted(names, key=["reasoning", "last", "answer"].index)


def test_the_surest_slot_comes_first():
    class Sure(ScriptedPredictor):
        """Certain of one field, doubtful of the others."""

        def __call__(self, canvas, rows, columns):
            found = super().__call__(canvas, rows, columns)
            span = canvas.offset[rows, columns] - columns
            return found / torch.where(span == span.min(), 4.0, 8.0)[:, None]

    predictor = Sure({"answer": "abc", "reasoning": "abd", "last": "abe"})
    asked = options(region=SlotBySlot("certain"), commit=ONE_BY_ONE, max_steps=99, null_tail=1.0)
    _, calls = filled(predictor, asked, TWO)
    assert order(calls)[0][0] == "last"


def test_steps_are_counted_anew_in_every_region():
    class Clock:
        """Notes down the steps that it is told."""

        def __init__(self):
            self.seen = []

        def __call__(self, view, step):
            self.seen.append(step)
            return torch.ones_like(view.is_null)

    clock = Clock()
    filled(RandomPredictor(0), options(region=SlotBySlot(), commit=clock), TWO)
    assert clock.seen == [0, 0, 0]


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=8), st.integers(1, 40))
def test_an_adaptive_block_ends_with_the_surest_delimiter_or_has_the_usual_length(window, usual):
    confidence, ends = zip(*window, strict=True)
    sure = [c for c, end in window if end]
    size = block_size(confidence, ends, usual, 0.3)
    if not sure or max(sure) < 0.3:
        assert size == usual
    else:
        assert ends[size - 1]
        assert confidence[size - 1] == max(sure)


@pytest.mark.parametrize("seed", range(3))
def test_an_adaptive_block_never_leaves_its_slot(seed):
    asked = options(region=AdaptiveBlocks(4), commit=Threshold(0.0), max_steps=99)
    _, calls = filled(RandomPredictor(seed), asked, TWO)
    for call in calls:
        assert len({name for name, _ in order([call])}) <= 1


@pytest.mark.parametrize(
    ("path", "name", "expected"),
    [
        (("a", 0, "b"), "/a", True),
        (("a", 0, "b"), "/a/*/b", True),
        (("a", 0, "b"), "/a/0/b", True),
        (("a", 0, "b"), "/a/1", False),
        (("a",), "/a/b", False),
        (("a/b",), "/a~1b", True),
    ],
)
def test_a_pointer_names_what_is_at_and_below_it(path, name, expected):
    assert is_below(path, name) is expected


TREE = {
    "type": "object",
    "properties": {
        "name": {"type": "string"},
        "a/b": {"type": "integer"},
        "children": {"type": "array", "items": {"$ref": "#"}, "maxItems": 3},
        "scores": {"type": "object", "additionalProperties": {"type": "number"}},
        "is": {"anyOf": [{"type": "object", "properties": {"cat": {"type": "string"}}}, {"type": "string"}]},
    },
    "required": ["name"],
    "additionalProperties": False,
}


@pytest.mark.parametrize(
    ("name", "is_there"),
    [
        ("/name", True),
        ("/*", True),
        ("/a~1b", True),
        ("/a/b", False),
        ("/nam", False),
        ("/name/first", False),
        ("/children/*/children/2/name", True),
        ("/children/3", False),
        ("/children/first", False),
        ("/children/*/nam", False),
        ("/scores/0", True),
        ("/is/cat", True),
        ("/is/dog", False),
    ],
)
def test_only_what_the_type_has_can_be_named_in_an_order(name, is_there):
    tree = {**TREE, "properties": {**TREE["properties"], "is": TREE["properties"]["is"] | {"type": ["object"]}}}
    layout = scaffold.compile(tree).layout
    assert has_pointer(layout, steps_of(name)) is is_there


def test_every_known_pointer_is_there():
    layout = scaffold.compile(TREE).layout
    known = pointers(layout)
    assert {"/name", "/a~1b", "/children", "/children/*", "/scores/*"} <= set(known)
    assert all(has_pointer(layout, steps_of(name)) for name in known)


def test_a_fill_refuses_an_order_of_fields_that_are_not_there_and_names_those_that_are():
    asked = options(region=FieldOrder("/reasoning", "/reasons", "/anwser"))
    with pytest.raises(DenoiseError) as caught:
        scaffold.Filler(RandomPredictor(0)).fill(TWO, "A text.", denoise=asked)
    assert "/reasons, /anwser" in caught.value.message
    assert "/reasoning" not in caught.value.message
    assert caught.value.hint == "there are /answer, /reasoning, /last"


@pytest.mark.parametrize("make", [lambda: Blocks(0), FieldOrder, lambda: FieldOrder("a")])
def test_a_region_that_means_nothing_is_refused(make):
    with pytest.raises(DenoiseError):
        make()


def test_regions_print_and_compare():
    for region in (Blocks(3), SlotBySlot("certain"), FieldOrder("/a", "/b"), AdaptiveBlocks()):
        assert eval(repr(region)) == region


def test_a_region_changes_the_way_not_the_answer_of_a_model_that_knows():
    answers = {"answer": "yes", "reasoning": "because", "last": "end"}
    for region in (Blocks(3), SlotBySlot(), SlotBySlot("certain"), FieldOrder("/last"), AdaptiveBlocks(4)):
        found, _ = filled(ScriptedPredictor(answers), options(region=region, max_steps=99), TWO)
        assert texts(found) == {f"/{name}": text for name, text in answers.items()}
