"""What a model can and cannot do, as a value that the engine reads and results report."""

from dataclasses import asdict, dataclass
from typing import Any, Literal

PrefixCache = Literal["none", "exact", "approximate"]


@dataclass(frozen=True, slots=True)
class Capabilities:
    """Facts about a loaded model."""

    family: str = "unknown"
    sees_later: bool = True
    """Text behind a slot helps to fill it; where not, the prompt shows the empty form as well."""
    is_sequential: bool = False
    """It speaks of the first open position only, so it writes from left to right, whatever the options say."""
    prefix_cache: PrefixCache = "none"
    """Whether work is kept from call to call, and whether that changes what the model says."""
    null_source: str = "trained"
    """What "no more content" is read from: trained, end of text, padding, prompted word."""
    is_calibrated: bool = False
    """Whether the weight of null was measured on prompts."""

    def to_dict(self) -> dict[str, Any]:
        """The same as plain JSON data."""
        return asdict(self)
