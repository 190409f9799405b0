"""Read schemas with labelled instances: corpora, the official test suite, or plain schema files."""

import gzip
import json
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scaffold.errors import SchemaError

DRAFTS = {
    "draft4": "http://json-schema.org/draft-04/schema#",
    "draft6": "http://json-schema.org/draft-06/schema#",
    "draft7": "http://json-schema.org/draft-07/schema#",
    "draft2019-09": "https://json-schema.org/draft/2019-09/schema",
    "draft2020-12": "https://json-schema.org/draft/2020-12/schema",
}
BESIDE = {"remotes.json", "ratchet.json", "exceptions.json"}
"""Files of a folder that are about its schemas, and none themselves."""
REMOTES = "http://localhost:1234/"
"""Where the official test suite says that its other documents lie; a folder may hold them as `remotes.json`."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """A schema with instances: what they are, and whether they are valid."""

    name: str
    corpus: str
    schema: Any
    instances: tuple[tuple[Any, bool], ...] = ()


def read(folder: Path) -> list[Labelled]:
    """The schemas of a folder: `.json` files, and `.jsonl(.gz)` files of rows with `id`, `schema` and `tests`.

    Raises:
        SchemaError: there are none.
    """
    found = [Labelled(file.stem, folder.name, json.loads(file.read_text("utf-8"))) for file in _single(folder)]
    for file in sorted((*folder.glob("*.jsonl.gz"), *folder.glob("*.jsonl"))):
        with (gzip.open if file.suffix == ".gz" else open)(file, "rt", encoding="utf-8") as lines:
            found += [_labelled(json.loads(line), file.name.partition(".")[0]) for line in lines]
    if not found:
        raise SchemaError((), f"{folder} holds no schemas", "pass a folder of .json, .jsonl or .jsonl.gz files")
    return found


def _single(folder: Path) -> list[Path]:
    return [file for file in sorted(folder.glob("*.json")) if file.name not in BESIDE]


def _labelled(row: Mapping[str, Any], corpus: str) -> Labelled:
    """One row; a suite that is named after a draft is of that draft, and its optional part counts apart."""
    suite, _, part = str(row.get("suite", "")).partition("/")
    schema = _of_draft(row["schema"], suite)
    instances = tuple((test["data"], test["valid"]) for test in row["tests"])
    return Labelled(row["id"], f"{corpus} {part}" if part == "optional" else corpus, schema, instances)


def _of_draft(schema: Any, name: str) -> Any:
    """The schema with the draft that its place is named after, unless it says another."""
    if name not in DRAFTS or not isinstance(schema, dict) or "$schema" in schema:
        return schema
    return {"$schema": DRAFTS[name], **schema}


def documents_of(folder: Path, together: Iterable[Labelled] = ()) -> tuple[tuple[str, Any], ...]:
    """The documents in the folder's `remotes.json`, and the schemas `together` under the names they give themselves."""
    file = folder / "remotes.json"
    remotes = json.loads(file.read_text("utf-8")) if file.exists() else {}
    named = [(REMOTES + name, _of_draft(document, name.partition("/")[0])) for name, document in remotes.items()]
    for one in together:
        identifier = one.schema.get("$id", one.schema.get("id")) if isinstance(one.schema, dict) else None
        if isinstance(identifier, str):
            named.append((identifier.rstrip("#"), one.schema))
    return tuple(named)


def sampled(labelled: Sequence[Labelled], sample: int, seed: int) -> Iterator[Labelled]:
    """So many schemas of each corpus, drawn at random."""
    draw = random.Random(seed)
    for corpus in dict.fromkeys(one.corpus for one in labelled):
        members = [one for one in labelled if one.corpus == corpus]
        yield from members if len(members) <= sample else draw.sample(members, sample)
