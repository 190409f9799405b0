"""The whole flow on one page: compile a type, fill its slots, get a typed object back."""

from scaffold.pipeline.calibration import calibrate
from scaffold.pipeline.compiled import Compiled, compile
from scaffold.pipeline.filler import Filler, fill
from scaffold.pipeline.hybrid import Hybrid

__all__ = ["Compiled", "Filler", "Hybrid", "calibrate", "compile", "fill"]
