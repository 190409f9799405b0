"""Rows on their way to results: finished ones make room, invalid ones come back repaired, all leave in order."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from scaffold.decode.result import FillResult
from scaffold.decode.trace import Step
from scaffold.decode.validate import Validated
from scaffold.decode.votes import Vote
from scaffold.denoise.guesses import Call
from scaffold.denoise.loop import Finished, Source, stream
from scaffold.denoise.predictor import MaskPredictor
from scaffold.denoise.row import Row
from scaffold.denoise.windows import next_window, whole, window
from scaffold.errors import Path, ScaffoldError, SlotBudgetError, ValidationFailedError
from scaffold.pipeline.compiled import Compiled
from scaffold.pipeline.repair import repaired
from scaffold.pipeline.request import RequestOptions
from scaffold.pipeline.results import Read, checked, field_results, step_of
from scaffold.pipeline.voting import Ballot, ballot, voted

MAX_WINDOWS = 64
AHEAD = 2
"""Rows begun and not yet given out, at most, as a multiple of those filled at once: one slow row must not hold all."""


@dataclass(slots=True)
class Work:
    """One row on its way to a result."""

    compiled: Compiled
    row: Row | None
    error: ScaffoldError | None = None
    result: FillResult[Any] | None = None
    calls: int = 0
    rounds: int = 0
    windows: int = 1
    steps: list[Step] = field(default_factory=list)
    ballots: list[Ballot] = field(default_factory=list)
    """Of the round that is running."""

    @property
    def is_done(self) -> bool:
        """There is a result or an error."""
        return self.result is not None or self.error is not None


@dataclass(frozen=True, eq=False, slots=True)
class Run:
    """What all rows of a call share."""

    predictor: MaskPredictor
    asked: RequestOptions
    width: int
    """Rows filled at once."""


@dataclass(eq=False, slots=True)
class _Queue:
    """Rows in order of coming: those in flight, those that come back, those that are done and wait for others."""

    works: Iterator[Work]
    most: int
    line: deque[Work] = field(default_factory=deque)
    again: deque[Work] = field(default_factory=deque)
    running: dict[int, Work] = field(default_factory=dict)
    taken: int = 0
    is_empty: bool = False

    def next_row(self) -> Row | None:
        """A repaired row, else a new one if not too many wait already."""
        while not self.again and len(self.line) < self.most and not self.is_empty:
            work = next(self.works, None)
            if work is None:
                self.is_empty = True
                break
            self.line.append(work)
            if not work.is_done:
                self.again.append(work)
        if not self.again:
            return None
        work = self.again.popleft()
        self.running[self.taken] = work
        self.taken += 1
        return work.row

    def done(self) -> Iterator[Work]:
        """Those at the head of the line that need not wait any longer."""
        while self.line and self.line[0].is_done:
            yield self.line.popleft()


def completed(works: Iterator[Work], run: Run) -> Iterator[Work]:
    """Every work in its order, with a result or an error."""
    queue = _Queue(works, AHEAD * run.width)
    while not queue.is_empty:
        queue.running.clear()
        queue.taken = 0  # a stream counts from 0
        source = Source(queue.next_row, run.width)

        def told(number: int, call: Call) -> None:
            _note(queue.running[number], call, run.asked)

        for number, finished in stream(source, run.predictor, run.asked.denoise, told):
            work = queue.running.pop(number)
            _advance(work, finished, run)
            if not work.is_done:
                queue.again.append(work)
            yield from queue.done()
        yield from queue.done()


def work_of(compiled: Compiled, make: Callable[[], Row]) -> Work:
    """A row to fill, or why there is none."""
    try:
        return Work(compiled, make())
    except ScaffoldError as error:
        return Work(compiled, None, error)


def _note(work: Work, call: Call, asked: RequestOptions) -> None:
    """Keep what a model call did, and how it would have answered."""
    cast = ballot(call) if asked.vote != "last" or asked.on_step is not None else None
    work.ballots += [] if cast is None else [cast]
    step = step_of(len(work.steps) + 1, call.before, call.after, None if cast is None else cast.row)
    work.steps.append(step)
    if asked.on_step is not None:
        asked.on_step(step)


def _advance(work: Work, finished: Finished, run: Run) -> None:
    """Turn a finished row into a result, an error, or a row to fill further."""
    work.calls += finished.model_calls
    is_split, limit = run.asked.on_overflow == "split", run.predictor.max_length
    try:
        further = next_window(finished, limit) if is_split else None
        if further is not None:
            _count_window(work, further)
        if further is None and finished.error is None:
            again = _again(work, whole(finished.row) if is_split else finished.row, run.asked)
            further = window(again, limit) if is_split and again is not None else again
        work.row = further
        work.error = finished.error if further is None and not work.is_done else work.error
    except ScaffoldError as error:
        work.error = error


def _count_window(work: Work, row: Row) -> None:
    """Count one more window.

    Raises:
        SlotBudgetError: there were `MAX_WINDOWS` already: a model that never ends a list would get windows for ever.
    """
    work.windows += 1
    if work.windows > MAX_WINDOWS:
        message = f"after {MAX_WINDOWS} windows of {row.request.max_length} tokens it is still growing"
        raise SlotBudgetError((), message, "ask for less at once, or use a model with a longer window")


def _again(work: Work, row: Row, asked: RequestOptions) -> Row | None:
    """The row open again where it is not valid; None where it is now the result, or an error."""
    ballots, work.ballots = work.ballots, []
    if asked.vote != "last" and _is_elected(work, row, ballots, asked.vote):
        return None
    found, validated = _concluded(work, row)
    if validated is None:
        return None
    again = repaired(found, validated.problems, work.compiled.faults) if work.rounds < asked.repair_rounds else None
    work.rounds += 1
    if again is None:
        work.error = _failure(found, validated.problems, validated.cause)
    return again


def _is_elected(work: Work, final: Row, ballots: Sequence[Ballot], vote: Vote) -> bool:
    """Make the elected object the result; False where it is no other than the last one, or not valid."""
    row = voted(final, ballots, vote)
    try:
        return row is not None and _concluded(work, row)[1] is None
    except ScaffoldError:
        return False


def _concluded(work: Work, row: Row) -> tuple[Read, Validated | None]:
    """Read a finished row and make it the result if it is valid; else what is wrong with it."""
    found, validated = checked(row, work.compiled)
    if validated.problems or found.clashes:
        return found, validated
    work.result = FillResult(validated.value, found.text, field_results(found), work.calls, tuple(work.steps))
    return found, None


def _failure(found: Read, problems: Sequence[Any], cause: Exception | None) -> ValidationFailedError:
    path: Path = problems[0].path if problems else found.paths[found.clashes[0].site]
    message = problems[0].message if problems else "the model keeps repeating this key"
    hint = "ask for less there, allow more repair_rounds, or take another model; `partial` is the last attempt"
    error = ValidationFailedError(path, message, hint, found.value)
    error.__cause__ = cause
    return error
