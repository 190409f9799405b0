"""What was fitted to one model's weights for decoding: soft masks and the length bias, kept beside them."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from scaffold.denoise.lengths.search import LengthSearch
from scaffold.denoise.memory.soft_mask import SoftMask
from scaffold.errors import ModelError
from scaffold.models.embedded import EmbeddedModel, embedded_folder

DECODING = "decoding.json"


@dataclass(frozen=True, slots=True)
class Fitted:
    """Members of two axes with weights of their own for one model."""

    fingerprint: str
    """Of the weights that they were fitted to."""
    soft_mask: SoftMask
    length_search: LengthSearch

    def write(self, file: Path) -> None:
        """Keep them as JSON."""
        file.write_text(json.dumps(asdict(self), indent=2) + "\n", "utf-8")


def fitted(model: EmbeddedModel, name: str = "default") -> Fitted:
    """What was fitted to the embedded default, or to the model of a folder.

    Raises:
        ModelError: nothing was, or it was fitted to other weights.
    """
    hint = "fit it with `scaffold fit-decoding`"
    try:
        found = json.loads((embedded_folder(name) / DECODING).read_text("utf-8"))
    except OSError as error:
        raise ModelError((), f"nothing was fitted to {name}", hint) from error
    if found["fingerprint"] != model.fingerprint:
        raise ModelError((), f"the {DECODING} of {name} was fitted to other weights", hint)
    search = {**found["length_search"], "bias": tuple(found["length_search"]["bias"])}
    return Fitted(found["fingerprint"], SoftMask(**found["soft_mask"]), LengthSearch(**search))
