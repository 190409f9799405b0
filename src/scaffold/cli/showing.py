"""What people see: tables, a spinner, errors in one line."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, is_dataclass
from time import monotonic
from typing import TYPE_CHECKING, Any, NoReturn

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from scaffold.decode.tables import fields_table, step_line
from scaffold.errors import DecodeError, ScaffoldError, pointer

if TYPE_CHECKING:
    from scaffold.decode.result import FillResult

FAILED, MISUSED = 1, 2
"""Exit codes: the text gave no valid object; what was asked for makes no sense."""

LOG_S = 10.0


def console() -> Console:
    """Where people look: standard output stays clean for pipes."""
    return Console(stderr=True)


@contextmanager
def busy(words: str) -> Iterator[Any]:
    """A spinner while something takes its time, on a terminal only."""
    with console().status(words) as status:
        yield status


def progress(status: Any) -> Callable[[str], None]:
    """Say how far something is: on the spinner of a terminal; in a log, a line every ten seconds."""
    last = -LOG_S

    def say(words: str) -> None:
        nonlocal last
        if console().is_terminal:
            status.update(words)
        elif monotonic() - last >= LOG_S:
            last = monotonic()
            typer.echo(words, err=True)

    return say


@contextmanager
def reported() -> Iterator[None]:
    """Turn the library's errors into one line and an exit code."""
    try:
        yield
    except ScaffoldError as error:
        stop(str(error), FAILED if isinstance(error, DecodeError) else MISUSED)


def stop(message: str, code: int) -> NoReturn:
    """Say what went wrong in one line, and leave."""
    typer.echo(f"error: {message}", err=True)
    raise typer.Exit(code)


def show_result(result: "FillResult[Any]", source: str, *, as_json: bool, trace: bool) -> None:
    """The object on standard output; the fields beside it, where people look."""
    if as_json:
        steps = {"trace": [asdict(step) for step in result.trace]} if trace else {}
        typer.echo(json.dumps(result.to_dict() | steps, ensure_ascii=False))
        return
    typer.echo(json.dumps(result.to_dict()["value"], indent=2, ensure_ascii=False))
    beside = console()
    beside.print(fields_table(result.fields.values(), source))
    beside.print(f"model calls: {result.model_calls}")
    if trace:
        beside.print(*map(step_line, result.trace), sep="\n", markup=False, highlight=False)


def table(title: str, rows: list[Mapping[str, Any]]) -> Table:
    """Records with equal keys, one row each."""
    table = Table(*(rows[0] if rows else ()), title=title, title_justify="left")
    for row in rows:
        table.add_row(*(escape(_cell(value)) for value in row.values()))
    return table


def _cell(value: Any) -> str:
    match value:
        case float():
            return f"{value:.4g}"
        case list() | tuple():
            return pointer(value) or "/"  # the one list in a record is a path
        case _:
            return str(value)


def plain(value: Any) -> Any:
    """Records as mappings, through and through."""
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    return [plain(one) for one in value] if isinstance(value, list | tuple) else value
