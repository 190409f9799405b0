"""Rows to train on: JSON Schema, text, value, from JSON Lines files (zstd or plain)."""

import json
from collections.abc import Iterable, Iterator, Sequence
from io import TextIOWrapper
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

from scaffold.errors import ModelError
from scaffold.extras import optional

Row = dict[str, Any]
_MEMBERS = ("text", "schema", "value")
_FORM = 'each line is an object: {"text": ..., "schema": ..., "value": ...}'
MAX_ROWS = 8000
"""Rows kept of each data set: the largest would crowd out the rest."""


def read_rows(path: Path) -> Iterator[Row]:
    """Rows of one file, empty lines left out; `.zst` needs the extra `train`.

    Raises:
        ModelError: a line is no row; says which.
    """
    if path.suffix != ".zst":
        with path.open(encoding="utf-8-sig") as lines:
            yield from _rows(lines, path)
        return
    zstandard = optional("zstandard", "train")
    with path.open("rb") as raw, zstandard.ZstdDecompressor().stream_reader(raw) as stream:
        yield from _rows(TextIOWrapper(stream, encoding="utf-8"), path)


def _rows(lines: Iterable[str], path: Path) -> Iterator[Row]:
    number = 0
    try:
        for number, line in enumerate(lines, 1):
            if line.strip():
                row = json.loads(line)
                missing = [name for name in _MEMBERS if not isinstance(row, dict) or name not in row]
                if missing:
                    raise ModelError((), f"line {number} of {path.name} lacks {', '.join(missing)}", _FORM)
                yield row
    except ValueError as error:  # not JSON, or not UTF-8
        raise ModelError((), f"line {number or 1} of {path.name} cannot be read: {error}", _FORM) from error


def rows_of_sets(data: Path, without: frozenset[str] = frozenset(), split: str = "train") -> dict[str, tuple[Row, ...]]:
    """The rows of one file, or of `<set>/<split>.jsonl[.zst]` of a folder, by the name of the set.

    Raises:
        ModelError: there is none, or none of a name in `without`; a file holds no rows.
    """
    files = set_files(data, split)
    for name in sorted(without - set(files)):
        raise ModelError((), f"there is no set {name!r} to leave out", f"there are {', '.join(files)}")
    return {name: rows_of(path, MAX_ROWS) for name, path in files.items() if name not in without}


def set_files(data: Path, split: str) -> dict[str, Path]:
    """One file by its name, or those of a folder: see `split_files`."""
    return {data.name.split(".")[0]: data} if data.is_file() else split_files(data, split)


def rows_of(path: Path, most: int | None = None) -> tuple[Row, ...]:
    """The first rows of a file, or all.

    Raises:
        ModelError: there are none, or a line is no row.
    """
    rows = tuple(islice(read_rows(path), most))
    if not rows:
        raise ModelError((), f"{path.name} holds no rows", _FORM)
    return rows


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
    if not folder.exists():
        raise ModelError((), f"there is no file or folder {folder}", "check the path")
    found = sorted(folder.glob(f"*/{split}.jsonl*"))
    if not found:
        raise ModelError((), f"no {split}.jsonl below {folder}", "lay the data out as <set>/<split>.jsonl[.zst]")
    return {path.parent.name: path for path in found}
