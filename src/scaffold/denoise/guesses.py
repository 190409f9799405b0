"""What a row would come to if everything that a model call looked at were committed at once."""

from dataclasses import dataclass, replace

from scaffold.denoise.plans import everything, plan
from scaffold.denoise.row import Row, free_spans
from scaffold.denoise.structure import Seen, decide
from scaffold.errors import ScaffoldError


@dataclass(frozen=True, eq=False, slots=True)
class Call:
    """What one model call saw of a row, and what became of it."""

    before: Row
    after: Row
    seen: Seen


def guess(call: Call) -> Row | None:
    """The row before the call with its most probable structure and texts; None where that cannot be laid out.

    Items of lists and branches that the call did not look at stay open.
    """
    try:
        row = decide(call.before, replace(call.seen, certainty=0.0))
        spans = [span for span in free_spans(row) if span.key in call.seen.looks and row.is_open(span)]
        return everything(row, [plan(row, span, call.seen.looks[span.key]) for span in spans])
    except ScaffoldError:
        return None
