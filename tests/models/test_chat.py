"""Chat templates as the hub publishes them."""

import pytest

from scaffold.errors import ModelError
from scaffold.models.chat_template import rendered


@pytest.mark.parametrize(
    ("template", "shown"),
    [
        ("{{ bos_token }}{% for m in messages %}<{{ m.role }}>{{ m['content'] }}{% endfor %}", "<s><user>Hi, <b>!"),
        (
            "{% for m in messages * 3 %}{% if loop.index0 %}{% break %}{% endif %}{{ m.content }}{% endfor %}",
            "Hi, <b>!",
        ),
        ("{% generation %}{{ messages[0].content }}{% endgeneration %}.", "Hi, <b>!."),
        ("{{ messages[0].content | tojson }}", '"Hi, <b>!"'),
        ("{{ strftime_now('%Y') | length }}", "4"),
        ("{%- if add_generation_prompt %}go{% endif %}{% if not enable_thinking %}!{% endif %}", "go!"),
        ("{{ messages[0].content is string and tools is not defined }}", "True"),
    ],
)
def test_a_template_finds_what_transformers_gives_it(template, shown):
    assert rendered(template, "Hi, <b>!", {"bos_token": "<s>"}) == shown


@pytest.mark.parametrize("template", ["{{ raise_exception('no system message') }}", "{% for %}"])
def test_a_template_that_fails_or_refuses_is_an_error_of_the_model(template):
    with pytest.raises(ModelError) as caught:
        rendered(template, "Hi", {})
    assert "chat template" in caught.value.message
