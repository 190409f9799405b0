"""The measuring commands, `scaffold bench …`."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, cast

import typer
from rich.console import Console

import scaffold
from scaffold.cli.asking import Annotates, AsJson, Device, Model
from scaffold.cli.showing import FAILED, MISUSED, busy, progress, reported, stop, table
from scaffold.extras import optional

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
    rows: Annotated[Path | None, typer.Option(help="Also fill rows: a file, or a folder of <set>/dev.jsonl")] = None,
    as_json: AsJson = False,
) -> None:
    """Measure what the library adds to a model's own time."""
    if context.invoked_subcommand is not None:
        return
    from scaffold.evals.bench import bench as run

    with reported(), busy("measuring") as status:
        found = run(schemas, model, rows, status.update)
    if as_json:
        typer.echo(json.dumps([asdict(one) for one in found]))
    else:
        Console().print(table("bench", [asdict(one) for one in found]))


@bench.command()
def engine(
    size: Annotated[str, typer.Option(help="`tiny`, or `8b` for a GPU with 40 GiB and more")] = "tiny",
    device: Device = None,
    batch: Annotated[list[int] | None, typer.Option(help="Rows at once; repeatable; 1, 8 and 32 if left out")] = None,
    steps: Annotated[list[int] | None, typer.Option(help="Model calls per fill; repeatable; 4 and 8")] = None,
    prompt: Annotated[list[int] | None, typer.Option(help="Tokens of the prompt; repeatable; 512")] = None,
    repeats: int = 5,
    as_json: AsJson = False,
) -> None:
    """Time the engine beside autoregressive decoding under a grammar mask: random weights, an object of 104 tokens."""
    from scaffold.evals.engine import Plan as EnginePlan
    from scaffold.evals.engine import bench_engine

    with reported(), busy("making weights") as status:
        chosen = tuple(batch or (1, 8, 32)), tuple(steps or (4, 8)), tuple(prompt or (512,))
        found = list(bench_engine(EnginePlan(size, device, *chosen, repeats), status.update))
    if as_json:
        typer.echo(json.dumps([asdict(one) for one in found]))
    else:
        Console().print(table("engine", [asdict(one) for one in found]))


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
    annotate_formats: Annotates = False,
    seed: int = 0,
    as_json: AsJson = False,
) -> None:
    """Compile every schema, and hold what it accepts against instances that are labelled valid or invalid."""
    from scaffold.evals.schemas import Judge, bench_schemas, tables

    with reported(), busy("compiling") as status:
        judge = Judge((), "omit" if omit else "error", "annotate" if annotate_formats else "assert")
        corpora = bench_schemas(folder, sample, seed, is_together=together, judge=judge, report=status.update)
    found = tables(corpora, is_whole=as_json)
    if as_json:
        typer.echo(json.dumps(found, indent=2, ensure_ascii=False))
        return
    for title, rows in found.items():
        if rows:
            Console().print(table(title, rows))


@bench.command("fills")
def filling(
    folder: Annotated[Path, typer.Argument(help="Folder of `.json` schemas, or of `.jsonl.gz` rows")],
    sample: Annotated[int | None, typer.Option(help="So many schemas of each corpus, drawn at random")] = None,
    seed: int = 0,
    shard: Annotated[
        str, typer.Option(help="`k/n`: every n-th schema of these, from the k-th on, counted from 0")
    ] = "0/1",
    as_json: AsJson = False,
) -> None:
    """Fill every schema under the default options with predictors that know nothing or mean harm."""
    from scaffold.evals.fills import bench_fills

    first, _, every = shard.partition("/")
    if not (first.isdecimal() and every.isdecimal() and int(first) < int(every)):
        stop(f"{shard!r} is no shard: say `0/4` for the first of four", MISUSED)
    with reported(), busy("filling") as status:
        found = bench_fills(folder, sample, seed, shard=(int(first), int(every)), report=status.update)
    if as_json:
        typer.echo(json.dumps([asdict(one) for one in found], indent=2, ensure_ascii=False))
        return
    rows = [one.row() for one in found]
    turned = [{"": name} | {row["predictor"]: row[name] for row in rows} for name in rows[0] if name != "predictor"]
    Console().print(table("fills", [*turned]))
    for one in found:
        Console().print(table(one.kind, [*one.worst()]))


@bench.command()
def decode(
    folder: Annotated[Path, typer.Argument(help="Folder of `<set>/<split>.jsonl` files: text, schema, value")],
    kept: Annotated[Path, typer.Option(help="File of outcomes; a run that was cut off goes on from it")],
    model: Model = "default",
    split: str = "test",
    rows: Annotated[int, typer.Option(help="Rows of each set, drawn at random")] = 20,
    sets: Annotated[list[str] | None, typer.Option("--set", help="A data set; repeatable, all if left out")] = None,
    only: Annotated[list[str] | None, typer.Option(help="A member of the table; repeatable, all if left out")] = None,
    plot: Annotated[Path | None, typer.Option(help="Draw quality against model calls (.png, .svg, .pdf)")] = None,
    strings: Annotated[str, typer.Option(help="`auto`, `quote` or `free`: orders show on free texts")] = "auto",
    seed: int = 0,
    as_json: AsJson = False,
) -> None:
    """Fill the same rows by every decoding method: quality against model calls, and what published effects come to."""
    from scaffold.evals.decode_effects import effects, effects_table
    from scaffold.evals.decode_members import members
    from scaffold.evals.decode_plot import plot as draw
    from scaffold.evals.decode_report import lines, markdown
    from scaffold.evals.decode_runs import Plan, run

    with reported(), busy("loading") as status:
        if plot is not None:
            optional("matplotlib", "plot")  # before the work, not behind it
        filler = scaffold.Filler(model=model)
        offered = members(filler.predictor)
        chosen = {name: offered[name] for name in _among(offered, only or list(offered))}
        plan = Plan(str(folder), split, rows, seed, tuple(sets or ()), cast("Any", strings))  # checked by the pipeline
        outcomes = run(filler, chosen, plan, kept, report=progress(status))
        found, judged = lines(outcomes, chosen), effects(outcomes)
        if plot is not None:
            draw(found, plot)
    if as_json:
        typer.echo(json.dumps({"members": [*map(asdict, found)], "effects": [*map(asdict, judged)]}))
        return
    typer.echo(markdown(found))
    if judged:
        typer.echo(effects_table(judged))


