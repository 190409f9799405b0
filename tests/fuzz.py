"""Fuzz the pattern parser and the schema front end: `python tests/fuzz.py patterns|schemas [seconds]`.

With atheris (coverage-guided) where it is installed, else by mutation alone. Stops at the first exception that is not
ours and at the first disagreement, and prints the input that showed it.
"""

import json
import sys
import time
from collections.abc import Callable
from contextlib import nullcontext, suppress
from random import Random
from typing import Any

try:
    import atheris
except ImportError:
    atheris = None

with atheris.instrument_imports(include=["scaffold"]) if atheris else nullcontext():
    import regex

    from scaffold.constraints.language import slot_language
    from scaffold.errors import ScaffoldError, UnsatisfiableSchemaError
    from scaffold.layout.pieces import Slot
    from scaffold.pipeline.compiled import compile
    from scaffold.schema import ir
    from scaffold.schema.ecma import is_pattern, translated
    from scaffold.schema.support import SUPPORT
    from scaffold.testing.schema_strategies import PATTERNS

Target = Callable[[bytes], None]
SLOW_S = 5.0
MAX_BYTES = 400
WORDS = [
    "\\d",
    "\\w",
    "\\s",
    "\\b",
    "\\B",
    "\\p{L}",
    "\\P{Lu}",
    "\\u0041",
    "\\u{1F600}",
    "\\x41",
    "\\cJ",
    "\\0",
    "\\1",
    "\\k<n>",
    "(?:",
    "(?=",
    "(?!",
    "(?<=",
    "(?<!",
    "(?<n>",
    "[^",
    "[a-z]",
    "[]",
    "[^]",
    ".",
    "^",
    "$",
    "|",
    "*",
    "+",
    "?",
    "*?",
    "{2}",
    "{1,3}",
    "{2,}",
    "{0}",
    "(",
    ")",
    "]",
    "}",
    "-",
    "\\-",
    "\\/",
    "é",
    "😀",
    "ab",
]
EXTRA = (
    "$defs",
    "definitions",
    "$id",
    "$anchor",
    "$dynamicAnchor",
    "$recursiveAnchor",
    "$schema",
    "title",
    "x-scaffold",
)
KEYWORDS = (*SUPPORT, *EXTRA)
DIALECTS = ("http://json-schema.org/draft-04/schema#", "https://json-schema.org/draft/2019-09/schema")
SCALARS = (
    True,
    False,
    None,
    0,
    1,
    -1,
    2.5,
    1e308,
    10**30,
    "",
    "a",
    "#",
    "#a",
    "string",
    "date",
    "^a+$",
    "(",
    *DIALECTS,
)
LISTS: tuple[Any, ...] = ([], ["a"], ["string", "null"], [1, "a", None], [{}], [True, False])
OBJECTS: tuple[Any, ...] = ({}, {"a": {}}, {"a": True}, {"a": {"$ref": "#"}}, {"type": "string"}, {"a": ["b"]})
VALUES: tuple[Any, ...] = (*SCALARS, *LISTS, *OBJECTS)
LISTED = frozenset({"allOf", "anyOf", "oneOf", "prefixItems"})
NAMED = frozenset({"properties", "patternProperties", "dependentSchemas", "dependencies", "$defs", "definitions"})
ANYTHING = frozenset({"const", "default", "title", "format", "uniqueItems", "$schema", "$id", "$anchor", "x-scaffold"})
KINDS = ("string", "object", "array", "number", "integer", "boolean", "null")
NAMES = ("a", "b", "$ref", "", "é", "^a", "kind")


def patterns(data: bytes) -> None:
    """A pattern gives a language, and its shortest text is one that the pattern finds."""
    pattern = data.decode("utf-8", "ignore")[:MAX_BYTES]
    begun = time.process_time()
    try:
        found = slot_language(Slot(ir.String(patterns=(pattern,))))
    except UnsatisfiableSchemaError:
        return
    took = time.process_time() - begun
    assert took < SLOW_S, f"{took:.1f} s for {pattern!r}"
    if not is_pattern(pattern) or any(reason.startswith("pattern") for reason in found.widened):
        return
    text = json.loads(f'"{found.automaton.shortest().decode()}"')
    assert regex.search(translated(pattern), text, regex.V1, timeout=2) is not None, (
        f"{pattern!r} does not find {text!r}"
    )


