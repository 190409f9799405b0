"""No text is wrong silently: what fills its slot to the brim, or is not legal, is an error, or has no confidence."""

from dataclasses import replace
from math import inf

from scaffold.constraints.automaton import DEAD
from scaffold.constraints.slot_automaton import SlotAutomaton
from scaffold.denoise.look import Look, Looks
from scaffold.denoise.meaning import Said
from scaffold.denoise.row import OPEN, Row, free_spans
from scaffold.denoise.verdicts import shown
from scaffold.errors import DecodeError, SlotBudgetError, pointer
from scaffold.layout.spans import SlotSpan
from scaffold.schema import ir

BLIND_GROWTH = 96
"""Positions beyond its start size after which a slot grows for a text that the model means, and for no other."""


def with_forced(row: Row, looks: Looks) -> Row:
    """Note the texts that have no end because the model says something else, which is not legal.

    A longer slot would only hold more of the same. A text that the model means has no such bound. Where the window
    has not the room for all open slots to double, such a text does not take it from the others.
    """
    spans = [span for span in free_spans(row) if span.key in looks]
    share = (row.request.free - len(row.template.token_ids)) // max(1, len(spans))
    found = {span.key for span in spans if _is_forced(row, span, looks[span.key], share)}
    return replace(row, forced=row.forced | found) if found - row.forced else row


def _is_forced(row: Row, span: SlotSpan, look: Look, share: int) -> bool:
    most = BLIND_GROWTH + row.request.size_of(row.slot(span))
    if look.path[-1] == row.request.null_id or (span.size < most and span.size <= share):
        return False
    return not Said(look.log_content, row.tokens(span).count(OPEN)).is_meant


def held_whole(before: Row, after: Row, max_slot: int, *, is_closing: bool) -> Row:
    """Look at the slots that a commit has completed; a text that may have been cut gets confidence 0.

    Raises:
        SlotBudgetError: a text that the model means may have been cut, the loop could go on, and the caller did not
            ask for the beginning.
    """
    for span in free_spans(after):
        if before.is_open(span) and not after.is_open(span) and may_be_cut(after, span):
            if after.request.on_overflow != "cut" and not is_closing and span.key not in after.forced:
                raise _no_room(after, span, max_slot)
            note = f"{pointer(shown(span.site)) or '/'}: cut at {span.size} tokens"
            after = replace(after, notes=(*after.notes, note), chances={**after.chances, span.key: -inf})
    return after


def held_legal(before: Row, after: Row) -> Row:
    """Look at the slots that a commit has completed: an illegal text can only come of a weaker constraint.

    Raises:
        DecodeError: a text is not legal.
    """
    for span in free_spans(after):
        is_new = before.is_open(span) and not after.is_open(span) and span.key not in after.readings
        if is_new and not after.request.automaton(after.slot(span)).accepts(after.tokens(span)):
            hint = "use constraint=Lattice(), under which every fill is legal"
            raise DecodeError(shown(span.site), "the tokens that were chosen are no legal text", hint)
    return after


def may_be_cut(row: Row, span: SlotSpan) -> bool:
    """Whether the slot is full, of free content, and a longer text would be legal; a quotation is whole."""
    tokens, slot = row.tokens(span), row.slot(span)
    automaton = row.request.automaton(slot)
    is_chosen = span.key in row.readings or isinstance(slot.node, ir.Enum) or automaton.literals is not None
    if is_chosen or tokens[-1] == row.request.null_id:
        return False
    if not slot.is_bare:
        return _goes_on(automaton, automaton.after(tokens))
    # The closing quote stands in the slot, so a cut text is closed: was there more to say before its last token?
    before = automaton.transitions[automaton.after(tokens[:-1]), : automaton.null_class]
    return any(_goes_on(automaton, state) for state in set(before.tolist()))


def _goes_on(automaton: SlotAutomaton, state: int) -> bool:
    """Whether more content may follow in a state."""
    return state != DEAD and bool((automaton.transitions[state, : automaton.null_class] != DEAD).any())


def _no_room(row: Row, span: SlotSpan, max_slot: int) -> SlotBudgetError:
    request = row.request
    if span.size >= max_slot:
        why, hint = f"no slot may be larger than {max_slot}", "raise DenoiseOptions.max_slot"
    else:
        taken = len(request.prompt) + len(row.template.token_ids)
        why = f"{taken} of the {request.max_length} tokens of the model's window are taken"
        hint = "shorten the prompt, ask for less at once, or use a model with a longer window"
    message = f"the text fills its {span.size} positions without an end, and {why}"
    return SlotBudgetError(shown(span.site), message, hint + '; on_overflow="cut" keeps the beginning')
