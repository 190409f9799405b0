"""The command line: fill, show, demo, train, calibrate, fit-decoding, eval, bench."""

from typing import Annotated

import typer

import scaffold
from scaffold.cli.benching import bench
from scaffold.cli.filling import demo, fill, show
from scaffold.cli.learning import calibrate, evaluate, fit_decoding, train

app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, help="Typed objects from text.")


@app.callback(invoke_without_command=True)
def main(version: Annotated[bool, typer.Option("--version", help="Print the version")] = False) -> None:
    """Typed objects from text, by a masked-diffusion language model."""
    if version:
        typer.echo(scaffold.__version__)
        raise typer.Exit


for command in (fill, demo, show, train, calibrate, fit_decoding):
    app.command()(command)
app.command("eval")(evaluate)
app.add_typer(bench, name="bench")
