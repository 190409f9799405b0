from pathlib import Path

import numpy as np
import pytest

from scaffold.constraints import cache
from scaffold.constraints.slot_automaton import compile_slot
from scaffold.layout.pieces import Slot
from scaffold.schema import ir
from scaffold.testing import ByteTokenizer

ARRAYS = {"numbers": np.arange(6).reshape(2, 3), "texts": np.array(["a", "λ"]), "nothing": np.array([], np.int32)}


def test_arrays_are_read_as_they_were_written(tmp_path):
    cache.store(tmp_path / "deep" / "er", "name.npz", ARRAYS)
    found = cache.load(tmp_path / "deep" / "er", "name.npz")
    assert found.keys() == ARRAYS.keys()
    assert all((found[key] == value).all() for key, value in ARRAYS.items())


@pytest.mark.parametrize("content", [b"", b"not a zip", b"PK\x03\x04" + b"\0" * 40])
def test_a_damaged_file_is_a_miss(tmp_path, content):
    (tmp_path / "name.npz").write_bytes(content)
    assert cache.load(tmp_path, "name.npz") is None


def test_every_cut_of_a_file_is_a_miss(tmp_path):
    cache.store(tmp_path, "name.npz", ARRAYS)
    whole = (tmp_path / "name.npz").read_bytes()
    for length in range(0, len(whole) - 1, 23):
        (tmp_path / "name.npz").write_bytes(whole[:length])
        assert cache.load(tmp_path, "name.npz") is None


def test_a_missing_file_is_a_miss(tmp_path):
    assert cache.load(tmp_path, "name.npz") is None


def test_a_write_replaces_a_file_and_leaves_no_other_behind(tmp_path):
    cache.store(tmp_path, "name.npz", ARRAYS)
    cache.store(tmp_path, "name.npz", {"one": np.array([1])})
    assert [path.name for path in tmp_path.iterdir()] == ["name.npz"]
    assert cache.load(tmp_path, "name.npz").keys() == {"one"}


def test_names_differ_whenever_a_part_does():
    names = {cache.name("a", "b"), cache.name("ab", ""), cache.name("b", "a"), cache.name("a", "b", "")}
    assert len(names) == 4


def test_the_directory_is_the_one_that_the_environment_names(monkeypatch):
    monkeypatch.delenv("SCAFFOLD_CACHE", raising=False)
    assert cache.directory() is None
    monkeypatch.setenv("SCAFFOLD_CACHE", "/somewhere")
    assert cache.directory() == Path("/somewhere")


def test_what_is_compiled_stays_in_the_folder_that_the_environment_names(monkeypatch, tmp_path):
    monkeypatch.setenv("SCAFFOLD_CACHE", str(tmp_path))
    compile_slot(Slot(ir.String(max_length=3)), ByteTokenizer(), ByteTokenizer.null_id)
    assert [path.suffix for path in tmp_path.iterdir()] == [".npz"]


def test_a_folder_that_cannot_be_written_to_is_no_error(tmp_path):
    (tmp_path / "file").write_text("")
    cache.store(tmp_path / "file", "name.npz", ARRAYS)
    assert cache.load(tmp_path / "file", "name.npz") is None
