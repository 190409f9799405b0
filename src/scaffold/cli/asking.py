"""What a command is asked to fill, and from what: types, texts and known values, off the command line."""

import importlib
import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

import scaffold
from scaffold.cli.showing import MISUSED, stop
from scaffold.errors import SchemaError
from scaffold.pipeline.compiled import Formats, OnUnresolved
from scaffold.schema.documents import registry_of
from scaffold.schema.load import load

Choice = TypeVar("Choice")
Target = Annotated[str, typer.Argument(help="`module:Class`, `file.py:Class`, a JSON Schema file, or a JSON Schema")]
Model = Annotated[str, typer.Option(help="`default`, a folder, or a hub id")]
Device = Annotated[str | None, typer.Option(help="`cpu`, `cuda`, …; the best there is if left out")]
Beside = Annotated[
    list[Path] | None,
    typer.Option("--with", help="Another schema file, which `$ref` may lead to; repeatable"),
]
Omits = Annotated[
    bool, typer.Option("--omit-unresolved", help="Leave out of every value what an unknown document would describe")
]
Annotates = Annotated[
    bool,
    typer.Option("--annotate-formats", help="`format` of a JSON Schema asks nothing of a value, as in draft 2020-12"),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print nothing but machine-readable JSON")]


def target_of(name: str) -> Any:
    """The type that `module:Class` names, the schema that is written out, or the schema file itself."""
    if name.lstrip().startswith("{"):
        return _written_out(name)
    if name.endswith(".json"):
        return Path(name)
    place, _, attribute = name.rpartition(":")
    if not place or not attribute:
        raise _no_target(name, "write module:Class, a .json file, or a JSON Schema")
    try:
        return getattr(_module(place), attribute)
    except (ImportError, OSError) as error:
        raise _no_target(name, f"cannot import {place}: {error}") from error
    except AttributeError as error:
        raise _no_target(name, f"{place} has no {attribute}") from error
    except Exception as error:  # whatever the code of the module does when it is run
        raise _no_target(name, f"{place} raised {type(error).__name__}: {error}") from error


def compiled_of(name: str, beside: Iterable[Path], *, omits_unresolved: bool, annotates: bool) -> Any:
    """What `target_of` gives, compiled together with other documents.

    Raises:
        SchemaError: one of the files cannot be read; or as for `scaffold.compile`.
    """
    documents = [pair for file in beside for pair in _documents(file)]
    known = registry_of(documents) if documents else None
    unresolved: OnUnresolved = "omit" if omits_unresolved else "error"
    formats: Formats = "annotate" if annotates else "assert"
    return scaffold.compile(target_of(name), known, on_unresolved=unresolved, formats=formats)


def _documents(file: Path) -> list[tuple[str, Any]]:
    """One file under its name, and under its `$id` where it has one."""
    document = load(file).document
    own = (document.get("$id"), document.get("id")) if isinstance(document, dict) else ()
    return [(uri, document) for uri in (file.name, *own) if isinstance(uri, str)]


def _written_out(schema: str) -> Any:
    try:
        return json.loads(schema)
    except (ValueError, RecursionError) as error:
        raise SchemaError((), f"the JSON Schema is not JSON: {error}", "correct it, or name a .json file") from error


def _no_target(name: str, hint: str) -> SchemaError:
    return SchemaError((), f"{name!r} is not something to fill", hint)


def _module(place: str) -> Any:
    """A module by name, or by its file; the working directory is looked into, as `python -m` does."""
    if not place.endswith(".py"):
        with _looked_into("."):
            return importlib.import_module(place)
    path = Path(place)
    name = f"{path.stem}_" if path.stem in sys.modules else path.stem  # a module of that name may be another file
    found = spec_from_file_location(name, path)
    if found is None or found.loader is None or not path.is_file():
        message = f"there is no file {place}"
        raise ImportError(message)
    sys.modules[name] = module = module_from_spec(found)
    with _looked_into(str(path.parent)):
        found.loader.exec_module(module)
    return module


@contextmanager
def _looked_into(folder: str) -> Iterator[None]:
    sys.path.insert(0, folder)
    try:
        yield
    finally:
        sys.path.remove(folder)


def text_of(text: str | None, file: Path | None) -> str:
    """The text to fill from: the argument, a file, or what is piped in."""
    if text is not None and file is not None:
        stop("both a text and --file are given (leave one out)", MISUSED)
    if text is not None:
        return text
    if file is None and sys.stdin.isatty():
        stop("there is no text (give one, or --file, or pipe it in)", MISUSED)
    try:
        return sys.stdin.read() if file is None else file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        stop(f"cannot read the text: {error}", MISUSED)


def one_of(offered: Mapping[str, Choice], name: str, option: str) -> Choice:
    """What an option names."""
    if name not in offered:
        stop(f"--{option} {name!r} is not offered (use one of {', '.join(offered)})", MISUSED)
    return offered[name]


def known_values(pairs: Iterable[str]) -> dict[str, Any]:
    """Fields and values; a value is JSON where it parses as such, else text."""
    split = [pair.partition("=") for pair in pairs]
    wrong = [name for name, sign, _ in split if not sign or not name]
    if wrong:
        stop(f"--known {wrong[0]!r} has no value (write --known field=value)", MISUSED)
    return {name: _json_or_text(value) for name, _, value in split}


def _json_or_text(value: str) -> Any:
    try:
        return json.loads(value)
    except json.JSONDecodeError:
        return value
