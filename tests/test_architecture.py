"""The rules about the code itself: sizes, docstrings, what an import costs, what the README says."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import scaffold
from scaffold.schema.support import markdown_table

ROOT = Path(__file__).parents[1]
MODULES = sorted((ROOT / "src").rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))
HEAVY = {"torch", "transformers", "hypothesis", "babel"}


def name_of(path):
    return str(path.relative_to(ROOT))


def modules_after(code):
    """Top-level modules that a fresh interpreter has loaded after `code`."""
    show = f"{code}\nimport sys\nprint(*{{name.partition('.')[0] for name in sys.modules}})"
    run = subprocess.run([sys.executable, "-c", show], capture_output=True, text=True, check=True)
    return set(run.stdout.split())


@pytest.mark.parametrize("path", MODULES + TESTS, ids=name_of)
def test_no_file_is_longer_than_300_lines(path):
    assert len(path.read_text("utf-8").splitlines()) <= 300


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_every_module_says_its_one_responsibility(path):
    docstring = ast.get_docstring(ast.parse(path.read_text("utf-8")))
    assert docstring
    assert docstring.splitlines()[0].endswith((".", "?", ":"))


@pytest.mark.parametrize("path", TESTS, ids=name_of)
def test_tests_import_public_names_only(path):
    tree = ast.parse(path.read_text("utf-8"))
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    ours = [node for node in imports if (node.module or "").partition(".")[0] == "scaffold"]
    private = [alias.name for node in ours for alias in node.names if alias.name.startswith("_")]
    assert private == []


@pytest.mark.parametrize(
    "code",
    [
        "import scaffold",
        "import scaffold; scaffold.ScaffoldError, scaffold.FillResult, scaffold.Quote",
        "import scaffold.testing; scaffold.testing.ByteTokenizer()",
        "import scaffold.schema.load, scaffold.schema.lower",
        "import scaffold.layout.json_syntax, scaffold.layout.template",
        "import scaffold.decode.validate, scaffold.decode.result",
    ],
)
def test_what_needs_no_model_loads_no_tensor_library(code):
    assert not modules_after(code) & HEAVY


def test_a_bare_import_loads_nothing_but_the_standard_library():
    ours = {"scaffold"}
    before = modules_after("")
    assert modules_after("import scaffold") - before - ours <= sys.stdlib_module_names


@pytest.mark.parametrize("name", scaffold.__all__)
def test_every_public_name_is_there(name):
    assert getattr(scaffold, name) is not None
    assert name in dir(scaffold)


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError):
        scaffold.no_such_name  # noqa: B018


def test_the_readme_shows_the_keyword_table_of_the_code():
    readme = (ROOT / "README.md").read_text("utf-8")
    _, _, rest = readme.partition("<!-- keywords -->")
    shown, marker, _ = rest.partition("<!-- /keywords -->")
    assert marker
    assert shown.strip() == markdown_table().strip()


def test_the_readme_says_how_to_run_the_tests_in_words_that_the_gate_can_find():
    gate = (ROOT / ".ci" / "run").read_text("utf-8")
    wanted = "pip install -c constraints.txt -e '.[dev]' && pytest"
    assert wanted in (ROOT / "README.md").read_text("utf-8")
    assert "README.md" in gate


def test_the_import_contracts_hold():
    from importlinter.cli import lint_imports

    assert lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True) == 0


def test_the_readme_lists_the_models_that_load():
    from scaffold.models.supported import markdown_table

    readme = (ROOT / "README.md").read_text("utf-8")
    _, _, rest = readme.partition("<!-- models -->\n")
    assert rest.partition("<!-- /models -->")[0].strip() == markdown_table().strip()


def test_shapes_are_checked_in_tests():
    import torch
    from jaxtyping import TypeCheckError

    from scaffold.denoise.guidance import guided

    with pytest.raises(TypeCheckError):
        guided(torch.zeros(2, 3), torch.zeros(2, 4), 1.0)
