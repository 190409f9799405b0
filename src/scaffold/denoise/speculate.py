"""Self-speculation: draft some steps ahead, and verify them as one batch."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from scaffold.denoise.look import Look, Looks
from scaffold.denoise.options import DenoiseOptions
from scaffold.denoise.predict import Glimpse
from scaffold.denoise.row import OPEN, Row
from scaffold.denoise.state import State
from scaffold.denoise.step import advanced
from scaffold.denoise.verdicts import Seen
from scaffold.layout.decisions import SlotKey


def drafted(state: State, options: DenoiseOptions) -> list[State]:
    """The row, and the states that it would pass through if the model said what it said the last time.

    Self-speculative decoding (arXiv:2510.04147), which drafts positions by confidence; here a draft is a whole step
    of the loop, so it works with any commit rule, region and structure.
    """
    chain = [state]
    while len(chain) <= options.speculation and not chain[-1].row.is_done:
        looks = _that_agree(chain[-1].row, state.looks)
        if not looks:
            break
        following = advanced(chain[-1], state.scored, Glimpse(looks, {}, None), options)
        if following.error is not None:
            break
        chain.append(following)
    return chain if chain[-1].is_active else chain[:-1] or chain


def verified(
    chain: Sequence[State], views: Sequence[Seen], glimpses: Sequence[Glimpse], options: DenoiseOptions
) -> State:
    """The state after one model call: as many steps as the chain foresaw rightly, and one more.

    Every step is taken with what the model says of the very state it starts from, so the result is the one of steps
    taken one by one.
    """
    state = chain[0]
    for node, view, glimpse in zip(chain, views, glimpses, strict=True):
        if not (state is node or is_same(state.row, node.row)):
            break
        state = advanced(state, view.scored, glimpse, options)
        if not state.is_active:
            break
    return replace(state, model_calls=chain[0].model_calls + 1)


def is_same(row: Row, other: Row) -> bool:
    """Whether a model call would see the same of both."""
    return row.decisions == other.decisions and _tokens(row) == _tokens(other)


def _tokens(row: Row) -> Mapping[SlotKey, tuple[int, ...]]:
    return {span.key: row.tokens(span) for span in row.template.spans}


def _that_agree(row: Row, looks: Looks) -> dict[SlotKey, Look]:
    """The looks that are still about the same slots, and about what is committed in them."""
    found = {}
    for span in row.template.spans:
        look, tokens = looks.get(span.key), row.tokens(span)
        if look is not None and OPEN in tokens and _agrees(tokens, look.path):
            found[span.key] = look
    return found


def _agrees(tokens: tuple[int, ...], path: tuple[int, ...]) -> bool:
    pairs = zip(tokens, path, strict=False)
    return len(tokens) == len(path) and all(token in {OPEN, wanted} for token, wanted in pairs)
