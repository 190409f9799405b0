"""What the library adds to a model's own time: medians and ratios, from a few seconds of measuring."""

import gzip
import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path
from random import Random
from statistics import median
from time import perf_counter
from typing import Any

import torch

from scaffold.constraints.language import slot_language
from scaffold.constraints.slot_automaton import compile_language, compile_slot
from scaffold.constraints.token_classes import TokenizerKey, token_index
from scaffold.denoise.canvas import Canvas
from scaffold.denoise.options import PRESETS
from scaffold.denoise.predictor import MaskPredictor
from scaffold.denoise.shapes import Logits, Positions
from scaffold.errors import ScaffoldError, SchemaError
from scaffold.evals.synthetic_vocabulary import SyntheticTokenizer
from scaffold.layout.decisions import Decisions
from scaffold.layout.json_syntax import lay_out
from scaffold.layout.pieces import Slot
from scaffold.layout.template import Spelling, instantiate
from scaffold.models.load import load as load_model
from scaffold.pipeline import Filler
from scaffold.schema import ir
from scaffold.schema.lower import lower
from scaffold.train.corpora import rows_of_sets

Report = Callable[[str], None]
REPEATS = 7
MAX_SCHEMAS = 200
"""Of each file with many: a bench takes seconds."""
ROWS = 2
"""Of each data set."""
ALONE = 8
"""Objects that are filled one by one, beside a whole batch."""
SLOT_SIZE = 8
SIZES = (0, 10, 100, 1000, 10_000)
"""State counts at which a new group of languages begins."""
TICKET = {
    "type": "object",
    "properties": {
        "name": {"type": "string"},
        "born": {"type": ["string", "null"], "format": "date"},
        "role": {"enum": ["author", "editor", "reader"]},
        "tags": {"type": "array", "items": {"type": "string"}},
        "age": {"type": "integer", "minimum": 0, "maximum": 150},
    },
    "required": ["name", "born", "role", "age"],
    "additionalProperties": False,
}
TEXT = "Ada Lovelace, born on 10 December 1815 in London, wrote about engines and numbers; she died at 36. "


@dataclass(frozen=True, slots=True)
class Measurement:
    """One line of the table."""

    what: str
    value: float
    unit: str
    note: str = ""


def bench(
    schemas: Path, model: str = "default", rows: Path | None = None, report: Report = lambda _: None
) -> list[Measurement]:
    """Everything, in order of how long it takes; `rows` is a file or folder of rows to fill besides the built-in text.

    Raises:
        ModelError: there is no such model, or `rows` cannot be read.
        SchemaError: there are no schemas in the folder.
    """
    found: list[Measurement] = []
    parts: dict[str, Callable[[], Iterator[Measurement]]] = {
        "importing": import_time,
        "compiling languages": new_languages,
        "compiling schemas": lambda: warm_schemas(schemas),
        "filling": lambda: share_of_model_call(model),
        "filling batches": lambda: pace(model),
        "filling rows": lambda: share_over_rows(model, rows) if rows is not None else iter(()),
    }
    for words, measure in parts.items():
        report(words)
        found.extend(measure())
    return found


def import_time() -> Iterator[Measurement]:
    """A bare `import scaffold` in a fresh interpreter."""
    code = "from time import perf_counter as now; t = now(); import scaffold; print(now() - t)"
    runs = [_run(code) for _ in range(REPEATS)]
    yield Measurement("import scaffold", 1e3 * median(runs), "ms", "fresh interpreter, median")


def _run(code: str) -> float:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return float(done.stdout)


@cache
def _vocabulary() -> SyntheticTokenizer:
    return SyntheticTokenizer()


