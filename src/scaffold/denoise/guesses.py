"""What a row would come to if everything that a model call looked at were committed at once."""

from dataclasses import dataclass, replace

from scaffold.denoise.plans import everything, plan
from scaffold.denoise.row import Row, free_spans
from scaffold.denoise.structure import decide
from scaffold.denoise.verdicts import Seen
from scaffold.denoise.wholeness import may_be_cut
from scaffold.errors import ScaffoldError


@dataclass(frozen=True, eq=False, slots=True)
class Call:
    """What one model call saw of a row, and what became of it."""

    before: Row
    after: Row
    seen: Seen


def guess(call: Call) -> Row | None:
    """The row before the call with its most probable structure and texts; None where that cannot be laid out.

    What the call did not look at stays open: items of lists, branches, and the rest of a text that goes on beyond
    its slot, so that no beginning is taken for an answer.
    """
    looks = call.seen.looks
    try:
        row = decide(call.before, replace(call.seen, certainty=0.0))
        spans = [s for s in free_spans(row) if s.key in looks and row.is_open(s) and looks[s.key].reach is None]
        done = everything(row, [plan(row, span, looks[span.key]) for span in spans])
    except ScaffoldError:
        return None
    cut = {span.key for span in spans if may_be_cut(done, span)}
    return replace(done, written={key: tokens for key, tokens in done.written.items() if key not in cut})
