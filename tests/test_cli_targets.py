"""What the command line is asked to fill: types of modules and files, and what goes wrong with them."""

import pytest
from typer.testing import CliRunner

from scaffold.cli import app
from scaffold.cli.asking import target_of

TYPE = "from pydantic import BaseModel\n\n\nclass P(BaseModel):\n    n: int\n"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name, code in {"email": TYPE, "broken_here": "raise RuntimeError('no')\n", "unread": "def f(:\n"}.items():
        (tmp_path / f"{name}.py").write_text(code)
    return tmp_path


def test_a_file_is_meant_also_where_a_module_has_its_name(folder):
    assert target_of("email.py:P").model_fields.keys() == {"n"}
    assert target_of(f"{folder}/email.py:P").model_fields.keys() == {"n"}


WRONG = [
    "broken_here:P",
    "broken_here.py:P",
    "unread.py:P",
    ":",
    ":P",
    "./m:P",
    "nofile.py:P",
    "email.py:Q",
    "email.py:",
]


@pytest.mark.parametrize("name", WRONG)
def test_what_cannot_be_had_is_an_error_in_one_line(folder, name):
    found = CliRunner().invoke(app, ["show", name])
    assert found.exit_code != 0
    assert "is not something to fill" in found.output
    assert "Traceback" not in found.output