def new_languages(vocabulary: SyntheticTokenizer | None = None) -> Iterator[Measurement]:
    """From a slot to its token automaton, each language seen for the first time, by number of states."""
    tokenizer = vocabulary or _vocabulary()
    slot_language(Slot(ir.String(patterns=("once",))))  # the grammar of patterns is read once
    key = TokenizerKey(tokenizer.fingerprint, tokenizer)
    start = perf_counter()
    token_index(key)
    yield Measurement("vocabulary index", 1e3 * (perf_counter() - start), "ms", f"once for {tokenizer.size} tokens")
    groups: dict[int, list[tuple[float, int]]] = {}
    for slot in sample_slots():
        start = perf_counter()
        found = compile_language(slot_language(slot), key, tokenizer.null_id)
        took = perf_counter() - start
        size = max(s for s in SIZES if s <= len(found.accepting))
        groups.setdefault(size, []).append((took, found.transitions.shape[1]))
    for size, runs in sorted(groups.items()):
        times, classes = zip(*runs, strict=True)
        note = f"median of {len(runs)}, {median(classes):.0f} token classes"
        yield Measurement(f"new language, {size} states or more", 1e3 * median(times), "ms", note)


def sample_slots() -> Iterator[Slot]:
    """Slots of every kind and size; no two speak the same language."""
    for n in range(1, 6):
        for pattern in (
            f"^[A-Z]{{{n + 1}}}-[0-9]{{{n + 2}}}$",
            f"^[a-z0-9.]{{1,{n + 5}}}@[a-z]+\\.(com|org)$",
            f"^[0-9]{{4}}-[0-9]{{2}}-[0-9]{{{n}}}$",
        ):
            yield Slot(ir.String(patterns=(pattern,)))
        yield Slot(ir.String(max_length=40 * n))
        yield Slot(ir.String(max_length=300 + n))
        yield Slot(ir.Number(is_integer=True, minimum=Fraction(n), maximum=Fraction(17**n)))
        yield Slot(ir.Enum(tuple(f'"{word * n}"' for word in ("red", "green", "blue"))))


def warm_schemas(place: Path) -> Iterator[Measurement]:
    """From a schema document to a template with an automaton for every slot, languages seen before."""
    for name, documents in _documents(place).items():
        compile_all = [lambda document=document: compile_document(document) for document in documents]
        times = [took for run in compile_all if (took := _warm(run)) is not None]
        if times:
            note = f"median of {len(times)} of {len(documents)} schemas; slowest {1e3 * max(times):.0f} ms"
            yield Measurement(f"compile {name}, warm", 1e3 * median(times), "ms", note)


def compile_document(document: Any) -> int:
    """All that stands between a schema and the first model call; gives the number of slots."""
    tokenizer = _vocabulary()
    layout = lay_out(lower(document))
    template = instantiate(layout, Decisions(), Spelling(tokenizer, tokenizer.size - 2, lambda slot: SLOT_SIZE))
    for span in template.spans:
        compile_slot(span.slot, tokenizer, tokenizer.null_id)
    return len(template.spans)


def _warm(run: Callable[[], int]) -> float | None:
    """Seconds of the second run; None where the schema is refused."""
    try:
        run()
        start = perf_counter()
        run()
    except ScaffoldError:
        return None
    return perf_counter() - start


