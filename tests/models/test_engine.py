"""The fast path says what the plain path says: kept keys, slot-only heads, batches, halves."""

from dataclasses import replace

import pytest
import replicas
import torch
from canvases import asked, canvas_of, stacked
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scaffold.models.batching import batches, halved
from scaffold.models.load import LoadOptions, load
from scaffold.models.reuse import Line, Task, task

FULL = ("LLaDA", replicas.llada)
BLOCKED = {
    "blocks": lambda folder: replicas.sdar(folder, block_size=4),
    "shifted blocks": lambda folder: replicas.dream(folder, "Fast_dLLM_Qwen", "|<MASK>|", bd_size=8),
    "causal, then blocks": replicas.nemotron,
    "mixture in blocks": replicas.sdar_moe,
}


@pytest.fixture(scope="module", params=BLOCKED)
def pair(request, tmp_path_factory):
    """The same model with and without kept keys."""
    folder = tmp_path_factory.mktemp("model")
    BLOCKED[request.param](folder)
    kept = load(str(folder), "cpu")
    plain = load(str(folder), "cpu", LoadOptions(reuse="none"))
    assert (kept.engine.reuse, plain.engine.reuse) == ("exact", "none")
    return kept, plain


def committed(canvas, seed):
    """The canvas with some open positions written."""
    generator = torch.Generator().manual_seed(seed)
    chosen = canvas.masked & (torch.rand(canvas.masked.shape, generator=generator) < 0.4)
    return canvas.commit(chosen, torch.randint(0, 256, canvas.tokens.shape, generator=generator))


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lengths=st.lists(st.integers(30, 60), min_size=1, max_size=4), seed=st.integers(0, 99))
def test_kept_keys_change_nothing_in_models_with_blocks(pair, lengths, seed):
    kept, plain = pair
    canvas = stacked([canvas_of(kept, length, seed + k) for k, length in enumerate(lengths)])
    for step in range(4):
        if not canvas.masked.any():
            break
        torch.testing.assert_close(kept(canvas, *asked(canvas)), plain(canvas, *asked(canvas)), atol=2e-5, rtol=0)
        canvas = committed(canvas, seed + step)


def test_kept_keys_save_the_work_of_what_stands_before_the_first_open_block(pair):
    kept, plain = pair
    canvas = canvas_of(kept, 60, 5, ((40, 44), (50, 56)))
    kept.engine.entries.clear()  # another test may have seen the beginning of this row
    before = kept.engine.computed
    kept(canvas, *asked(canvas))
    first = kept.engine.computed - before
    kept(canvas, *asked(canvas))
    assert first == 60
    assert kept.engine.computed - before - first <= 60 - 31
    assert plain.engine.entries == []


def test_rows_that_retire_or_grow_find_their_own_keys(pair):
    kept, plain = pair
    rows = [canvas_of(kept, 40 + 7 * k, k, ((24, 30),)) for k in range(4)]
    for part in (rows, rows[1:], [rows[3], rows[1]], [canvas_of(kept, 61, 3, ((24, 34),)), rows[1]]):
        canvas = stacked(part)
        torch.testing.assert_close(kept(canvas, *asked(canvas)), plain(canvas, *asked(canvas)), atol=2e-5, rtol=0)


@pytest.mark.parametrize("reuse", ["prompt", "slots"])
@pytest.mark.parametrize("write", [replicas.llada, replicas.dream])
def test_an_approximation_is_exact_at_first_and_when_a_slot_is_completed(tmp_path, reuse, write):
    write(tmp_path)
    near, plain = load(str(tmp_path), "cpu", LoadOptions(reuse=reuse)), load(str(tmp_path), "cpu")
    canvas = canvas_of(plain, 40, 2)
    torch.testing.assert_close(near(canvas, *asked(canvas)), plain(canvas, *asked(canvas)), atol=2e-5, rtol=0)
    one = torch.zeros_like(canvas.masked).index_put((torch.tensor([0]), torch.tensor([9])), torch.tensor([True]))
    partly = canvas.commit(one, torch.full_like(canvas.tokens, 65))
    gap = (near(partly, *asked(partly)) - plain(partly, *asked(partly))).abs().max()
    assert 1e-4 < gap < 50  # it is an approximation, and says so
    first = (canvas.offset >= 0) & (torch.arange(40) < 20)
    whole = canvas.commit(first, torch.full_like(canvas.tokens, 66))
    torch.testing.assert_close(near(whole, *asked(whole)), plain(whole, *asked(whole)), atol=2e-5, rtol=0)
    assert near.capabilities.prefix_cache == "approximate"


