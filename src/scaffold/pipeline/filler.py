"""Fill typed objects from prompts: one call, or a model loaded once for many."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Literal, TypeVar, Unpack, overload

from typing_extensions import TypedDict

from scaffold.decode.confidence import Calibration
from scaffold.decode.result import FillFailure, FillResult
from scaffold.decode.votes import Vote
from scaffold.denoise.options import PRESETS, DenoiseOptions, presets_of
from scaffold.denoise.predictor import FormPredictor, MaskPredictor
from scaffold.denoise.row import OnMissing, OnOverflow, Row
from scaffold.errors import DenoiseError, ModelError
from scaffold.pipeline.compiled import Compiled, compile
from scaffold.pipeline.known import known_values
from scaffold.pipeline.quoting import Strings
from scaffold.pipeline.reopening import Held, paths_of, reopened_row, rewritten_row
from scaffold.pipeline.request import RequestOptions, request_row
from scaffold.pipeline.works import Run, Work, completed, work_of

T = TypeVar("T")
OnError = Literal["return", "raise"]
ON_ERROR: tuple[OnError, ...] = ("return", "raise")


class FillOptions(TypedDict, total=False):
    """What a fill may be told besides type and prompt."""

    known: Mapping[str, Any] | None
    """Values fixed before the fill: member names or JSON pointers."""
    strings: Strings
    """Whether strings quote the prompt: `quote` always, `free` never, `auto` where the quotation is likelier.

    A text that may as well be a number or another scalar is written freely, unless its type is marked with `Quote`.
    """
    on_missing: OnMissing
    """What a required field without evidence becomes: its best value, nothing where that is legal, or an error."""
    on_overflow: OnOverflow
    """What becomes of what the model's window has no room for: an error, the beginning, at confidence 0, or `split`.

    Split, the outer fields are filled first, then items and groups in windows, each beside the prompt and what says
    where it belongs; the object is validated as a whole. What does not fit even alone is an error.
    """
    normalise: bool
    """Read dates and numbers from the prompt's own words."""
    denoise: DenoiseOptions | None
    """Options of the loop, instead of the preset's."""
    repair_rounds: int
    """How often slots that a validator rejected are filled again."""
    on_step: Any
    """Called with a `Step` after each model call of each row."""
    vote: Vote
    """Which of a field's answers over the model calls stands: the last, or the one that most votes are for."""


