"""The command line: fill, show, demo, train, eval, bench."""

import importlib
import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, is_dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn, cast

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

import scaffold
from scaffold.decode.tables import fields_table, step_line
from scaffold.errors import DecodeError, ScaffoldError, SchemaError, pointer

if TYPE_CHECKING:
    from scaffold.decode.result import FillResult

app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, help="Typed objects from text.")
FAILED, MISUSED = 1, 2
"""Exit codes: the text gave no valid object; what was asked for makes no sense."""

Target = Annotated[str, typer.Argument(help="`module:Class`, `file.py:Class`, or a JSON Schema file")]
Model = Annotated[str, typer.Option(help="`default`, a folder, or a hub id")]
Device = Annotated[str | None, typer.Option(help="`cpu`, `cuda`, …; the best there is if left out")]
AsJson = Annotated[bool, typer.Option("--json", help="Print nothing but machine-readable JSON")]


@dataclass
class Person:
    """What the demo asks for."""

    name: str
    born: date | None
    occupation: str | None
    city: str | None
    children: int | None = None


DEMO_TEXT = (
    "Ada Lovelace, born on 10 December 1815 in London, was a mathematician "
    "and the first to publish an algorithm meant for a machine. She had three children."
)


@app.callback(invoke_without_command=True)
def main(version: Annotated[bool, typer.Option("--version", help="Print the version")] = False) -> None:
    """Typed objects from text, by a masked-diffusion language model."""
    if version:
        typer.echo(scaffold.__version__)
        raise typer.Exit


@app.command()
def fill(
    target: Target,
    text: Annotated[str | None, typer.Argument(help="The text; standard input if left out")] = None,
    file: Annotated[Path | None, typer.Option(help="Read the text from a file")] = None,
    model: Model = "default",
    device: Device = None,
    preset: Annotated[str, typer.Option(help="`fast`, `balanced` or `quality`")] = "balanced",
    known: Annotated[list[str] | None, typer.Option(help="`field=value`, fixed before the fill; repeatable")] = None,
    strings: Annotated[str, typer.Option(help="`auto`, `quote` or `free`")] = "auto",
    as_json: AsJson = False,
    trace: Annotated[bool, typer.Option(help="Show what each model call wrote")] = False,
) -> None:
    """Fill a type or a schema from a text: the object on standard output, the fields beside it on standard error."""
    with _reported():
        wanted, source, fixed = _target(target), _text(text, file), _known(known or [])
        with _busy(f"loading {model}"):
            filler = scaffold.Filler(model=model, device=device, preset=preset)
        with _busy("filling"):
            result = filler.fill(wanted, source, known=fixed, strings=cast("Any", strings))  # checked by the pipeline
    _show_result(result, source, as_json=as_json, trace=trace)


@app.command()
def demo(model: Model = "default", as_json: AsJson = False, trace: bool = False) -> None:
    """Fill the embedded example: a person, from two sentences."""
    with _reported():
        if not as_json:
            _console().print(f"[dim]{escape(DEMO_TEXT)}[/dim]\n")
        with _busy(f"loading {model}"):
            filler = scaffold.Filler(model=model)
        with _busy("filling"):
            result = filler.fill(Person, DEMO_TEXT)
    _show_result(result, DEMO_TEXT, as_json=as_json, trace=trace)


@app.command()
def show(target: Target, as_json: AsJson = False) -> None:
    """Show how a type or a schema is laid out, what it costs, and how each keyword is enforced."""
    with _reported():
        wanted = _target(target)
        layout = scaffold.compile(wanted)
        shown, cost, report = layout.pretty(), layout.cost(), layout.report()
    if as_json:
        typer.echo(json.dumps({"layout": shown, "cost": _plain(cost), "report": _plain(report)}, ensure_ascii=False))
        return
    console = Console()
    console.print(shown, markup=False, highlight=False, soft_wrap=True)
    console.print(_table("cost", [_plain(cost)]))
    console.print(_table("keywords", [_plain(row) for row in report]))


@app.command()
def train(
    out: Annotated[Path, typer.Argument(help="Folder of the model; a checkpoint in it is resumed")],
    tokenizer: Annotated[Path, typer.Option(help="A `tokenizer.json` with a mask and a null token")],
    data: Annotated[Path | None, typer.Option(help="Folder of `<set>/train.jsonl` files; none: generated rows")] = None,
    encoder: Annotated[Path | None, typer.Option(help="Folder of a pretrained encoder to start from")] = None,
    minutes: Annotated[float, typer.Option(help="Length of the whole schedule")] = 60.0,
    hold_out: Annotated[list[str] | None, typer.Option(help="A set to leave out; repeatable")] = None,
    seed: int = 0,
) -> None:
    """Train a slot filler like the embedded default."""
    from scaffold.train.loop import TrainOptions
    from scaffold.train.run import train as run

    with _reported():
        options = TrainOptions(minutes=minutes)
        held_out = frozenset(hold_out or ())
        run(out, tokenizer, options, _log, data=data, encoder=encoder, held_out=held_out, seed=seed)


