"""Compile every schema of a folder, and hold what it accepts against instances that are labelled valid or invalid."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, get_args

from referencing import Registry, Resource
from referencing.exceptions import Unresolvable

from scaffold.decode.validate import check
from scaffold.errors import (
    ScaffoldError,
    SchemaError,
    UnresolvableReferenceError,
    UnsatisfiableSchemaError,
)
from scaffold.evals.labelled import Labelled, documents_of, read, sampled
from scaffold.evals.limited import Died, Done, Late, limited
from scaffold.evals.metrics import count_of
from scaffold.layout.encode import encode
from scaffold.pipeline.compiled import Compiled, Formats, OnUnresolved, compile, is_legal
from scaffold.schema import canonical
from scaffold.schema.documents import resource_of
from scaffold.schema.support import SUPPORT

LIMIT_S = 10.0
SHOWN = 12
Fault = Literal[
    "refused", "invalid accepted", "valid not expressible", "valid rejected", "false claim", "crashed", "late"
]
FAULTS: tuple[Fault, ...] = get_args(Fault)


@dataclass(frozen=True, slots=True)
class Finding:
    """What went wrong with one schema or instance."""

    schema: str
    fault: Fault
    what: str
    """The kind of error and the keyword, or the index of the instance."""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """What the compiler makes of one schema and its instances."""

    findings: tuple[Finding, ...] = ()
    is_unsatisfiable: bool = False
    left_to_check: int = 0
    """Invalid instances that the layout can express: the validator has to find them."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """The counts of one corpus, and what went wrong."""

    name: str
    schemas: int
    unsatisfiable: int
    """Schemas that no value satisfies, and no instance is said to: an error that is right."""
    valid: int
    invalid: int
    left_to_check: int
    slowest_s: float
    findings: tuple[Finding, ...] = field(repr=False)

    @property
    def counts(self) -> dict[str, int]:
        """Faults by kind."""
        found = Counter(finding.fault for finding in self.findings)
        return {fault: found[fault] for fault in FAULTS}

    def row(self) -> dict[str, Any]:
        """One line of a table: faults as counts and percentages of what they are faults of."""
        whole = {"invalid accepted": self.invalid, "valid not expressible": self.valid, "valid rejected": self.valid}
        shares = {name: count_of(count, whole.get(name, self.schemas)) for name, count in self.counts.items()}
        known = {"corpus": self.name, "schemas": self.schemas, "valid": self.valid, "invalid": self.invalid}
        rest = {"unsatisfiable": self.unsatisfiable, "left to the check": self.left_to_check}
        return {**known, **shares, **rest, "slowest": f"{self.slowest_s:.1f} s"}

    def worst(self, most: int = SHOWN) -> list[dict[str, str]]:
        """Findings of each kind, the most frequent kind of error first."""
        groups: dict[tuple[str, str], list[Finding]] = {}
        for one in self.findings:
            groups.setdefault((one.fault, one.what if one.fault == "refused" else ""), []).append(one)
        ranked = sorted(groups.items(), key=lambda entry: -len(entry[1]))
        return [
            {"fault": fault, "what": what, "count": str(len(found)), "first": f"{found[0].schema}: {found[0].detail}"}
            for (fault, what), found in ranked[:most]
        ]


@dataclass(frozen=True)
class Judge:
    """Compiles one schema, and tries each of its instances; `documents` are those that a reference may lead to."""

    documents: tuple[tuple[str, Any], ...] = ()
    on_unresolved: OnUnresolved = "error"
    formats: Formats = "assert"

    @cached_property
    def registry(self) -> "Registry[Any] | None":
        """The documents, each read as its own dialect says; those that cannot be searched are left out."""
        if not self.documents:
            return None
        return Registry().with_resources(_searchable(self.documents))

    def __call__(self, labelled: Labelled) -> Judged:
        """See `Judge`."""
        try:
            compiled = compile(labelled.schema, self.registry, on_unresolved=self.on_unresolved, formats=self.formats)
        except UnsatisfiableSchemaError as error:
            if any(is_valid for _, is_valid in labelled.instances):
                return Judged((_refused(labelled, error),))
            return Judged(is_unsatisfiable=True)
        except ScaffoldError as error:
            return Judged((_refused(labelled, error),))
        except Exception as error:  # noqa: BLE001  (a crash is what is being looked for)
            return Judged((Finding(labelled.name, "crashed", type(error).__name__, str(error)[:300]),))
        return _judged(labelled, compiled)


def _searchable(documents: Iterable[tuple[str, Any]]) -> "Iterator[tuple[str, Resource[Any]]]":
    """Those that can be searched: one that cannot would spoil the whole registry."""
    for uri, document in documents:
        try:
            yield uri, resource_of(uri, document)
        except SchemaError:
            continue


def _judged(labelled: Labelled, compiled: Compiled) -> Judged:
    findings, left = [], 0
    claims_all = all(entry.how == "by construction" for entry in compiled.report())
    for index, (value, is_valid) in enumerate(labelled.instances):
        fault, is_left = _tried(compiled, value, is_valid=is_valid)
        left += is_left
        if is_left and claims_all:
            fault = Finding("", "false claim", "", "not by construction: " + canonical.dumps(value)[:280])
        findings += [] if fault is None else [replace(fault, schema=labelled.name, what=str(index))]
    return Judged(tuple(findings), left_to_check=left)


def _refused(labelled: Labelled, error: ScaffoldError) -> Finding:
    keyword = next((str(step) for step in reversed(error.path) if step in SUPPORT), "")
    if isinstance(error, UnresolvableReferenceError):
        keyword = "$ref"
    return Finding(labelled.name, "refused", f"{type(error).__name__} {keyword}".strip(), str(error)[:300])


def _tried(compiled: Compiled, value: Any, *, is_valid: bool) -> tuple[Finding | None, bool]:
    """What is wrong with the verdict on one instance, and whether only the validator says no."""
    try:
        can = encode(compiled.layout, value, is_legal) is not None
        if is_valid and not can:  # before the check, which knows no more of an unknown document
            return Finding("", "valid not expressible", "", canonical.dumps(value)[:300]), False
        problems = check(canonical.dumps(value), compiled.validator, compiled.source.adapter).problems
    except (ScaffoldError, Unresolvable) as error:
        return (Finding("", "valid rejected", "", str(error)[:300]), False) if is_valid else (None, False)
    except Exception as error:  # noqa: BLE001  (as above)
        return Finding("", "crashed", "", f"{type(error).__name__}: {error}"[:300]), False
    if is_valid and problems:
        return Finding("", "valid rejected", "", problems[0].message[:300]), False
    if not is_valid and can and not problems:
        return Finding("", "invalid accepted", "", canonical.dumps(value)[:300]), False
    return None, can and not is_valid


def run(
    labelled: Sequence[Labelled],
    judge: Judge,
    limit_s: float = LIMIT_S,
    report: Callable[[str], None] = lambda _: None,
) -> list[Corpus]:
    """Judge all schemas, each within the limit of processor time, and count by corpus."""
    outcomes: dict[str, list[tuple[Labelled, Judged, float]]] = {}
    judged = limited(judge, labelled, limit_s)
    for index, (one, outcome) in enumerate(zip(labelled, judged, strict=True)):
        outcomes.setdefault(one.corpus, []).append((one, *_settled(one, outcome)))
        report(f"{index + 1} of {len(labelled)} schemas")
    return [_corpus(name, found) for name, found in outcomes.items()]


def _settled(one: Labelled, outcome: Done[Judged] | Late | Died) -> tuple[Judged, float]:
    match outcome:
        case Done(found, seconds):
            return found, seconds
        case Late():
            return Judged((Finding(one.name, "late", ""),)), 0.0
        case Died(exit_code):
            return Judged((Finding(one.name, "crashed", "", f"the process ended with {exit_code}"),)), 0.0


def _corpus(name: str, found: Sequence[tuple[Labelled, Judged, float]]) -> Corpus:
    labels = Counter(is_valid for one, _, _ in found for _, is_valid in one.instances)
    return Corpus(
        name,
        len(found),
        sum(judged.is_unsatisfiable for _, judged, _ in found),
        labels[True],
        labels[False],
        sum(judged.left_to_check for _, judged, _ in found),
        max(seconds for _, _, seconds in found),
        tuple(finding for _, judged, _ in found for finding in judged.findings),
    )


def bench_schemas(
    folder: Path,
    sample: int | None = None,
    seed: int = 0,
    *,
    is_together: bool = False,
    judge: Judge | None = None,
    report: Callable[[str], None] = lambda _: None,
) -> list[Corpus]:
    """Judge a folder, or so many schemas of each corpus drawn at random.

    `is_together`: a reference from one schema of the folder to another is followed. `judge` is given the documents.

    Raises:
        SchemaError: there are no schemas in the folder.
    """
    labelled = read(folder)
    judge = replace(judge or Judge(), documents=documents_of(folder, labelled if is_together else ()))
    return run(labelled if sample is None else list(sampled(labelled, sample, seed)), judge, report=report)


def tables(corpora: Sequence[Corpus], *, is_whole: bool) -> dict[str, list[Mapping[str, Any]]]:
    """The counts, and for each corpus what went wrong: all of it, or (for people) one line for each kind."""
    rows = [one.row() for one in corpora]
    turned = [{"": name} | {str(row["corpus"]): row[name] for row in rows} for name in rows[0] if name != "corpus"]
    found: dict[str, list[Mapping[str, Any]]] = {"schemas": [*(rows if is_whole else turned)]}
    for one in corpora:
        found[one.name] = [asdict(finding) for finding in one.findings] if is_whole else [*one.worst()]
    return found
