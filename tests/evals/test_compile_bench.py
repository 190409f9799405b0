"""Times to the first mask: counts add up, refusals are told, what is not installed is skipped."""

import json
import time
from dataclasses import replace
from importlib import import_module

import pytest
from chores import dead_on_integers, late_on_integers

from scaffold.errors import DecodeError, SchemaError
from scaffold.evals import compile_bench as module
from scaffold.evals.compile_bench import Plan, compile_bench
from scaffold.evals.compile_engines import WARM_UP, Engine, ours

MIXED = [{"type": "string"}, {"enum": []}, {"type": "integer", "maximum": 9}]


def test_every_schema_is_compiled_refused_or_late(tmp_path):
    _write(tmp_path, MIXED)
    (row,) = compile_bench(Plan(tmp_path, engines=("scaffold",)))
    assert (row.compiled, row.refused, row.late, row.died) == (2, 1, 0, 0)
    assert 0 < row.again[0] <= row.again[3]
    assert row.peak_mib >= 0


def test_engines_take_turns_and_only_what_all_compile_is_shared(tmp_path, monkeypatch):
    _write(tmp_path, MIXED)
    monkeypatch.setitem(module.ENGINES, "sleepy", Engine("time", late_on_integers))
    mine, sleepy = compile_bench(Plan(tmp_path, engines=("scaffold", "sleepy"), limit_s=0.5))
    assert (sleepy.compiled, sleepy.refused, sleepy.late) == (2, 0, 1)
    assert sleepy.first[3] == 500.0
    assert mine.shared[0] == mine.shared[3] > 0  # one schema: the other two are refused or late somewhere


def test_each_corpus_is_a_row_of_its_own_and_may_be_left_out(tmp_path):
    for name in ("one", "two"):
        rows = [json.dumps({"id": str(index), "schema": {}, "tests": []}) for index in range(2)]
        (tmp_path / f"{name}.jsonl").write_text("\n".join(rows))
    rows = compile_bench(Plan(tmp_path, sample=1, engines=("scaffold",)))
    assert [(row.corpus, row.compiled) for row in rows] == [("one", 1), ("two", 1)]
    (row,) = compile_bench(Plan(tmp_path, engines=("scaffold",), corpora=("two",)))
    assert (row.corpus, row.compiled) == ("two", 2)
    with pytest.raises(SchemaError):
        compile_bench(Plan(tmp_path, corpora=("three",)))


def test_a_run_that_was_cut_off_goes_on_where_the_file_ends(tmp_path, monkeypatch):
    _write(tmp_path, MIXED)
    kept, plan = tmp_path / "kept.txt", Plan(tmp_path, engines=("scaffold", "sleepy"), limit_s=0.5)
    monkeypatch.setitem(module.ENGINES, "sleepy", Engine("time", late_on_integers))
    whole = compile_bench(plan, kept=kept)
    text = kept.read_text().splitlines(keepends=True)
    assert len(text) == 1 + len(MIXED)
    kept.write_text("".join(text[:3]) + text[3][:20])  # the last turn was not finished
    said: list[str] = []
    again = compile_bench(plan, said.append, kept)
    assert [one.split(",")[0] for one in said] == ["3 of 3 schemas"]
    assert kept.read_text().splitlines(keepends=True)[:3] == text[:3]
    assert [(row.engine, row.compiled, row.refused, row.late) for row in again] == [
        (row.engine, row.compiled, row.refused, row.late) for row in whole
    ]
    assert compile_bench(plan, kept=kept) == again  # read from the file: nothing was left to compile


def test_a_process_that_died_is_kept_as_such(tmp_path, monkeypatch):
    _write(tmp_path, MIXED)
    monkeypatch.setitem(module.ENGINES, "fragile", Engine("time", dead_on_integers))
    plan = Plan(tmp_path, engines=("fragile",), limit_s=0.5)
    first = compile_bench(plan, kept=tmp_path / "kept.txt")
    assert (first[0].compiled, first[0].died) == (2, 1)
    assert compile_bench(plan, kept=tmp_path / "kept.txt") == first


def test_kept_turns_of_another_plan_or_of_other_engines_are_not_mixed_in(tmp_path, monkeypatch):
    _write(tmp_path, MIXED)
    kept, plan = tmp_path / "kept.txt", Plan(tmp_path, engines=("scaffold",))
    compile_bench(plan, kept=kept)
    with pytest.raises(DecodeError, match="another run"):
        compile_bench(replace(plan, limit_s=1.0), kept=kept)
    monkeypatch.setattr(module, "find_spec", lambda name: None)
    with pytest.raises(DecodeError, match="of scaffold; here run none"):
        compile_bench(plan, kept=kept)


def test_a_refusal_says_why():
    assert "enum" in ours('{"enum": []}').refusal


def test_a_peer_that_is_not_installed_is_skipped_with_a_word(tmp_path, monkeypatch):
    _write(tmp_path, [{}])
    monkeypatch.setattr(module, "find_spec", lambda name: None)
    (row,) = compile_bench(Plan(tmp_path, engines=("llguidance",)))
    assert row.compiled == 0
    assert "llguidance" in row.note


def test_a_peer_that_does_not_start_is_skipped_with_a_word(tmp_path, monkeypatch):
    _write(tmp_path, [{}])
    monkeypatch.setitem(module.ENGINES, "broken", Engine("json", import_module))
    (row,) = compile_bench(Plan(tmp_path, engines=("broken",)))
    assert "does not start" in row.note


def test_the_warm_up_is_compiled_and_warms_what_is_common():
    assert not ours(WARM_UP).refusal
    begun = time.process_time()
    timed = ours('{"type": "object", "properties": {"when": {"type": "string", "format": "date"}}}')
    assert timed.first <= time.process_time() - begun
    assert timed.first < 0.02


def _write(folder, schemas):
    for index, schema in enumerate(schemas):
        (folder / f"{index}.json").write_text(json.dumps(schema))
