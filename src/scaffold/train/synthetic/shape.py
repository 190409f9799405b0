"""The question about a text: a JSON Schema in one of many styles, and the right answer with its spans."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from scaffold.errors import pointer
from scaffold.train.synthetic.facts import Field
from scaffold.train.synthetic.names import NameStyle, name_style, title_of
from scaffold.train.synthetic.page import Span, Written

Json = dict[str, Any]
_NORMAL = {"date", "time", "datetime", "duration", "phone", "integer", "number", "boolean", "enum"}
_NULL: Json = {"type": "null"}
_TEXTS: Json = {"items": {"type": "string"}, "type": "array"}
_E164 = r"^\+[1-9]\d{6,14}$"


@dataclass(frozen=True, slots=True)
class Style:
    """One author's way to write schemas."""

    is_pydantic: bool
    names: NameStyle
    described: float
    """Share of the fields that are described."""
    is_nested: bool
    dates: str
    """How a day is asked for: `format`, `words` (a described string) or `raw` (as written)."""


def schema_style(rng: Random) -> Style:
    """A style; names that do not tell come with descriptions for all fields."""
    names = name_style(rng)
    described = 1.0 if names.needs_descriptions else rng.choice((0.0, 0.0, 0.5, 1.0, 1.0))
    return Style(
        rng.random() < 0.6,
        names,
        described,
        rng.random() < 0.35,
        rng.choice(("format", "format", "format", "words", "raw")),
    )


@dataclass(frozen=True, slots=True)
class Question:
    """A field with everything about its schema decided but whether it may be null."""

    field: Field
    name: str
    schema: Json
    about: str
    is_normal: bool
    """The answer is the normal form; else the words as they are written."""
    labels: tuple[str, ...] = ()
    """Of an enum, spelled for this schema, in the order of the field's labels."""
    items: tuple["Question", ...] = ()


@dataclass(slots=True)
class Answer:
    """The answer in the making: spans and pointers of all leaves, and the schema's definitions."""

    rng: Random
    style: Style
    text: str
    written: dict[str, Written]
    spans: dict[str, list[int]] = field(default_factory=dict)
    indirect: list[str] = field(default_factory=list)
    definitions: Json = field(default_factory=dict)

    def leaf(self, question: Question, key: str, path: tuple[str | int, ...]) -> Any:
        """The value of a scalar, None when it is not in the text."""
        mark = self.written.get(key)
        if mark is None or (question.field.kind == "phone" and question.is_normal and mark.said.value is None):
            return None  # no country, no international form
        span = mark.words if question.is_normal or question.field.kind not in {"number", "integer"} else mark.whole
        value = self._normal(question, mark) if question.is_normal else self._quote(span)
        place = pointer(path)
        if span is not None:
            self.spans[place] = list(span)
        if span is None or str(value) != self._quote(span):
            self.indirect.append(place)
        return value

    def _quote(self, span: Span | None) -> str:
        assert span is not None, "only what is quoted can be asked for as it is written"
        return self.text[span[0] : span[1]]

    def _normal(self, question: Question, mark: Written) -> Any:
        value = mark.said.raw if mark.said.value is None else mark.said.value
        return question.labels[question.field.labels.index(str(value))] if question.labels else value

    def property(self, question: Question, path: tuple[str | int, ...]) -> tuple[Json, Any]:
        """Schema and value of one field."""
        here, key = (*path, question.name), question.field.key
        if question.field.kind == "texts":
            return self._finish(_TEXTS, question), self._texts(question, key, here)
        if question.field.kind == "records":
            return self._records(question, here)
        value = self.leaf(question, key, here)
        may_miss = value is None or self.rng.random() < 0.7
        return self._finish(self._nullable(question.schema) if may_miss else question.schema, question), value

    def _texts(self, question: Question, key: str, path: tuple[str | int, ...]) -> list[Any]:
        return [self.leaf(question, f"{key}/{i}", (*path, i)) for i in range(self._count(key))]

    def _count(self, key: str) -> int:
        """How many entries of the list `key` are written."""
        known = {int(name[len(key) + 1 :].split("/")[0]) for name in self.written if name.startswith(key + "/")}
        return max(known, default=-1) + 1

    def _records(self, question: Question, path: tuple[str | int, ...]) -> tuple[Json, Any]:
        key = question.field.key
        rows: list[Json] = [
            {
                q.name: (self._texts if q.field.kind == "texts" else self.leaf)(
                    q, f"{key}/{i}/{q.field.key}", (*path, i, q.name)
                )
                for q in question.items
            }
            for i in range(self._count(key))
        ]
        properties = {}
        for q in question.items:
            if q.field.kind == "texts":
                properties[q.name] = self._finish(_TEXTS, q)
                continue
            may_miss = not rows or any(row[q.name] is None for row in rows) or self.rng.random() < 0.5
            properties[q.name] = self._finish(self._nullable(q.schema) if may_miss else q.schema, q)
        item = self.place(title_of(question.field.names[0]).replace(" ", "").removesuffix("s"), properties)
        return self._finish({"items": item, "type": "array"}, question), rows

    def place(self, title: str, properties: Json) -> Json:
        """An object schema: in place, or a definition and a reference to it."""
        node = self.closed({"properties": properties, "title": title, "type": "object"})
        if not self.style.is_pydantic:
            return node
        self.definitions[title] = node
        return {"$ref": f"#/$defs/{title}"}

    def closed(self, node: Json) -> Json:
        """Say which members are required: all, or those without a default in Pydantic's manner."""
        properties = node["properties"]
        if not self.style.is_pydantic:
            return node | {"required": list(properties), "additionalProperties": False}
        required = [name for name, schema in properties.items() if "default" not in schema]
        return node | ({"required": required} if required else {})

    def _nullable(self, schema: Json) -> Json:
        if self.style.is_pydantic:
            return {"anyOf": [schema, _NULL], "default": None}
        wider = schema | {"type": [schema["type"], "null"]}
        return wider | {"enum": [*schema["enum"], None]} if "enum" in schema else wider

    def _finish(self, schema: Json, question: Question) -> Json:
        """Add what is only said about a field."""
        about = {"description": question.about} if question.about else {}
        title = {"title": title_of(question.name)} if self.style.is_pydantic else {}
        return schema | about | title


