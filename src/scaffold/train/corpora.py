"""Rows to train on: JSON Schema, text, value, from JSON Lines files (zstd or plain)."""

import json
from collections.abc import Iterator, Sequence
from io import TextIOWrapper
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

from scaffold.errors import ModelError
from scaffold.extras import optional

Row = dict[str, Any]
MAX_ROWS = 8000
"""Rows kept of each data set: the largest would crowd out the rest."""


def read_rows(path: Path) -> Iterator[Row]:
    """Rows of one file; `.zst` needs the extra `train`."""
    if path.suffix != ".zst":
        with path.open(encoding="utf-8") as lines:
            yield from map(json.loads, lines)
        return
    zstandard = optional("zstandard", "train")
    with path.open("rb") as raw, zstandard.ZstdDecompressor().stream_reader(raw) as stream:
        yield from map(json.loads, TextIOWrapper(stream, encoding="utf-8"))


def rows_of_sets(data: Path, split: str = "train") -> dict[str, tuple[Row, ...]]:
    """The rows of one file, or of `<set>/<split>.jsonl[.zst]` of a folder, by the name of the set."""
    files = {data.name.split(".")[0]: data} if data.is_file() else split_files(data, split)
    return {name: tuple(islice(read_rows(path), MAX_ROWS)) for name, path in files.items()}


def schema_split(rows: Sequence[Row], share: float, seed: int) -> tuple[tuple[Row, ...], tuple[Row, ...]]:
    """Rows to learn from, and rows to hold out: whole schemas where there are several, else single rows."""
    schemas = [json.dumps(row["schema"], sort_keys=True) for row in rows]
    groups: list[Any] = list(dict.fromkeys(schemas))
    keys: list[Any] = schemas
    if len(groups) < 2:
        groups = keys = list(range(len(rows)))
    Random(seed).shuffle(groups := list(groups))
    held = set(groups[: round(share * len(groups))])
    kept = tuple(row for row, key in zip(rows, keys, strict=True) if key not in held)
    return kept, tuple(row for row, key in zip(rows, keys, strict=True) if key in held)


def split_files(folder: Path, split: str) -> dict[str, Path]:
    """Data sets of a folder by name: `<set>/<split>.jsonl` or `.jsonl.zst`."""
    found = sorted(folder.glob(f"*/{split}.jsonl*"))
    if not found:
        raise ModelError((), f"no {split}.jsonl below {folder}", "lay the data out as <set>/<split>.jsonl[.zst]")
    return {path.parent.name: path for path in found}
