import pytest

from scaffold.evals.soundness import rejected


@pytest.mark.parametrize("name", ["date", "ipv4", "email", "uuid"])
def test_a_text_that_is_not_of_its_format_is_rejected_as_what_an_assertion_rejects(name):
    assert rejected({"type": "string", "format": name}, "not of any format at all") is not None


def test_what_the_stock_validator_accepts_is_not_rejected():
    assert rejected({"type": "string", "format": "date"}, "2024-02-29") is None


def test_a_pattern_of_another_dialect_than_pythons_is_not_rejected():
    assert rejected({"type": "string", "format": "regex"}, "^v(?<version>.*)$") is None
