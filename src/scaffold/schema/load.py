"""Front ends: a type, a JSON Schema or a schema file becomes one JSON Schema document."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import GetJsonSchemaHandler, PydanticSchemaGenerationError, PydanticUserError, TypeAdapter
from pydantic.errors import PydanticInvalidForJsonSchema
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from scaffold.errors import SchemaError

Mode = Literal["validation", "serialization"]
MAX_NAME = 80
"""Characters of a file's name that an error shows."""


class Quote:
    """Marks text as a quotation of the prompt: `Annotated[str, Quote]`."""

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Write the mark into the JSON Schema."""
        return {**handler(schema), "x-scaffold": {"quote": True}}


def _with_offset(found: JsonSchemaValue, wanted: Any) -> JsonSchemaValue:
    """The schema of a time, whose format says whether there may be an offset."""
    if "format" not in found or wanted not in {None, "naive"}:
        return found
    return {**found, "format": ("any-" if wanted is None else "naive-") + found["format"]}


class _JsonSchema(GenerateJsonSchema):
    """Pydantic's JSON Schema, with what it forgets.

    A map takes no keys but those that match the pattern; a time may be without an offset unless the type asks for one.
    """

    def datetime_schema(self, schema: core_schema.DatetimeSchema) -> JsonSchemaValue:
        """See Pydantic."""
        return _with_offset(super().datetime_schema(schema), schema.get("tz_constraint"))

    def time_schema(self, schema: core_schema.TimeSchema) -> JsonSchemaValue:
        """See Pydantic."""
        return _with_offset(super().time_schema(schema), schema.get("tz_constraint"))

    def decimal_schema(self, schema: core_schema.DecimalSchema) -> JsonSchemaValue:
        """See Pydantic; a number alone, which is read from the prompt as numbers are, and no text of digits."""
        found = super().decimal_schema(schema)
        return found["anyOf"][0] if "anyOf" in found else found

    def dict_schema(self, schema: core_schema.DictSchema) -> JsonSchemaValue:
        """See Pydantic."""
        found = super().dict_schema(schema)
        return {**found, "additionalProperties": False} if "patternProperties" in found else found


@dataclass(frozen=True, slots=True)
class Source:
    """What was asked for, as a JSON Schema, and the adapter that turns JSON back into the type (None: plain JSON)."""

    document: dict[str, Any] | bool
    adapter: TypeAdapter[Any] | None = None


def load(target: Any, mode: Mode = "validation") -> Source:
    """Read a type, a JSON Schema, or a path to a schema file (a `Path`, or text that ends in `.json`).

    Raises:
        SchemaError: no JSON Schema can be made of `target`, or the file does not hold one.
    """
    match target:
        case bool() | dict():
            return Source(target)
        case Path():
            return Source(_read(target))
        case str() if target.endswith(".json"):
            return Source(_read(Path(target)))
        case str() | list() | int() | float() | None:
            message = f"{target!r} is neither a type nor a JSON Schema"
            raise SchemaError((), message, "pass a type, a dict, or a path to a .json file")
        case _:
            return _of_type(target, mode)


def _read(file: Path) -> dict[str, Any] | bool:
    name = str(file) if len(str(file)) <= MAX_NAME else str(file)[:MAX_NAME] + "…"
    try:
        text = file.read_bytes()
    except (OSError, ValueError) as error:  # a ValueError: no path has such characters
        why = error.strerror if isinstance(error, OSError) else str(error)
        raise SchemaError(
            (), f"cannot read the schema file {name!r}: {why}", "check the path: the type comes first, then the text"
        ) from error
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise SchemaError((), f"{name} is not JSON: {error}", "correct the file") from error
    if isinstance(document, dict | bool):
        return document
    raise SchemaError((), f"{name} does not hold a JSON Schema", "a schema is an object, true or false")


def _of_type(target: Any, mode: Mode) -> Source:
    try:
        adapter: TypeAdapter[Any] = target if isinstance(target, TypeAdapter) else TypeAdapter(target)
        return Source(adapter.json_schema(by_alias=True, schema_generator=_JsonSchema, mode=mode), adapter)
    except PydanticInvalidForJsonSchema as error:
        hint = "give the field a type that JSON can hold, or a WithJsonSchema annotation"
        raise SchemaError((), f"the type has no JSON Schema: {error.message}", hint) from error
    except (PydanticSchemaGenerationError, PydanticUserError) as error:
        raise SchemaError((), f"not a type that Pydantic understands: {error.message}", "see the cause") from error
    except NameError as error:
        raise SchemaError((), f"a forward reference has no target: {error}", "define the name first") from error
