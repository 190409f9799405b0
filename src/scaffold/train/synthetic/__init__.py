"""Rows of training data that are made up: a text, a schema, the right answer and where it stands."""

from collections.abc import Sequence
from dataclasses import replace
from random import Random
from typing import Any, TypedDict

from scaffold.train.synthetic.ask import choose_fields, shape
from scaffold.train.synthetic.bind import Asked, merged, wrapped
from scaffold.train.synthetic.compose import compose, unsaid
from scaffold.train.synthetic.composed import composed
from scaffold.train.synthetic.facts import Domain
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


def generate(rng: Random, domains: Sequence[Domain] = DOMAINS, composed_share: float = 0.0) -> Row:
    """One row; the same state of `rng` gives the same row. One in twelve is wrapped, one in twenty is two in one.

    `composed_share` of the rows are about subjects composed for the row, the others about `domains`; training draws
    from both, and never from `HELD_OUT_DOMAINS`.
    """
    asked, kind = _asked(rng, domains, composed_share), rng.random()
    if kind < 1 / 12:
        asked = replace(wrapped(rng, asked), name=asked.name)
    elif kind < 1 / 12 + 1 / 20:
        asked = merged(rng, asked, _asked(rng, domains, composed_share)) or asked
    return Row(
        id=f"synthetic-{asked.name}-{rng.getrandbits(40):010x}",
        text=asked.text,
        schema=asked.schema,
        value=asked.value,
        spans=dict(asked.spans),
        source=f"synthetic/{asked.name}",
        extractive=not asked.indirect,
        non_extractive=list(asked.indirect),
    )


def _asked(rng: Random, domains: Sequence[Domain], composed_share: float) -> Asked:
    """A text about one domain."""
    domain = composed(rng) if rng.random() < composed_share else rng.choice(domains)
    text, written, facts = compose(rng, domain)
    schema, value, answer = shape(rng, domain, choose_fields(rng, domain), text, written)
    return Asked(domain.name, text, schema, value, answer.spans, tuple(answer.indirect), unsaid(facts, written))
