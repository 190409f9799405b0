"""From a hub id to a filled object, from a hub on this machine: what is fetched, what is not, what is kept."""

import os
import subprocess
import sys

import pytest
import replicas
from small_hub import COMMIT, SmallHub, served

NAME = "someone/tiny-llada"
FILL = """
import sys
import scaffold
from scaffold.errors import ModelError
from scaffold.models.load import LoadOptions, load

try:
    model = load(sys.argv[1], "cpu", LoadOptions(revision=sys.argv[2] or None))
except ModelError as error:
    sys.exit(f"refused: {error}")
result = scaffold.Filler(model=model).fill({"type": "boolean"}, "It rains.")
print(type(result.value).__name__)
"""


@pytest.fixture
def hub(tmp_path):
    """A repository with code and a pickle beside the weights."""
    folder = tmp_path / "repository"
    folder.mkdir()
    replicas.llada(folder)
    (folder / "modeling_llada.py").write_text("raise SystemExit('code of a stranger was run')\n")
    (folder / "pytorch_model.bin").write_bytes(b"a pickle")
    with served(SmallHub(NAME, folder)) as running:
        yield running


def fill(hub, cache, name=NAME, revision="", **changed):
    """Run the few lines above in an interpreter that knows no other hub."""
    environment = os.environ | {"HF_ENDPOINT": hub.address, "HF_HOME": str(cache), "HF_HUB_DISABLE_XET": "1"} | changed
    return subprocess.run(
        [sys.executable, "-c", FILL, name, revision], env=environment, capture_output=True, text=True, check=False
    )


def test_a_hub_id_is_fetched_without_code_and_pickles_and_kept(hub, tmp_path):
    done = fill(hub, tmp_path / "cache", revision=COMMIT)
    assert (done.returncode, done.stdout.strip()) == (0, "bool"), done.stderr
    shards = {path.name for path in hub.folder.glob("*.safetensors")}
    assert {"config.json", "tokenizer.json", *shards} <= set(hub.asked)
    assert not {"modeling_llada.py", "pytorch_model.bin"} & set(hub.asked)
    hub.asked.clear()
    again = fill(hub, tmp_path / "cache", HF_HUB_OFFLINE="1")
    assert again.returncode != 0, "only the commit is kept, not what a branch was at the time"
    assert fill(hub, tmp_path / "cache", revision=COMMIT, HF_HUB_OFFLINE="1").stdout.strip() == "bool"
    assert not hub.asked


@pytest.mark.parametrize(("name", "revision"), [("someone/else", ""), (NAME, "no-such-branch")])
def test_what_the_hub_does_not_have_is_an_error_that_names_it(hub, tmp_path, name, revision):
    done = fill(hub, tmp_path / "cache", name, revision)
    assert done.returncode == 1
    assert done.stderr.strip().splitlines()[-1].startswith("refused: ")
    assert name in done.stderr
    assert revision in done.stderr
