"""Token classes: what is known of a class is what adding up its tokens one by one gives."""

import numpy as np
import pytest
import torch

from scaffold.denoise.emissions import best_token, emit, token_classes

VOCAB, SLOTS, LENGTH = 900, 2, 3


def classes_of(table):
    return token_classes(np.array(table), 4, torch.device("cpu"))


def crowded(*, by=600):
    """Class 2 holds `by` of the tokens; 0, 1 and 3 hold the others but for some that are never legal."""
    return [2] * by + [k % 5 for k in range(VOCAB - by)]


def scattered():
    """No class is large, and half of the tokens are never legal."""
    return [k % 8 if k % 8 < 4 else -1 for k in range(VOCAB)]


TABLES = {
    "crowded": crowded(),
    "half": crowded(by=450),
    "scattered": scattered(),
    "all": [k % 4 for k in range(VOCAB)],
    "single": [k // 9 if k % 9 == 0 and k < 36 else -1 for k in range(VOCAB)],
}


@pytest.fixture(params=TABLES)
def table(request):
    return TABLES[request.param]


def log_probs(seed, surplus=20):
    """Of some more ids than there are in the table; some tokens are impossible."""
    values = torch.randn(SLOTS, LENGTH, VOCAB + surplus, generator=torch.Generator().manual_seed(seed)) * 30
    return values.log_softmax(-1).masked_fill(values < -60, -torch.inf)


OPEN = torch.full((SLOTS, LENGTH), -1)


def test_most_of_the_vocabulary_in_one_class_is_seen_as_a_crowd():
    is_crowd = {name: classes_of(table).crowd is not None for name, table in TABLES.items()}
    assert is_crowd == {"crowded": True, "half": True, "scattered": False, "all": False, "single": False}


def test_tokens_that_are_classes_of_their_own_are_seen_as_such():
    assert {name: classes_of(table).is_single for name, table in TABLES.items()} == {
        name: name == "single" for name in TABLES
    }


@pytest.mark.parametrize("seed", range(3))
def test_mass_and_best_of_a_class_are_those_of_its_tokens(table, seed):
    classes, seen = classes_of(table), log_probs(seed)
    found = emit(classes, seen, OPEN)
    for number in range(4):
        own = seen[..., [k for k, one in enumerate(table) if one == number]].double()
        torch.testing.assert_close(found.best[..., number], own.amax(-1))
        torch.testing.assert_close(found.mass[..., number], own.logsumexp(-1), rtol=1e-5, atol=1e-5)


def test_a_class_that_is_impossible_at_a_position_has_no_mass_there(table):
    classes, seen = classes_of(table), log_probs(0)
    seen[0, 1, : VOCAB + 20] = -torch.inf
    found = emit(classes, seen, OPEN)
    assert (found.mass[0, 1] == -torch.inf).all()
    assert (found.best[0, 1] == -torch.inf).all()
    assert not found.mass.isnan().any()


@pytest.mark.parametrize("seed", range(3))
def test_the_best_token_is_the_most_probable_one_of_the_chosen_class(table, seed):
    classes, seen = classes_of(table), log_probs(seed)
    chosen = torch.randint(4, (SLOTS, LENGTH), generator=torch.Generator().manual_seed(seed))
    found = best_token(emit(classes, seen, OPEN), chosen)
    for slot in range(SLOTS):
        for place in range(LENGTH):
            own = [k for k, one in enumerate(table) if one == chosen[slot, place]]
            assert found[slot, place] == max(own, key=lambda k: float(seen[slot, place, k]))


def test_a_committed_position_emits_its_own_class_only(table):
    classes, seen = classes_of(table), log_probs(1)
    committed = OPEN.clone()
    committed[1, 2] = table.index(2)
    found = emit(classes, seen, committed)
    assert found.mass[1, 2].tolist() == [-np.inf, -np.inf, 0.0, -np.inf]
