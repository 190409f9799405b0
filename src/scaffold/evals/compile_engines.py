"""The time from a schema to the first token mask: of this library, and of engines that decode left to right."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from time import process_time
from typing import Any

from scaffold.constraints.language import has_no_text
from scaffold.constraints.slot_automaton import compile_slot
from scaffold.errors import ScaffoldError
from scaffold.evals.synthetic_vocabulary import SyntheticTokenizer
from scaffold.layout.decisions import Decisions
from scaffold.layout.json_syntax import lay_out
from scaffold.layout.template import Spelling, instantiate
from scaffold.schema.lower import lower

SLOT_SIZE = 8
_SCALARS = ("string", "integer", "number", "boolean")
_FORMATS = ("date", "date-time", "time", "email", "uri", "uri-reference", "uuid", "hostname", "ipv4")
_COMMON = (
    {},
    *({"type": kind} for kind in _SCALARS),
    *({"type": [kind, "null"]} for kind in _SCALARS),
    *({"type": kind, "minimum": 0} for kind in ("integer", "number")),
    {"type": "string", "minLength": 1},
    *({"type": "string", "format": name} for name in _FORMATS),
    {"type": "object", "additionalProperties": {"type": "string"}},
)
WARM_UP = json.dumps({"type": "object", "properties": {f"p{index}": one for index, one in enumerate(_COMMON)}})
"""A schema of the languages that most schemas share."""


@dataclass(frozen=True, slots=True)
class Timed:
    """Processor seconds of one schema, seen for the first time and again; why it was refused, if it was."""

    first: float
    again: float
    peak_mib: float
    refusal: str = ""


@lru_cache(maxsize=1)
def _vocabulary() -> SyntheticTokenizer:
    return SyntheticTokenizer()


def ours(text: str) -> Timed:
    """This library: lowered, laid out, spelled, and an automaton for every slot that the first model call fills.

    The second time only the languages of slots, the tokens of fixed texts and what patterns match are known: the schema
    is read, lowered, laid out and spelled again. What `compile` keeps of whole schemas is not asked.
    """
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

    return _timed(run, text, (RuntimeError, ValueError), keeps=False)


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

    def run(schema: str) -> None:
        Index(build_regex_from_schema(schema), vocabulary)

    return _timed(run, text, (ValueError, TypeError), keeps=False)


def _timed(
    run: Callable[[str], object], text: str, refusals: tuple[type[Exception], ...], *, keeps: bool = True
) -> Timed:
    """Two runs, or one of an engine that keeps nothing from which the second could be faster."""
    times = []
    try:
        for _ in range(1 + keeps):
            start = process_time()
            run(text)
            times.append(process_time() - start)
    except refusals as error:
        return Timed(0.0, 0.0, _peak(), str(error)[:200] or type(error).__name__)
    return Timed(times[0], times[-1], _peak())


def _peak() -> float:
    """Most memory that the process ever held, in MiB; 0 where the system does not say."""
    status = Path("/proc/self/status")  # not `getrusage`, which counts the parent of a new process in
    lines = status.read_text().splitlines() if status.exists() else []
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")), 0.0)


@dataclass(frozen=True, slots=True)
class Engine:
    """What is measured, the module that it needs, and the schema that it has seen before the clock starts."""

    module: str
    measure: Callable[[str], Timed]
    warm_up: str = '{"type": "string"}'


ENGINES = {
    "scaffold": Engine("scaffold", ours, WARM_UP),
    "llguidance": Engine("llguidance", llguidance, WARM_UP),
    "xgrammar": Engine("xgrammar", xgrammar),
    "outlines-core": Engine("outlines_core", outlines_core),
}
"""The last two keep nothing from one schema to the next: theirs only loads the vocabulary."""
