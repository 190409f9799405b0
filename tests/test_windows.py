"""A canvas beyond the model's window is filled in windows: nothing is lost, and what cannot be is said at once."""

from dataclasses import dataclass, field

import pytest
import torch

import scaffold
from scaffold.denoise.options import DenoiseOptions
from scaffold.evals.soundness import rejected
from scaffold.testing import AdversarialPredictor, ByteTokenizer, RandomPredictor, ScriptedPredictor

TEXT = "A text that says nothing of what is asked."
WORDS = {"type": "object", "properties": {"word": {"type": "array", "items": {"type": "string"}}}, "required": ["word"]}
FEW = DenoiseOptions(max_steps=4, max_slot=48)


@dataclass
class Counts:
    """Continues the words `w0`, `w1`, … of whatever list it sees a part of, up to `size` of them."""

    size: int
    max_length: int
    longest: int = 0
    tokenizer = ByteTokenizer()
    mask_id, null_id = 256, 257

    def prompt(self, text):
        ids = self.tokenizer.encode(text)
        return ids, 0, len(ids)

    def __call__(self, canvas, rows, columns):
        self.longest = max(self.longest, canvas.tokens.shape[1])
        logits = torch.zeros(len(rows), 258)
        wanted = {row: self.wanted(canvas, row) for row in set(rows.tolist())}
        for at, (row, column) in enumerate(zip(rows.tolist(), columns.tolist(), strict=True)):
            logits[at, wanted[row].get(column, self.null_id)] = 24.0
        return logits

    def wanted(self, canvas, row):
        found, last = {}, -1
        tokens, offsets, masked = (x[row].tolist() for x in (canvas.tokens, canvas.offset, canvas.masked))
        for column in [column for column, offset in enumerate(offsets) if offset == 0]:
            if masked[column]:
                last += 1
                said = f"w{last}" if last < self.size else ""
                found |= dict(enumerate(said.encode(), column))
            else:
                last = int(bytes(token for token in tokens[column + 1 : column + 12] if 48 <= token < 58 and token))
        return found


@dataclass(frozen=True)
class Watched(ScriptedPredictor):
    """A scripted predictor that keeps the lengths of its canvases."""

    lengths: list = field(default_factory=list, compare=False)

    def __call__(self, canvas, rows, columns):
        self.lengths.append(canvas.tokens.shape[1])
        return ScriptedPredictor.__call__(self, canvas, rows, columns)


def split(predictor, schema, **asked):
    return scaffold.Filler(predictor).fill(schema, TEXT, on_overflow="split", **asked)


def members(count, *, required=(), node=None):
    names = [f"field{n:02}" for n in range(count)]
    return {
        "type": "object",
        "properties": {name: node or {"type": "string"} for name in names},
        "required": [names[k] for k in required],
        "additionalProperties": False,
    }


@pytest.mark.parametrize("size", [0, 1, 3, 40, 150])
def test_a_list_that_outgrows_the_window_goes_on_in_the_next_one(size):
    model = Counts(size, max_length=300)
    assert split(model, WORDS).value == {"word": [f"w{n}" for n in range(size)]}
    assert model.longest <= 300


def test_what_fits_is_filled_as_if_nothing_had_been_asked():
    plain = scaffold.Filler(Counts(5, max_length=1 << 16)).fill(WORDS, TEXT)
    found = split(Counts(5, max_length=1 << 16), WORDS)
    assert (found.text, found.model_calls) == (plain.text, plain.model_calls)


@pytest.mark.parametrize("required", [(), range(30), range(0, 30, 3)])
def test_members_beyond_the_window_are_filled_in_several(required):
    schema = members(30, required=required)
    answers = {name: f"about {name}" for k, name in enumerate(schema["properties"]) if k in required or k % 2}
    wide, model = ScriptedPredictor(answers=answers), Watched(answers=answers, max_length=240)
    found = split(model, schema)
    assert found.value == scaffold.Filler(wide).fill(schema, TEXT).value == answers
    assert max(model.lengths) <= 240
    assert set(found.fields) == {f"/{name}" for name in schema["properties"]}


def test_outer_fields_are_filled_before_groups():
    inner = members(8, required=range(8))
    schema = {
        "type": "object",
        "properties": {"inner": inner, "title": {"type": "string"}, "more": inner},
        "required": ["title"],
    }
    found = split(ScriptedPredictor(answers={"title": "first", "field00": ["x", "y"]}, max_length=330), schema)
    written = [name for step in found.trace for name, _ in step.committed]
    assert written[0] == "/title"
    assert found.value["title"] == "first"


