"""Fill the same rows with every member, and keep each outcome: a run that is cut off goes on where it was."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from random import Random
from time import perf_counter, process_time
from typing import Any

from scaffold.decode.order import global_ar_ness, local_ar_ness, slot_orders, tokens_per_call
from scaffold.decode.oscillation import Oscillation, histories, oscillation
from scaffold.decode.result import FillResult
from scaffold.decode.trace import Step
from scaffold.errors import DecodeError, ScaffoldError, pointer
from scaffold.evals.decode_members import Member
from scaffold.evals.kept import keep, resumed
from scaffold.evals.metrics import Counts, compare, is_nothing, leaves
from scaffold.pipeline import Filler, calibrate
from scaffold.pipeline.quoting import Strings
from scaffold.schema import canonical
from scaffold.train.corpora import Row, read_rows, split_files

Key = tuple[str, str, int]
"""Member, data set, number of the row in its sample."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One row filled by one member."""

    member: str
    data_set: str
    row: int
    counts: Counts
    tokens: tuple[int, ...] = ()
    """Content tokens that each model call committed."""
    local: float | None = None
    """AR-ness local@1."""
    leftmost: float | None = None
    """AR-ness global@1."""
    steps: Oscillation = field(default_factory=Oscillation)
    """Fields with a value that were right at some step, and at the last one; of watched members."""
    seconds: float = 0.0
    """Of processor time: the machine may be busy with something else."""

    @property
    def key(self) -> Key:
        """What is not done twice."""
        return self.member, self.data_set, self.row

    @classmethod
    def from_dict(cls, found: Mapping[str, Any]) -> "Outcome":
        """Read what `asdict` gave."""
        counts, steps = Counts(**found["counts"]), Oscillation(**found["steps"])
        return cls(**{**found, "counts": counts, "steps": steps, "tokens": tuple(found["tokens"])})


@dataclass(frozen=True, slots=True)
class Plan:
    """Which rows are filled: a seeded sample of each data set."""

    folder: str
    split: str
    rows: int
    seed: int
    sets: tuple[str, ...] = ()
    """All, if empty."""
    strings: Strings = "auto"
    """Whether texts are quoted: a quotation is one decision, so orders show on texts that are written freely."""


def sampled(plan: Plan) -> dict[str, list[Row]]:
    """The rows by data set.

    Raises:
        DecodeError: there is no data set of a name that is asked for.
        ModelError: there is no data.
    """
    files = split_files(Path(plan.folder), plan.split)
    unknown = sorted(set(plan.sets) - set(files))
    if unknown:
        raise DecodeError((), f"no data set {unknown[0]!r}", f"there are {', '.join(files)}")
    found = {}
    for name in plan.sets or files:
        rows = list(read_rows(files[name]))
        found[name] = Random(plan.seed).sample(rows, min(plan.rows, len(rows)))
    return found


def run(
    filler: Filler,
    members: Mapping[str, Member],
    plan: Plan,
    kept: Path,
    report: Callable[[str], None] = lambda _: None,
) -> list[Outcome]:
    """Fill every row with every member, row by row, and append each outcome to the file `kept`.

    What that file holds already is not done again. A row that cannot be filled counts as wrong everywhere.

    Raises:
        DecodeError: the file belongs to another plan.
    """
    outcomes = {one.key: one for one in map(Outcome.from_dict, resumed(kept, plan))}
    data = sampled(plan)
    todo = [(name, index, m) for index in range(plan.rows) for name in data if index < len(data[name]) for m in members]
    todo = [(name, index, member) for name, index, member in todo if (member, name, index) not in outcomes]
    start = perf_counter()
    for done, (name, index, member) in enumerate(todo, 1):
        one = filled(filler, members[member], data[name], (member, name, index), plan.strings)
        outcomes[one.key] = one
        keep(kept, asdict(one))
        left = (perf_counter() - start) / done * (len(todo) - done) / 60
        report(f"{done} of {len(todo)} fills, about {left:.0f} minutes left: {name} {index}, {member}")
    return [one for one in outcomes.values() if one.member in members]


def filled(filler: Filler, member: Member, rows: Sequence[Row], key: Key, strings: Strings = "auto") -> Outcome:
    """One row of a data set, filled by one member."""
    index = key[2]
    row, start = rows[index], process_time()
    accept = row.get("accept", {})
    try:
        result = _result(filler, member, rows, index, strings)
    except ScaffoldError:
        lost = compare(row["value"], None, accept) + Counts(failed=1)
        return Outcome(*key, lost, seconds=process_time() - start)
    seconds = process_time() - start
    counts = compare(row["value"], canonical.loads(result.text), accept) + Counts(model_calls=result.model_calls)
    orders = slot_orders(result.trace).values()
    return Outcome(
        *key,
        counts,
        tokens_per_call(result.trace),
        local_ar_ness(orders, 1),
        global_ar_ness(orders, 1),
        right_over_steps(row, result.trace) if member.is_watched else Oscillation(),
        seconds,
    )


def _result(filler: Filler, member: Member, rows: Sequence[Row], index: int, strings: Strings) -> FillResult[Any]:
    row, denoise = rows[index], member.denoise
    if member.is_calibrated:
        other = rows[(index + 1) % len(rows)]
        denoise = replace(denoise, commit=calibrate(filler, row["schema"], [other["text"]]))
    watch = (lambda _: None) if member.is_watched else None
    return filler.fill(
        row["schema"], row["text"], denoise=denoise, vote=member.vote, on_step=watch, strings=strings,
        on_overflow=member.on_overflow,
    )  # fmt: skip


def right_over_steps(row: Row, trace: Sequence[Step]) -> Oscillation:
    """Whether each field that has a value was right, step by step."""
    told = histories(trace)
    accept = row.get("accept", {})
    items = []
    for path, value in leaves(row["value"]):
        if not is_nothing(value):
            name = pointer(path)
            right = {canonical.identity(one) for one in (value, *accept.get(name, ()))}
            items.append([answer in right for answer in told.get(name, (None,) * len(trace))])
    return oscillation(items)
