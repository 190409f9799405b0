import json

import pytest

from scaffold.constraints.language import slot_language
from scaffold.denoise.options import PRESETS
from scaffold.errors import SchemaError
from scaffold.evals import bench
from scaffold.evals.bench import (
    import_time,
    new_languages,
    pace,
    sample_slots,
    share_of_model_call,
    share_over_rows,
    warm_schemas,
)
from scaffold.evals.synthetic_vocabulary import SyntheticTokenizer
from scaffold.testing import RandomPredictor, ScriptedPredictor
from scaffold.tokenizer import Tokenizer

SMALL = SyntheticTokenizer(2000)


@pytest.mark.parametrize("size", [300, 2000])
def test_a_synthetic_vocabulary_has_the_size_asked_for_and_no_token_twice(size):
    pieces = SyntheticTokenizer(size).token_bytes
    assert len(pieces) == size
    assert len(set(pieces)) == size - 1  # the mask and the null have no bytes
    assert pieces[SyntheticTokenizer(size).null_id] == b""


def test_a_synthetic_vocabulary_is_a_function_of_its_seed():
    assert isinstance(SMALL, Tokenizer)
    assert SyntheticTokenizer(2000).fingerprint == SMALL.fingerprint
    assert SyntheticTokenizer(2000, seed=1).fingerprint != SMALL.fingerprint


def test_the_measured_languages_are_all_different():
    slots = list(sample_slots())
    assert len(set(slots)) == len(slots)
    assert all(not slot_language(slot).automaton.is_empty for slot in slots)


def test_new_languages_are_measured_by_size():
    index, *groups = new_languages(SMALL)
    assert "2000 tokens" in index.note
    assert len(groups) >= 3
    assert all(group.value > 0 for group in groups)


def test_an_import_is_measured_in_a_fresh_interpreter():
    (found,) = import_time()
    assert 0 < found.value < 10_000


def test_refused_schemas_are_counted_out_of_the_median(tmp_path):
    (tmp_path / "a.json").write_text('{"type": "integer"}')
    (tmp_path / "b.json").write_text("false")
    (found,) = warm_schemas(tmp_path)
    assert "median of 1 of 2 schemas" in found.note


def test_rows_with_schemas_are_a_group_of_their_own(tmp_path):
    import gzip

    rows = "\n".join(json.dumps({"schema": {"const": n}}) for n in range(5))
    (tmp_path / "many.jsonl.gz").write_bytes(gzip.compress(rows.encode()))
    (found,) = warm_schemas(tmp_path)
    assert found.what == "compile many, warm"
    assert "5 of 5" in found.note


def test_a_folder_without_schemas_is_an_error(tmp_path):
    with pytest.raises(SchemaError):
        list(warm_schemas(tmp_path))


def test_the_share_of_a_model_call_is_measured_on_whole_fills():
    short, long = share_of_model_call(RandomPredictor(seed=1))
    assert short.unit == long.unit == "% of model time"
    assert short.value > 0


def test_the_share_is_measured_on_rows_of_data_that_can_be_filled(tmp_path):
    rows = [{"schema": {"type": "integer"}, "text": "nine", "value": 9}, {"schema": False, "text": "", "value": 1}]
    (tmp_path / "rows.jsonl").write_text("\n".join(map(json.dumps, rows)))
    (found,) = share_over_rows(RandomPredictor(seed=1), tmp_path / "rows.jsonl")
    assert found.value > 0
    assert "median of 1 rows" in found.note
    assert "1 failed" in found.note


def test_every_preset_is_timed_alone_and_in_a_batch(monkeypatch):
    monkeypatch.setattr(bench, "REPEATS", 1)
    monkeypatch.setattr(bench, "ALONE", 1)
    found = list(pace(ScriptedPredictor(answers={"name": "Ada"}), batch=2))
    assert [one.unit for one in found] == ["ms", "x"] * len(PRESETS)
    assert all(one.value > 0 for one in found)
    assert "tokens with the template" in found[0].note