def test_nested_groups_open_in_windows_of_their_own():
    tree = members(3, node=members(3, node=members(3)))
    leaf = {f"field{n:02}": "x" for n in range(3)}
    found = split(ScriptedPredictor(answers=dict.fromkeys(leaf, ["x"] * 99), max_length=260), tree)
    assert found.value == {name: dict.fromkeys(leaf, leaf) for name in leaf}


def test_a_text_that_outgrows_its_window_gets_one_of_its_own():
    schema = members(6, required=range(6))
    long = "word " * 20 + "end"
    answers = dict.fromkeys(schema["properties"], "short") | {"field03": long}
    found = split(ScriptedPredictor(answers=answers, max_length=230), schema)
    assert found.value == answers


def test_a_part_that_does_not_fit_even_alone_is_refused_before_the_model_runs_with_numbers():
    code = {"type": "string", "pattern": "^[a-z]{200}$"}
    schema = members(20) | {"required": ["field19"]}
    schema["properties"]["field19"] = code
    model = Watched(max_length=200)
    with pytest.raises(scaffold.SlotBudgetError) as caught:
        split(model, schema)
    assert caught.value.path == ("field19",)
    assert "200" in caught.value.message
    assert model.lengths == []


def test_a_text_without_an_end_is_still_an_error():
    with pytest.raises(scaffold.SlotBudgetError) as caught:
        split(ScriptedPredictor(answers={"field07": "x" * 5000}, max_length=300), members(10, required=range(10)))
    assert caught.value.path == ("field07",)


def test_a_list_that_never_ends_is_an_error_and_not_windows_for_ever():
    with pytest.raises(scaffold.SlotBudgetError) as caught:
        split(Counts(10**9, max_length=150), WORDS)
    assert "64 windows" in caught.value.message


def test_known_values_stand_whatever_window_they_fall_into():
    schema = members(30, required=range(30))
    known = {name: f"known {name}" for name in list(schema["properties"])[::2]}
    answers = dict.fromkeys(schema["properties"], "read")
    found = split(ScriptedPredictor(answers=answers, max_length=240), schema, known=known)
    assert found.value == answers | known
    assert {found.fields[f"/{name}"].status for name in known} == {"known"}


def test_an_object_filled_in_windows_is_validated_and_repaired_as_a_whole():
    schema = members(24, required=range(24))
    schema["not"] = {"properties": {"field02": {"const": "same"}, "field21": {"const": "same"}}}
    answers = dict.fromkeys(schema["properties"], "same")
    found = split(ScriptedPredictor(answers=answers, max_length=240), schema)
    assert rejected(schema, found.value) is None
    assert len({found.value["field02"], found.value["field21"]}) == 2


def test_fields_may_be_filled_again_in_windows():
    schema = members(30, required=range(30))
    old = dict.fromkeys(schema["properties"], "old")
    filler = scaffold.Filler(ScriptedPredictor(answers={"field29": "new"}, max_length=240))
    found = filler.refill(schema, old, TEXT, ["/field29"], on_overflow="split")
    assert found.value == old | {"field29": "new"}


NESTED = {
    "type": "object",
    "properties": {
        "title": {"type": "string", "minLength": 1},
        "people": {
            "type": "array",
            "minItems": 3,
            "items": {
                "type": "object",
                "properties": {
                    "name": {"type": "string"},
                    "age": {"type": "integer", "minimum": 0},
                    "tags": {"type": "array", "items": {"enum": ["red", "green", "blue"]}, "uniqueItems": True},
                    "any": True,
                },
                "required": ["name"],
            },
        },
        "shape": {
            "oneOf": [
                {"type": "object", "properties": {"kind": {"const": "circle"}, "r": {"type": "number"}}},
                {"type": "object", "properties": {"kind": {"const": "square"}, "side": {"type": "number"}}},
            ]
        },
        "notes": {"type": "object", "additionalProperties": {"type": ["string", "null"]}, "maxProperties": 3},
    },
    "required": ["people"],
}


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("kind", [RandomPredictor, AdversarialPredictor])
def test_whatever_the_model_says_in_windows_the_whole_is_valid_or_an_error(kind, seed):
    try:
        found = split(kind(seed, max_length=420), NESTED, denoise=FEW)
    except scaffold.ScaffoldError as error:
        assert isinstance(error, scaffold.SlotBudgetError | scaffold.ValidationFailedError)  # noqa: PT017
    else:
        assert rejected(NESTED, found.value) is None


def test_random_fills_in_windows_do_end_in_objects():
    found = list(
        scaffold.Filler(RandomPredictor(7, max_length=420)).fill_many(
            NESTED, [f"{TEXT} {n}" for n in range(10)], denoise=FEW, on_overflow="split"
        )
    )
    assert sum(isinstance(one, scaffold.FillResult) for one in found) >= 8
