"""Arrays on disk under a name: a damaged or missing file is a miss, a write is all or nothing."""

import os
import tempfile
import zlib
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

Arrays = Mapping[str, npt.NDArray[Any]]
VERSION = "3"
"""Changes whenever the same slot compiles to other arrays."""


def default_directory() -> Path:
    """Where caches belong on this machine (XDG)."""
    root = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(root) / "scaffold"


def name(*parts: str) -> str:
    """A file name that is another one whenever a part is."""
    digest = sha256(VERSION.encode())
    for part in parts:
        digest.update(sha256(part.encode()).digest())
    return digest.hexdigest()[:32] + ".npz"


def load(directory: Path, file_name: str) -> Arrays | None:
    """The arrays of a file; None where there is none or it is damaged."""
    try:
        # Opened here: NumPy leaves a file open that is not what it should be.
        with (directory / file_name).open("rb") as file, np.load(file, allow_pickle=False) as stored:
            return {key: stored[key] for key in stored.files}
    except (OSError, ValueError, EOFError, BadZipFile, zlib.error):
        return None


def store(directory: Path, file_name: str, arrays: Arrays) -> None:
    """Write all arrays or nothing; a reader never sees half a file."""
    directory.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=directory, suffix=".part", delete=False) as part:
        np.savez_compressed(part, **arrays)  # type: ignore[arg-type]  # numpy's stub takes the names for options
    Path(part.name).replace(directory / file_name)
