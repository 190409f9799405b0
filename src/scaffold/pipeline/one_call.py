"""Fill one typed object in one call; models that are named stay loaded."""

from typing import Any, TypeVar, Unpack, overload

from scaffold.denoise.predictor import MaskPredictor
from scaffold.pipeline.filler import Filler, FillOptions

T = TypeVar("T")


@overload
def fill(target: type[T], prompt: str, *, model: str | MaskPredictor = "default", device: str | None = None,
         preset: str = "balanced", **options: Unpack[FillOptions]) -> T: ...  # fmt: skip
@overload
def fill(target: Any, prompt: str, *, model: str | MaskPredictor = "default", device: str | None = None,
         preset: str = "balanced", **options: Unpack[FillOptions]) -> Any: ...  # fmt: skip


def fill(
    target: Any,
    prompt: str,
    *,
    model: str | MaskPredictor = "default",
    device: str | None = None,
    preset: str = "balanced",
    **options: Unpack[FillOptions],
) -> Any:
    """Fill one object of type `target` from `prompt`; a schema gives a plain Python value.

    Raises:
        ScaffoldError: no valid object could be made; says where, what, and what to change.
    """
    return _filler(model, device, preset).fill(target, prompt, **options).value


_FILLERS: dict[tuple[str, str | None, str], Filler] = {}


def _filler(model: str | MaskPredictor, device: str | None, preset: str) -> Filler:
    """Models named by a string stay loaded for the next call."""
    if not isinstance(model, str):
        return Filler(model, device, preset)
    key = (model, device, preset)
    if key not in _FILLERS:
        _FILLERS[key] = Filler(model, device, preset)
    return _FILLERS[key]
