"""The commands that train, calibrate and evaluate: `train`, `calibrate`, `eval`."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import scaffold
from scaffold.cli.asking import Device, Model, one_of
from scaffold.cli.showing import busy, reported
from scaffold.errors import ModelError
from scaffold.extras import optional

if TYPE_CHECKING:
    from scaffold.train.run import Origin

RowsToLearn = Annotated[
    Path | None,
    typer.Option(help="Rows of text, schema, value: a `.jsonl` file, or a folder of `<set>/train.jsonl`"),
]
Start = Annotated[
    str | None, typer.Option(help="Fine-tune or adapt this: `default`, a folder, or a hub id (causal or masked)")
]
Beside = Annotated[
    list[str] | None, typer.Option(help="Start from the mean of the weights of --model and of this folder; repeatable")
]
Anneal = Annotated[
    float, typer.Option(help="Share of the schedule in which a causal model comes to see what is behind")
]
RowsToEvaluate = Annotated[
    Path | None,
    typer.Argument(help="Rows of text, schema, value: a `.jsonl` file, or a folder of `<set>/<split>.jsonl`"),
]
MadeUp = Annotated[
    int,
    typer.Option(
        help="So many made-up rows each: of subjects that training draws, of composed ones, of ones it never draws"
    ),
]
TrainedOn = Annotated[
    Path | None, typer.Option(help="What the model was trained on: also report by how new schemas are to it")
]
FitInto = Annotated[
    Path | None, typer.Option(help="Fit how sure the model is to how often it is right, into this confidence.json")
]


def train(
    out: Annotated[Path, typer.Argument(help="Folder of the model; a checkpoint in it is resumed")],
    data: RowsToLearn = None,
    model: Start = None,
    beside: Beside = None,
    tokenizer: Annotated[Path | None, typer.Option(help="Or start anew, with this `tokenizer.json`")] = None,
    encoder: Annotated[Path | None, typer.Option(help="... and from this pretrained encoder's folder")] = None,
    minutes: Annotated[float, typer.Option(help="Length of the whole schedule; 0: save the start")] = 60.0,
    steps: Annotated[int, typer.Option(help="Its length in optimiser steps instead: alike on any machine")] = 0,
    generated: Annotated[float, typer.Option(help="Share of generated rows beside those of --data")] = 0.4,
    vary: Annotated[float, typer.Option(help="Share of rows that are asked or written in another way")] = 0.25,
    hold_out: Annotated[float, typer.Option(help="Share of the schemas that decides when to stop early")] = 0.0,
    leave_out: Annotated[list[str] | None, typer.Option(help="A set of the folder to leave out; repeatable")] = None,
    rate: Annotated[float, typer.Option(help="Peak learning rate of the encoder")] = 1.5e-4,
    head_rate: Annotated[float, typer.Option(help="Peak learning rate of everything around it")] = 5e-4,
    objective: Annotated[str, typer.Option(help="How slots are masked: `slot`, `rate` or `count`")] = "slot",
    anneal: Anneal = 0.0,
    lora: Annotated[int, typer.Option(help="Rank of low-rank adapters, all that is trained then; needs peft")] = 0,
    picture: Annotated[Path | None, typer.Option(help="Draw the learning curve (.svg, .png); needs matplotlib")] = None,
    seed: int = 0,
) -> None:
    """Train a slot filler like the embedded default, fine-tune one, or adapt a pretrained model of the hub.

    In several processes, one for each GPU, when started by `accelerate launch` or `torchrun`.
    """
    from scaffold.train.batches import Noise
    from scaffold.train.loop import TrainOptions
    from scaffold.train.noising import NOISINGS
    from scaffold.train.picture import draw
    from scaffold.train.run import Material, Origin

    with reported():
        if picture is not None:
            optional("matplotlib", "plot")  # before the work, not behind it
            _check_target(picture, made=out)
        options = TrainOptions(minutes=minutes, steps=steps, body_rate=rate, head_rate=head_rate)
        noise = Noise(one_of(NOISINGS, objective, "objective"))
        material = Material(data, frozenset(leave_out or ()), generated, hold_out, noise, vary)
        go_on = _learn(Origin(model, encoder, tokenizer, tuple(beside or ())), anneal, lora)
        go_on(out=out, material=material, options=options, report=_log, seed=seed)
        if picture is not None:
            draw(out / "curve.jsonl", picture)


def _learn(origin: "Origin", anneal: float, lora: int) -> Callable[..., object]:
    """How training goes on from `origin`: by adapting a model of the hub, or by going on with one of ours.

    Raises:
        ModelError: only models of the hub can be adapted, and they have no mean.
    """
    from scaffold.train.adapt import Adaptation, adapt, is_of_the_hub
    from scaffold.train.run import train as run

    if origin.model is not None and is_of_the_hub(origin.model):
        if origin.beside:
            raise ModelError((), "the mean is of models like the embedded default", "leave --beside out")
        return partial(adapt, adaptation=Adaptation(origin.model, anneal, lora))
    if anneal or lora:
        raise ModelError((), "anneal and lora are for models of the hub", "leave them out, or name one by --model")
    return partial(run, origin=origin)


def evaluate(
    folder: RowsToEvaluate = None,
    model: Model = "default",
    device: Device = None,
    split: str = "test",
    rows: Annotated[int, typer.Option(help="Rows of each set, drawn at random")] = 100,
    generated: MadeUp = 0,
    seed: int = 0,
    preset: Annotated[str, typer.Option(help="`fast`, `balanced` or `quality`")] = "balanced",
    html: Annotated[Path | None, typer.Option(help="Also write a page with a report on every field")] = None,
    trained_on: TrainedOn = None,
    left_out: Annotated[list[str] | None, typer.Option(help="A set of that which it was not; repeatable")] = None,
    fit: FitInto = None,
) -> None:
    """Evaluate a model beside two baselines: quality and confidence as Markdown tables."""
    from scaffold.evals.calibration import fitted
    from scaffold.evals.novelty import learned
    from scaffold.evals.report import markdown, page
    from scaffold.evals.run import Evaluation, Sample, evaluate_generated
    from scaffold.evals.run import evaluate as run

    with reported(), busy("evaluating") as status:
        _check_rows(folder, generated, trained_on, left_out)
        for target in (html, fit):
            _check_target(target)
        filler = scaffold.Filler(model=model, device=device, preset=preset)
        if fit is not None:
            filler.calibration = type(filler.calibration)()  # an earlier fit must not be fitted again

        def report(one: Evaluation) -> None:
            status.update(f"evaluated {one.name} {one.novelty}")

        known = None if trained_on is None else learned(trained_on, frozenset(left_out or ()))
        found = [] if folder is None else run(filler, folder, Sample(split, rows, seed), known=known, report=report)
        found += evaluate_generated(filler, generated, seed, report=report) if generated else []
    if fit is not None:
        fitted([field for one in found for field in one.fields]).write(fit)
    if html is not None:
        html.write_text(page(found), "utf-8")
    typer.echo(markdown(found))


def _check_rows(folder: Path | None, generated: int, trained_on: Path | None, left_out: list[str] | None) -> None:
    """Every option has something that it is about.

    Raises:
        ModelError: one has not.
    """
    if generated < 0:
        raise ModelError((), f"no {generated} rows can be made up", "ask for 0 or more")
    if folder is None and not generated:
        raise ModelError((), "nothing to evaluate on", "name a folder or a file, or ask for --generated rows")
    if folder is None and trained_on is not None:
        raise ModelError((), "--trained-on is about rows of a folder or a file", "name one, or leave it out")
    if trained_on is None and left_out:
        raise ModelError((), "--left-out is about the sets of --trained-on", "give that too, or leave it out")


def _check_target(file: Path | None, made: Path | None = None) -> None:
    """A file can be written there, once there is a folder `made`: said before the work, not behind it.

    Raises:
        ModelError: it cannot.
    """
    if file is None:
        return
    folder = file.absolute().parent
    will_be = made is not None and folder == made.absolute()
    if file.is_dir() or not (folder.is_dir() or will_be):
        raise ModelError((), f"{file} cannot be written", "name a file in a folder that exists")


def _log(numbers: Mapping[str, float]) -> None:
    typer.echo(" ".join(f"{name}={value:.4g}" for name, value in numbers.items()))


def calibrate(
    model: Annotated[str, typer.Argument(help="A folder or a hub id; the weight is stored beside its weights")],
    prompts: Annotated[Path, typer.Argument(help="Texts without labels: one per line, or JSONL with a member `text`")],
    device: Device = None,
    rows: Annotated[int, typer.Option(help="How many prompts at most")] = 64,
) -> None:
    """Weigh "no more content" for a model that was not trained to say it."""
    from scaffold.models.calibrate import calibrate_null, save_calibration
    from scaffold.models.checkpoint import locate
    from scaffold.models.load import load

    with reported():
        texts = _texts(prompts)[:rows]
        with busy(f"loading {model}"):
            loaded = load(model, device)
        with busy("calibrating"):
            found = calibrate_null(loaded, texts)
        target = save_calibration(locate(model), loaded, found)
    typer.echo(json.dumps(asdict(found) | {"file": str(target)}))


def fit_decoding(
    folder: Annotated[Path, typer.Argument(help="Folder of `<set>/<split>.jsonl` files: text, schema, value")],
    model: Model = "default",
    split: str = "dev",
    sets: Annotated[list[str] | None, typer.Option("--set", help="A data set; repeatable, all if left out")] = None,
    rows: Annotated[int, typer.Option(help="Rows of each set, drawn at random")] = 8,
    steps: Annotated[int, typer.Option(help="Steps of the soft masks' optimiser")] = 60,
    searched: Annotated[int, typer.Option(help="Rows whose texts are looked at in all lengths")] = 24,
    write: Annotated[bool, typer.Option("--write", help="Keep what was fitted beside the weights")] = False,
    seed: int = 0,
) -> None:
    """Fit soft masks and the bias of the length search to a model like the embedded default: minutes on a CPU."""
    import torch

    from scaffold.models.embedded import embedded_folder
    from scaffold.models.fitted import DECODING
    from scaffold.models.load import LoadOptions, load
    from scaffold.train.fit_decoding import FitPlan
    from scaffold.train.fit_decoding import fit_decoding as run

    with reported(), busy("fitting"):
        plan = FitPlan(split, tuple(sets or ()), rows, steps, searched, seed)
        found = run(load(model, "cpu", LoadOptions(dtype=torch.float32)), folder, plan)
    if write:
        found.fitted.write(embedded_folder(model) / DECODING)
    typer.echo(json.dumps(asdict(found), indent=2))


def _texts(path: Path) -> list[str]:
    """Lines of a file; of JSONL, their member `text`.

    Raises:
        ModelError: the file cannot be read.
    """
    try:
        lines = path.read_text("utf-8").splitlines()
        return [json.loads(line)["text"] if path.suffix == ".jsonl" else line for line in lines if line.strip()]
    except (OSError, UnicodeDecodeError, json.JSONDecodeError, KeyError, TypeError) as error:
        raise ModelError((), f"cannot read prompts from {path}: {error}") from error
