"""Special tokens that a model was published without: in its tokenizer's files, and as rows of its tables."""

import json
import shutil
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import torch

from scaffold.errors import ModelError
from scaffold.models.checkpoint import read_json
from scaffold.models.family import Fields
from scaffold.models.hub_tokenizer import read_tokenizer

_FILES = (
    "tokenizer.json", "vocab.json", "merges.txt", "tokenizer_config.json", "special_tokens_map.json",
    "chat_template.jinja", "generation_config.json",
)  # fmt: skip
_SIZES = ("embedding_size", "vocab_size")
"""Fields that say how many rows the tables have; LLaDA's first one overrules the second."""


def copy_tokenizer(source: Path, target: Path, added: Mapping[str, str]) -> dict[str, int]:
    """Write the tokenizer of `source` to `target` with special tokens more (text by role, `""` for none); gives ids.

    Raises:
        ModelError: the tokenizer numbers its tokens in a way that leaves no next id.
    """
    target.mkdir(parents=True, exist_ok=True)
    for name in _FILES:
        if (source / name).is_file():
            shutil.copyfile(source / name, target / name)
    settings = dict(read_json(target / "tokenizer_config.json"))
    known = read_tokenizer(target, 0)
    tokens = dict(settings.get("added_tokens_decoder", {}))
    ids: dict[str, int] = {}
    for text in added.values():
        found = known.special_id(text)
        ids[text] = known.size + len(ids) if found is None else found
        if found is None:
            tokens[str(ids[text])] = {"content": text, "special": True, "normalized": False}
    named = {role: text for role, text in added.items() if role}
    _write(target / "tokenizer_config.json", settings | named | {"added_tokens_decoder": tokens})
    extended = read_tokenizer(target, 0)
    if any(extended.special_id(text) != number for text, number in ids.items()):
        raise ModelError((), f"the tokenizer of {source.name} takes no further tokens", "choose another model")
    return ids


def write_config(folder: Path, fields: Fields) -> None:
    """The config.json of a folder."""
    _write(folder / "config.json", fields)


def rows_for(module: Any, ids: Iterable[int], fields: Fields) -> Fields:
    """Make sure that the tables of `module` have rows for `ids`; gives the config with their size."""
    rows = module.get_input_embeddings().num_embeddings
    needed = max(ids) + 1
    if needed <= rows:
        return fields
    enlarge(module, needed)
    return {**fields, **{name: needed for name in _SIZES if name in fields}}


def enlarge(module: Any, rows: int) -> None:
    """Give the tables of `module` at least so many rows; new ones are not meant to be used as they are."""
    if module.get_input_embeddings().num_embeddings < rows:
        module.resize_token_embeddings(rows, mean_resizing=False)


def table_rows(fields: Fields) -> int:
    """How many rows the config says the tables have."""
    return int(next(fields[name] for name in _SIZES if fields.get(name) is not None))


@torch.no_grad()
def start_from(module: Any, token: int, like: Sequence[int]) -> None:
    """Let a new token start as the mean of others; of all where `like` is empty."""
    tables = [module.get_input_embeddings().weight]
    head = module.get_output_embeddings()
    if head is not None and head.weight is not tables[0]:
        tables.append(head.weight)
    for table in tables:
        table[token] = (table[list(like)] if like else table).float().mean(0).to(table.dtype)


def _write(path: Path, value: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", "utf-8")