@bench.command("repeat")
def repeating(
    out: Annotated[Path, typer.Argument(help="File that all curves are written to, as JSON")],
    text: Annotated[Path | None, typer.Option(help="A text of 20 kB or more; made up if left out")] = None,
    epochs: Annotated[int, typer.Option(help="How often the corpus is repeated")] = 240,
    seeds: Annotated[int, typer.Option(help="Runs of each arm with its best setting")] = 3,
    plot: Annotated[Path | None, typer.Option(help="Draw the curves (.png, .svg, .pdf)")] = None,
) -> None:
    """Repeat one small text for many epochs: masked diffusion beside an autoregressive network of equal size."""
    from scaffold.evals.repeated_data import Plan, repeat
    from scaffold.evals.repeated_data_report import markdown
    from scaffold.evals.repeated_data_report import plot as draw

    with reported(), busy("training") as status:
        if plot is not None:
            optional("matplotlib", "plot")  # before the work, not behind it
        plan = Plan(epochs=epochs, seeds=seeds)
        found = repeat(plan, None if text is None else text.read_text("utf-8"), status.update)
        out.write_text(json.dumps(asdict(found)) + "\n", "utf-8")
        if plot is not None:
            draw(found, plot)
    typer.echo(markdown(found))


@bench.command("arms")
def variants(
    data: Annotated[
        Path, typer.Argument(help="Rows of text, schema, value: a file, or a folder of `<set>/train.jsonl`")
    ],
    only: Annotated[list[str] | None, typer.Option(help="An arm; repeatable, all if left out")] = None,
    encoder: Annotated[
        Path | None, typer.Option(help="Folder of a pretrained encoder that the arms start from")
    ] = None,
    leave_out: Annotated[list[str] | None, typer.Option(help="A set of the folder to leave out; repeatable")] = None,
    steps: Annotated[int, typer.Option(help="Optimiser steps of each arm")] = 300,
    max_length: Annotated[int, typer.Option(help="Tokens of the longest examples")] = 640,
    width: Annotated[int, typer.Option(help="Of the networks, where there is no encoder")] = 128,
    layers: Annotated[int, typer.Option(help="Of the networks; the first ones of an encoder")] = 3,
    seed: int = 0,
    as_json: AsJson = False,
) -> None:
    """Train variants of the embedded default on the same examples: what does each of its parts bring?"""
    from scaffold.evals.arms import ARMS, Budget, compare, markdown
    from scaffold.train.run import Material

    with reported(), busy("training") as status:
        chosen = {name: ARMS[name] for name in _among(ARMS, only or list(ARMS))}
        material = Material(data, frozenset(leave_out or ()), held_out=0.1)
        budget = Budget(steps=steps, max_length=max_length, encoder=encoder, width=width, layers=layers, seed=seed)
        found = compare(chosen, material, budget, lambda one: status.update(f"{one.arm}: {one.present:.3f}"))
    typer.echo(json.dumps([asdict(one) for one in found], indent=2) if as_json else markdown(found))


def _among(offered: Iterable[str], names: list[str]) -> list[str]:
    unknown = [name for name in names if name not in offered]
    if unknown:
        stop(f"there is no member {unknown[0]!r} (there are {', '.join(offered)})", MISUSED)
    return names


@bench.command("compile")
def compiling(
    folder: Annotated[Path, typer.Argument(help="Folder of `.json` schemas, or of `.jsonl.gz` rows")],
    sample: Annotated[int, typer.Option(help="So many schemas of each corpus, drawn at random")] = 500,
    engine: Annotated[list[str] | None, typer.Option(help="scaffold, llguidance, xgrammar or outlines-core")] = None,
    corpus: Annotated[
        list[str] | None, typer.Option(help="A corpus of the folder; repeatable, all if left out")
    ] = None,
    limit: Annotated[float, typer.Option(help="Seconds of processor time for one schema")] = 10.0,
    kept: Annotated[Path | None, typer.Option(help="File of turns; a run that was cut off goes on from it")] = None,
    seed: int = 0,
    as_json: AsJson = False,
) -> None:
    """Measure the time from a schema to the first token mask, beside other engines where they are installed."""
    from scaffold.evals.compile_bench import Plan, compile_bench
    from scaffold.evals.compile_engines import ENGINES

    engines = _among(ENGINES, engine or list(ENGINES))
    with reported(), busy("compiling") as status:
        plan = Plan(folder, sample, tuple(engines), tuple(corpus or ()), limit, seed)
        rows = [asdict(row) for row in compile_bench(plan, progress(status), kept)]
    if as_json:
        typer.echo(json.dumps(rows, indent=2))
    else:
        Console().print(table("milliseconds of processor time to the first mask", [*rows]))
