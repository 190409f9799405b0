from pathlib import Path

import numpy as np
import pytest

from scaffold.constraints import cache

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


def test_the_directory_follows_the_environment(monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", "/somewhere")
    assert cache.default_directory() == Path("/somewhere/scaffold")
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert cache.default_directory() == Path.home() / ".cache" / "scaffold"
