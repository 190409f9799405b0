"""Results that are remembered within a bound of memory, whichever was used longest ago forgotten first."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import fields, is_dataclass
from functools import wraps
from itertools import islice
from threading import RLock
from typing import Any, ParamSpec, TypeVar

from cachetools import LRUCache
from cachetools.keys import hashkey

Given = ParamSpec("Given")
Found = TypeVar("Found")
OBJECT = 64
"""Bytes of a small object, about."""
LOOKED_AT = 64
"""Members of a long tuple that are weighed: the others are taken to be like them."""


def remembered(megabytes: int) -> Callable[[Callable[Given, Found]], Callable[Given, Found]]:
    """A function that gives the same result for the same arguments, while all of them together have room.

    Unlike `functools.lru_cache`, which counts results, so that a few thousand large ones fill any memory. What is
    larger than all the room is not remembered.
    """

    def around(build: Callable[Given, Found]) -> Callable[Given, Found]:
        known: LRUCache[Any, tuple[Found, int]] = LRUCache(megabytes << 20, getsizeof=lambda kept: kept[1])
        lock = RLock()

        @wraps(build)
        def run(*args: Given.args, **kwargs: Given.kwargs) -> Found:
            key = hashkey(*args, *kwargs.items())
            with lock:
                if key in known:
                    return known[key][0]
            found = build(*args, **kwargs)
            with lock, suppress(ValueError):  # too large
                known[key] = found, bytes_of((args, found))
            return found

        return run

    return around


def bytes_of(value: Any) -> int:
    """The memory of arrays, texts, and what holds them, about."""
    match value:
        case str() | bytes():
            return OBJECT + len(value)
        case tuple() | list() | frozenset():
            seen = tuple(islice(value, LOOKED_AT))
            return OBJECT + sum(map(bytes_of, seen)) * len(value) // max(len(seen), 1)
        case Mapping():
            return OBJECT + bytes_of(tuple(value.keys())) + bytes_of(tuple(value.values()))
        case _ if isinstance(size := getattr(value, "nbytes", None), int):
            return OBJECT + size
        case _ if is_dataclass(value) and not isinstance(value, type):
            return OBJECT + sum(bytes_of(getattr(value, field.name)) for field in fields(value))
        case _:
            return OBJECT