def schemas(data: bytes) -> None:
    """A schema compiles or is refused by an error of ours."""
    random = Random(data)
    document = _schema(random, data, random.randint(1, 4))
    begun = time.process_time()
    with suppress(ScaffoldError):
        compiled = compile(document)
        compiled.report()
        compiled.cost()
        compiled.accepts({"a": [1, "a", None]})
    took = time.process_time() - begun
    assert took < SLOW_S, f"{took:.1f} s for {json.dumps(document)}"


def _schema(random: Random, data: bytes, depth: int) -> Any:
    """A schema grown from the bytes: mostly keywords with values of the right kind, sometimes anything."""
    if depth == 0 or random.random() < 0.1:
        return random.choice(VALUES)
    found: dict[str, Any] = {}
    for _ in range(random.randint(1, 5)):
        keyword = random.choice(KEYWORDS)
        found[keyword] = _value(random, data, keyword, depth - 1)
    return found


def _value(random: Random, data: bytes, keyword: str, depth: int) -> Any:
    if random.random() < 0.15 or keyword in ANYTHING:
        return random.choice(VALUES)
    if keyword in LISTED:
        return [_schema(random, data, depth) for _ in range(random.randint(1, 3))]
    if keyword in NAMED:
        return {random.choice(NAMES): _schema(random, data, depth) for _ in range(random.randint(1, 3))}
    match keyword:
        case "type":
            return random.choice([random.choice(KINDS), random.sample(KINDS, random.randint(1, 3))])
        case "required":
            return random.sample(NAMES, random.randint(0, 3))
        case "enum":
            return random.choices(VALUES, k=random.randint(0, 3))
        case "pattern":
            at = random.randrange(len(data) + 1)
            return random.choice([data[at : at + 20].decode("utf-8", "ignore"), random.choice(PATTERNS)])
        case "$ref" | "$dynamicRef" | "$recursiveRef":
            return random.choice(["#", "#/$defs/a", "#/properties/a", "#a", "b", "#/$defs/" + random.choice(NAMES)])
        case _ if keyword.startswith(("min", "max", "exclusive", "multiple")) and not keyword.endswith("Contains"):
            return random.choice([0, 1, 2, 5, -3, 0.5, 1e300, 10**20])
        case _:
            return _schema(random, data, depth)


TARGETS: dict[str, Target] = {"patterns": patterns, "schemas": schemas}


def mutated(random: Random, corpus: list[bytes]) -> bytes:
    """Bytes near to some that were seen."""
    data = random.choice(corpus).decode("utf-8", "ignore")
    for _ in range(random.randint(1, 4)):
        at, stop = sorted((random.randint(0, len(data)), random.randint(0, len(data))))
        middle = random.choice(["", random.choice(WORDS), data[at:stop] * 2, chr(random.randrange(0x250))])
        data = data[:at] + middle + data[random.choice((at, stop)) :]
    return data[:MAX_BYTES].encode("utf-8", "ignore")


def run(target: Target, seconds: float, seed: int = 0) -> int:
    """Feed mutations to `target` for so long; gives how many."""
    random = Random(seed)
    corpus = [pattern.encode() for pattern in (*PATTERNS, *WORDS)]
    count, stop = 0, time.monotonic() + seconds
    while time.monotonic() < stop:
        data = mutated(random, corpus)
        try:
            target(data)
        except BaseException:
            print(f"after {count} inputs: {data!r}")
            raise
        count += 1
        if len(corpus) < 5000:
            corpus.append(data)
    return count


def main(name: str, seconds: float) -> None:
    """Fuzz one target, by coverage where that can be had."""
    if atheris is None:
        count = run(TARGETS[name], seconds, seed=time.time_ns())
        print(f"{count} inputs, nothing found; by mutation alone: atheris is not installed")
        return
    atheris.Setup(
        [sys.argv[0], f"-max_total_time={int(seconds)}", f"-max_len={MAX_BYTES}", "-timeout=60", "-rss_limit_mb=8192"],
        TARGETS[name],
    )
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]) if len(sys.argv) > 2 else 60.0)
