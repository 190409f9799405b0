"""From filled slots back to a JSON text, and from the places of a layout to those of the document."""

import json
from collections.abc import Mapping, Sequence

from scaffold.errors import Path
from scaffold.layout.decisions import SlotKey
from scaffold.layout.spans import SlotSpan
from scaffold.layout.template import BRANCH

Texts = Mapping[SlotKey, str]


def splice(parts: Sequence[str | int], spans: Sequence[SlotSpan], texts: Texts) -> str:
    """Put the text of every slot between the fixed texts."""
    return "".join(part if isinstance(part, str) else texts[spans[part].key] for part in parts)


def slot_text(tokens: Sequence[int], token_bytes: Sequence[bytes], null_id: int) -> str:
    """The text that a slot's tokens spell, up to the first null."""
    content = list(tokens)
    content = content[: content.index(null_id)] if null_id in content else content
    return b"".join(token_bytes[token] for token in content).decode()


def json_path(site: Path, texts: Texts) -> Path:
    """Where a site of the layout stands in the document: branches are not shown, entries are named by their keys."""
    found: list[str | int] = []
    steps = iter(range(len(site)))
    for at in steps:
        step = site[at]
        if isinstance(step, str) or step >= 0:
            found.append(step)
        elif step > BRANCH:
            entry = next(steps, None)
            if entry is None:  # the repeat itself: the map that its entries belong to
                break
            found.append(entry_key(site[: entry + 1], texts))
    return tuple(found)


def entry_key(site: Path, texts: Texts) -> str:
    """The name of a map's entry; its place in angle brackets while it has none."""
    text = texts.get((site, "key"))
    return f"<{site[-1]}>" if text is None else str(json.loads(f'"{text}"'))


def doubled_keys(spans: Sequence[SlotSpan], texts: Texts) -> tuple[SlotSpan, ...]:
    """The key slots that repeat a name of the same map: JSON would keep one of them only."""
    seen: set[Path] = set()
    found = []
    for span in spans:
        if span.slot.role == "key":
            path = json_path(span.site, texts)
            if path in seen:
                found.append(span)
            seen.add(path)
    return tuple(found)
