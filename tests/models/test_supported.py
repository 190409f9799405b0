"""The table of supported models is made from the registry."""

from scaffold.models.registry import FAMILIES
from scaffold.models.supported import markdown_table


def test_the_table_has_a_row_for_every_checkpoint_and_every_family():
    table = markdown_table()
    for family in FAMILIES.values():
        assert family.name in table
        for one in family.checkpoints:
            assert f"| `{one.name}` | {one.licence} |" in table


def test_every_row_has_as_many_cells_as_the_head():
    widths = {line.count(" | ") for line in markdown_table().splitlines()}
    assert len(widths) == 1


def test_the_table_says_what_is_exact_and_what_is_not():
    rows = {line.split(" | ")[0].strip("| `"): line for line in markdown_table().splitlines()}
    assert "finished blocks, exact" in rows["JetLM/SDAR-8B-Chat"]
    assert "approximate" in rows["GSAI-ML/LLaDA-8B-Instruct"]
    assert "blocks of 32" in rows["inclusionAI/LLaDA2.0-mini"]
    assert "delete token" in rows["Dream-org/DreamOn-v0-7B"]
