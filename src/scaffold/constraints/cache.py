"""Arrays on disk under a name: a damaged or missing file is a miss, a write is all or nothing."""

import os
import tempfile
import zlib
from collections.abc import Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

Arrays = Mapping[str, npt.NDArray[Any]]
VERSION = "4"
"""Changes whenever the same slot compiles to other arrays."""


def directory() -> Path | None:
    """The folder that the environment names for what is compiled (`SCAFFOLD_CACHE`); None where it names none."""
    named = os.environ.get("SCAFFOLD_CACHE")
    return Path(named) if named else None


def name(*parts: str) -> str:
    """A file name that is another one whenever a part is."""
    digest = sha256(VERSION.encode())
    for part in parts:
        digest.update(sha256(part.encode()).digest())
    return digest.hexdigest()[:32] + ".npz"


def load(folder: Path, file_name: str) -> Arrays | None:
    """The arrays of a file; None where there is none or it is damaged."""
    try:
        # Opened here: NumPy leaves a file open that is not what it should be.
        with (folder / file_name).open("rb") as file, np.load(file, allow_pickle=False) as stored:
            return {key: stored[key] for key in stored.files}
    except (OSError, ValueError, EOFError, BadZipFile, zlib.error):
        return None


def store(folder: Path, file_name: str, arrays: Arrays) -> None:
    """Write all arrays or nothing, also where nothing can be written; a reader never sees half a file."""
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder, suffix=".part", delete=False) as part:
            np.savez_compressed(part, **arrays)  # type: ignore[arg-type]  # numpy's stub takes the names for options
        Path(part.name).replace(folder / file_name)
