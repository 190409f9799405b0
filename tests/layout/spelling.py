"""Templates of small layouts, and the JSON text that slot texts make of them."""

from scaffold.constraints.language import slot_language
from scaffold.layout.decisions import Decisions
from scaffold.layout.json_syntax import lay_out
from scaffold.layout.template import Spelling, instantiate
from scaffold.schema.lower import lower
from scaffold.testing import ByteTokenizer

BYTES = Spelling(ByteTokenizer(), ByteTokenizer.mask_id, lambda slot: 4)


def layout_of(document):
    return lay_out(lower(document))


def template_of(layout, decisions=None):
    return instantiate(layout, decisions or Decisions(), BYTES)


def is_legal(slot, text):
    return slot_language(slot).automaton.accepts(text.encode())


def shortest(span):
    """The shortest legal text of a slot."""
    return slot_language(span.slot).automaton.shortest().decode()


def spelled(template, text_of):
    """The result with `text_of(span)` in every slot."""
    return "".join(part if isinstance(part, str) else text_of(template.spans[part]) for part in template.parts)
