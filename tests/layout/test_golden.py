import json
from pathlib import Path

import pytest
from spelling import layout_of, template_of

GOLDEN = Path(__file__).parent / "golden"


@pytest.mark.parametrize("case", sorted(GOLDEN.glob("*.txt")), ids=lambda path: path.stem)
def test_a_layout_matches_its_golden_file(case):
    schema, _, expected = case.read_text("utf-8").partition("\n---\n")
    assert template_of(layout_of(json.loads(schema))).pretty() == expected.rstrip("\n")


def test_there_are_golden_layouts_for_every_kind_of_group():
    assert {"optional", "nullable", "array", "map", "union", "discriminated", "recursive"} <= {
        path.stem for path in GOLDEN.glob("*.txt")
    }
