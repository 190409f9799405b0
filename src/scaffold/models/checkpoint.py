"""The files of a checkpoint, in a folder or fetched from the hub: configurations, tokenizer, safetensors shards."""

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from safetensors import safe_open

from scaffold.errors import ModelError
from scaffold.models.family import Fields

FILES = ("*.json", "*.jinja", "*.safetensors", "merges.txt", "vocab.txt")
"""What is fetched: never code, never pickles."""


def locate(name: str, revision: str | None = None) -> Path:
    """The folder of a model: `name` itself if it is one, else a download of the hub id.

    Raises:
        ModelError: there is no such folder, and no such repository can be reached; or a folder is to have a revision.
    """
    folder = Path(name)
    if folder.is_dir() and revision is not None:
        raise ModelError((), f"the folder {folder.name} has no revision {revision!r}", "leave it out, or name a hub id")
    if folder.is_dir():
        return folder
    from huggingface_hub import snapshot_download  # noqa: PLC0415  (takes time, and a folder does not need it)
    from huggingface_hub.errors import HFValidationError  # noqa: PLC0415

    try:
        return Path(snapshot_download(name, revision=revision, allow_patterns=list(FILES)))
    except (HFValidationError, OSError) as error:  # all that the hub says is a kind of the latter
        raise ModelError((), *_unavailable(name, revision, error)) from error


def _unavailable(name: str, revision: str | None, error: Exception) -> tuple[str, str]:
    """What is wrong with a hub id, and what to do about it."""
    from huggingface_hub import errors  # noqa: PLC0415

    match error:
        case errors.GatedRepoError():
            return (
                f"the hub gives {name!r} only to those who accept its terms",
                "accept them there, and `hf auth login`",
            )
        case errors.RevisionNotFoundError():
            return f"the model {name!r} has no revision {revision!r}", "use one of its branches, tags or commits"
        case errors.LocalEntryNotFoundError():
            at = "" if revision is None else f" at revision {revision!r}"
            return f"the hub cannot be reached, and {name!r}{at} was not fetched before", "use a folder, or go online"
        case errors.HfHubHTTPError() | errors.HFValidationError():
            hint = "use 'default', a folder, a hub id, or an object that is a MaskPredictor; `hf auth login` if private"
            return f"there is no model {name!r}", hint
        case _:
            return f"{name!r} cannot be fetched: {error}", "see that there is room, and that the hub can be reached"


def read_json(path: Path) -> Mapping[str, Any]:
    """The object in a file; nothing where there is no file.

    Raises:
        ModelError: the file holds something else.
    """
    if not path.is_file():
        return {}
    with suppress(json.JSONDecodeError, UnicodeDecodeError):
        found = json.loads(path.read_text("utf-8"))
        if isinstance(found, dict):
            return found
    raise ModelError((), f"{path.name} of {path.parent.name} is not a JSON object")


def config_of(folder: Path) -> Fields:
    """The published config.json.

    Raises:
        ModelError: there is none.
    """
    found = read_json(folder / "config.json")
    if not found:
        raise ModelError((), f"{folder.name} has no config.json", "use a folder in the layout of the hub")
    return found


def shards(folder: Path) -> list[Path]:
    """The weight files.

    Raises:
        ModelError: there are none; other formats may hold code and are not read.
    """
    found = sorted(folder.glob("*.safetensors"))
    index = folder / "model.safetensors.index.json"
    if index.is_file():
        found = [folder / name for name in sorted(set(read_json(index)["weight_map"].values()))]
    missing = [path.name for path in found if not path.is_file()]
    if not found or missing:
        what = ", ".join(missing) or "safetensors weights"
        raise ModelError((), f"{folder.name} lacks {what}", "convert the weights to safetensors")
    return found


def stored_tensors(folder: Path) -> Iterator[tuple[str, Any]]:
    """Name and lazy slice of every tensor in the shards."""
    for path in shards(folder):
        with safe_open(path, framework="pt") as file:
            for name in file.keys():  # noqa: SIM118  (not a mapping)
                yield name, file.get_slice(name)
