"""Files that keep what a long run found, line by line: one that is cut off goes on where it was."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scaffold.errors import DecodeError

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


def resumed(kept: Path, plan: "DataclassInstance") -> list[dict[str, Any]]:
    """What an earlier run of the same plan found; a line that it did not finish is cut off.

    Raises:
        DecodeError: the file belongs to another plan.
    """
    head = json.dumps(asdict(plan), default=str)
    if not kept.exists():
        kept.write_text(head + "\n", "utf-8")
        return []
    first, *lines = kept.read_text("utf-8").splitlines(keepends=True) or [""]
    if first.rstrip("\n") != head:
        raise DecodeError((), f"{kept.name} is of another run", "name another file, or delete this one")
    if lines and not lines[-1].endswith("\n"):
        lines.pop()
        kept.write_text(first + "".join(lines), "utf-8")
    return [json.loads(line) for line in lines]


def keep(kept: Path, found: dict[str, Any]) -> None:
    """Append one line."""
    with kept.open("a", encoding="utf-8") as lines:
        lines.write(json.dumps(found) + "\n")