def _documents(place: Path) -> dict[str, Sequence[Any]]:
    """Schemas by file: single ones of the folder together, and those of each file of many."""
    single = [json.loads(file.read_text("utf-8")) for file in sorted(place.glob("*.json"))]
    found: dict[str, Sequence[Any]] = {place.name: single} if single else {}
    for file in sorted(place.glob("*.jsonl.gz")):
        with gzip.open(file, "rt", encoding="utf-8") as lines:
            rows = [json.loads(line)["schema"] for line in lines]
        found[file.name.partition(".")[0]] = rows[:: max(1, len(rows) // MAX_SCHEMAS)]
    if not found:
        raise SchemaError((), f"{place} holds no schemas", "pass --schemas, a folder of .json or .jsonl.gz files")
    return found


class _Timed:
    """A predictor that keeps the time it takes."""

    def __init__(self, inner: MaskPredictor) -> None:
        self.inner, self.seconds, self.longest = inner, 0.0, 0
        self.tokenizer, self.mask_id, self.null_id = inner.tokenizer, inner.mask_id, inner.null_id
        self.max_length = inner.max_length

    def prompt(self, text: str) -> tuple[tuple[int, ...], int, int]:
        """See `MaskPredictor`."""
        return self.inner.prompt(text)

    def __call__(self, canvas: Canvas, rows: Positions, columns: Positions) -> Logits:
        """See `MaskPredictor`."""
        start = perf_counter()
        found = self.inner(canvas, rows, columns)
        self.seconds += perf_counter() - start
        self.longest = max(self.longest, canvas.tokens.shape[1])
        return found


def share_of_model_call(model: str | MaskPredictor) -> Iterator[Measurement]:
    """Time outside of the model by time inside of it, over whole fills with warm caches."""
    timed = _Timed(load_model(model) if isinstance(model, str) else model)
    filler = Filler(model=timed)
    filler.fill(TICKET, TEXT)
    for copies in (1, 8):
        runs = [_spent(filler, timed, TICKET, TEXT * copies) for _ in range(REPEATS)]
        shares, calls = [one.around / one.inside for one in runs], [one.calls for one in runs]
        words = len(TEXT.split()) * copies
        note = f"median of {REPEATS} fills of {median(calls):.0f} model calls, {words} words of text"
        yield Measurement("everything but the model", 100 * median(shares), "% of model time", note)


def pace(model: str | MaskPredictor, batch: int = 32) -> Iterator[Measurement]:
    """Time per object filled alone, and how many more objects a second a batch of different ones brings."""
    loaded = load_model(model) if isinstance(model, str) else model
    timed = _Timed(loaded)
    texts = [TEXT + "It rained all day. " * (index % 4) for index in range(batch)]
    for preset in PRESETS:
        _paces(Filler(model=timed, preset=preset), texts)  # learns the languages, and how long texts are
        filler = Filler(model=loaded, preset=preset)
        alone, together = zip(*(_paces(filler, texts) for _ in range(REPEATS)), strict=True)
        note = f"median of {REPEATS}, up to {timed.longest} tokens with the template, {torch.get_num_threads()} threads"
        yield Measurement(f"one object, preset {preset}", 1e3 * median(alone), "ms", note)
        gain = median(one / many for one, many in zip(alone, together, strict=True))
        yield Measurement(f"objects a second, {batch} at once, preset {preset}", gain, "x", "of those one by one")


def _paces(filler: Filler, texts: Sequence[str]) -> tuple[float, float]:
    """Seconds per object, one by one and all at once."""
    start = perf_counter()
    for text in texts[:ALONE]:
        filler.fill(TICKET, text)
    middle = perf_counter()
    list(filler.fill_many(TICKET, texts, batch_size=len(texts)))
    return (middle - start) / ALONE, (perf_counter() - middle) / len(texts)


def share_over_rows(model: str | MaskPredictor, data: Path) -> Iterator[Measurement]:
    """The same over rows of real data, each filled twice so that its languages are known: `ROWS` of each set."""
    timed = _Timed(load_model(model) if isinstance(model, str) else model)
    filler = Filler(model=timed)
    runs, failed = [], 0
    for rows in rows_of_sets(data, split="dev").values():
        for row in Random(0).sample(rows, min(ROWS, len(rows))):
            try:
                runs.append([_spent(filler, timed, row["schema"], row["text"]) for _ in range(2)][1])
            except ScaffoldError:
                failed += 1
    if runs:
        shares = [one.around / one.inside for one in runs]
        whole = sum(one.around for one in runs) / sum(one.inside for one in runs)
        note = f"median of {len(runs)} rows of {data.name}; {100 * whole:.1f} % of their time together; {failed} failed"
        yield Measurement("everything but the model, rows", 100 * median(shares), "% of model time", note)


@dataclass(frozen=True, slots=True)
class _Spent:
    """Seconds of one fill inside of the model and around it, and how often it was called."""

    inside: float
    around: float
    calls: int


def _spent(filler: Filler, timed: _Timed, schema: Any, text: str) -> _Spent:
    timed.seconds, start = 0.0, perf_counter()
    calls = filler.fill(schema, text).model_calls
    return _Spent(timed.seconds, perf_counter() - start - timed.seconds, calls)
