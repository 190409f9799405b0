"""Chat templates as the hub publishes them: jinja2, with what transformers adds to it."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NoReturn

from jinja2 import TemplateError, nodes
from jinja2.ext import Extension, loopcontrols
from jinja2.parser import Parser
from jinja2.sandbox import ImmutableSandboxedEnvironment

from scaffold.errors import ModelError


class Generation(Extension):
    """`{% generation %}`, which marks what an assistant has said, and shows it as it is."""

    tags = {"generation"}  # noqa: RUF012  (jinja2 has it so)

    def parse(self, parser: Parser) -> list[nodes.Node]:
        """What stands between the tags."""
        next(parser.stream)
        return parser.parse_statements(("name:endgeneration",), drop_needle=True)


def rendered(template: str, message: str, tokens: Mapping[str, str]) -> str:
    """A conversation that begins with what the user says, up to where the assistant speaks.

    Raises:
        ModelError: the template fails, or refuses.
    """
    environment = ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, extensions=[Generation, loopcontrols]
    )
    environment.globals |= {"raise_exception": _refuse, "strftime_now": _now}
    environment.filters["tojson"] = _to_json
    messages = [{"role": "user", "content": message}]
    try:
        return environment.from_string(template).render(
            messages=messages, add_generation_prompt=True, enable_thinking=False, **tokens
        )
    except TemplateError as error:
        raise ModelError((), f"the chat template fails: {error}") from error


def _refuse(message: str) -> NoReturn:
    raise ModelError((), f"the chat template refuses a question of the user: {message}")


def _now(pattern: str) -> str:
    return datetime.now().strftime(pattern)  # as transformers does: the day where the user is


def _to_json(value: Any, **options: Any) -> str:
    """Without the escapes for HTML that jinja2's own has."""
    return json.dumps(value, **{"ensure_ascii": False, **options})
