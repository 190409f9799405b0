"""Stand-ins for tests: a byte tokenizer, predictors that need no weights, Hypothesis strategies. Public.

Loaded on first use: the tokenizer needs no tensor library, and only `strategies` needs Hypothesis.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scaffold.testing import strategies
    from scaffold.testing.byte_tokenizer import ByteTokenizer
    from scaffold.testing.predictors import AdversarialPredictor, RandomPredictor, ScriptedPredictor

__all__ = ["AdversarialPredictor", "ByteTokenizer", "RandomPredictor", "ScriptedPredictor", "strategies"]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for."""
    if name not in __all__:
        raise AttributeError(f"module 'scaffold.testing' has no attribute {name!r}")
    if name == "strategies":
        return import_module("scaffold.testing.strategies")
    home = "byte_tokenizer" if name == "ByteTokenizer" else "predictors"
    return getattr(import_module(f"scaffold.testing.{home}"), name)
