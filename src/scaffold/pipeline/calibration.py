"""Learn how sure a model tends to be of each field of a type: one-shot dynamic thresholds."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from scaffold.decode.result import FillFailure
from scaffold.denoise.commits.dynamic_thresholds import DynamicThresholds, Recipe, learned, recording
from scaffold.errors import DenoiseError
from scaffold.pipeline.compiled import compile
from scaffold.pipeline.filler import Filler
from scaffold.pipeline.signature import signature


def calibrate(filler: Filler, target: Any, prompts: Iterable[str], recipe: Recipe | None = None) -> DynamicThresholds:
    """Fill a few prompts and take thresholds from the confidence of what was committed.

    The result is a commit rule (`DenoiseOptions(commit=...)`) for fills of this type by this model.

    Raises:
        DenoiseError: no prompt could be filled.
    """
    recipe = recipe or Recipe()
    recorded = recording(recipe)
    options = replace(filler.options, commit=recorded)
    found = list(filler.fill_many(target, prompts, denoise=options))
    if all(isinstance(one, FillFailure) for one in found):
        message = f"none of {len(found)} prompts could be filled"
        raise DenoiseError((), message, "calibrate with texts that the type can be read from")
    return learned(recorded.kept, signature(compile(target), filler.predictor), recipe)
