"""Time from a schema to the first token mask, beside the engines that decode left to right."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from itertools import chain
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any

from scaffold.constraints.language import has_no_text
from scaffold.constraints.slot_automaton import compile_slot
from scaffold.errors import ScaffoldError
from scaffold.evals.labelled import read, sampled
from scaffold.evals.limited import Done, limited
from scaffold.evals.synthetic_vocabulary import SyntheticTokenizer
from scaffold.layout.decisions import Decisions
from scaffold.layout.json_syntax import lay_out
from scaffold.layout.template import Spelling, instantiate
from scaffold.schema.lower import lower

LIMIT_S = 60.0
SLOT_SIZE = 8
WARM_UP = '{"type": "string"}'
Shares = tuple[float, float, float]
"""The median, and the times that 95 % and 99 % do not exceed."""


@dataclass(frozen=True, slots=True)
class Timed:
    """Processor seconds of one schema, seen for the first time and again; why it was refused, if it was."""

    first: float
    again: float
    peak_mib: float
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """What one engine makes of all schemas; milliseconds of processor time, over those that it compiles."""

    engine: str
    compiled: int
    refused: int
    late: int
    first: Shares
    again: Shares
    peak_mib: float
    note: str = ""


def compile_bench(
    folder: Path, sample: int, engines: Sequence[str], seed: int = 0, report: Callable[[str], None] = lambda _: None
) -> Iterator[Row]:
    """A row for each engine over the same schemas and one vocabulary of 126 464 tokens; peers only where installed.

    Raises:
        SchemaError: there are no schemas in the folder.
    """
    schemas = [json.dumps(one.schema) for one in sampled(read(folder), sample, seed)]
    for name in engines:
        module, measure = ENGINES[name]
        if find_spec(module) is None:
            yield Row(name, 0, 0, 0, _shares([]), _shares([]), 0.0, f"skipped: {module} is not installed")
            continue
        report(name)
        outcomes = limited(measure, chain([WARM_UP], schemas), LIMIT_S)
        if isinstance(next(outcomes), Done):
            found = list(outcomes)
            yield _row(name, [one.found for one in found if isinstance(one, Done)], len(found))
        else:
            yield Row(name, 0, 0, 0, _shares([]), _shares([]), 0.0, f"skipped: {module} does not start")


def _row(name: str, found: Sequence[Timed], asked: int) -> Row:
    good = [one for one in found if not one.refusal]
    first, again = _shares([one.first for one in good]), _shares([one.again for one in good])
    peak = max((one.peak_mib for one in found), default=0.0)
    return Row(name, len(good), len(found) - len(good), asked - len(found), first, again, peak)


def _shares(seconds: Sequence[float]) -> Shares:
    times = sorted(1e3 * one for one in seconds) or [0.0]
    return median(times), times[int(0.95 * len(times))], times[int(0.99 * len(times))]


@lru_cache(maxsize=1)
def _vocabulary() -> SyntheticTokenizer:
    return SyntheticTokenizer()


def ours(text: str) -> Timed:
    """This library: lowered, laid out, spelled, and an automaton for every slot of the first template."""
    tokenizer = _vocabulary()
    spelling = Spelling(tokenizer, tokenizer.size - 2, lambda slot: SLOT_SIZE)

    def run(schema: str) -> None:
        layout = lay_out(lower(json.loads(schema), None, has_no_text))
        for span in instantiate(layout, Decisions(), spelling).spans:
            compile_slot(span.slot, tokenizer, tokenizer.null_id)

    return _timed(run, text, (ScaffoldError,))


class _Words:
    """The vocabulary as llguidance asks for it."""

    def __init__(self) -> None:
        vocabulary = _vocabulary()
        self.tokens = [piece or b"\xff<special>" for piece in vocabulary.token_bytes]
        self.eos_token_id, self.bos_token_id = vocabulary.null_id, None
        self.special_token_ids = [vocabulary.size - 2, vocabulary.size - 1]

    def __call__(self, text: bytes | str) -> list[int]:
        return list(text if isinstance(text, bytes) else text.encode())


@lru_cache(maxsize=1)
def _llguidance() -> Any:
    from llguidance import LLTokenizer, TokenizerWrapper  # noqa: PLC0415  (an extra)

    return LLTokenizer(TokenizerWrapper(_Words()))


def llguidance(text: str) -> Timed:
    """llguidance: a grammar, a matcher, and its first mask."""
    from llguidance import LLMatcher  # noqa: PLC0415  (an extra)

    tokenizer = _llguidance()

    def run(schema: str) -> None:
        matcher = LLMatcher(tokenizer, LLMatcher.grammar_from_json_schema(schema))
        matcher.compute_bitmask()
        if matcher.is_error():
            raise ValueError(matcher.get_error())

    return _timed(run, text, (ValueError,))


@lru_cache(maxsize=1)
def _xgrammar() -> Any:
    import xgrammar  # noqa: PLC0415  (an extra)

    size = _vocabulary().size
    info = xgrammar.TokenizerInfo(list(_vocabulary().token_bytes), vocab_size=size, stop_token_ids=[size - 1])
    return xgrammar.GrammarCompiler(info, max_threads=1, cache_enabled=False)


def xgrammar(text: str) -> Timed:
    """XGrammar without its cache: a compiled grammar, and the first mask."""
    import xgrammar as engine  # noqa: PLC0415  (an extra)

    compiler = _xgrammar()
    mask = engine.allocate_token_bitmask(1, _vocabulary().size)

    def run(schema: str) -> None:
        engine.GrammarMatcher(compiler.compile_json_schema(schema)).fill_next_token_bitmask(mask)

    return _timed(run, text, (RuntimeError, ValueError))


@lru_cache(maxsize=1)
def _outlines() -> Any:
    from outlines_core import Vocabulary  # noqa: PLC0415  (an extra)

    pieces: dict[bytes, list[int]] = {piece: [i] for i, piece in enumerate(_vocabulary().token_bytes) if piece}
    return Vocabulary(_vocabulary().null_id, pieces)


def outlines_core(text: str) -> Timed:
    """outlines-core: an index of all states over all tokens."""
    from outlines_core import Index  # noqa: PLC0415  (an extra)
    from outlines_core.json_schema import build_regex_from_schema  # noqa: PLC0415  (an extra)

    vocabulary = _outlines()
    return _timed(lambda schema: Index(build_regex_from_schema(schema), vocabulary), text, (ValueError, TypeError))


def _timed(run: Callable[[str], object], text: str, refusals: tuple[type[Exception], ...]) -> Timed:
    times = []
    try:
        for _ in range(2):
            start = process_time()
            run(text)
            times.append(process_time() - start)
    except refusals as error:
        return Timed(0.0, 0.0, _peak(), str(error)[:200] or type(error).__name__)
    return Timed(times[0], times[1], _peak())


def _peak() -> float:
    """Most memory that the process ever held, in MiB; 0 where the system does not say."""
    status = Path("/proc/self/status")  # not `getrusage`, which counts the parent of a new process in
    lines = status.read_text().splitlines() if status.exists() else []
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")), 0.0)


ENGINES: dict[str, tuple[str, Callable[[str], Timed]]] = {
    "scaffold": ("scaffold", ours),
    "llguidance": ("llguidance", llguidance),
    "xgrammar": ("xgrammar", xgrammar),
    "outlines-core": ("outlines_core", outlines_core),
}