@app.command("eval")
def evaluate(
    folder: Annotated[Path, typer.Argument(help="Folder of `<set>/<split>.jsonl` files: text, schema, value")],
    model: Model = "default",
    device: Device = None,
    split: str = "test",
    rows: Annotated[int, typer.Option(help="Rows of each set, drawn at random")] = 100,
    seed: int = 0,
) -> None:
    """Evaluate a model beside two baselines, as a Markdown table."""
    from scaffold.evals.run import evaluate as run
    from scaffold.evals.run import markdown

    with _reported(), _busy("evaluating") as status:
        filler = scaffold.Filler(model=model, device=device)
        found = run(
            filler,
            folder,
            split=split,
            rows_per_set=rows,
            seed=seed,
            report=lambda one: status.update(f"evaluated {one.name}"),
        )
    typer.echo(markdown(found))


@app.command()
def bench(
    schemas: Annotated[Path, typer.Option(help="Folder of schemas (.json, .jsonl.gz) to compile")] = Path("schemas"),
    model: Model = "default",
    as_json: AsJson = False,
) -> None:
    """Measure what the library adds to a model's own time."""
    from scaffold.evals.bench import bench as run

    with _reported(), _busy("measuring") as status:
        found = run(schemas, model, report=status.update)
    if as_json:
        typer.echo(json.dumps([asdict(one) for one in found]))
    else:
        Console().print(_table("bench", [asdict(one) for one in found]))


def _console() -> Console:
    """Where people look: standard output stays clean for pipes."""
    return Console(stderr=True)


@contextmanager
def _busy(words: str) -> Iterator[Any]:
    """A spinner while something takes its time, on a terminal only."""
    with _console().status(words) as status:
        yield status


@contextmanager
def _reported() -> Iterator[None]:
    """Turn the library's errors into one line and an exit code."""
    try:
        yield
    except ScaffoldError as error:
        _stop(str(error), FAILED if isinstance(error, DecodeError) else MISUSED)


def _stop(message: str, code: int) -> NoReturn:
    typer.echo(f"error: {message}", err=True)
    raise typer.Exit(code)


def _target(name: str) -> Any:
    """The type that `module:Class` names, or the schema file itself."""
    place, colon, attribute = name.rpartition(":")
    if name.endswith(".json") or not colon:
        return Path(name) if name.endswith(".json") else _no_target(name, "write module:Class, or a .json file")
    try:
        return getattr(_module(place), attribute)
    except (ImportError, OSError) as error:
        _no_target(name, f"cannot import {place}: {error}")
    except AttributeError:
        _no_target(name, f"{place} has no {attribute}")


def _no_target(name: str, hint: str) -> NoReturn:
    raise SchemaError((), f"{name!r} is not something to fill", hint)


def _module(place: str) -> Any:
    """A module by name, or by its file; the working directory is looked into, as `python -m` does."""
    path = Path(place)
    folder, name = (str(path.parent), path.stem) if place.endswith(".py") else (".", place)
    sys.path.insert(0, folder)
    try:
        return importlib.import_module(name)
    finally:
        sys.path.remove(folder)


def _text(text: str | None, file: Path | None) -> str:
    if text is not None and file is not None:
        _stop("both a text and --file are given (leave one out)", MISUSED)
    if text is not None:
        return text
    if file is None and sys.stdin.isatty():
        _stop("there is no text (give one, or --file, or pipe it in)", MISUSED)
    try:
        return sys.stdin.read() if file is None else file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        _stop(f"cannot read the text: {error}", MISUSED)


def _known(pairs: Iterable[str]) -> dict[str, Any]:
    """Fields and values; a value is JSON where it parses as such, else text."""
    split = [pair.partition("=") for pair in pairs]
    wrong = [name for name, sign, _ in split if not sign or not name]
    if wrong:
        _stop(f"--known {wrong[0]!r} has no value (write --known field=value)", MISUSED)
    return {name: _json_or_text(value) for name, _, value in split}


def _json_or_text(value: str) -> Any:
    try:
        return json.loads(value)
    except json.JSONDecodeError:
        return value


def _show_result(result: "FillResult[Any]", source: str, *, as_json: bool, trace: bool) -> None:
    if as_json:
        steps = {"trace": [asdict(step) for step in result.trace]} if trace else {}
        typer.echo(json.dumps(result.to_dict() | steps, ensure_ascii=False))
        return
    typer.echo(json.dumps(result.to_dict()["value"], indent=2, ensure_ascii=False))
    console = _console()
    console.print(fields_table(result.fields.values(), source))
    console.print(f"{result.model_calls} model calls")
    if trace:
        console.print(*map(step_line, result.trace), sep="\n", markup=False, highlight=False)


def _table(title: str, rows: list[Mapping[str, Any]]) -> Table:
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


def _plain(value: Any) -> Any:
    """Records as mappings, through and through."""
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    return [_plain(one) for one in value] if isinstance(value, list | tuple) else value


def _log(numbers: Mapping[str, float]) -> None:
    typer.echo(" ".join(f"{name}={value:.4g}" for name, value in numbers.items()))
