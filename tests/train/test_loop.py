"""The training loop, at a size that learns in a second."""

import math
from itertools import islice
from random import Random

import pytest
import torch

from scaffold.errors import ModelError
from scaffold.models.slot_filler import SlotFiller, SlotFillerConfig
from scaffold.testing import ByteTokenizer
from scaffold.train.batches import Batches, Blend
from scaffold.train.examples import ExampleMaker
from scaffold.train.learner import SlotFillerLearner
from scaffold.train.loop import Trainer, TrainOptions, schedule

ROWS = tuple(
    {
        "text": f"{name} is {size} m long.",
        "schema": {"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]},
        "value": {"name": name},
        "spans": {"/name": [0, len(name)]},
    }
    for name, size in (("Argo", 30), ("Vasa", 69), ("Fram", 39), ("Maud", 36))
)
MASK, NULL = 256, 257


def tiny(layers: int = 2, width: int = 32) -> SlotFiller:
    torch.manual_seed(0)
    config = SlotFillerConfig(
        vocab_size=258,
        hidden_size=width,
        num_hidden_layers=layers,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=128,
        copy_size=16,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
    )
    return SlotFiller(config)


def batches(count):
    make = ExampleMaker(ByteTokenizer(), MASK, NULL, 128)
    return list(islice(Batches(Blend((ROWS,), (1.0,)), make, 512, seed=0), count))


def trainer(folder, **options):
    return Trainer(SlotFillerLearner(tiny()), TrainOptions(minutes=60.0, warm_up=0.0, **options), folder)


def test_the_loss_on_a_few_rows_falls_well_below_its_start(tmp_path):
    learner = trainer(tmp_path, body_rate=3e-3, head_rate=3e-3)
    losses = [learner.learn(batch) for batch in batches(40)]
    assert sum(losses[-5:]) < 0.5 * sum(losses[:5])


def test_a_resumed_run_goes_on_with_the_same_weights_and_counts(tmp_path):
    first = trainer(tmp_path)
    for batch in batches(3):
        first.learn(batch)
    first.save()
    second = trainer(tmp_path)
    assert second.progress == first.progress
    assert all(torch.equal(a, b) for a, b in zip(first.learner.parameters(), second.learner.parameters(), strict=True))
    (more,) = batches(1)
    assert second.learn(more) == pytest.approx(first.learn(more), abs=1e-6)


def test_a_run_ends_with_the_mean_of_its_weights_and_goes_on_from_the_last(tmp_path):
    learner = trainer(tmp_path, body_rate=3e-3, head_rate=3e-3, steps=12)
    learner.fit(iter(batches(12)), lambda _: None)
    ended = learner.learner.trained_state()
    again = trainer(tmp_path, steps=13)
    assert all(torch.equal(ended[name], mean) for name, mean in again.average.state.items())
    assert any(not torch.equal(ended[name], last) for name, last in again.learner.trained_state().items())


def test_what_is_held_out_is_looked_at_with_the_mean(tmp_path):
    learner, reports = trainer(tmp_path, body_rate=3e-3, head_rate=3e-3, steps=12), []
    *seen, held_out = batches(13)
    learner.fit(iter(seen), reports.append, [held_out])
    (looked,) = (row["held_out_loss"] for row in reports if "held_out_loss" in row)
    last = trainer(tmp_path, steps=13).learner
    mean_loss, last_loss = (float(learner.loss(held_out, one).detach()) for one in (learner.learner, last))
    assert looked == pytest.approx(mean_loss, abs=1e-6)
    assert looked != pytest.approx(last_loss, abs=1e-4)


def test_a_resumed_run_learns_at_the_rates_it_is_given(tmp_path):
    trainer(tmp_path, body_rate=1e-3, head_rate=1e-3).save()
    second = trainer(tmp_path, body_rate=2e-4, head_rate=5e-4)
    assert [group["peak"] for group in second.optimiser.param_groups] == [2e-4, 5e-4]


def test_the_rate_rises_to_its_peak_and_falls_to_a_fiftieth():
    assert schedule(0.02, 0.04) == pytest.approx(0.5)
    assert schedule(0.04, 0.04) == pytest.approx(1.0)
    assert schedule(1.0, 0.04) == pytest.approx(0.02)


def test_a_blend_draws_from_every_source():
    drawn = {id(Blend((ROWS[:1], ROWS[1:2]), (0.5, 0.5)).draw(Random(seed))) for seed in range(20)}
    assert drawn == {id(ROWS[0]), id(ROWS[1])}


def test_training_stops_when_the_held_out_loss_no_longer_falls_and_keeps_the_best_weights(tmp_path):
    learner = trainer(tmp_path, body_rate=0.0, head_rate=0.0, check_every=0.0, patience=2)
    reports = []
    before = [p.clone() for p in learner.learner.parameters()]
    learner.fit(iter(batches(50)), reports.append, batches(1))
    looks = [row for row in reports if "held_out_loss" in row]
    assert learner.progress.step == 3  # one look that is best, two that are no better
    assert len(looks) == 4  # and the last one, at the end
    assert all(torch.equal(a, b) for a, b in zip(before, learner.learner.parameters(), strict=True))


def test_a_schedule_in_steps_ends_after_so_many_whatever_the_clock_says(tmp_path):
    learner = Trainer(SlotFillerLearner(tiny()), TrainOptions(minutes=0.0, steps=3), tmp_path)
    learner.fit(iter(batches(10)), lambda _: None)
    assert learner.progress.step == 3
    assert learner.done == 1.0
    again = Trainer(SlotFillerLearner(tiny()), TrainOptions(steps=5), tmp_path)
    again.fit(iter(batches(10)), lambda _: None)
    assert again.progress.step == 5


@pytest.mark.parametrize("other", [{"layers": 1}, {"layers": 3}, {"width": 16}], ids=str)
def test_a_checkpoint_of_another_network_is_refused(tmp_path, other):
    trainer(tmp_path).save()
    with pytest.raises(ModelError):
        Trainer(SlotFillerLearner(tiny(**other)), TrainOptions(), tmp_path)


@pytest.mark.parametrize(
    "wrong", [{"minutes": -1}, {"minutes": math.nan}, {"steps": -1}, {"body_rate": math.nan}, {"head_rate": -1}]
)
def test_options_out_of_range_are_named(wrong):
    with pytest.raises(ModelError, match=next(iter(wrong))):
        TrainOptions(**wrong)
