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
from scaffold.layout.encode import Encoded
from scaffold.pipeline.compiled import Compiled
from scaffold.pipeline.known import with_encoded, with_known
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
    request, is_split = _request(compiled, predictor, prompt, options), options.on_overflow == "split"
    if not is_split:
        return with_known(start(request, Decisions()), options.known)
    row = with_known(start(replace(request, max_length=BOUNDLESS), Decisions()), options.known)
    return first_window(row, predictor.max_length)


def reopened_row(
    compiled: Compiled,
    predictor: MaskPredictor,
    prompt: str,
    value: Any,
    paths: frozenset[Path],
    options: RequestOptions,
) -> Row:
    """A row that holds `value`, open at and below `paths`."""
    plain = value if compiled.source.adapter is None else _plain(compiled, value)
    found = compiled.encode(plain)
    old = found.decisions
    kept = Encoded(
        Decisions(
            {key: there for key, there in old.maybes.items() if not _is_open(key[0], paths)},
            {site: count for site, count in old.counts.items() if not _is_open(site, paths)},
            frozenset(site for site in old.ended if not _is_open(site, paths)),
            {site: branch for site, branch in old.branches.items() if not _is_open(site, paths)},
        ),
        {key: text for key, text in found.texts.items() if not _is_open(key[0], paths)},
    )
    request, is_split = _request(compiled, predictor, prompt, options), options.on_overflow == "split"
    row = start(replace(request, max_length=BOUNDLESS) if is_split else request, kept.decisions)
    given = frozenset(site for site, _ in kept.texts) | frozenset(key[0] for key in kept.decisions.maybes)
    known = with_encoded(row, kept, frozenset(s for s in given if not _holds_open(s, paths)))
    return first_window(known, predictor.max_length) if is_split else known


def _plain(compiled: Compiled, value: Any) -> Any:
    assert compiled.source.adapter is not None, "a type has an adapter"
    return compiled.source.adapter.dump_python(value, mode="json", by_alias=True)


def _shown(site: Path) -> tuple[str, ...]:
    return tuple(str(step) for step in site if isinstance(step, str) or step >= 0)


def _is_open(site: Path, paths: frozenset[Path]) -> bool:
    return any(_shown(site)[: len(path)] == path for path in paths)


def _holds_open(site: Path, paths: frozenset[Path]) -> bool:
    return any(path[: len(_shown(site))] == _shown(site) for path in paths)


def _prompt(compiled: Compiled, predictor: MaskPredictor, text: str) -> tuple[tuple[int, ...], int, int]:
    """The prompt; with the empty form in it for a model that does not see what stands behind a slot."""
    if isinstance(predictor, FormPredictor) and not predictor.capabilities.sees_later:
        return predictor.prompt_with_form(text, compiled.pretty())
    return predictor.prompt(text)


def _request(compiled: Compiled, predictor: MaskPredictor, prompt: str, options: RequestOptions) -> Request:
    if isinstance(options.denoise.commit, DynamicThresholds):
        options.denoise.commit.check(signature(compiled, predictor))
    if isinstance(options.denoise.region, FieldOrder):
        options.denoise.region.check(compiled.layout)
    if not prompt.strip():
        raise DecodeError((), "the prompt is empty", "give the text that the object is to be read from")
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
