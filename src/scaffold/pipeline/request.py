"""From a compiled type and a prompt to the first row of a fill."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from scaffold.decode.trace import Step
from scaffold.decode.votes import VOTES, Vote
from scaffold.denoise.commits import DynamicThresholds
from scaffold.denoise.options import DenoiseOptions
from scaffold.denoise.predictor import ExpandingPredictor, FormPredictor, MaskPredictor
from scaffold.denoise.regions.field_order import FieldOrder
from scaffold.denoise.row import OnMissing, OnOverflow, Request, Row, start
from scaffold.denoise.windows import BOUNDLESS, first_window
from scaffold.errors import DecodeError, DenoiseError, Path
from scaffold.layout.decisions import Decisions
from scaffold.pipeline.compiled import Compiled
from scaffold.pipeline.known import with_known
from scaffold.pipeline.quoting import Strings, pointing_at, quotable
from scaffold.pipeline.signature import signature

STRINGS: tuple[Strings, ...] = ("auto", "quote", "free")
ON_MISSING: tuple[OnMissing, ...] = ("best", "null", "error")
ON_OVERFLOW: tuple[OnOverflow, ...] = ("error", "cut", "split")


@dataclass(frozen=True, slots=True)
class RequestOptions:
    """One field per thing that a caller may ask of a fill; see `FillOptions`.

    Raises:
        DenoiseError: a value is not one of those offered.
    """

    denoise: DenoiseOptions
    known: Mapping[Path, Any] = field(default_factory=dict)
    strings: Strings = "auto"
    on_missing: OnMissing = "best"
    on_overflow: OnOverflow = "error"
    normalise: bool = True
    repair_rounds: int = 3
    on_step: Callable[[Step], None] | None = None
    vote: Vote = "last"
    sample: int = 0
    """Number of this fill among the samples of its prompt."""

    def __post_init__(self) -> None:
        """See `RequestOptions`."""
        for name, kind in (("denoise", DenoiseOptions), ("normalise", bool), ("repair_rounds", int)):
            if not isinstance(getattr(self, name), kind):
                raise DenoiseError((), f"{name}={getattr(self, name)!r} is not offered", f"give a {kind.__name__}")
        if self.on_step is not None and not callable(self.on_step):
            raise DenoiseError((), f"on_step={self.on_step!r} cannot be called", "give a function of one Step")
        offered = {"strings": STRINGS, "on_missing": ON_MISSING, "on_overflow": ON_OVERFLOW}
        for name, values in offered.items():
            if getattr(self, name) not in values:
                given = f"{name}={getattr(self, name)!r}"
                raise DenoiseError((), f"{given} is not offered", f"use one of {', '.join(values)}")
        if self.vote not in VOTES:
            raise DenoiseError((), f"vote={self.vote!r} is not offered", f"use one of {', '.join(VOTES)}")
        if self.repair_rounds < 0:
            raise DenoiseError((), "repair_rounds is below 0", "use 0 for no repair")


def request_row(compiled: Compiled, predictor: MaskPredictor, prompt: str, options: RequestOptions) -> Row:
    """The first row of a fill, known values written.

    Raises:
        DecodeError: the prompt is empty, or a known value is not legal.
        SlotBudgetError: prompt and layout do not fit the model's window.
    """
    request, is_split = request_of(compiled, predictor, prompt, options), options.on_overflow == "split"
    if not is_split:
        return with_known(start(request, Decisions()), options.known)
    row = with_known(start(replace(request, max_length=BOUNDLESS), Decisions()), options.known)
    return first_window(row, predictor.max_length)


def _check_prompt(prompt: object) -> None:
    if not isinstance(prompt, str):
        raise DecodeError((), f"the prompt is of type {type(prompt).__name__}", "give the text itself")
    if not prompt.strip():
        raise DecodeError((), "the prompt is empty", "give the text that the object is to be read from")
    half = next((at for at, letter in enumerate(prompt) if "\ud800" <= letter <= "\udfff"), None)
    if half is not None:
        message = f"character {half} of the prompt is half of a surrogate pair, which no encoding can spell"
        raise DecodeError((), message, "decode the text with errors='replace'")


def _prompt(compiled: Compiled, predictor: MaskPredictor, text: str) -> tuple[tuple[int, ...], int, int]:
    """The prompt; with the empty form in it for a model that does not see what stands behind a slot."""
    if isinstance(predictor, FormPredictor) and not predictor.capabilities.sees_later:
        return predictor.prompt_with_form(text, compiled.pretty())
    return predictor.prompt(text)


def request_of(compiled: Compiled, predictor: MaskPredictor, prompt: str, options: RequestOptions) -> Request:
    """What does not change while a prompt is filled.

    Raises:
        DecodeError: the prompt is empty, or no text.
        DenoiseError: the options are of another type or model.
    """
    _check_prompt(prompt)
    if isinstance(options.denoise.commit, DynamicThresholds):
        options.denoise.commit.check(signature(compiled, predictor))
    if isinstance(options.denoise.region, FieldOrder):
        options.denoise.region.check(compiled.layout)
    tokenizer = predictor.tokenizer
    ids, begin, end = _prompt(compiled, predictor, prompt)
    text = quotable(prompt, ids[begin:end], tokenizer)
    pointing = pointing_at(text, predictor.null_id, options.strings, is_normalised=options.normalise)
    expand_id = predictor.expand_id if isinstance(predictor, ExpandingPredictor) else None
    return Request(
        compiled.layout, ids, (begin, end), tokenizer, predictor.mask_id, predictor.null_id,
        predictor.max_length, pointing, options.on_missing, options.on_overflow, options.denoise.length.start,
        expand_id, options.sample,
    )  # fmt: skip
