"""Work that leaves no garbage in cycles is done with the collector off."""

import gc
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

Given = ParamSpec("Given")
Found = TypeVar("Found")


def uncollected(build: Callable[Given, Found]) -> Callable[Given, Found]:
    """`build`, with the collector of cyclic garbage off while it runs.

    A tree that grows is looked through again and again for garbage that it does not hold: half of the time that a large
    schema takes. The collector is process-wide: other threads do without it as long, and it is on again whichever of
    them ends first.
    """

    @wraps(build)
    def run(*args: Given.args, **kwargs: Given.kwargs) -> Found:
        if not gc.isenabled():
            return build(*args, **kwargs)
        gc.disable()
        try:
            return build(*args, **kwargs)
        finally:
            gc.enable()

    return run
