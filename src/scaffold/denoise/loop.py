"""The denoise loop: predict, look, decide structure, size, commit, revisit, until nothing is open."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice

import torch

from scaffold.denoise.draws import Draw
from scaffold.denoise.frame import expected, portions
from scaffold.denoise.guesses import Call
from scaffold.denoise.lengths.expand import Expand
from scaffold.denoise.options import DenoiseOptions
from scaffold.denoise.predict import predict
from scaffold.denoise.predictor import (
    BlendPredictor,
    ExpandingPredictor,
    FormPredictor,
    MaskPredictor,
    PortionedPredictor,
)
from scaffold.denoise.regions.blocks import Blocks
from scaffold.denoise.regions.whole import Whole
from scaffold.denoise.revisits.token_editing import TokenEditing
from scaffold.denoise.row import Row
from scaffold.denoise.side_by_side import side_by_side
from scaffold.denoise.speculate import drafted, verified
from scaffold.denoise.state import State
from scaffold.denoise.step import framed
from scaffold.denoise.verdicts import Seen
from scaffold.errors import DenoiseError, ScaffoldError

OnCall = Callable[[int, Call], None]
"""Told of each row that took part in a model call: its place, and what the call did to it."""
SAMPLES_APART = 1_000_003
"""Distance between the seeds of the samples of one prompt, so that they do not meet those of nearby seeds."""


@dataclass(frozen=True, eq=False, slots=True)
class Finished:
    """A row whose slots are all written, or why it could not be filled; and the model calls it took part in."""

    row: Row
    error: ScaffoldError | None
    model_calls: int


def denoise(rows: Sequence[Row], predictor: MaskPredictor, options: DenoiseOptions, on_call: OnCall) -> list[Finished]:
    """Fill all rows together; what becomes of one does not depend on the others.

    Raises:
        DenoiseError: the predictor cannot do what the options ask of it.
    """
    waiting = iter(rows)
    source = Source(lambda: next(waiting, None), max(1, len(rows)))
    found = dict(stream(source, predictor, options, on_call))
    return [found[number] for number in range(len(rows))]


@dataclass(frozen=True, slots=True)
class Source:
    """Where rows come from, and how many are filled at once."""

    next_row: Callable[[], Row | None]
    """The next row; None where there is none for now."""
    width: int


def stream(
    source: Source, predictor: MaskPredictor, options: DenoiseOptions, on_call: OnCall
) -> Iterator[tuple[int, Finished]]:
    """Rows as they are finished, by their number in the order of coming; each makes room for another one.

    Ends when nothing is being filled and no row is there.

    Raises:
        DenoiseError: the predictor cannot do what the options ask of it.
    """
    _check(predictor, options)
    options = replace(options, region=Blocks(1)) if _is_sequential(predictor) else options
    states: dict[int, State] = {}
    taken = 0
    while True:
        while len(states) < source.width and (row := source.next_row()) is not None:
            states[taken] = State(row, _draw(row, options))
            taken += 1
        if not states:
            return
        if active := [number for number, state in states.items() if state.is_active]:
            chains = [drafted(states[number], options) for number in active]
            for number, (after, seen) in zip(active, _called(chains, predictor, options), strict=True):
                before, states[number] = states[number].row, after
                on_call(number, Call(before, after.row, seen))
        for number in [number for number, state in states.items() if not state.is_active]:
            state = states.pop(number)
            yield number, Finished(state.row, state.error, state.model_calls)


def _called(
    chains: Sequence[Sequence[State]], predictor: MaskPredictor, options: DenoiseOptions
) -> list[tuple[State, Seen]]:
    """The rows after one model call for all of them, and what it said about them as they were.

    All of them are one call, unless the model would rather be shown portions, side by side; results are the same.
    """
    if not isinstance(predictor, PortionedPredictor):
        return _together(chains, predictor, options)
    sizes = [expected([node.row for node in nodes]) for nodes in chains]
    parts = portions(sizes, predictor.portion, torch.get_num_threads())

    def of(portion: Sequence[int]) -> list[tuple[State, Seen]]:
        return _together([chains[index] for index in portion], predictor, options)

    found = dict(zip(chain.from_iterable(parts), chain.from_iterable(side_by_side(of, parts)), strict=True))
    return [found[index] for index in range(len(chains))]


def _together(
    chains: Sequence[Sequence[State]], predictor: MaskPredictor, options: DenoiseOptions
) -> list[tuple[State, Seen]]:
    """The same in one call."""
    nodes = [*chain.from_iterable(chains)]
    frames = [framed(node) for node in nodes]
    own = [node.memory for node in nodes], [node.draw for node in nodes]
    glimpses = predict(frames, own, predictor, options)
    seen = iter([Seen(glimpse.looks, f.scored) for f, glimpse in zip(frames, glimpses, strict=True)])
    rest = iter(glimpses)
    found = []
    for drafts in chains:
        views = list(islice(seen, len(drafts)))
        found.append((verified(drafts, views, list(islice(rest, len(drafts))), options), views[0]))
    return found


def _draw(row: Row, options: DenoiseOptions) -> Draw:
    """Each row draws from a generator of its own, so that a batch does not change it; samples differ by number."""
    seed = options.seed + row.request.sample * SAMPLES_APART
    return Draw(options.temperature, torch.Generator().manual_seed(seed % 2**63))


def _check(predictor: MaskPredictor, options: DenoiseOptions) -> None:
    name = type(predictor).__name__
    if options.memory is not None and options.memory.softens and not isinstance(predictor, BlendPredictor):
        raise DenoiseError((), f"{name} cannot be shown soft masks", "use another memory, or a predictor with `soften`")
    if isinstance(options.length, Expand) and not isinstance(predictor, ExpandingPredictor):
        raise DenoiseError((), f"{name} has no expand token", "use another length, or a predictor with `expand_id`")
    if _is_sequential(predictor) and options.region not in (Whole(), Blocks(1)):
        raise DenoiseError((), f"{name} writes from left to right", "leave `region` as it is")
    if _is_sequential(predictor) and isinstance(options.revisit, TokenEditing):
        raise DenoiseError((), f"{name} has no opinion on what it has written", "leave `revisit` as it is")


def _is_sequential(predictor: MaskPredictor) -> bool:
    return isinstance(predictor, FormPredictor) and predictor.capabilities.is_sequential
