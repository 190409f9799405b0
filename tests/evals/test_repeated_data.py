"""The experiment of repeated data: equal arms, an honest bound, a report that says what was found."""

import json

import pytest
import torch
from typer.testing import CliRunner

from scaffold.cli import app
from scaffold.evals.byte_reader import SPECIAL, Reader
from scaffold.evals.repeated_data import (
    ARMS,
    Curve,
    Plan,
    Setting,
    best_setting,
    corpora,
    counted_masks,
    learn,
    loss,
    repeat,
)
from scaffold.evals.repeated_data_report import markdown

TINY = Plan(400, 4, 2, 3, 1, 16, 1, 8, 4, (1e-2,), (0.0,))


def said(reader, tokens, *, is_causal):
    with torch.no_grad():
        return reader.eval()(tokens, is_causal=is_causal)


def test_an_autoregressive_reader_does_not_see_what_is_behind_and_the_other_does():
    torch.manual_seed(0)
    reader = Reader(16, 1, 8, 0.0)
    one = torch.arange(8)[None]
    other = one.clone()
    other[0, 6] = 99
    for is_causal in (True, False):
        same = torch.equal(
            said(reader, one, is_causal=is_causal)[0, :6], said(reader, other, is_causal=is_causal)[0, :6]
        )
        assert same == is_causal


def test_the_order_of_bytes_matters_to_both():
    torch.manual_seed(0)
    reader = Reader(16, 1, 8, 0.0)
    one, swapped = torch.tensor([[1, 2, 3, 4]]), torch.tensor([[2, 1, 3, 4]])
    for is_causal in (True, False):
        found = [said(reader, tokens, is_causal=is_causal)[0, 3] for tokens in (one, swapped)]
        assert (found[0] - found[1]).abs().max() > 1e-5


def test_every_count_of_masks_is_equally_likely_and_rows_of_a_batch_cover_the_range():
    generator = torch.Generator().manual_seed(0)
    counts = torch.stack([counted_masks(8, 8, generator).sum(1) for _ in range(200)])
    assert all(sorted(row.tolist()) == list(range(1, 9)) for row in counts)
    counts = torch.stack([counted_masks(2, 8, generator).sum(1) for _ in range(2000)])
    shares = torch.bincount(counts.flatten(), minlength=9)[1:] / counts.numel()
    assert (shares - 1 / 8).abs().max() < 0.02
    assert ((counts <= 4).sum(1) == 1).all()


def test_a_reader_that_knows_nothing_loses_the_logarithm_of_256_in_both_arms():
    reader = Reader(16, 1, 8, 0.0).eval()
    with torch.no_grad():
        reader.words.weight.zero_()
        rows = torch.randint(0, SPECIAL, (4, 8))
        for arm in ARMS:
            assert float(loss(reader, arm, rows, torch.Generator())) == pytest.approx(5.5452, abs=1e-3)


def test_both_arms_have_the_same_parameters_and_learn():
    texts = corpora(TINY, "abcabcabd" * 200)
    for arm in ARMS:
        curve = learn(arm, Setting(1e-2, 0.0), 0, texts, Plan(400, 40, 2, 3, 1, 16, 1, 8, 4))
        assert curve.held_out[-1] < 0.9  # single bytes, taken alone, leave 1.3
        assert curve.epochs[-1] == pytest.approx(40, abs=2)


def test_the_same_seed_gives_the_same_curve():
    texts = corpora(TINY)
    assert learn("diffusion", Setting(1e-2, 0.1), 3, texts, TINY) == learn(
        "diffusion", Setting(1e-2, 0.1), 3, texts, TINY
    )


def test_the_held_out_text_is_another_one():
    first, second = corpora(TINY)
    assert (len(first), len(second)) == (400, 400)
    assert not torch.equal(first, second)


def curve(arm, rate, *held_out):
    return Curve(arm, Setting(rate, 0.0), 0, tuple(range(1, 1 + len(held_out))), held_out, held_out)


def test_an_arm_gets_the_setting_that_was_best_at_any_time_and_only_its_own():
    found = [
        curve("diffusion", 1.0, 3.0, 2.0, 5.0),
        curve("diffusion", 2.0, 2.5, 2.5),
        curve("autoregressive", 3.0, 1.0),
    ]
    assert best_setting(found, "diffusion").rate == 1.0


def test_the_report_has_a_row_for_each_arm():
    found = repeat(TINY)
    rows = markdown(found).splitlines()
    assert [row.split(" | ")[0].strip("| ") for row in rows[2:]] == list(ARMS)
    assert len(found.tuning) == 2
    assert {c.seed for c in found.curves} == {1}


def test_the_command_writes_curves_and_a_picture(tmp_path):
    text = tmp_path / "text.txt"
    text.write_text("One two three four five. " * 20)
    arguments = ["bench", "repeat", tmp_path / "curves.json", "--text", text, "--epochs", 1, "--seeds", 1]
    done = CliRunner().invoke(app, [str(one) for one in [*arguments, "--plot", tmp_path / "curves.svg"]])
    assert done.exit_code == 0, done.output
    assert len(json.loads((tmp_path / "curves.json").read_text())["curves"]) == 2
    assert (tmp_path / "curves.svg").read_text().count("<svg") == 1
