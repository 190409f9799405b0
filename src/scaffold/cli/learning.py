"""The commands that train and evaluate: `train`, `eval`."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

import scaffold
from scaffold.cli.asking import Device, Model
from scaffold.cli.showing import busy, reported


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

    with reported():
        options = TrainOptions(minutes=minutes)
        held_out = frozenset(hold_out or ())
        run(out, tokenizer, options, _log, data=data, encoder=encoder, held_out=held_out, seed=seed)


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
