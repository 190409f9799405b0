"""The commands that fill and show: `fill`, `demo`, `show`."""

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape

import scaffold
from scaffold.cli.asking import (
    Annotates,
    AsJson,
    Beside,
    Device,
    Model,
    Omits,
    Target,
    compiled_of,
    known_values,
    text_of,
)
from scaffold.cli.showing import busy, console, plain, reported, show_result, table

DEMO_TEXT = (
    "Ada Lovelace (10 December 1815 - 27 November 1852) was an English mathematician and writer, "
    "known for her work on Babbage's engine."
)


@dataclass
class Person:
    """What the demo asks for."""

    name: str
    born: date | None
    died: date | None
    occupations: list[str]
    email: str | None


def fill(
    target: Target,
    text: Annotated[str | None, typer.Argument(help="The text; standard input if left out")] = None,
    file: Annotated[Path | None, typer.Option(help="Read the text from a file")] = None,
    model: Model = "default",
    device: Device = None,
    writer: Annotated[
        str | None, typer.Option(help="A causal model (a folder, or a hub id) that writes the long free texts")
    ] = None,
    preset: Annotated[str, typer.Option(help="`fast`, `balanced` or `quality`")] = "balanced",
    known: Annotated[list[str] | None, typer.Option(help="`field=value`, fixed before the fill; repeatable")] = None,
    strings: Annotated[str, typer.Option(help="`auto`, `quote` or `free`")] = "auto",
    on_missing: Annotated[str, typer.Option(help="`best`, `null` or `error`, where the text does not say it")] = "best",
    on_overflow: Annotated[str, typer.Option(help="Beyond the model's window: `error`, `cut` or `split`")] = "error",
    vote: Annotated[
        str, typer.Option(help="Which answer over the model calls stands: `last`, `uniform`, `linear`, `exponential`")
    ] = "last",
    axis: Annotated[
        list[str] | None,
        typer.Option(help="Change how slots are decoded: `commit=Even(4)`, `region=SlotBySlot`, `seed=1`; repeatable"),
    ] = None,
    beside: Beside = None,
    omit_unresolved: Omits = False,
    annotate_formats: Annotates = False,
    as_json: AsJson = False,
    trace: Annotated[bool, typer.Option(help="Show what each model call wrote")] = False,
) -> None:
    """Fill a type or a schema from a text: the object on standard output, the fields beside it on standard error."""
    from scaffold.cli.axes import with_axes

    with reported():
        wanted = compiled_of(target, beside or (), omits_unresolved=omit_unresolved, annotates=annotate_formats)
        source, fixed = text_of(text, file), known_values(known or [])
        with busy(f"loading {model}"):
            filler = scaffold.Filler(model=model, device=device, preset=preset)
            scribe = None if writer is None else scaffold.Filler(model=writer, device=device)
        words: Any = {"strings": strings, "on_missing": on_missing, "on_overflow": on_overflow, "vote": vote}
        denoise = with_axes(filler.options, axis or [])
        with busy("filling"):
            able = filler if scribe is None else scaffold.Hybrid(filler, scribe)
            result = able.fill(wanted, source, known=fixed, denoise=denoise, **words)  # checked by the pipeline
    show_result(result, source, as_json=as_json, trace=trace)


def demo(model: Model = "default", as_json: AsJson = False, trace: bool = False) -> None:
    """Fill the embedded example: a person, from two sentences."""
    with reported():
        if not as_json:
            console().print(f"[dim]{escape(DEMO_TEXT)}[/dim]\n")
        with busy(f"loading {model}"):
            filler = scaffold.Filler(model=model)
        with busy("filling"):
            result = filler.fill(Person, DEMO_TEXT)
    show_result(result, DEMO_TEXT, as_json=as_json, trace=trace)


def show(
    target: Target,
    beside: Beside = None,
    omit_unresolved: Omits = False,
    annotate_formats: Annotates = False,
    as_json: AsJson = False,
) -> None:
    """Show how a type or a schema is laid out, what it costs, and how each keyword is enforced."""
    with reported():
        layout = compiled_of(target, beside or (), omits_unresolved=omit_unresolved, annotates=annotate_formats)
        shown, cost, report = layout.pretty(), layout.cost(), layout.report()
    strangers = layout.schema.strangers
    if as_json:
        told = {"layout": shown, "cost": plain(cost), "report": plain(report), "strangers": plain(strangers)}
        typer.echo(json.dumps(told, ensure_ascii=False))
        return
    console = Console()
    console.print(shown, markup=False, highlight=False, soft_wrap=True)
    console.print(table("cost", [plain(cost)]))
    console.print(table("keywords", [plain(row) for row in report]))
    if strangers:
        console.print(table("no keywords: they assert nothing", [plain(row) for row in strangers]))
