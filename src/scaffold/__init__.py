"""Typed structured output for masked-diffusion language models: the public names, loaded on first use."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scaffold import testing
    from scaffold.decode.result import FieldResult, FillFailure, FillResult
    from scaffold.errors import (
        DecodeError,
        DenoiseError,
        LayoutError,
        ModelError,
        ScaffoldError,
        SchemaError,
        SlotBudgetError,
        TokenBorderError,
        UnresolvableReferenceError,
        UnsatisfiableSchemaError,
        UnsupportedKeywordError,
        ValidationFailedError,
    )
    from scaffold.pipeline import Filler, Hybrid, compile, fill
    from scaffold.schema.load import Quote

__version__ = "0.1.0"

__all__ = [
    "DecodeError",
    "DenoiseError",
    "FieldResult",
    "FillFailure",
    "FillResult",
    "Filler",
    "Hybrid",
    "LayoutError",
    "ModelError",
    "Quote",
    "ScaffoldError",
    "SchemaError",
    "SlotBudgetError",
    "TokenBorderError",
    "UnresolvableReferenceError",
    "UnsatisfiableSchemaError",
    "UnsupportedKeywordError",
    "ValidationFailedError",
    "compile",
    "fill",
    "testing",
]

_HOMES = {
    "FieldResult": "scaffold.decode.result",
    "FillFailure": "scaffold.decode.result",
    "FillResult": "scaffold.decode.result",
    "Filler": "scaffold.pipeline",
    "Hybrid": "scaffold.pipeline",
    "Quote": "scaffold.schema.load",
    "compile": "scaffold.pipeline",
    "fill": "scaffold.pipeline",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for: a bare `import scaffold` loads no tensor library."""
    if name not in __all__:
        raise AttributeError(f"module 'scaffold' has no attribute {name!r}")
    if name == "testing":
        return import_module("scaffold.testing")
    return getattr(import_module(_HOMES.get(name, "scaffold.errors")), name)


def __dir__() -> list[str]:
    """List the lazy names too."""
    return sorted({*globals(), *__all__})