def test_slots_alone_are_computed_after_the_first_call(tmp_path):
    replicas.llada(tmp_path)
    model = load(str(tmp_path), "cpu", LoadOptions(reuse="slots"))
    canvas = canvas_of(model, 40, 2)
    model(canvas, *asked(canvas))
    assert model.engine.computed == 40
    model(canvas, *asked(canvas))
    assert model.engine.computed == 40 + 15


@pytest.mark.parametrize(
    "write", [replicas.llada, replicas.dream, replicas.sdar, replicas.llada_moe, replicas.nemotron]
)
def test_a_row_says_in_any_batch_what_it_says_alone(tmp_path, write):
    write(tmp_path)
    model = load(str(tmp_path), "cpu", LoadOptions(reuse="none"))
    rows = [canvas_of(model, length, seed) for seed, length in enumerate((33, 70, 41, 33, 52))]
    alone = [model(row, *asked(row)) for row in rows]
    for order in ([0, 1, 2, 3, 4], [4, 2, 0, 3, 1], [1, 1, 0]):
        canvas = stacked([rows[index] for index in order], padding=9)
        found = model(canvas, *asked(canvas))
        torch.testing.assert_close(found, torch.cat([alone[index] for index in order]), atol=2e-5, rtol=0)


@pytest.mark.parametrize("write", [replicas.llada, replicas.dream, replicas.sdar])
def test_padding_on_the_left_changes_nothing_either(tmp_path, write):
    write(tmp_path)
    model = load(str(tmp_path), "cpu", LoadOptions(reuse="none"))
    row = canvas_of(model, 40, 3)
    shifted = stacked([row], padding=5, side="left")
    torch.testing.assert_close(model(shifted, *asked(shifted)), model(row, *asked(row)), atol=2e-5, rtol=0)


def test_a_batch_that_does_not_fit_in_memory_is_halved_until_it_does(tmp_path, monkeypatch):
    replicas.sdar(tmp_path)
    kept, plain = load(str(tmp_path), "cpu"), load(str(tmp_path), "cpu", LoadOptions(reuse="none"))
    canvas = stacked([canvas_of(kept, 40, seed) for seed in range(5)])
    expected = plain(canvas, *asked(canvas))
    sizes = []
    inner = type(kept.engine.network).hidden

    def small(self, tokens, *rest):
        sizes.append(len(tokens))
        if len(tokens) > 2:
            raise torch.OutOfMemoryError
        return inner(self, tokens, *rest)

    monkeypatch.setattr(type(kept.engine.network), "hidden", small)
    for _ in range(2):
        torch.testing.assert_close(kept(canvas, *asked(canvas)), expected, atol=2e-5, rtol=0)
    assert sizes[:2] == [5, 2]
    assert max(sizes[1:3]) <= 3


def test_one_row_that_does_not_fit_in_memory_is_an_error():
    def never(tasks):
        raise torch.OutOfMemoryError

    with pytest.raises(torch.OutOfMemoryError):
        halved(never, [task_of(3)])


def line_of(length):
    ids = torch.zeros(length, dtype=torch.long)
    no = torch.zeros(length, dtype=torch.bool)
    return Line(ids, ids - 1, no, ids, ~no)


def task_of(queries, index=0):
    return Task(index, line_of(queries), torch.ones(queries, dtype=torch.bool), None)


@given(st.lists(st.integers(1, 800), max_size=40))
def test_every_row_is_in_one_batch_and_padded_by_little(sizes):
    tasks = [task_of(size, index) for index, size in enumerate(sizes)]
    made = batches(tasks)
    assert sorted(one.index for batch in made for one in batch) == list(range(len(sizes)))
    for batch in made:
        found = [one.queries for one in batch]
        assert max(found) <= 1.25 * min(found) + 16


def test_a_row_that_nothing_is_kept_for_is_computed_whole_if_it_is_read_at_all():
    assert task(0, line_of(7), [], "exact").queries == 7
    unread = replace(line_of(7), wanted=torch.zeros(7, dtype=torch.bool))
    assert task(0, unread, [], "exact").queries == 0


@pytest.mark.parametrize("reuse", ["none", "exact", "slots"])
def test_a_row_that_is_not_asked_about_changes_nothing(tmp_path, reuse):
    replicas.sdar(tmp_path)
    model, plain = load(str(tmp_path), "cpu", LoadOptions(reuse=reuse)), load(str(tmp_path), "cpu")
    canvas = stacked([canvas_of(model, 40, seed) for seed in range(3)])
    for wanted in (0, 1, 0):
        rows, columns = asked(canvas)
        part = (rows == wanted) | (rows == 2)
        expected = plain(canvas, rows, columns)[part]
        torch.testing.assert_close(model(canvas, rows[part], columns[part]), expected, atol=2e-5, rtol=0)
