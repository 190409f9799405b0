"""The commands that train and evaluate: `train`, `eval`."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

import scaffold
from scaffold.cli.asking import Device, Model, one_of
from scaffold.cli.showing import busy, reported


def train(
    out: Annotated[Path, typer.Argument(help="Folder of the model; a checkpoint in it is resumed")],
    data: Annotated[
        Path | None,
        typer.Option(help="Rows of text, schema, value: a `.jsonl` file, or a folder of `<set>/train.jsonl`"),
    ] = None,
    model: Annotated[str | None, typer.Option(help="Fine-tune this: `default`, or a folder")] = None,
    tokenizer: Annotated[Path | None, typer.Option(help="Or start anew, with this `tokenizer.json`")] = None,
    encoder: Annotated[Path | None, typer.Option(help="... and from this pretrained encoder's folder")] = None,
    minutes: Annotated[float, typer.Option(help="Length of the whole schedule")] = 60.0,
    generated: Annotated[float, typer.Option(help="Share of generated rows beside those of --data")] = 0.3,
    hold_out: Annotated[float, typer.Option(help="Share of the schemas that decides when to stop early")] = 0.0,
    leave_out: Annotated[list[str] | None, typer.Option(help="A set of the folder to leave out; repeatable")] = None,
    rate: Annotated[float, typer.Option(help="Peak learning rate of the encoder")] = 1.5e-4,
    head_rate: Annotated[float, typer.Option(help="Peak learning rate of everything around it")] = 5e-4,
    objective: Annotated[str, typer.Option(help="How slots are masked: `slot`, `rate` or `count`")] = "slot",
    picture: Annotated[Path | None, typer.Option(help="Draw the learning curve (.svg, .png); needs matplotlib")] = None,
    seed: int = 0,
) -> None:
    """Train a slot filler like the embedded default, or fine-tune one on rows of one's own."""
    from scaffold.train.batches import Noise
    from scaffold.train.loop import TrainOptions
    from scaffold.train.noising import NOISINGS
    from scaffold.train.picture import draw, require
    from scaffold.train.run import Material, Origin
    from scaffold.train.run import train as run

    with reported():
        if picture is not None:
            require()
        options = TrainOptions(minutes=minutes, body_rate=rate, head_rate=head_rate)
        origin = Origin(model, encoder, tokenizer)
        noise = Noise(one_of(NOISINGS, objective, "objective"))
        material = Material(data, frozenset(leave_out or ()), generated, hold_out, noise)
        run(out, origin, material, options, _log, seed=seed)
        if picture is not None:
            draw(out / "curve.jsonl", picture)


def evaluate(
    folder: Annotated[
        Path, typer.Argument(help="Rows of text, schema, value: a `.jsonl` file, or a folder of `<set>/<split>.jsonl`")
    ],
    model: Model = "default",
    device: Device = None,
    split: str = "test",
    rows: Annotated[int, typer.Option(help="Rows of each set, drawn at random")] = 100,
    seed: int = 0,
    preset: Annotated[str, typer.Option(help="`fast`, `balanced` or `quality`")] = "balanced",
    html: Annotated[Path | None, typer.Option(help="Also write a page with a report on every field")] = None,
) -> None:
    """Evaluate a model beside two baselines: quality and confidence as Markdown tables."""
    from scaffold.evals.report import markdown, page
    from scaffold.evals.run import evaluate as run

    with reported(), busy("evaluating") as status:
        filler = scaffold.Filler(model=model, device=device, preset=preset)
        found = run(
            filler,
            folder,
            split=split,
            rows_per_set=rows,
            seed=seed,
            report=lambda one: status.update(f"evaluated {one.name}"),
        )
    if html is not None:
        html.write_text(page(found), "utf-8")
    typer.echo(markdown(found))


def _log(numbers: Mapping[str, float]) -> None:
    typer.echo(" ".join(f"{name}={value:.4g}" for name, value in numbers.items()))
