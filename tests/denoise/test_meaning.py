"""Structure without an end: what the model means grows or is an error, what it does not mean is left out."""

import math
from dataclasses import dataclass, field

import pytest
import torch
from byte_model import ByteModel

import scaffold
from scaffold.denoise.meaning import MOST_GUESSED, Said
from scaffold.evals.soundness import rejected
from scaffold.testing import AdversarialPredictor, RandomPredictor

TEXT = "A text that says nothing of what is asked."
LIST = {"type": "object", "properties": {"all": {"type": "array", "items": {"type": "boolean"}}}, "required": ["all"]}
CHAIN = {"type": "object", "properties": {"flag": {"type": "boolean"}, "next": {"$ref": "#"}}, "required": ["flag"]}
SHRUB = {**CHAIN, "properties": {**CHAIN["properties"], "other": {"$ref": "#"}}}
TREE = {
    "$defs": {
        "node": {
            "oneOf": [
                {"type": "boolean"},
                {
                    "type": "object",
                    "properties": {"left": {"$ref": "#/$defs/node"}, "right": {"$ref": "#/$defs/node"}},
                    "required": ["left", "right"],
                    "additionalProperties": False,
                },
            ]
        }
    },
    "$ref": "#/$defs/node",
}


@dataclass
class Says(ByteModel):
    """Says `true` in every slot with some probability at each position, and else a quote, which is not legal there."""

    legal: float
    max_length: int = 1 << 16
    lengths: list = field(default_factory=list)

    def __call__(self, canvas, rows, columns):
        self.lengths.append(canvas.tokens.shape[1])
        logits = torch.full((len(rows), 258), -9e3)
        logits[:, ord('"')] = math.log(1 - self.legal)
        for at, (row, column) in enumerate(zip(rows.tolist(), columns.tolist(), strict=True)):
            offset = int(canvas.offset[row, column])
            logits[at, b"true"[offset] if offset < 4 else self.null_id] = math.log(self.legal)
        return logits


def notes(found):
    return [note for step in found.trace for note in step.decided]


@pytest.mark.parametrize("schema", [LIST, CHAIN])
def test_structure_that_the_model_means_is_an_error_where_it_has_no_end(schema):
    with pytest.raises(scaffold.SlotBudgetError) as caught:
        scaffold.Filler(Says(0.9, max_length=2000)).fill(schema, TEXT)
    assert "2000" in caught.value.message
    assert 'on_overflow="split"' in caught.value.hint


def test_a_list_that_the_model_does_not_mean_ends_and_its_items_have_no_confidence():
    found = scaffold.Filler(Says(0.3)).fill(LIST, TEXT)
    assert 0 < len(found.value["all"]) <= 2 * MOST_GUESSED
    assert any("/all: cut at" in note for note in notes(found))
    assert {leaf.confidence for leaf in found.fields.values()} == {0.0}


def test_a_part_that_the_model_does_not_mean_is_left_out_with_a_note_and_no_confidence():
    found = scaffold.Filler(Says(0.3)).fill(SHRUB, TEXT)
    absent = [note.partition(":")[0] for note in notes(found) if "absent, " in note]
    assert absent
    assert {found.fields[path].confidence for path in absent} == {0.0}
    assert found.text.count("flag") == 1 + MOST_GUESSED


@pytest.mark.parametrize("window", [300, 700])
@pytest.mark.parametrize("schema", [LIST, CHAIN])
def test_where_there_is_no_room_what_the_model_does_not_mean_is_left_out(schema, window):
    model = Says(0.3, max_length=window)
    assert rejected(schema, scaffold.Filler(model).fill(schema, TEXT).value) is None
    assert max(model.lengths) <= window


def test_items_that_must_be_there_are_never_left_out():
    schema = {"type": "array", "items": {"type": "boolean"}, "minItems": 150}
    assert 150 <= len(scaffold.Filler(Says(0.3, max_length=1000)).fill(schema, TEXT).value) < 170


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("schema", [LIST, CHAIN, SHRUB, TREE])
@pytest.mark.parametrize("kind", [RandomPredictor, AdversarialPredictor])
def test_a_model_that_means_nothing_gets_a_valid_object_in_a_small_window(kind, schema, seed):
    found = scaffold.Filler(kind(seed, max_length=900)).fill(schema, TEXT)
    assert rejected(schema, found.value) is None


def test_half_of_the_mass_at_each_position_is_enough():
    assert Said(4 * math.log(0.5), 4).is_meant
    assert not Said(4 * math.log(0.49), 4).is_meant
    assert (Said(4 * math.log(0.3), 4) + Said(0.0, 4)).is_meant
