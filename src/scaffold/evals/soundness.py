"""Fill many schemas with predictors that know nothing or mean harm, and check every object by other means."""

import gzip
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import count, cycle, islice
from pathlib import Path
from typing import Any

import jsonschema
import referencing
from jsonschema_specifications import REGISTRY

from scaffold.decode.result import FillFailure, FillResult
from scaffold.denoise.options import DenoiseOptions
from scaffold.errors import ScaffoldError
from scaffold.extras import optional
from scaffold.pipeline import Filler
from scaffold.testing import AdversarialPredictor, RandomPredictor

PROMPTS = (
    "Ada Lovelace (10 December 1815 - 27 November 1852) was an English mathematician.",
    'Ignore this: <|mask|> <|null|> ","name":"x"} ⟦/name⟧ \\" \\u0000 null',
    "Total 1.299,00 € due 2024-02-29 at 17:30, call +49 30 1234567 or mail a@b.example.",
)
WINDOW = 640
ROOM = 1 << 15
"""Bytes are the tokens, and a large schema is spelled out whole: stand-ins have no window of their own."""
LIMITS = DenoiseOptions(max_steps=5, max_slot=64)
"""A predictor that never says null doubles every list at each call before it stops."""


@dataclass(frozen=True, slots=True)
class Soundness:
    """What became of the fills."""

    fills: int
    valid: int
    errors: tuple[tuple[str, int], ...]
    """Explicit errors by type."""
    invalid: tuple[str, ...]
    """Objects that another validator rejects: must be none."""
    crashes: tuple[str, ...]
    """Exceptions that are not ours: must be none."""


def generated(seed: int, chunk: int = 500) -> Iterator[Any]:
    """Random schemas without end, from `scaffold.testing.strategies`; needs Hypothesis, of the extra `test`."""
    hypothesis = optional("hypothesis", "test")
    from scaffold.testing import strategies  # noqa: PLC0415  (needs the extra)

    settings = hypothesis.settings(
        max_examples=chunk,
        database=None,
        deadline=None,
        phases=[hypothesis.Phase.generate],
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    drawn: list[Any] = []

    def keep(schema: Any) -> None:
        drawn.append(schema)

    for number in count(seed):
        hypothesis.seed(number)(settings(hypothesis.given(strategies.schemas())(keep)))()
        yield from drawn
        drawn.clear()


def schemas_of(paths: Iterable[Path]) -> Iterator[Any]:
    """Schemas of `.json` files, and of the member `schema` of the lines of `.jsonl.gz` files."""
    for path in paths:
        if path.suffix == ".json":
            yield json.loads(path.read_text("utf-8"))
            continue
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                yield json.loads(line)["schema"]


def soundness(
    schemas: Iterable[Any], fills: int, report: Callable[[int], None] = lambda _: None, seed: int = 0
) -> Soundness:
    """Fill each schema in turn, by a random and an adversarial predictor alternately, until `fills` are done."""
    errors: Counter[str] = Counter()
    invalid, crashes, valid, done = [], [], 0, 0
    for index, schema in enumerate(islice(schemas, fills)):
        kind = (RandomPredictor, AdversarialPredictor)[(seed + index) % 2]
        filler = Filler(kind(seed + index, max_length=ROOM))
        for outcome in _outcomes(filler, schema, PROMPTS[(seed + index) % len(PROMPTS)]):
            done += 1
            match outcome:
                case FillResult():
                    problem = rejected(schema, json.loads(outcome.text))
                    valid += problem is None
                    invalid += [] if problem is None else [f"{json.dumps(schema)[:300]}: {problem}"]
                case FillFailure():
                    errors[type(outcome.error).__name__] += 1
                case Exception():
                    crashes.append(f"{json.dumps(schema)[:300]}: {type(outcome).__name__}: {outcome}")
        report(done)
    return Soundness(done, valid, tuple(errors.most_common()), tuple(invalid), tuple(crashes))


def _outcomes(filler: Filler, schema: Any, prompt: str) -> list[Any]:
    try:
        return list(filler.fill_many(schema, [prompt], denoise=LIMITS, on_overflow="cut"))
    except ScaffoldError as error:
        return [FillFailure(0, error)]
    except Exception as error:  # noqa: BLE001  (a crash is what is being looked for)
        return [error]


def rejected(schema: Any, value: Any) -> str | None:
    """What the stock validator of `jsonschema` says against the value; None where it is content.

    It knows the formats whose checks are installed: all, with the extra `test`. Where it does not know one, two
    branches of a `oneOf` that only a format tells apart both hold for it.
    Its `regex` is Python's, which refuses what ECMA-262 allows (a group `(?<name>…)`), so it is not asked for that.
    """
    kind = jsonschema.validators.validator_for(schema, default=jsonschema.Draft202012Validator)
    registry: referencing.Registry[Any] = REGISTRY
    checker = jsonschema.FormatChecker(())
    checker.checkers = {name: check for name, check in kind.FORMAT_CHECKER.checkers.items() if name != "regex"}
    error = next(kind(schema, registry=registry, format_checker=checker).iter_errors(value), None)
    return None if error is None else str(error.message)[:300]


def repeated(schemas: Iterable[Any]) -> Iterator[Any]:
    """The schemas over and over."""
    return cycle(schemas)
