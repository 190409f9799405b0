"""One step of one row: what a model call lets it decide, size, commit and open again."""

from collections.abc import Set as AbstractSet
from dataclasses import replace

from scaffold.denoise import history
from scaffold.denoise.frame import Frame, Probe, frame
from scaffold.denoise.lengths.resize import resized
from scaffold.denoise.lengths.seam import Resizing, Sizing
from scaffold.denoise.look import Look, Looks
from scaffold.denoise.options import DenoiseOptions
from scaffold.denoise.plans import Chance, commit, must_hold, plan, within
from scaffold.denoise.predict import Glimpse
from scaffold.denoise.regions.extent import EVERYWHERE, Extent, OpenSlot
from scaffold.denoise.revisits.overwrite import editable, edited
from scaffold.denoise.revisits.reopen import check_probes, reopened, standings
from scaffold.denoise.revisits.seam import Revisit
from scaffold.denoise.revisits.token_editing import TokenEditing
from scaffold.denoise.rivals import waiting
from scaffold.denoise.row import Row, free_spans, with_decisions
from scaffold.denoise.state import State
from scaffold.denoise.structure import decide
from scaffold.denoise.verdicts import Seen
from scaffold.denoise.wholeness import held_legal, held_whole, with_forced
from scaffold.errors import DenoiseError, Path, ScaffoldError
from scaffold.layout.decisions import SlotKey

LENGTH = "length"


def framed(state: State) -> Frame:
    """What the next model call has to see of a row."""
    return frame(state.row, (*check_probes(state.row, state.unchecked), *_length_probes(state)), state.reread)


def _length_probes(state: State) -> list[Probe]:
    """The row with the slots that are searched at other lengths, all of them together."""
    found = []
    for index in range(max(map(len, state.lengths.values()), default=0)):
        sizes = {key: lengths[index] for key, lengths in state.lengths.items() if index < len(lengths)}
        decisions = replace(state.row.decisions, sizes={**state.row.decisions.sizes, **sizes})
        laid = with_decisions(state.row, decisions)
        found += [] if laid is None else [Probe((LENGTH, index), laid, frozenset(sizes))]
    return found


def advanced(state: State, scored: frozenset[Path], glimpse: Glimpse, options: DenoiseOptions) -> State:
    """The row after one step; its error where it cannot go on."""
    is_closing = state.step + 1 >= options.max_steps
    is_late = state.step >= options.max_steps
    rivals = frozenset() if is_closing else waiting(state.row, glimpse.looks)
    seen = Seen(glimpse.looks, scored, options.certainty, is_closing, is_late=is_late, waiting=rivals)
    try:
        after = _step(state, seen, glimpse, options)
        if not _is_progress(state, after):
            after = _step(state, replace(seen, certainty=0.0, waiting=frozenset()), glimpse, options)
        if not _is_progress(state, after):
            raise DenoiseError((), "a model call changed nothing", "this is a bug: please report it")
    except ScaffoldError as error:
        return replace(state, error=error)
    kept = history.seen(state.history, glimpse.looks) if options.reads_drift else state.history
    return replace(after, step=state.step + 1, memory=glimpse.memory, history=kept, looks=glimpse.looks, scored=scored)


def _is_progress(before: State, after: State) -> bool:
    return after.row is not before.row or bool(before.unchecked) or bool(before.reread) or bool(after.lengths)


def _step(state: State, seen: Seen, glimpse: Glimpse, options: DenoiseOptions) -> State:
    """Decide, size, commit and revisit what one model call allows; the same row where that is nothing."""
    extent = EVERYWHERE if seen.is_closing else _extent(state, glimpse.looks, options)
    entered = state.entered if extent.label == state.extent.label else state.step
    row = with_forced(decide(state.row, replace(seen, reach=extent.keys)), glimpse.looks)
    resizing = Resizing() if seen.is_closing else options.length(_sizings(row, glimpse, options), state.sizing)
    row, changed = resized(row, resizing.changes)
    row = _committed(
        row, replace(state, extent=extent, entered=entered), seen, resizing.waiting | changed | seen.waiting, options
    )
    after = replace(
        state, row=row, extent=extent, entered=entered, sizing=resizing.kept, lengths=resizing.lengths, unchecked={},
        reread=frozenset(),
    )  # fmt: skip
    match None if seen.is_closing else options.revisit:
        case None:
            return after
        case TokenEditing() as rule:
            return _edited(state, after, glimpse, rule)
        case rule:
            return _revisited(state, after, glimpse, rule)


