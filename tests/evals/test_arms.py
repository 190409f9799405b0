"""Variants of the slot filler: what is switched off is off, and what is measured is what it says."""

import json
from itertools import islice

import pytest
import torch
from typer.testing import CliRunner

from scaffold.cli import app
from scaffold.errors import ModelError
from scaffold.evals.ablations import CHANGES, no_copying, no_end, no_shift, no_writing, null_as_word
from scaffold.evals.arms import ARMS, Budget, batches_of, compare, everything, fill, is_right, markdown
from scaffold.models.slot_filler import SlotFiller, SlotFillerConfig
from scaffold.testing import ByteTokenizer
from scaffold.train.batches import Batches, Blend, Noise
from scaffold.train.examples import ExampleMaker
from scaffold.train.run import Material

SCHEMA = {
    "type": "object",
    "properties": {name: {"type": ["string", "null"]} for name in ("name", "port")},
    "required": ["name", "port"],
}
ROWS = tuple(
    {"text": f"{name} sails.", "schema": SCHEMA, "value": {"name": name, "port": None}, "spans": {"/name": [0, 4]}}
    for name in ("Argo", "Vasa", "Fram", "Maud")
)
MASK, NULL = 256, 257


def tiny():
    torch.manual_seed(0)
    sizes = {"hidden_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 64}
    network = SlotFiller(SlotFillerConfig(vocab_size=258, max_position_embeddings=128, copy_size=16, **sizes))
    with torch.no_grad():  # sharper than at birth, so that what differs is seen
        for parameter in network.parameters():
            parameter.mul_(3.0) if parameter.ndim > 1 else None
    return network.eval()


def batch():
    make = ExampleMaker(ByteTokenizer(), MASK, NULL, 128)
    return next(iter(Batches(Blend((ROWS,), (1.0,)), make, 512, 0, Noise(everything))))


def said(network, one):
    with torch.no_grad():
        return network(one.canvas, one.rows, one.columns)


@pytest.mark.parametrize("name", CHANGES)
def test_every_variant_gives_a_distribution_and_learns_from_the_same_one(name):
    network, one = tiny(), batch()
    CHANGES[name](network)
    found = said(network, one)
    assert torch.allclose(found.exp().sum(-1), torch.ones(len(found)), atol=1e-4)
    with torch.no_grad():
        hidden = network.encode(one.canvas)
        learned = network.target_log_probs(hidden, one.canvas, one.rows, one.columns, one.targets)
    expected = found.gather(1, one.targets[:, None])[:, 0]
    assert torch.allclose(learned.clamp_min(-60), expected.clamp_min(-60), atol=1e-3)


def perturbed(network, name):
    with torch.no_grad():
        network.get_submodule(name).weight.add_(torch.randn_like(network.get_submodule(name).weight))
    return network


@pytest.mark.parametrize(("change", "part"), [(no_copying, "keys"), (no_writing, "transform.0"), (no_end, "end_keys")])
def test_what_is_switched_off_changes_nothing_any_more(change, part):
    one, whole, less = batch(), tiny(), tiny()
    change(less)
    assert not torch.equal(said(whole, one), said(perturbed(tiny(), part), one))
    before = said(less, one)
    after = said(perturbed(less, part), one)
    assert torch.allclose(before.exp(), after.exp(), atol=1e-6)


def test_without_the_shift_a_slots_start_says_nothing_about_its_other_positions():
    one, network = batch(), tiny()
    no_shift(network)
    size = network.config.copy_size
    before = said(network, one)
    with torch.no_grad():
        network.queries.projection.weight[size:].add_(5.0)
        network.keys.weight[size:].add_(5.0)
    assert torch.allclose(before, said(network, one), atol=1e-5)


def test_null_as_a_word_is_what_one_softmax_over_all_words_gives():
    one, network = batch(), tiny()
    gate, transform, bias = network.gate, network.transform, network.write_bias
    no_end(network)  # what is copied may end in a null as well
    null_as_word(network)
    with torch.no_grad():
        hidden = network.encode(one.canvas)[one.rows, one.columns]
        words = torch.nn.functional.linear(transform(hidden), network.body.embeddings.word_embeddings.weight, bias)
        writes = gate(hidden)[:, :2].softmax(-1)[:, 0]
        expected = writes * words.softmax(-1)[:, -1]
    assert torch.allclose(said(network, one)[:, -1].exp(), expected, atol=1e-5)


class Oracle:
    """Knows every target, and is surer of those further to the right."""

    def __init__(self, one, wrong=()):
        self.targets = one.canvas.tokens.clone()
        self.targets[one.rows, one.columns] = one.targets
        for row, column in wrong:
            self.targets[row, column] = 65
        self.calls = []

    def __call__(self, canvas, rows, columns):
        self.calls.append(len(rows))
        found = torch.full((len(rows), 258), -100.0)
        found[torch.arange(len(rows)), self.targets[rows, columns]] = -1.0 / (1 + columns.float())
        return found


@pytest.mark.parametrize("calls", [1, 2, 4])
def test_so_many_calls_fill_everything_and_touch_nothing_else(calls):
    one = batch()
    oracle = Oracle(one)
    found = fill(oracle, one.canvas, calls)
    assert torch.equal(found[one.rows, one.columns], one.targets)
    assert torch.equal(found[~one.canvas.masked], one.canvas.tokens[~one.canvas.masked])
    assert len(oracle.calls) == calls
    assert oracle.calls == sorted(oracle.calls, reverse=True)


def test_one_wrong_token_makes_its_slot_wrong_and_no_other():
    one = batch()
    assert is_right(Oracle(one), one, 1).all()
    spoiled = is_right(Oracle(one, [(int(one.rows[3]), int(one.columns[3]))]), one, 1)
    assert int((~spoiled).sum()) == 1
    assert not spoiled[0]


def test_an_arm_that_is_masked_whole_has_every_slot_open():
    make = ExampleMaker(ByteTokenizer(), MASK, NULL, 128)
    for one in islice(Batches(Blend((ROWS,), (1.0,)), make, 512, 0, Noise(everything)), 3):
        assert torch.equal(one.canvas.masked, one.canvas.offset >= 0)


def rows_file(folder):
    file = folder / "rows.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in ROWS * 5))
    return file


def test_arms_are_trained_and_measured_on_the_same_rows(tmp_path):
    budget = Budget(steps=2, batch_tokens=256, checks=2, width=32, layers=1)
    chosen = {name: ARMS[name] for name in ("whole", "no copying")}
    found = compare(chosen, Material(rows_file(tmp_path), generated=0.0, held_out=0.2), budget, lambda _: None)
    assert [one.arm for one in found] == list(chosen)
    assert found[0].slots == found[1].slots > 0
    assert found[0].loss != found[1].loss
    assert len(markdown(found).splitlines()) == 4


def test_arms_learn_from_less_where_they_say_so():
    make, budget = ExampleMaker(ByteTokenizer(), MASK, NULL, 128), Budget(batch_tokens=512)

    def seen(arm, variation=1.0):
        return list(islice(batches_of(ARMS[arm], Blend((ROWS,), (1.0,), variation), make, budget), 4))

    def canvases(batches):
        return [batch.canvas.tokens.tolist() for batch in batches]

    assert all(len(batch.origins) for batch in seen("whole"))
    assert not any(len(batch.origins) for batch in seen("copied from anywhere"))
    assert canvases(seen("rows as they are")) == canvases(seen("whole", variation=0.0)) != canvases(seen("whole"))


def test_arms_need_rows_that_are_held_out():
    with pytest.raises(ModelError):
        compare(ARMS, Material(), Budget(), lambda _: None)


def test_an_unknown_arm_is_refused_by_name(tmp_path):
    done = CliRunner().invoke(app, ["bench", "arms", str(rows_file(tmp_path)), "--only", "no such"])
    assert done.exit_code == 2
