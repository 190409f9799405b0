"""Rows to train on: JSON Schema, text, value, from JSON Lines files (zstd or plain)."""

import json
from collections.abc import Iterator
from io import TextIOWrapper
from pathlib import Path
from typing import Any

from scaffold.errors import ModelError

Row = dict[str, Any]


def read_rows(path: Path) -> Iterator[Row]:
    """Rows of one file; `.zst` needs the extra `train`."""
    if path.suffix != ".zst":
        with path.open(encoding="utf-8") as lines:
            yield from map(json.loads, lines)
        return
    try:
        import zstandard  # noqa: PLC0415  (an extra)
    except ImportError as error:
        raise ModelError((), f"cannot read {path.name}", "pip install 'scaffold-dllm[train]'") from error
    with path.open("rb") as raw, zstandard.ZstdDecompressor().stream_reader(raw) as stream:
        yield from map(json.loads, TextIOWrapper(stream, encoding="utf-8"))


def split_files(folder: Path, split: str) -> dict[str, Path]:
    """Data sets of a folder by name: `<set>/<split>.jsonl` or `.jsonl.zst`."""
    found = sorted(folder.glob(f"*/{split}.jsonl*"))
    if not found:
        raise ModelError((), f"no {split}.jsonl below {folder}", "lay the data out as <set>/<split>.jsonl[.zst]")
    return {path.parent.name: path for path in found}
