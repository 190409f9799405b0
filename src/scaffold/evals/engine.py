"""How fast objects are written: the engine beside autoregressive decoding, with what the hardware would allow."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median
from time import perf_counter

import torch

from scaffold.denoise.commits import Even
from scaffold.denoise.options import DenoiseOptions
from scaffold.errors import ModelError
from scaffold.evals.autoregressive import Grammar, grammar, segments, write
from scaffold.evals.engine_workload import (
    SCHEMA,
    SIZES,
    BenchModel,
    Size,
    prompt_text,
    random_network,
    settle,
    target_text,
)  # fmt: skip
from scaffold.evals.memory import peak_bytes
from scaffold.evals.synthetic_vocabulary import SyntheticTokenizer
from scaffold.models.devices import device_of, precision_for
from scaffold.models.network import Decoder
from scaffold.models.reuse import Reuse
from scaffold.pipeline import Filler

BANDWIDTH, PEAK = 4.3e12, 790e12
"""Bytes and operations per second of one H200, as measured for this project."""
FORMS: tuple[Reuse, ...] = ("none", "prompt", "slots")
MIB = 2**20


@dataclass(frozen=True, slots=True)
class Plan:
    """What is measured."""

    size: str = "tiny"
    device: str | None = None
    batches: tuple[int, ...] = (1, 8, 32)
    steps: tuple[int, ...] = (4, 8)
    prompts: tuple[int, ...] = (512,)
    repeats: int = 5


@dataclass(frozen=True, slots=True)
class EngineLine:
    """One row of the table: medians over whole batches."""

    method: str
    batch: int
    prompt: int
    calls: int
    seconds: float
    objects_per_second: float
    speedup: float
    """Over plain autoregressive decoding of the same batch."""
    of_roofline: float | None
    """Share of what the hardware would allow; on a GPU only."""
    outside: float | None
    """Time outside of the network, by time inside of it."""
    peak_mib: float
    """Memory that a batch takes at most, beside the weights."""


def bench_engine(plan: Plan, report: Callable[[str], None] = lambda _: None) -> Iterator[EngineLine]:
    """Measure every method; lines come as they are measured.

    Raises:
        ModelError: there is no such size, or llguidance is missing.
    """
    if plan.size not in SIZES:
        raise ModelError((), f"there is no size {plan.size!r}", f"use one of {', '.join(SIZES)}")
    size, device = SIZES[plan.size], device_of(plan.device)
    report("making weights")
    network = random_network(size, device, precision_for(device))
    tokenizer = SyntheticTokenizer(size.vocabulary)
    rules = grammar(tokenizer, json.dumps(SCHEMA))
    for prompt in plan.prompts:
        for batch in plan.batches:
            setting = _Setting(plan, size, network, tokenizer, device, prompt, batch)
            report(f"batch {batch}, prompt {prompt}: autoregressive")
            plain = _autoregressive(setting, rules, jumps=False)
            yield plain
            yield _beside(plain, _autoregressive(setting, rules, jumps=True))
            for reuse in FORMS:
                for steps in plan.steps:
                    report(f"batch {batch}, prompt {prompt}: {steps} steps, reuse {reuse}")
                    yield _beside(plain, _filled(setting, reuse, steps))


@dataclass(frozen=True, eq=False, slots=True)
class _Setting:
    plan: Plan
    size: Size
    network: Decoder
    tokenizer: SyntheticTokenizer
    device: torch.device
    prompt: int
    batch: int


def _autoregressive(setting: _Setting, rules: Grammar, *, jumps: bool) -> EngineLine:
    text, is_content = target_text()
    parts = list(segments(setting.tokenizer.encode(text), is_content, jumps=jumps))
    ids = [setting.tokenizer.encode(prompt_text(setting.prompt, seed)) for seed in range(setting.batch)]
    prompts = torch.tensor(ids, device=setting.device)
    seconds, peak = _timed(setting, lambda: write(setting.network, prompts, parts, rules))
    work = [(setting.prompt, 0, 1)]
    for part in parts[:-1]:
        work.append((len(part), work[-1][0] + work[-1][1], 1))
    name = "autoregressive, jump-forward" if jumps else "autoregressive"
    return _line(setting, name, len(parts), (seconds, peak, None), work)


def _filled(setting: _Setting, reuse: Reuse, steps: int) -> EngineLine:
    model = BenchModel(setting.network, setting.tokenizer, setting.device, reuse)
    filler = Filler(model=model)
    texts = [prompt_text(setting.prompt, seed) for seed in range(setting.batch)]
    options = DenoiseOptions(commit=Even(steps), certainty=0.5)
    outside: list[float] = []

    def run() -> None:
        model.restart()
        start = perf_counter()
        found = list(
            filler.fill_many(SCHEMA, texts, batch_size=setting.batch, on_error="raise", denoise=options, strings="free")
        )
        outside.append((perf_counter() - start) / model.seconds - 1)
        assert len(found) == setting.batch, "one object per prompt"

    seconds, peak = _timed(setting, run)
    first, rest = setting.prompt + len(target_text()[0]), max(1, model.calls - 1)
    later = max(0.0, model.inner.engine.computed / setting.batch - first) / rest
    content = sum(target_text()[1])
    work = [(first, 0, content)] + [(later, first - later, content)] * (model.calls - 1)
    return _line(setting, f"{steps} steps, reuse {reuse}", model.calls, (seconds, peak, median(outside)), work)


def _timed(setting: _Setting, run: Callable[[], object]) -> tuple[float, float]:
    """Median seconds after one run to warm up, and the peak of memory in MiB."""
    peak = peak_bytes(run, setting.device)
    times = []
    for _ in range(setting.plan.repeats):
        settle(setting.device)
        start = perf_counter()
        run()
        settle(setting.device)
        times.append(perf_counter() - start)
    return median(times), peak / MIB


Call = tuple[float, float, int]
"""Per row: positions computed, positions kept, positions whose logits are read."""


def _line(
    setting: _Setting, method: str, calls: int, taken: tuple[float, float, float | None], work: Sequence[Call]
) -> EngineLine:
    seconds, peak, outside = taken
    ideal = sum(roofline_seconds(setting.size, setting.batch, call) for call in work)
    share = ideal / seconds if setting.device.type == "cuda" else None
    per_second = setting.batch / seconds
    return EngineLine(
        method, setting.batch, setting.prompt, calls, seconds, per_second, 1.0, share, outside, peak
    )  # fmt: skip


def _beside(plain: EngineLine, line: EngineLine) -> EngineLine:
    fields = {name: getattr(line, name) for name in EngineLine.__slots__}
    return EngineLine(**fields | {"speedup": plain.seconds / line.seconds})


def roofline_seconds(size: Size, batch: int, call: Call) -> float:
    """The longer of arithmetic and memory traffic of one call in half precision."""
    computed, kept, read = call
    attended = kept + computed
    operations = 2 * size.core * batch * computed + 4 * size.layers * size.width * batch * computed * attended
    operations += 2 * size.head * batch * read
    traffic = 2 * (size.core + size.head) + 4 * size.layers * size.key_width * batch * kept
    traffic += 4 * batch * read * size.vocabulary + 24 * size.layers * size.width * batch * computed
    return max(operations / PEAK, traffic / BANDWIDTH)
