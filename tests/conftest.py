import os
import re
from collections.abc import Iterator
from pathlib import Path

from hypothesis import settings
from jaxtyping import install_import_hook

# Tests run in two processes; threads of tensor operations beside them would only wait. Set before torch is imported.
os.environ.setdefault("OMP_NUM_THREADS", "1")
# Nothing that an earlier version compiled may stand in for what is tested.
os.environ.pop("SCAFFOLD_CACHE", None)

# No deadline: the first example of a test may compile an automaton or read Unicode's tables; later ones do not.
settings.register_profile("suite", deadline=None, max_examples=40)
settings.load_profile("suite")

SOURCE = Path(__file__).parents[1] / "src"


def modules_with_shapes() -> Iterator[str]:
    """The modules that say which shapes their tensors have: checks of the others, half as much time again."""
    for package in ("denoise", "models", "train", "testing"):
        for path in sorted((SOURCE / "scaffold" / package).rglob("*.py")):
            if re.search(r"\bjaxtyping\b|denoise\.shapes", path.read_text(encoding="utf-8")):
                yield ".".join(path.relative_to(SOURCE).with_suffix("").parts).removesuffix(".__init__")


# Shapes are checked at run time from here on, in every process of the suite.
install_import_hook([*modules_with_shapes()], "beartype.beartype")
