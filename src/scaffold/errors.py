"""Every error the library raises, split by what the user changes next."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

Path = tuple[str | int, ...]


def pointer(path: Sequence[str | int]) -> str:
    """Write `path` as a JSON pointer (RFC 6901); the root is the empty string."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in path)


@dataclass(unsafe_hash=True)
class ScaffoldError(Exception):
    """Base of all errors: where (`path`, printed as a JSON pointer), what, and the way out (`hint`)."""

    path: Path
    message: str
    hint: str = ""

    @property
    def pointer(self) -> str:
        """The path as a JSON pointer."""
        return pointer(self.path)

    def __str__(self) -> str:
        """Where, what, and what to change, in one line."""
        where = self.pointer or "/"
        return f"{where}: {self.message}" + (f" ({self.hint})" if self.hint else "")


class SchemaError(ScaffoldError):
    """The schema or type cannot be used as it is."""


class UnsupportedKeywordError(SchemaError):
    """A keyword asks for what is not covered; `keyword` is its name, the last step of the path."""

    @property
    def keyword(self) -> str:
        """The keyword that is not covered."""
        return str(self.path[-1])


class UnresolvableReferenceError(SchemaError):
    """A `$ref` leads nowhere, or outside the given document."""


@dataclass(unsafe_hash=True)
class UnsatisfiableSchemaError(SchemaError):
    """No value at all is valid under the schema; `conflict` are the places that exclude each other."""

    conflict: tuple[Path, ...] = ()


class LayoutError(ScaffoldError):
    """The layout cannot be spelled on a canvas."""


class TokenBorderError(LayoutError):
    """A tokenizer cannot spell a text that the layout needs."""


class SlotBudgetError(LayoutError):
    """A slot or a canvas does not fit the model's window."""


class ModelError(ScaffoldError):
    """A model cannot be found, loaded or used."""


class DenoiseError(ScaffoldError):
    """The options of the denoise loop contradict each other or the model."""


class DecodeError(ScaffoldError):
    """The filled canvas does not give a valid object."""


@dataclass
class ValidationFailedError(DecodeError):
    """The repair rounds ended without a valid object; `partial` is the last attempt.

    The validator's own error is the `__cause__`.
    """

    partial: Any = None
    __hash__ = Exception.__hash__
