"""From a model's name to a predictor."""

from pathlib import Path

import torch

from scaffold.errors import ModelError
from scaffold.models.embedded import EmbeddedModel, load_embedded

DEFAULT = "default"


def load(name: str, device: str | None = None) -> EmbeddedModel:
    """Load the embedded default, or a folder of the same kind written by `scaffold train`.

    Raises:
        ModelError: there is no such model, or it is of a kind that cannot be loaded.
    """
    folder = Path(__file__).parent / DEFAULT if name == DEFAULT else Path(name)
    if not folder.is_dir():
        raise ModelError(
            (), f"there is no model {name!r}", "use 'default', a folder, or pass an object that is a MaskPredictor"
        )
    return load_embedded(folder, torch.device(device or ("cuda" if torch.cuda.is_available() else "cpu")))
