"""Training alone, and in several processes that share their gradients."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from scaffold.errors import ModelError
from scaffold.train.workers import Alone, Together, workers

SCRIPT = """
import sys
from pathlib import Path
import torch
sys.path.insert(0, sys.argv[2])
from test_loop import SlotFillerLearner, Trainer, TrainOptions, batches, tiny

def gradients(learner):
    return {name: p.grad.clone() for name, p in learner.named_parameters() if p.grad is not None}

out = Path(sys.argv[1])
learner = Trainer(SlotFillerLearner(tiny()), TrainOptions(60.0, warm_up=0.0), out)
index, count = learner.workers.index, learner.workers.count
first, second = batches(2)
if count == 1:  # by hand: the mean of both losses
    loss = (learner.loss(first, learner.forward) + learner.loss(second, learner.forward)) / 2
    loss.backward()
    torch.nn.utils.clip_grad_norm_(learner.learner.parameters(), 1.0)
else:
    learner.learn((first, second)[index])
torch.save(gradients(learner.learner), out / f"gradients{count}_{index}.pt")
seen = learner.workers.mean((float(index),))
learner.fit(iter(batches(5) * 50), lambda row: print("row", row["examples"]), batches(1)) if count > 1 else None
torch.save((seen, learner.progress.step, learner.learner.trained_state()), out / f"end{count}_{index}.pt")
"""


def launch(folder, processes):
    (folder / "script.py").write_text(SCRIPT.replace("TrainOptions(60.0", "TrainOptions(0.02"))
    start = [sys.executable]
    if processes > 1:
        start += ["-m", "torch.distributed.run", "--nproc-per-node", str(processes), "--standalone"]
    environment = os.environ | {"ACCELERATE_USE_CPU": "true", "CUDA_VISIBLE_DEVICES": "", "OMP_NUM_THREADS": "1"}
    command = [*start, str(folder / "script.py"), str(folder), str(Path(__file__).parent)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=110)


@pytest.mark.timeout(240)
def test_two_processes_take_the_mean_of_their_gradients_and_end_with_the_same_weights(tmp_path):
    pytest.importorskip("accelerate", reason="the extra `train` is not installed")
    for processes in (1, 2):
        found = launch(tmp_path, processes)
        assert found.returncode == 0, found.stderr[-2000:]
    alone = torch.load(tmp_path / "gradients1_0.pt", weights_only=True)
    for index in range(2):
        shared = torch.load(tmp_path / f"gradients2_{index}.pt", weights_only=True)
        assert shared.keys() == alone.keys()
        for name, gradient in alone.items():
            torch.testing.assert_close(shared[name], gradient, atol=1e-4, rtol=1e-2)
    ends = [torch.load(tmp_path / f"end2_{index}.pt", weights_only=True) for index in range(2)]
    assert ends[0][0] == ends[1][0] == [0.5]
    assert ends[0][1] == ends[1][1] > 1
    assert all(torch.equal(ends[0][2][name], ends[1][2][name]) for name in ends[0][2])
    curve = (tmp_path / "curve.jsonl").read_text().splitlines()
    assert sum("held_out_loss" in line for line in curve) == 1  # one process writes


def test_a_process_that_nobody_launched_trains_alone(monkeypatch):
    monkeypatch.delenv("WORLD_SIZE", raising=False)
    assert isinstance(workers(), Alone)
    assert workers().mean((1.0, 2.0)) == [1.0, 2.0]


def test_without_accelerate_several_processes_are_told_which_extra_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "accelerate", None)
    with pytest.raises(ModelError) as caught:
        Together()
    assert "scaffold-dllm[train]" in caught.value.hint
