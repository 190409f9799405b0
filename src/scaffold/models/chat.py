"""How a prompt is put to a model: its chat template around an instruction, the text, and the empty form."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from scaffold.errors import ModelError
from scaffold.models.hub_tokenizer import HubTokenizer
from scaffold.models.special_ids import SpecialIds

INSTRUCTION = "Fill in the JSON object with what the text says."
NULL_INSTRUCTION = " Where it says nothing, write {word}."
_TEXT, _FORM = "\ue000", "\ue001"  # private use: no template knows them


@dataclass(frozen=True, slots=True)
class Framing:
    """What stands before the text, between text and form, and behind the form; in the words of one model."""

    before: str
    between: str
    after: str

    def ids(self, text: str, form: str, tokenizer: HubTokenizer) -> tuple[tuple[int, ...], int, int]:
        """All ids, and the span (start, stop) of `text`; nothing inside text and form is taken for a special token."""
        before, source = tokenizer.encode_frame(self.before), tokenizer.encode(text)
        shown = tokenizer.encode(f"\n\nForm:\n{form}") if form else ()
        rest = (*tokenizer.encode_frame(self.between), *shown, *tokenizer.encode_frame(self.after))
        return (*before, *source, *rest), len(before), len(before) + len(source)


def framing(tokenizer: HubTokenizer, ids: SpecialIds) -> Framing:
    """The framing of a chat model by its own template, or a plain one; says the null where it is a prompted word.

    Raises:
        ModelError: the template fails, or drops the text.
    """
    template = _chat_template(tokenizer.settings)
    if template is None:
        start = tokenizer.named("cls_token") or tokenizer.named("bos_token") or ""
        shown = f"{start}{_message(tokenizer, ids)}\n\nJSON:\n"
    else:
        shown = _rendered(template, _message(tokenizer, ids), tokenizer)
    before, text, rest = shown.partition(_TEXT)
    between, form, after = rest.partition(_FORM)
    if not text or not form:
        raise ModelError((), "the chat template does not show what the user says")
    return Framing(before, between, after)


def _message(tokenizer: HubTokenizer, ids: SpecialIds) -> str:
    word = tokenizer.text_of(ids.nulls[0])
    null = NULL_INSTRUCTION.format(word=word) if ids.null_source == "prompted word" else ""
    return f"{INSTRUCTION}{null}\n\nText:\n{_TEXT}{_FORM}"


def _chat_template(settings: Mapping[str, Any]) -> str | None:
    """The template, or the default one of several."""
    match settings.get("chat_template"):
        case str(template):
            return template
        case list(templates):
            return next((t["template"] for t in templates if t["name"] == "default"), None)
        case _:
            return None


def _rendered(template: str, message: str, tokenizer: HubTokenizer) -> str:
    from scaffold.models.chat_template import rendered  # noqa: PLC0415  (only chat models need jinja2)

    roles = ("bos_token", "eos_token", "pad_token", "cls_token", "sep_token", "mask_token", "unk_token")
    return rendered(template, message, {role: tokenizer.named(role) or "" for role in roles})
