"""How many positions a slot starts with; it grows while its answer does not fit."""

from functools import lru_cache

from scaffold.layout.pieces import Slot
from scaffold.schema import ir
from scaffold.tokenizer import Tokenizer

STRING = 12
NUMBER = 6
KEY = 6
FORMATS = {
    "date": 10,
    "time": 12,
    "any-time": 12,
    "naive-time": 12,
    "date-time": 20,
    "any-date-time": 20,
    "naive-date-time": 20,
    "uuid": 36,
    "ipv6": 20,
    "uri": 20,
}


@lru_cache(maxsize=65536)
def start_size(slot: Slot, tokenizer: Tokenizer) -> int:
    """Positions from the kind of value; of finite choices, room for the longest as the tokenizer spells it.

    The caller raises it to the fewest tokens of a legal text, and cuts it to the most.
    """
    if slot.role == "key":
        return KEY
    return _size(slot.node, tokenizer, is_bare=slot.is_bare)


def _size(node: ir.Node, tokenizer: Tokenizer, *, is_bare: bool) -> int:
    quotes = 2 * is_bare
    match node:
        case ir.Enum():
            is_quoted = not is_bare and all(literal.startswith('"') for literal in node.literals)
            texts = (literal[1:-1] if is_quoted else literal for literal in node.literals)
            return max((len(tokenizer.encode(text)) for text in texts), default=1)
        case ir.Boolean():
            return max(len(tokenizer.encode(text)) for text in ("true", "false"))
        case ir.Number():
            return NUMBER
        case ir.String():
            start = FORMATS.get(node.formats[0], STRING) if node.formats else STRING
            return quotes + (start if node.max_length is None else max(1, min(start, node.max_length)))
        case ir.Union():
            return max(_size(branch, tokenizer, is_bare=is_bare) for branch in node.branches)
        case _:
            return 1
