"""Models that are stored as what was learned on top of another: low-rank adapters and rows of new tokens."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from scaffold.errors import ModelError
from scaffold.extras import optional
from scaffold.models.added_tokens import enlarge, table_rows
from scaffold.models.checkpoint import config_of, locate, read_json
from scaffold.models.family import Family, Fields
from scaffold.models.weights import load_module

ADAPTER = "adapter_config.json"


def load_adapted(folder: Path, family: Family, fields: Fields, options: Mapping[str, Any]) -> Any:
    """The module of a folder; where that holds adapters, the model that they belong to with them added in.

    Raises:
        ModelError: as for `load_module`; or peft is not installed, or the adapters do not fit.
    """
    if not (folder / ADAPTER).is_file():
        return load_module(folder, family, fields, options)
    peft = optional("peft", "peft")
    base = locate(str(read_json(folder / ADAPTER).get("base_model_name_or_path")))
    module = load_adapted(base, family, config_of(base), options)
    enlarge(module, table_rows(fields))
    try:
        return peft.PeftModel.from_pretrained(module, str(folder)).merge_and_unload().eval()
    except (RuntimeError, ValueError, OSError) as error:
        raise ModelError((), f"the adapters of {folder.name} do not fit {base.name}: {error}") from error
