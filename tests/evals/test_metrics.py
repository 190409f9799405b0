"""Counting right fields."""

from scaffold.evals.metrics import Counts, compare

GOLD = {"a": "x", "b": None, "c": ["1", "2"], "d": {"e": 3}}


def test_the_gold_value_itself_is_right_everywhere():
    assert compare(GOLD, GOLD, {}) == Counts(
        objects=1, exact_objects=1, present=4, present_right=4, absent=1, absent_right=1
    )


def test_a_missing_member_counts_as_nothing():
    found = compare(GOLD, {"a": "x", "c": ["1", "2"], "d": {"e": 3}}, {})
    assert (found.absent_right, found.exact_objects) == (1, 1)


def test_an_accepted_other_answer_is_right():
    assert compare({"a": "x"}, {"a": "X"}, {"/a": ["X"]}).exact_objects == 1


def test_an_item_too_many_makes_the_object_wrong():
    found = compare({"c": ["1"]}, {"c": ["1", "2"]}, {})
    assert (found.exact_objects, found.present_right, found.absent, found.absent_right) == (0, 1, 1, 0)


def test_a_filled_absent_field_is_wrong_and_a_true_is_not_a_one():
    found = compare({"a": None, "b": 1}, {"a": "x", "b": True}, {})
    assert (found.absent_right, found.present_right) == (0, 0)


def test_a_fill_that_failed_is_wrong_everywhere():
    found = compare(GOLD, None, {})
    assert (found.present_right, found.exact_objects) == (0, 0)
