"""`scaffold eval` and `scaffold train` on the command line: what they refuse before any work is done."""

import json

import pytest
from typer.testing import CliRunner

from scaffold.cli import app

ROW = {
    "text": "Ada",
    "schema": {"type": "object", "properties": {"name": {"type": "string"}}},
    "value": {"name": "Ada"},
}


def run(*arguments):
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture
def folder(tmp_path):
    for name in ("people", "empty"):
        (tmp_path / name).mkdir()
    (tmp_path / "people" / "train.jsonl").write_text(json.dumps(ROW) + "\n")
    (tmp_path / "empty" / "test.jsonl").write_text("\n")
    return tmp_path


def test_eval_of_generated_rows_needs_no_data_and_tells_seen_subjects_from_held_out_ones():
    done = run("eval", "--generated", 1)
    assert done.exit_code == 0
    names = [line.split(" | ")[0] for line in done.stdout.splitlines()]
    assert {"| generated", "| seen domain", "| unseen domain"} <= set(names)


def test_eval_of_nothing_is_exit_code_2():
    assert run("eval").exit_code == 2


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ((), "--generated"),
        (("--generated", 1, "--trained-on", "."), "--trained-on"),
        (("--generated", 1, "--left-out", "sgd"), "--left-out"),
        (("--generated", -1), "-1 rows"),
        (("--generated", 1, "--html", "nowhere/page.html"), "nowhere/page.html"),
        (("--generated", 1, "--fit", "."), ". cannot be written"),
    ],
)
def test_eval_refuses_options_that_are_about_nothing(options, named):
    done = run("eval", *options)
    assert done.exit_code == 2
    assert named in done.stderr


def test_eval_of_fewer_than_one_row_is_refused(folder):
    done = run("eval", folder / "people" / "train.jsonl", "--rows", 0)
    assert done.exit_code == 2
    assert "no 0 rows can be drawn" in done.stderr


@pytest.mark.parametrize("command", [("eval", "gone.jsonl"), ("train", "out", "--model", "default", "--data", "gone")])
def test_a_file_that_is_not_there_is_said_to_be_missing(command):
    done = run(*command)
    assert done.exit_code == 2
    assert "there is no file or folder gone" in done.stderr


def test_a_file_without_rows_is_refused_by_name(folder):
    done = run("eval", folder)
    assert done.exit_code == 2
    assert "test.jsonl holds no rows" in done.stderr


@pytest.mark.parametrize(
    "command",
    [
        ("train", "out", "--model", "default", "--data", "{}", "--minutes", 0, "--leave-out", "persons"),
        ("eval", "{}/people/train.jsonl", "--trained-on", "{}", "--left-out", "persons"),
    ],
)
def test_a_set_that_is_not_there_cannot_be_left_out(folder, command, monkeypatch):
    monkeypatch.chdir(folder)
    done = run(*(str(part).format(folder) for part in command))
    assert done.exit_code == 2
    assert "there is no set 'persons' to leave out" in done.stderr
    assert "there are people" in done.stderr
    assert not (folder / "out" / "model.safetensors").exists()
