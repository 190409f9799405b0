"""What stands where a member was left out: the default that a schema gives, or what a type's own object has there."""

from collections.abc import Set as AbstractSet
from typing import Any

from pydantic import TypeAdapter
from pydantic_core import PydanticSerializationError

from scaffold.errors import Path
from scaffold.pipeline.said import said
from scaffold.schema import canonical, ir


def of_schema(schema: ir.Schema, value: Any) -> tuple[Any, dict[Path, Any]]:
    """The value with the defaults of absent members, in declaration order; and the defaults by path."""
    found: dict[Path, Any] = {}
    return _by_schema(schema, schema.root, value, (), found), found


def of_object(
    value: Any, taken: Any, adapter: "TypeAdapter[Any]", absent: AbstractSet[Path]
) -> tuple[Any, dict[Path, Any]]:
    """The same for the object `taken` that a type made of `value`; only at the paths in `absent`.

    None says no more than absence does, and stays away. So does what JSON cannot say.
    """
    found: dict[Path, Any] = {}
    try:
        plain = said(taken, adapter)
    except (PydanticSerializationError, TypeError, ValueError):
        return value, found
    return _by_object(value, plain, absent, (), found), found


def _by_schema(schema: ir.Schema, node: ir.Node, value: Any, path: Path, found: dict[Path, Any]) -> Any:
    match schema.resolve(node):
        case ir.Object(fields=members) if isinstance(value, dict):
            done = {}
            for member in members:
                inner = (*path, member.name)
                if member.name in value:
                    done[member.name] = _by_schema(schema, member.node, value[member.name], inner, found)
                elif member.default is not None:
                    done[member.name] = found[inner] = canonical.loads(member.default)
            return done | {name: item for name, item in value.items() if name not in done}
        case ir.Array(items=items) if isinstance(value, list) and items is not None:
            return [_by_schema(schema, items, item, (*path, index), found) for index, item in enumerate(value)]
        case _:
            return value


def _by_object(value: Any, taken: Any, absent: AbstractSet[Path], path: Path, found: dict[Path, Any]) -> Any:
    match value, taken:
        case dict(), dict():
            done = {}
            for name, item in taken.items():
                inner = (*path, name)
                if name in value:
                    done[name] = _by_object(value[name], item, absent, inner, found)
                elif item is not None and inner in absent:
                    done[name] = found[inner] = item
            return done | {name: item for name, item in value.items() if name not in done}
        case (list(), list()) if len(value) == len(taken):
            pairs = enumerate(zip(value, taken, strict=True))
            return [_by_object(item, made, absent, (*path, index), found) for index, (item, made) in pairs]
        case _:
            return value
