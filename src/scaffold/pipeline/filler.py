"""Fill typed objects from prompts with a model that is loaded once for many."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any, Literal, TypeVar, Unpack, overload

import torch
from typing_extensions import TypedDict

from scaffold.decode.result import FillFailure, FillResult
from scaffold.decode.trace import Step
from scaffold.decode.validate import Validated
from scaffold.decode.votes import Vote
from scaffold.denoise.guesses import Call
from scaffold.denoise.loop import Finished, denoise
from scaffold.denoise.options import PRESETS, DenoiseOptions
from scaffold.denoise.predictor import FormPredictor, MaskPredictor
from scaffold.denoise.row import OnMissing, OnOverflow, Row
from scaffold.errors import DenoiseError, ModelError, Path, ScaffoldError, ValidationFailedError
from scaffold.pipeline.compiled import Compiled, compile
from scaffold.pipeline.known import known_values
from scaffold.pipeline.quoting import Strings
from scaffold.pipeline.repair import repaired
from scaffold.pipeline.request import RequestOptions, reopened_row, request_row
from scaffold.pipeline.results import Read, checked, field_results, step_of
from scaffold.pipeline.voting import Ballot, ballot, voted

T = TypeVar("T")
OnError = Literal["return", "raise"]


class FillOptions(TypedDict, total=False):
    """What a fill may be told besides type and prompt."""

    known: Mapping[str, Any] | None
    """Values fixed before the fill: member names or JSON pointers."""
    strings: Strings
    """Whether strings quote the prompt: `quote` always, `free` never, `auto` where the quotation is likelier."""
    on_missing: OnMissing
    """What a required field without evidence becomes: its best value, nothing where that is legal, or an error."""
    on_overflow: OnOverflow
    """What becomes of a text for which there is no room: an error, or its beginning, at confidence 0."""
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


@dataclass(slots=True)
class _Work:
    """One row on its way to a result."""

    compiled: Compiled
    row: Row | None
    error: ScaffoldError | None = None
    result: FillResult[Any] | None = None
    calls: int = 0
    rounds: int = 0
    steps: list[Step] = field(default_factory=list)
    ballots: list[Ballot] = field(default_factory=list)
    """Of the round that is running."""


class Filler:
    """A model and a preset, loaded once.

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
        self.device = getattr(self.predictor, "device", torch.device(device or "cpu"))
        self.options = PRESETS[preset]
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
        """Fill an object per prompt, in order, `batch_size` of them at a time.

        A row that fails is a `FillFailure` in its place, or is raised where `on_error` is "raise"; the schema's own
        errors are raised either way.
        """
        asked = _asked(options, self.options)
        compiled = compile(target)
        waiting = iter(prompts)
        done = 0
        while batch := list(islice(waiting, batch_size)):
            works = [_work(compiled, lambda p=p: request_row(compiled, self.predictor, p, asked)) for p in batch]
            self._run(works, asked)
            for work in works:
                yield _outcome(work, done, on_error, self.about)
                done += 1

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
            DenoiseError: the options draw nothing, so all samples would be the same.
        """
        asked, compiled = _asked(options, self.options), compile(target)
        if not asked.denoise.is_random:
            raise DenoiseError((), "samples without chance are all the same", "give denoise a temperature above 0")
        numbered = (replace(asked, sample=number) for number in range(n))
        works = [_work(compiled, lambda a=a: request_row(compiled, self.predictor, prompt, a)) for a in numbered]
        self._run(works, asked)
        return [_outcome(work, number, on_error, self.about) for number, work in enumerate(works)]

    def refill(
        self, target: Any, value: Any, prompt: str, paths: Sequence[str], **options: Unpack[FillOptions]
    ) -> FillResult[Any]:
        """Fill the fields at `paths` (JSON pointers) again; everything else of `value` is kept.

        Raises:
            ScaffoldError: as for `fill`; a `LayoutError` where the type cannot hold `value`.
        """
        asked, compiled = _asked(options, self.options), compile(target)
        open_paths = frozenset(known_values(dict.fromkeys(paths)))
        work = _work(compiled, lambda: reopened_row(compiled, self.predictor, prompt, value, open_paths, asked))
        self._run([work], asked)
        found = _outcome(work, 0, "raise", self.about)
        assert isinstance(found, FillResult), "errors are raised"
        return found

    def _run(self, works: Sequence[_Work], asked: RequestOptions) -> None:
        """Denoise, check, and repair until every row has a result or an error."""
        while pending := [w for w in works if w.result is None and w.error is None]:

            def told(index: int, call: Call, pending: list[_Work] = pending) -> None:
                _note(pending[index], call, asked)

            rows = [w.row for w in pending if w.row is not None]
            for work, finished in zip(
                pending, denoise(rows, self.predictor, asked.denoise, self.device, told), strict=True
            ):
                _advance(work, finished, asked)


def _asked(options: FillOptions, preset: DenoiseOptions) -> RequestOptions:
    unknown = set(options) - set(FillOptions.__annotations__)
    if unknown:
        names = ", ".join(sorted(FillOptions.__annotations__))
        raise DenoiseError((), f"unknown option {sorted(unknown)[0]!r}", f"the options are {names}")
    given = {name: value for name, value in options.items() if value is not None and name != "known"}
    known = known_values(options.get("known"))
    return RequestOptions(**{"denoise": preset, **given}, known=known)  # type: ignore[arg-type]


def _work(compiled: Compiled, make: Any) -> _Work:
    try:
        return _Work(compiled, make())
    except ScaffoldError as error:
        return _Work(compiled, None, error)


def _note(work: _Work, call: Call, asked: RequestOptions) -> None:
    """Keep what a model call did, and how it would have answered."""
    cast = ballot(call) if asked.vote != "last" or asked.on_step is not None else None
    work.ballots += [] if cast is None else [cast]
    step = step_of(len(work.steps) + 1, call.before, call.after, None if cast is None else cast.row)
    work.steps.append(step)
    if asked.on_step is not None:
        asked.on_step(step)


def _advance(work: _Work, finished: Finished, asked: RequestOptions) -> None:
    """Turn a finished row into a result, an error, or a row to fill again."""
    work.calls += finished.model_calls
    if finished.error is not None:
        work.error = finished.error
        return
    ballots, work.ballots = work.ballots, []
    try:
        if asked.vote != "last" and _is_elected(work, finished.row, ballots, asked.vote):
            return
        found, validated = _concluded(work, finished.row)
        if validated is None:
            return
        again = repaired(found, validated.problems) if work.rounds < asked.repair_rounds else None
        work.row, work.rounds = again, work.rounds + 1
        if again is None:
            work.error = _failure(found, validated.problems, validated.cause)
    except ScaffoldError as error:
        work.error = error


def _is_elected(work: _Work, final: Row, ballots: Sequence[Ballot], vote: Vote) -> bool:
    """Make the elected object the result; False where it is no other than the last one, or not valid."""
    row = voted(final, ballots, vote)
    try:
        return row is not None and _concluded(work, row)[1] is None
    except ScaffoldError:
        return False


def _concluded(work: _Work, row: Row) -> tuple[Read, Validated | None]:
    """Read a finished row and make it the result if it is valid; else what is wrong with it."""
    found, validated = checked(row, work.compiled)
    if validated.problems or found.clashes:
        return found, validated
    work.result = FillResult(validated.value, found.text, field_results(found), work.calls, tuple(work.steps))
    return found, None


def _failure(found: Read, problems: Sequence[Any], cause: Exception | None) -> ValidationFailedError:
    path: Path = problems[0].path if problems else found.paths[found.clashes[0].site]
    message = problems[0].message if problems else "the model keeps repeating this key"
    error = ValidationFailedError(path, message, "see `partial` for the last attempt", found.value)
    error.__cause__ = cause
    return error


def _outcome(work: _Work, index: int, on_error: OnError, about: Mapping[str, Any]) -> FillResult[Any] | FillFailure:
    if work.result is not None:
        return replace(work.result, model=about)
    assert work.error is not None, "a row ends with a result or an error"
    if on_error == "raise":
        raise work.error
    return FillFailure(index, work.error)


def _predictor(model: str | MaskPredictor, device: str | None) -> MaskPredictor:
    if isinstance(model, str):
        from scaffold.models.load import load  # noqa: PLC0415  (transformers takes seconds to import)

        return load(model, device)
    if not isinstance(model, MaskPredictor):
        raise ModelError((), f"{type(model).__name__} is not a model", "pass a name, a folder, or a MaskPredictor")
    return model
