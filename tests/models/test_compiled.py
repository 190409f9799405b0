"""A compiled body says what the plain one says, and is compiled for few shapes."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scaffold.models.compiled import bucket

CHECK = Path(__file__).parent / "compiled_check.py"


@pytest.mark.parametrize(("name", "reuse"), [("llada", "none"), ("sdar", "exact"), ("dream", "slots")])
def test_a_compiled_model_says_what_the_plain_one_says(name, reuse, tmp_path):
    command = [sys.executable, "-W", "ignore", str(CHECK), name, reuse, str(tmp_path)]
    gap, graphs, breaks = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    assert gap < 2e-5
    assert 1 <= graphs <= 4, "one or two rows, with and without kept keys: the lengths share theirs"
    assert not breaks


@given(st.integers(1, 9000))
def test_a_bucket_holds_its_length_and_little_more(length):
    assert length <= bucket(length) <= max(64, 1.25 * length)
    assert bucket(bucket(length)) == bucket(length)


def test_there_are_few_buckets():
    assert len({bucket(length) for length in range(1, 4097)}) == 25
