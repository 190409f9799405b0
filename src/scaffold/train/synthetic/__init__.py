"""Rows of training data that are made up: a text, a schema, the right answer and where it stands."""

from random import Random
from typing import Any, TypedDict

from scaffold.train.synthetic.ask import choose_fields, shape
from scaffold.train.synthetic.compose import compose
from scaffold.train.synthetic.subjects import DOMAINS


class Row(TypedDict):
    """One example, in the form of the extraction corpus.

    `spans` maps the JSON pointer of every leaf that the text spells, in whatever form, to its characters;
    `non_extractive` lists the leaves whose value is not that spelling.
    """

    id: str
    text: str
    schema: dict[str, Any]
    value: dict[str, Any]
    spans: dict[str, list[int]]
    source: str
    extractive: bool
    non_extractive: list[str]


def generate(rng: Random) -> Row:
    """One row; the same state of `rng` gives the same row."""
    domain = rng.choice(DOMAINS)
    text, written, _ = compose(rng, domain)
    schema, value, answer = shape(rng, domain, choose_fields(rng, domain), text, written)
    return Row(
        id=f"synthetic-{domain.name}-{rng.getrandbits(40):010x}",
        text=text,
        schema=schema,
        value=value,
        spans=answer.spans,
        source=f"synthetic/{domain.name}",
        extractive=not answer.indirect,
        non_extractive=answer.indirect,
    )