def questions(rng: Random, style: Style, fields: Sequence[Field], *, nested: bool = False) -> tuple[Question, ...]:
    """Decide the name and type of every field; names differ."""
    names = style.names.spell(rng, fields, with_group=not nested)
    return tuple(_question(rng, style, one, name) for one, name in zip(fields, names, strict=True))


def _question(rng: Random, style: Style, one: Field, name: str) -> Question:
    items = questions(rng, style, one.items) if one.items else ()
    is_normal = one.kind in _NORMAL and not _is_raw(rng, style, one)
    labels = _labels(rng, one) if one.kind == "enum" else ()
    about = one.about if rng.random() < style.described else ""
    if is_normal and one.kind == "date" and style.dates == "words":
        about = f"{one.about}{rng.choice((' (ISO 8601)', ', YYYY-MM-DD', ' in ISO format'))}"
    elif is_normal and one.kind == "phone":
        about = f"{one.about}{rng.choice((' (E.164)', ', in E.164 format', ', international form without spaces'))}"
    elif about and not is_normal and one.kind in _NORMAL:
        about += rng.choice((", as written", ", as stated in the text", ""))
    return Question(one, name, _schema(rng, style, one, is_normal, labels), _vary(rng, about), is_normal, labels, items)


def _is_raw(rng: Random, style: Style, one: Field) -> bool:
    """Whether a value with a normal form is asked for as it is written."""
    match one.kind:
        case "date" | "datetime":
            return style.dates == "raw"
        case "time" | "duration":
            return style.dates != "format"
        case "integer" | "number":
            return rng.random() < 0.1
        case "phone":
            return rng.random() < 0.7
        case _:
            return False


def _vary(rng: Random, about: str) -> str:
    return about and rng.choice(
        (about, about, about, f"{about}.", f"{about}, if stated", f"{about[0].lower()}{about[1:]}")
    )


def _labels(rng: Random, one: Field) -> tuple[str, ...]:
    """An enum's labels in one letter case."""
    cases = (
        str,
        str,
        str.upper,
        lambda label: label.replace("_", " "),
        lambda label: label.replace("_", "-"),
        title_of,
    )
    return tuple(map(rng.choice(cases), one.labels))


def _schema(rng: Random, style: Style, one: Field, is_normal: bool, labels: tuple[str, ...]) -> Json:
    """The schema of a scalar, without null and annotations."""
    match one.kind:
        case "integer" | "number" | "boolean" as kind if is_normal:
            limit = {"minimum": 0} if kind != "boolean" and rng.random() < 0.1 else {}
            return {"type": kind} | limit
        case "enum":
            return {"enum": rng.sample(labels, len(labels)), "type": "string"}
        case "date" if is_normal:
            return {"format": "date", "type": "string"} if style.dates == "format" else {"type": "string"}
        case "duration" if is_normal:
            return {"format": "duration", "type": "string"}
        case "datetime" if is_normal:
            return {"format": "date-time", "type": "string"}
        case "time" if is_normal:
            return {"pattern": "^[0-2][0-9]:[0-5][0-9]$", "type": "string"}
        case "phone" if is_normal and rng.random() < 0.6:
            return {"pattern": _E164, "type": "string"}
        case "email" | "url" as kind if rng.random() < 0.3:
            return {"format": "email" if kind == "email" else "uri", "type": "string"}
        case _:
            return {"type": "string"}