class Filler:
    """A model and a preset, loaded once; a model may read a preset in its own way (`presets_of`).

    Raises:
        ModelError: there is no such model.
        DenoiseError: there is no such preset.
    """

    def __init__(
        self, model: str | MaskPredictor = "default", device: str | None = None, preset: str = "balanced"
    ) -> None:
        if preset not in PRESETS:
            raise DenoiseError((), f"there is no preset {preset!r}", f"use one of {', '.join(PRESETS)}")
        self.predictor = _predictor(model, device)
        self.options = presets_of(self.predictor)[preset]
        self.calibration = getattr(self.predictor, "calibration", Calibration())
        self.about = self.predictor.capabilities.to_dict() if isinstance(self.predictor, FormPredictor) else {}

    @overload
    def fill(self, target: type[T], prompt: str, **options: Unpack[FillOptions]) -> FillResult[T]: ...
    @overload
    def fill(self, target: Any, prompt: str, **options: Unpack[FillOptions]) -> FillResult[Any]: ...

    def fill(self, target: Any, prompt: str, **options: Unpack[FillOptions]) -> FillResult[Any]:
        """Fill one object.

        Raises:
            ScaffoldError: no valid object could be made; says where, what, and what to change.
        """
        (found,) = self.fill_many(target, [prompt], on_error="raise", **options)
        assert isinstance(found, FillResult), "errors are raised"
        return found

    @overload
    def fill_many(
        self, target: type[T], prompts: Iterable[str], *, batch_size: int = 32, on_error: OnError = "return",
        **options: Unpack[FillOptions],
    ) -> Iterator[FillResult[T] | FillFailure]: ...  # fmt: skip
    @overload
    def fill_many(
        self, target: Any, prompts: Iterable[str], *, batch_size: int = 32, on_error: OnError = "return",
        **options: Unpack[FillOptions],
    ) -> Iterator[FillResult[Any] | FillFailure]: ...  # fmt: skip

    def fill_many(
        self,
        target: Any,
        prompts: Iterable[str],
        *,
        batch_size: int = 32,
        on_error: OnError = "return",
        **options: Unpack[FillOptions],
    ) -> Iterator[FillResult[Any] | FillFailure]:
        """Fill an object per prompt, in order, `batch_size` of them at a time: a finished one makes room for the next.

        A few are begun ahead of the one that is given out next.

        A row that fails is a `FillFailure` in its place, or is raised where `on_error` is "raise"; errors of the schema
        and of the options are raised at once, either way.

        Raises:
            SchemaError: the type cannot be compiled.
            DenoiseError: an option is not offered, or `batch_size` is below 1.
        """
        asked, compiled = _asked(options, self.options), compile(target)
        _check_batch(batch_size, on_error)
        if isinstance(prompts, str):
            raise DenoiseError((), "one text was given where many are asked for", "use fill, or pass a list")
        works = (work_of(compiled, partial(request_row, compiled, self.predictor, p, asked)) for p in prompts)
        return self._outcomes(works, asked, batch_size, on_error)

    @overload
    def sample(
        self, target: type[T], prompt: str, n: int, *, on_error: OnError = "return", **options: Unpack[FillOptions]
    ) -> list[FillResult[T] | FillFailure]: ...
    @overload
    def sample(
        self, target: Any, prompt: str, n: int, *, on_error: OnError = "return", **options: Unpack[FillOptions]
    ) -> list[FillResult[Any] | FillFailure]: ...

    def sample(
        self, target: Any, prompt: str, n: int, *, on_error: OnError = "return", **options: Unpack[FillOptions]
    ) -> list[FillResult[Any] | FillFailure]:
        """Fill `n` objects from one prompt, in one batch, each with random numbers of its own.

        The same seed gives the same samples; the first one is what `fill` gives.

        Raises:
            DenoiseError: the options draw nothing, so all samples would be the same; or `n` is below 1.
        """
        asked, compiled = _asked(options, self.options), compile(target)
        if n < 1 or not asked.denoise.is_random:
            raise DenoiseError((), f"no {n} different samples", "ask for 1 or more, with a temperature above 0")
        _check_batch(n, on_error)
        numbered = (replace(asked, sample=number) for number in range(n))
        works = (work_of(compiled, partial(request_row, compiled, self.predictor, prompt, a)) for a in numbered)
        return [*self._outcomes(works, asked, n, on_error)]

    def refill(
        self, target: Any, value: Any, prompt: str, paths: Sequence[str], **options: Unpack[FillOptions]
    ) -> FillResult[Any]:
        """Fill the fields at `paths` (JSON pointers) again; everything else of `value` is kept.

        Raises:
            ScaffoldError: as for `fill`; a `LayoutError` where the type cannot hold `value`.
        """
        held = Held(value, prompt, paths_of(paths))
        return self._completed_one(target, held, reopened_row, _asked(options, self.options))

    def rewrite(
        self, target: Any, value: Any, prompt: str, paths: Sequence[str], **options: Unpack[FillOptions]
    ) -> FillResult[Any]:
        """Write the texts at `paths` (JSON pointers) anew; everything else of `value` is kept, and what is there stays.

        Raises:
            ScaffoldError: as for `refill`; a `LayoutError` where a path has no text in `value`.
        """
        held = Held(value, prompt, paths_of(paths))
        return self._completed_one(target, held, rewritten_row, _asked(options, self.options))

    def _completed_one(
        self,
        target: Any,
        held: Held,
        make: Callable[[Compiled, MaskPredictor, Held, RequestOptions], Row],
        asked: RequestOptions,
    ) -> FillResult[Any]:
        if asked.known:
            raise DenoiseError((), "known values beside a value that is kept", "put them into the value")
        compiled = compile(target)
        work = work_of(compiled, lambda: make(compiled, self.predictor, held, asked))
        (found,) = self._outcomes(iter([work]), asked, 1, "raise")
        assert isinstance(found, FillResult), "errors are raised"
        return found

    def _outcome(self, work: Work, index: int, on_error: OnError) -> FillResult[Any] | FillFailure:
        if work.result is not None:
            fields = {name: self.calibration(leaf) for name, leaf in work.result.fields.items()}
            return replace(work.result, model=self.about, fields=fields)
        assert work.error is not None, "a row ends with a result or an error"
        if on_error == "raise":
            raise work.error
        return FillFailure(index, work.error)

    def _outcomes(
        self, works: Iterator[Work], asked: RequestOptions, width: int, on_error: OnError
    ) -> Iterator[FillResult[Any] | FillFailure]:
        for place, work in enumerate(completed(works, Run(self.predictor, asked, width))):
            yield self._outcome(work, place, on_error)


def _check_batch(batch_size: int, on_error: str) -> None:
    if batch_size < 1:
        raise DenoiseError((), f"batch_size={batch_size} fills nothing", "use 1 or more")
    if on_error not in ON_ERROR:
        raise DenoiseError((), f"on_error={on_error!r} is not offered", f"use one of {', '.join(ON_ERROR)}")


def _asked(options: FillOptions, preset: DenoiseOptions) -> RequestOptions:
    unknown = set(options) - set(FillOptions.__annotations__)
    if unknown:
        names = ", ".join(sorted(FillOptions.__annotations__))
        raise DenoiseError((), f"unknown option {sorted(unknown)[0]!r}", f"the options are {names}")
    given = {name: value for name, value in options.items() if value is not None and name != "known"}
    known = known_values(options.get("known"))
    return RequestOptions(**{"denoise": preset, **given}, known=known)  # type: ignore[arg-type]


def _predictor(model: str | MaskPredictor, device: str | None) -> MaskPredictor:
    if isinstance(model, str):
        from scaffold.models.load import load  # noqa: PLC0415  (transformers takes seconds to import)

        return load(model, device)
    if not isinstance(model, MaskPredictor):
        raise ModelError((), f"{type(model).__name__} is not a model", "pass a name, a folder, or a MaskPredictor")
    own = str(getattr(model, "device", "cpu"))
    if device is not None and not own.startswith(device):
        raise ModelError((), f"the model is on {own}, not on {device!r}", "only models given by name are moved")
    return model


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
