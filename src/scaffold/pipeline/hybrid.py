"""Two models for one object: a diffusion model decides structure and short fields, a causal one writes long texts."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Unpack

from scaffold.decode.result import FieldResult, FillResult
from scaffold.denoise.regions.field_order import FieldOrder, is_below
from scaffold.layout.pieces import Slot
from scaffold.layout.pointers import slots_at
from scaffold.pipeline.compiled import Compiled, compile
from scaffold.pipeline.filler import Filler, FillOptions
from scaffold.schema import ir


@dataclass(frozen=True, slots=True)
class Hybrid:
    """Fill with `drafter`, then have `writer` write the long free texts anew, from left to right.

    The writer sees everything that the drafter decided, and changes none of it: texts stand where the drafter found
    something to say, under the same slot languages, so the object is as valid as any other. The two need not share a
    tokenizer. A writer that does not see what stands behind a slot is shown the empty form (see `FormPredictor`).
    """

    drafter: Filler
    writer: Filler
    fields: tuple[str, ...] = ()
    """JSON pointers of the texts to write, `*` for any one step; if empty, every text that the drafter did not quote,
    in slots whose language is any text of `long` characters and more."""
    long: int = 64

    def fill(self, target: Any, prompt: str, **options: Unpack[FillOptions]) -> FillResult[Any]:
        """Fill one object; options hold for both models, but that the writer quotes nothing and has its own preset.

        Raises:
            ScaffoldError: as for `Filler.fill`; a `DenoiseError` where the type has no such `fields`.
        """
        compiled = compile(target)
        if self.fields:
            FieldOrder(*self.fields).check(compiled.layout)
        is_split = options.get("on_overflow") == "split"
        draft: FillOptions = {**options, "on_overflow": "split" if is_split else "cut"}  # what is too long comes anew
        drafted = self.drafter.fill(compiled, prompt, **draft)
        chosen = [name for name, leaf in drafted.fields.items() if self._is_written(compiled, leaf)]
        if not chosen:
            return drafted
        own: FillOptions = {**options, "strings": "free", "denoise": None, "known": None}
        written = self.writer.rewrite(compiled, drafted.value, prompt, chosen, **own)
        return _joined(drafted, written, chosen)

    def _is_written(self, compiled: Compiled, leaf: FieldResult) -> bool:
        if not isinstance(leaf.value, str) or leaf.status in {"known", "default", "null"}:
            return False
        if self.fields:
            return any(is_below(leaf.path, name) for name in self.fields)
        slots = slots_at(compiled.layout, tuple(map(str, leaf.path)))
        return leaf.status == "generated" and any(is_long_text(slot, self.long) for slot in slots)


def is_long_text(slot: Slot, long: int) -> bool:
    """Whether any text of `long` characters may stand in a slot."""
    node = slot.node
    if slot.role != "value" or not isinstance(node, ir.String):
        return False
    is_plain = not (node.patterns or node.formats or node.not_patterns)
    return is_plain and (node.max_length is None or node.max_length >= long)


def _joined(drafted: FillResult[Any], written: FillResult[Any], chosen: Sequence[str]) -> FillResult[Any]:
    """The object as it was written, with what the drafter knows of the rest of it."""
    fields = {name: written.fields[name] if name in chosen else leaf for name, leaf in drafted.fields.items()}
    later = tuple(replace(step, call=step.call + drafted.model_calls) for step in written.trace)
    return replace(
        written,
        fields=fields,
        model_calls=drafted.model_calls + written.model_calls,
        trace=(*drafted.trace, *later),
        model={**drafted.model, "writer": written.model},
    )
