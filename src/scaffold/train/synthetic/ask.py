"""Asking about a text: which fields, in which objects, and some that no text answers."""

from random import Random
from typing import Any

from scaffold.train.synthetic.facts import Domain, Field, ask
from scaffold.train.synthetic.names import title_of
from scaffold.train.synthetic.page import Written
from scaffold.train.synthetic.shape import Answer, Json, Question, questions, schema_style

_UNANSWERED = (
    ask("-fax", "text", "fax fax_number", "Fax number"),
    ask("-tax_id", "text", "tax_id vat_number", "VAT identification number"),
    ask("-passport", "text", "passport_number", "Passport number"),
    ask("-twitter", "text", "social_handle twitter", "Social media handle"),
    ask("-coordinates", "text", "coordinates lat_long", "Geographic coordinates"),
    ask("-eye_color", "text", "eye_color", "Colour of the eyes"),
    ask("-iban", "text", "iban bank_account", "International bank account number"),
    ask("-motto", "text", "motto slogan", "Motto or slogan"),
    ask("-plate", "text", "license_plate", "Registration plate of a vehicle"),
    ask("-shoe", "integer", "shoe_size", "Shoe size"),
    ask("-altitude", "number", "altitude_m elevation", "Height above sea level in metres"),
    ask("-insured", "boolean", "is_insured", "Whether an insurance is mentioned to exist"),
    ask("-aliases", "texts", "aliases nicknames", "Nicknames"),
    ask("-expiry", "date", "expiry_date valid_until", "Last day of validity"),
)


def choose_fields(rng: Random, domain: Domain) -> list[Field]:
    """Some or all fields of a domain, now and then with one that the text cannot answer."""
    fields = list(domain.fields)
    if rng.random() < 0.6:
        fields = rng.sample(fields, min(len(fields), rng.choice((1, 2, 3, 3, 4, 4, 5, 6, 7, 8, 9))))
        if rng.random() < 0.5:
            fields.sort(key=domain.fields.index)
    if rng.random() < 0.15:
        fields.insert(rng.randint(0, len(fields)), rng.choice(_UNANSWERED))
    return fields


def shape(
    rng: Random, domain: Domain, fields: list[Field], text: str, written: dict[str, Written]
) -> tuple[Json, Json, Answer]:
    """Schema, value and spans of the answer to `fields`; fields of a group may share a nested object."""
    style = schema_style(rng)
    answer = Answer(rng, style, text, written)
    groups = {field.group: None for field in fields if field.group and style.is_nested}
    alone = questions(rng, style, [field for field in fields if field.group not in groups])
    properties: Json = {}
    value: dict[str, Any] = {}
    for one in alone:
        properties[one.name], value[one.name] = answer.property(one, ())
    for group in groups:
        name = style.names.case(group)
        name = name if name not in properties else name + "_details"
        members = questions(rng, style, [field for field in fields if field.group == group], nested=True)
        properties[name], value[name] = _nested(answer, name, members)
    return _root(rng, answer, domain, properties), value, answer


def _nested(answer: Answer, name: str, members: tuple[Question, ...]) -> tuple[Json, Json]:
    """The object that holds a group's fields."""
    properties: Json = {}
    value: Json = {}
    for one in members:
        properties[one.name], value[one.name] = answer.property(one, (name,))
    return answer.place(title_of(name).replace(" ", ""), properties), value


def _root(rng: Random, answer: Answer, domain: Domain, properties: Json) -> Json:
    """The whole schema around the properties."""
    definitions = {"$defs": answer.definitions} if answer.definitions else {}
    about = {"description": rng.choice(domain.abouts)} if rng.random() < 0.5 else {}
    node = {"properties": properties, "title": rng.choice(domain.titles), "type": "object"}
    return definitions | about | answer.closed(node)