def _extent(state: State, looks: Looks, options: DenoiseOptions) -> Extent:
    row = state.row
    slots = [
        OpenSlot(span, row.tokens(span), looks[span.key])
        for span in row.template.spans
        if span.key in looks and row.is_open(span)
    ]
    return options.region(slots, row, state.extent) if slots else EVERYWHERE


def _committed(row: Row, state: State, seen: Seen, waiting: AbstractSet[SlotKey], options: DenoiseOptions) -> Row:
    """Commit to the slots that were looked at, may be written to, lie within the region, and keep their length."""
    places = state.extent.places
    found = []
    for span in free_spans(row):
        look = seen.looks.get(span.key)
        is_reached = places is None or span.key in places
        if look is not None and is_reached and span.key not in waiting and row.is_open(span):
            here = None if places is None else places[span.key]
            reach = None if seen.is_closing else _reach(look, here)
            found.append(within(plan(row, span, look), reach, row.request.null_id))
    plans = [one for one in found if one is not None]
    if not plans:
        return row
    chance = Chance(state.draw, state.history)
    after = commit(row, plans, options, state.step - state.entered, chance, is_closing=seen.is_closing)
    after = after if options.is_sound else held_legal(row, after)
    return held_whole(row, after, options.max_slot, is_closing=seen.is_closing)


def _reach(look: Look, here: AbstractSet[int] | None) -> AbstractSet[int] | None:
    """The places of an extent that the proposed path was made for."""
    if look.reach is None:
        return here
    made = frozenset(range(look.reach))
    return made if here is None else made & here


def _sizings(row: Row, glimpse: Glimpse, options: DenoiseOptions) -> list[Sizing]:
    """The open slots that may be written to, and how long each may be."""
    spans = [span for span in free_spans(row) if span.key in glimpse.looks and row.is_open(span)]
    request = row.request
    room = request.max_length - len(request.prompt) - len(row.template.token_ids)
    found = []
    for span in spans:
        automaton = request.automaton(row.slot(span))
        limits = [options.max_slot, span.size + room, automaton.max_tokens]
        limits += [span.size] if span.key in row.forced else []
        most = max(span.size, min(limit for limit in limits if limit is not None))
        may_be_null = glimpse.looks[span.key].is_empty_legal and not must_hold(row, span)
        probed = {
            len(look.path): look
            for (tag, key), look in glimpse.probed.items()
            if key == span.key and isinstance(tag, tuple) and tag[0] == LENGTH
        }
        found.append(
            Sizing(
                span.key, row.tokens(span), glimpse.looks[span.key], automaton.min_tokens, most, request.null_id,
                request.expand_id, probed, may_be_null, span.size + room // len(spans),
            )
        )  # fmt: skip
    return found


def _edited(before: State, after: State, glimpse: Glimpse, rule: TokenEditing) -> State:
    """Overwrite places, and say which slots the next call has to read again: none where nothing changed any more."""
    row, times = edited(before.row, after.row, after.reopened, glimpse.probed, rule)
    is_settled = row is before.row and row.is_done
    reread = frozenset() if is_settled else frozenset(slot.key for slot in editable(row, times, rule))
    return replace(after, row=row, reopened=times, reread=reread)


def _revisited(before: State, after: State, glimpse: Glimpse, rule: Revisit) -> State:
    """Open places again, and say which ones the next call has to check."""
    assert before.draw.generator is not None, "every row has one"
    standing = standings(before.row, after.row, after.reopened, glimpse.probed)
    places = rule(standing, before.step, before.draw.generator)
    times = {key: after.reopened.get(key, 0) + 1 for key in places}
    row = reopened(after.row, places)
    checks = rule.checks(standings(before.row, row, {**after.reopened, **times}, {}))
    # What is open again may lie before the region, and a text is committed from its first open position on.
    extent = EVERYWHERE if places else after.extent
    return replace(after, row=row, extent=extent, reopened={**after.reopened, **times}, unchecked=checks)
