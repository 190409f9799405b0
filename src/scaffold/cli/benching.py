"""The measuring commands, `scaffold bench …`."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from scaffold.cli.asking import AsJson, Model
from scaffold.cli.showing import FAILED, busy, reported, stop, table
from scaffold.pipeline.compiled import OnUnresolved

bench = typer.Typer(help="Measure the library itself; without a command: what it adds to a model's own time.")
Corpora = Annotated[
    list[Path] | None,
    typer.Argument(help="Files of schemas (.json, .jsonl.gz with a member `schema`); random ones if left out"),
]


@bench.callback(invoke_without_command=True)
def costs(
    context: typer.Context,
    schemas: Annotated[Path, typer.Option(help="Folder of schemas (.json, .jsonl.gz) to compile")] = Path("schemas"),
    model: Model = "default",
    as_json: AsJson = False,
) -> None:
    """Measure what the library adds to a model's own time."""
    if context.invoked_subcommand is not None:
        return
    from scaffold.evals.bench import bench as run

    with reported(), busy("measuring") as status:
        found = run(schemas, model, report=status.update)
    if as_json:
        typer.echo(json.dumps([asdict(one) for one in found]))
    else:
        Console().print(table("bench", [asdict(one) for one in found]))


@bench.command()
def soundness(
    corpora: Corpora = None,
    fills: Annotated[int, typer.Option(help="How many in all; schemas are taken in turn, over and over")] = 20_000,
    seed: int = 0,
) -> None:
    """Fill schemas with predictors that know nothing or mean harm, and check every object by other means."""
    from scaffold.evals.soundness import generated, repeated, schemas_of
    from scaffold.evals.soundness import soundness as run

    with reported(), busy("filling") as status:
        schemas = repeated(schemas_of(corpora)) if corpora else generated(seed, min(fills, 500))
        found = run(schemas, fills, lambda done: status.update(f"{done} of {fills}"), seed)
    typer.echo(json.dumps(asdict(found), indent=2, ensure_ascii=False))
    if found.invalid or found.crashes:
        stop(f"{len(found.invalid)} invalid objects, {len(found.crashes)} crashes", FAILED)


@bench.command("schemas")
def verdicts(
    folder: Annotated[Path, typer.Argument(help="Folder of `.json` schemas, or of `.jsonl.gz` rows with instances")],
    sample: Annotated[int | None, typer.Option(help="So many schemas of each corpus, drawn at random")] = None,
    together: Annotated[bool, typer.Option(help="Follow references between the schemas of the folder")] = False,
    omit: Annotated[bool, typer.Option(help="Leave out what other references lead to, where that is optional")] = False,
    seed: int = 0,
    as_json: AsJson = False,
) -> None:
    """Compile every schema, and hold what it accepts against instances that are labelled valid or invalid."""
    from scaffold.evals.schemas import bench_schemas, tables

    with reported(), busy("compiling") as status:
        unresolved: OnUnresolved = "omit" if omit else "error"
        corpora = bench_schemas(
            folder, sample, seed, is_together=together, on_unresolved=unresolved, report=status.update
        )
    found = tables(corpora, is_whole=as_json)
    if as_json:
        typer.echo(json.dumps(found, indent=2, ensure_ascii=False))
        return
    for title, rows in found.items():
        if rows:
            Console().print(table(title, rows))
