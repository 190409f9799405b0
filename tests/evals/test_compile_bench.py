"""Times to the first mask: counts add up, refusals are told, what is not installed is skipped."""

import json
from importlib import import_module

from scaffold.evals import compile_bench as module
from scaffold.evals.compile_bench import compile_bench, ours


def test_every_schema_is_compiled_refused_or_late(tmp_path):
    for index, schema in enumerate([{"type": "string"}, {"enum": []}, {"type": "integer", "maximum": 9}]):
        (tmp_path / f"{index}.json").write_text(json.dumps(schema))
    (row,) = compile_bench(tmp_path, 9, ["scaffold"])
    assert (row.compiled, row.refused, row.late) == (2, 1, 0)
    assert 0 < row.again[0] <= row.again[2]
    assert row.peak_mib >= 0


def test_a_refusal_says_why():
    assert "enum" in ours('{"enum": []}').refusal


def test_a_peer_that_is_not_installed_is_skipped_with_a_word(tmp_path, monkeypatch):
    (tmp_path / "one.json").write_text("{}")
    monkeypatch.setattr(module, "find_spec", lambda name: None)
    (row,) = compile_bench(tmp_path, 9, ["llguidance"])
    assert row.compiled == 0
    assert "llguidance" in row.note


def test_a_peer_that_does_not_start_is_skipped_with_a_word(tmp_path, monkeypatch):
    (tmp_path / "one.json").write_text("{}")
    monkeypatch.setitem(module.ENGINES, "broken", ("json", import_module))
    (row,) = compile_bench(tmp_path, 9, ["broken"])
    assert "does not start" in row.note
