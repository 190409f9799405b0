"""Optional dependencies: imported where they are used, with an error that names the extra to install."""

from importlib import import_module
from typing import Any

from scaffold.errors import ModelError


def optional(module: str, extra: str) -> Any:
    """The module of an optional dependency.

    Raises:
        ModelError: it is not installed; the hint installs the extra that brings it.
    """
    try:
        return import_module(module)
    except ImportError as error:
        package = module.partition(".")[0]
        raise ModelError((), f"this needs {package}", f"pip install 'scaffold-dllm[{extra}]'") from error
